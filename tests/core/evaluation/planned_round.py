"""A round that is not drawn yet, with two waves behind it, all figures known by design."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tazuna.study import Study
from tazuna.study.folder import open_study

ROUND = "2026秋"


def planned_round(
    folder: Path,
    *,
    applicants: int = 80,
    programs: int = 4,
    capacity: int = 10,
    tiers: int = 1,
    others: int = 120,
    correlation: float = 0.8,
    lost: float = 0.25,
    screened: bool = False,
    waves: int = 2,
) -> Study:
    """Everybody lists one programme; with one tier everybody's chance is places over applicants.

    Parameters
    ----------
    applicants, programs, capacity, tiers
        Applicants are spread evenly over the programmes, and evenly over the tiers there.
    others
        People who do not apply.
    correlation
        Of the outcome ``used_at_work`` between the two waves.
    lost
        Share of those with an answer at the first wave who have none at the second.
    screened
        Whether the programmes choose by interview score.
    waves
        How many waves have been.
    """
    rng, n = np.random.default_rng(11), applicants + others
    people = [f"{1000 + at}" for at in range(n)]
    first = rng.standard_normal(n)
    second = correlation * first + np.sqrt(1 - correlation**2) * rng.standard_normal(n)
    gone = np.arange(n) % round(1 / lost) == 0 if lost else np.zeros(n, bool)
    answers = {
        "w1": [f"{person},w1,{50 + 10 * y:.3f}" for person, y in zip(people, first, strict=True)],
        "w2": [
            f"{person},w2,{50 + 10 * y:.3f}"
            for person, y, left in zip(people, second, gone, strict=True)
            if not left
        ],
    }
    rows = {
        "organisations": ["organisation_id,name,kind", "HOST,HOST,company", "FIRM,FIRM,company"],
        "departments": ["department_id,organisation_id,name", *(f"D{k},FIRM,D{k}" for k in range(20))],
        "people": [
            "person_id,organisation_id,department",
            *(f"{person},FIRM,D{at % 20}" for at, person in enumerate(people)),
        ],
        "waves": ["wave,opened_on", *(f"w{k + 1},202{4 + k}-10-01" for k in range(waves))],
        "outcomes": [
            "person_id,wave,used_at_work",
            *(row for k in range(waves) for row in answers[f"w{k + 1}"]),
        ],
        "programs": [
            "program_id,round,kind,organisation_id,title,starts_on,capacity,tie_breaker",
            *(
                f"P{k},{ROUND},side_work,HOST,仕事{k},2026-10-01,{capacity},{'score' if screened else ''}"
                for k in range(programs)
            ),
        ],
        "applications": [
            "person_id,program_id,rank",
            *(f"{person},P{at % programs},1" for at, person in enumerate(people[:applicants])),
        ],
        "priorities": [
            "program_id,person_id,tier,score",
            *(
                f"P{at % programs},{person},{at // programs % tiers + 1},{at % 97}"
                for at, person in enumerate(people[:applicants])
            ),
        ],
    }
    folder.mkdir(parents=True)
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = 'schema = "tazuna/study/1"\ntitle = "見通しの試し"\n\n[waves]\norder = ["w1", "w2"]\n'
    (folder / "study.toml").write_text(
        settings if waves > 1 else settings.replace(', "w2"', ""), encoding="utf-8"
    )
    return open_study(folder)
