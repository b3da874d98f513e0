"""The study folder of a round with names, e-mail, a motivation and everything else that must not come out."""

from __future__ import annotations

from pathlib import Path
from random import Random

ROUND = "秋の募集"
BY_RULES = {
    "plain": "",
    "open places, own lotteries": 'ties = "multiple"\nopen_share = 0.25\n',
    "reserve before": (
        '[[match.reserves]]\nname = "初めて; 50%=半分"\nwho = "first_time"\nshare = 0.3\norder = "before"\n'
    ),
    "regions in turns": 'regional_choice = "turns"\n',
    "gate": 'reciprocity = "gate"\n',
    "senders first": 'reciprocity = "senders_first"\nopen_share = 0.25\n',
    "two-sided trading": 'reciprocity = "two_sided_ttc"\n',
    "close and re-run": 'minimums = "close_and_rerun"\n',
    "extended seats": 'minimums = "extended_seats"\n',
}
"""Name → the rest of ``study.toml`` after ``[match]``."""
SECRETS = ("山田", "@example.com", "ヤマダ", "小さいころから")


def write_round(folder: Path, rules: str = "plain") -> Path:
    """A round of 24 people of four firms (the last offers nothing) and seven programmes."""
    draw = Random(5)
    firms = "FIRM1", "FIRM2", "FIRM3", "FIRM4"
    people = [f"{1000 + at}" for at in range(24)]
    programs = [f"P{at}" for at in range(7)]
    rows = {
        "organisations": ["organisation_id,name,kind", *(f"{firm},{firm},company" for firm in firms)],
        "people": [
            "person_id,name,kana,email,organisation_id,birth_year,worksite,first_time,manager_id",
            *(
                f"{person},山田{person},ヤマダ,{person}@example.com,{firms[at % 4]},{1970 + at},office,"
                f"{str(at % 3 == 0).lower()},{1000 if at else ''}"
                for at, person in enumerate(people)
            ),
        ],
        "programs": [
            "program_id,round,kind,organisation_id,title,prefecture,starts_on,capacity,minimum,eligibility",
            *(
                f"{program},{ROUND},mutual_side_work,{firms[at % 3]},{program},"
                f"{'長野県' if at < 4 else '東京都'},2026-10-01,{at % 3 + 1},{at % 2},"
                f"{'age >= 30' if at == 2 else ''}"
                for at, program in enumerate(programs)
            ),
            "Z1,別の回,event,FIRM1,Z1,大阪府,2026-12-01,1,0,",
        ],
        "applications": [
            "person_id,program_id,rank,consented_at,motivation",
            *(
                f"{person},{program},{rank},2026-09-0{rank},小さいころから"
                for person in people
                for rank, program in enumerate(draw.sample(programs, 4), 1)
            ),
        ],
        "priorities": [
            "program_id,person_id,tier",
            *(f"{program},{person},{draw.randint(1, 2)}" for program in programs[:5] for person in people),
        ],
    }
    if rules.startswith("regions"):
        rows["caps"] = ["group,kind,upper", "長野県,region,3", "東京都,region,2", "FIRM1,receiving,99"]
    if rules.startswith("senders"):
        rows["caps"] = ["group,kind,upper", "FIRM1,sending,2", "FIRM2,sending,3"]
    folder.mkdir(parents=True)
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = f'schema = "tazuna/study/1"\ntitle = "抽選の試し"\n\n[match]\ntiers = 2\n{BY_RULES[rules]}'
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return folder
