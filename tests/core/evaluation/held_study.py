"""A study of two rounds with their draws, answers before and after, and what became of everybody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random

from core.matching.round_folder import ROUND, write_round
from tazuna.matching.chances import chances_of
from tazuna.matching.drawing import draw_round, ready_round
from tazuna.matching.frozen_tables import canonical_csv
from tazuna.matching.outcome_tables import assignments_table, chances_table
from tazuna.matching.publishing import chances_in_words, files_of_draw
from tazuna.study.folder import open_study

SECRET = "5f1c0a94d8e27b6630c1f2a7b94e8d05"
OTHER_ROUND = "別の回"
PUBLISHED = datetime.fromisoformat("2026-09-30T12:00:00")
BEFORE, AFTER = "2026", "2027"
BYSTANDERS = 40


def write_study(folder: Path, rules: str = "plain") -> Path:
    """24 applicants of `write_round`, some of them to Z1 of another round too, and 40 others."""
    write_round(folder, rules)
    draw = Random(9)
    applicants = [f"{1000 + at}" for at in range(24)]
    others = [f"{2000 + at}" for at in range(BYSTANDERS)]
    with (folder / "people.csv").open("a", encoding="utf-8") as file:
        for at, person in enumerate(others):
            file.write(f"{person},,,,FIRM{at % 4 + 1},{1965 + at},office,false,1000\n")
    with (folder / "applications.csv").open("a", encoding="utf-8") as file:
        for person in applicants[:8]:
            file.write(f"{person},Z1,1,2026-09-05,小さいころから\n")
    answers = ["person_id,wave,answered_at,engagement1,engagement2,engagement3,isolation1,isolation2"]
    outcomes = ["person_id,wave,rater,measured_on,performance,sick_days"]
    for person in (*applicants, *others):
        for wave, day in ((BEFORE, "2026-08-10T09:00:00"), (AFTER, "2027-02-10T09:00:00")):
            given = ",".join(str(draw.randint(1, 5)) for _ in range(5))
            answers.append(f"{person},{wave},{day},{given}")
            outcomes.append(f"{person},{wave},boss,{day[:10]},{draw.randint(40, 90)},{draw.randint(0, 9)}")
            outcomes.append(f"{person},{wave},self,{day[:10]},{draw.randint(40, 90)},")
    tables = {
        "waves": [
            "wave,opened_on,closed_on,fiscal_year",
            f"{BEFORE},2026-08-01,2026-08-20,2026",
            f"{AFTER},2027-02-01,2027-02-20,2027",
        ],
        "responses": answers,
        "outcomes": outcomes,
    }
    for name, lines in tables.items():
        write_lines(folder / f"{name}.csv", lines)
    return folder


def hold_draw(
    folder: Path,
    round_: str = ROUND,
    *,
    inside: str = "",
    beacon: str | None = "4711",
    secret: str = SECRET,
    draws: int = 1000,
) -> Path:
    """Draw a round of a study and leave in it what `match` writes."""
    study = open_study(folder)
    ready = ready_round(study, round_)
    drawn = draw_round(study, ready, secret, beacon)
    chances = chances_of(ready.mechanism, method="simulated", seed="redraws", draws=draws, threads=1)
    results = {
        "assignments.csv": canonical_csv(assignments_table(study, drawn, chances, "ja")),
        "chances.csv": canonical_csv(chances_table(ready.prepared, chances)),
    }
    entries = {
        "published_at": PUBLISHED.isoformat(),
        "v": chances.information,
        "chances": chances_in_words(chances, "redraws"),
    }
    head = {"tazuna_version": "0", "input_sha256": "", "seed": secret}
    out = folder / inside
    for name, data in files_of_draw(drawn, results, entries, {}, head).items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    return out


def places_of(folder: Path) -> dict[str, str]:
    """Person → programme, as the assignments of a draw say."""
    lines = (folder / "assignments.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {person: program for person, program, *_ in (line.split(",") for line in lines) if program}


def write_participation(folder: Path, rows: list[str]) -> None:
    write_lines(folder / "participation.csv", ["person_id,program_id,status,source,hours", *rows])


def write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def change(path: Path, old: str, new: str, *, times: int = 1) -> None:
    """Replace text in a file; it must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, times), encoding="utf-8")
