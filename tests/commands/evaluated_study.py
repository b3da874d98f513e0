"""A small study with a draw of its own and a known effect, to be damaged as users do."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from tazuna.commands.main import run

SECRET = "5f1c0a94d8e27b6630c1f2a7b94e8d05"
ROUND = "side-work-2025"
APPLICANTS, BYSTANDERS, PLACES = 90, 60, 12
EFFECT = 10.0
PROGRAMS = ("G1", "G2", "G3")


def people() -> list[str]:
    return [f"{1000 + at}" for at in range(APPLICANTS + BYSTANDERS)]


def write(folder: Path, table: str, head: str, rows: list[list[object]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head.split(","))
        writer.writerows(rows)


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def put_rows(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    write(folder, table, ",".join(rows[0]), [list(row.values()) for row in rows])


def places_of(folder: Path) -> dict[str, str]:
    """Person → programme, as drawn."""
    return {
        row["person_id"]: row["program_id"] for row in rows_of(folder, "assignments") if row["program_id"]
    }


def write_study(folder: Path, *, places: int = PLACES, applicants: int = APPLICANTS) -> Path:
    """People, applications and the round; `hold` draws it and writes what became of everybody."""
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text('schema = "tazuna/study/1"\ntitle = "Harbour"\n', encoding="utf-8")
    write(
        folder,
        "organisations",
        "organisation_id,name,kind",
        [["C01", "Harbour", "company"], ["H01", "Quay", "host"]],
    )
    write(
        folder,
        "departments",
        "department_id,organisation_id,name",
        [[f"D{at:02d}", "C01", f"Department {at}"] for at in range(15)],
    )
    write(
        folder,
        "waves",
        "wave,opened_on,closed_on,fiscal_year",
        [["2025", "2025-02-01", "2025-02-20", 2024], ["2026", "2026-02-01", "2026-02-20", 2025]],
    )
    write(
        folder,
        "people",
        "person_id,organisation_id,department,birth_year,gender",
        [
            [person, "C01", f"D{at % 15:02d}", 1965 + at % 35, ("female", "male")[at % 2]]
            for at, person in enumerate(people())
        ],
    )
    write(
        folder,
        "programs",
        "program_id,round,kind,organisation_id,title,starts_on,ends_on,capacity",
        [
            [one, ROUND, "side_work", "H01", f"Gig {one}", "2025-04-01", "2025-06-30", places]
            for one in PROGRAMS
        ],
    )
    write(
        folder,
        "applications",
        "person_id,program_id,rank,entry",
        [
            [person, PROGRAMS[at % 3], 1, ("volunteered", "nominated")[at % 4 == 0]]
            for at, person in enumerate(people()[:applicants])
        ],
    )
    return folder


def hold(folder: Path, out: Path, *, effect: float = EFFECT) -> Path:
    """Draw the round, copy the results into the study, and write who came and how it went."""
    arguments = ["--round", ROUND, "--seed", SECRET, "--beacon", "4711", "--draws", "500"]
    published = ["--published-at", "2025-03-15T12:00:00"]
    assert run(["match", str(folder), *arguments, *published, "--out", str(out)]) == 0
    for name in ("assignments.csv", "chances.csv", "draw.json"):
        (folder / name).write_bytes((out / name).read_bytes())
    seated = places_of(folder)
    write(
        folder,
        "participation",
        "person_id,program_id,status,source,hours",
        [[person, program, "completed", "round", 30] for person, program in seated.items()],
    )
    random = Random(3)
    rows: list[list[object]] = []
    for person in people():
        before = random.gauss(50, 10)
        after = before + random.gauss(0, 6) + (effect if person in seated else 0)
        rows.append([person, "2025", "2025-02-10", round(before, 2), round(random.gauss(20, 4), 2)])
        rows.append([person, "2026", "2026-02-10", round(after, 2), round(random.gauss(20, 4), 2)])
    write(folder, "outcomes", "person_id,wave,measured_on,performance,sick_days", rows)
    return folder


def write_screened(folder: Path, *, effect: float = EFFECT) -> Path:
    """Everybody was interviewed for one programme; the 75 with the best scores got a place."""
    write_study(folder)
    random = Random(5)
    (program,) = rows_of(folder, "programs")[:1]
    put_rows(folder, "programs", [program | {"capacity": "75", "tie_breaker": "score"}])
    scores = {person: round(random.uniform(0, 100), 2) for person in people()}
    seated = sorted(scores, key=scores.__getitem__)[-75:]
    write(folder, "applications", "person_id,program_id,rank", [[person, "G1", 1] for person in people()])
    tiers: list[list[object]] = [["G1", person, 1, score] for person, score in scores.items()]
    write(folder, "priorities", "program_id,person_id,tier,score", tiers)
    write(
        folder,
        "participation",
        "person_id,program_id,status,source,hours",
        [[person, "G1", "completed", "round", 30] for person in seated],
    )
    rows: list[list[object]] = []
    for person, score in scores.items():
        after = 40 + score / 5 + random.gauss(0, 3) + (effect if person in seated else 0)
        rows.append([person, "2025", "2025-02-10", round(random.gauss(50, 5), 2)])
        rows.append([person, "2026", "2026-02-10", round(after, 2)])
    write(folder, "outcomes", "person_id,wave,measured_on,performance", rows)
    return folder


def write_rollout(folder: Path, *, effect: float = EFFECT, drift: float = 0.0) -> Path:
    """A measure that 7 of 15 departments started before the third of four waves; ``drift`` a wave before."""
    write_study(folder)
    for name in ("programs", "applications"):
        (folder / f"{name}.csv").unlink()
    years = range(2023, 2027)
    write(
        folder,
        "waves",
        "wave,opened_on,closed_on,fiscal_year",
        [[year, f"{year}-02-01", f"{year}-02-20", year - 1] for year in years],
    )
    write(folder, "measures", "measure_id,name_ja,name_en", [["M1", "対話", "Dialogue"]])
    started = [f"D{at:02d}" for at in range(0, 14, 2)]
    write(
        folder,
        "adoptions",
        "organisation_id,measure_id,group,started_on,result",
        [["C01", "M1", department, "2024-06-01", "effect"] for department in started],
    )
    random = Random(6)
    level = {f"D{at:02d}": random.gauss(50, 3) for at in range(15)}
    rows: list[list[object]] = []
    for at, person in enumerate(people()):
        department = f"D{at % 15:02d}"
        mine = department in started
        for number, year in enumerate(years):
            outcome = level[department] + number + random.gauss(0, 3)
            outcome += (effect if mine and number >= 2 else 0) + (drift * number if mine else 0)
            rows.append([person, year, f"{year}-02-10", round(outcome, 2)])
    write(folder, "outcomes", "person_id,wave,measured_on,performance", rows)
    return folder
