"""The whole sample: the same again, valid, and refused where it cannot be."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import polars as pl
import pytest

from tazuna.errors import TazunaError
from tazuna.simulation.consortium import Consortium, simulate

KEYS = {
    "organisations": ["organisation_id"],
    "departments": ["department_id"],
    "waves": ["wave"],
    "people": ["person_id", "wave"],
    "responses": ["person_id", "wave"],
    "company_answers": ["organisation_id", "respondent", "viewpoint", "wave"],
    "programs": ["program_id"],
    "applications": ["person_id", "program_id"],
    "priorities": ["program_id", "person_id"],
    "caps": ["group"],
    "participation": ["person_id", "program_id"],
    "assignments": ["person_id", "offer_round"],
    "outcomes": ["person_id", "wave"],
}
JOINS = [
    ("departments", "organisation_id", "organisations", "organisation_id"),
    ("departments", "parent_id", "departments", "department_id"),
    ("departments", "successor_id", "departments", "department_id"),
    ("people", "organisation_id", "organisations", "organisation_id"),
    ("people", "home_organisation_id", "organisations", "organisation_id"),
    ("people", "department", "departments", "department_id"),
    ("people", "manager_id", "people", "person_id"),
    ("people", "wave", "waves", "wave"),
    ("responses", "person_id", "people", "person_id"),
    ("responses", "wave", "waves", "wave"),
    ("company_answers", "organisation_id", "organisations", "organisation_id"),
    ("programs", "organisation_id", "organisations", "organisation_id"),
    ("applications", "program_id", "programs", "program_id"),
    ("applications", "person_id", "people", "person_id"),
    ("participation", "program_id", "programs", "program_id"),
    ("participation", "person_id", "applications", "person_id"),
    ("assignments", "program_id", "programs", "program_id"),
    ("assignments", "person_id", "applications", "person_id"),
    ("outcomes", "person_id", "people", "person_id"),
]
PRINT_FINGERPRINT = """
import hashlib
from tazuna.simulation.consortium import simulate
sample = simulate(people=900, companies=3, seed=7)
text = "".join(name + table.write_csv() for name, table in sample.tables.items())
text += "".join(f"{name} {data}" for draw in sample.draws for name, data in draw.files("").items())
print(hashlib.sha256(text.encode()).hexdigest())
"""


def _fingerprint(sample: Consortium) -> str:
    text = "".join(name + table.write_csv() for name, table in sample.tables.items())
    text += "".join(f"{name} {data!r}" for draw in sample.draws for name, data in draw.files("").items())
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_same_seed_gives_the_same_tables_and_truth() -> None:
    first, again = (simulate(people=300, companies=2, seed=7) for _ in range(2))
    assert _fingerprint(first) == _fingerprint(again)
    assert first.truth == again.truth
    assert _fingerprint(first) != _fingerprint(simulate(people=300, companies=2, seed=8))


def test_the_number_of_threads_changes_nothing() -> None:
    here = _fingerprint(simulate(people=900, companies=3, seed=7))
    environment = os.environ | {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    alone = subprocess.run(
        [sys.executable, "-c", PRINT_FINGERPRINT], env=environment, capture_output=True, text=True, check=True
    )
    assert alone.stdout.strip() == here


@pytest.mark.parametrize("size", ["sample", "published"])
def test_keys_are_unique_and_joins_hold(size: str, request: pytest.FixtureRequest) -> None:
    tables = request.getfixturevalue(size).tables
    assert set(tables) == set(KEYS)
    for name, key in KEYS.items():
        assert not tables[name].select(key).is_duplicated().any(), name
        assert name == "assignments" or not sum(tables[name].select(key).null_count().row(0)), name
    inside = tables["participation"].filter(pl.col("source") == "round")
    joined = {**tables, "participation": inside}
    for table, column, other, key in JOINS:
        missing = (
            joined[table].drop_nulls(column).join(joined[other], left_on=column, right_on=key, how="anti")
        )
        assert missing.height == 0, (table, column)


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"people": 50, "companies": 2, "seed": 1}, "30 people in each"),
        ({"people": 100, "companies": 0, "seed": 1}, "at least one company"),
        ({"waves": 0, "seed": 1}, "1 to 10 waves"),
        ({"seed": -1}, "below 0"),
        ({"seed": 1, "rounds": "published"}, "33 companies"),
    ],
)
def test_impossible_sizes_are_refused_with_a_cure(sizes: dict[str, object], said: str) -> None:
    with pytest.raises(TazunaError, match=said) as refused:
        simulate(**sizes)  # type: ignore[arg-type]
    assert refused.value.cure is not None
    assert refused.value.text("ja") != refused.value.text("en")


def test_five_hundred_small_companies_are_possible() -> None:
    many = simulate(people=15_000, companies=500, waves=1, seed=1)
    assert many.tables["people"]["organisation_id"].n_unique() == 500
