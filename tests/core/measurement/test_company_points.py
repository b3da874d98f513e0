"""What companies' scores add up to."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.core.reporting.made_study import study

from tazuna.measurement.company_points import asked_measures, companies_with_people, company_points
from tazuna.study import Study

MEASURES = ("ms", "used", "nothing_of_this_name")


@pytest.fixture
def two_companies() -> Study:
    """A: three who answered, one who did not, one who left; B: nobody answered."""
    ids = ["a1", "a2", "a3", "a4", "a5", "b1"]
    people = pl.DataFrame(
        {
            "person_id": ids,
            "organisation_id": [*"AAAAA", "B"],
            "status": ["active"] * 4 + ["left", "active"],
        }
    )
    answers = {f"ms{n}": [5, 3, 2, None, 5, None] for n in range(1, 10)} | {
        "used1": [2, None, None, None, 5, None]
    }
    responses = pl.DataFrame({"person_id": ids, "wave": ["W2"] * 6} | answers)
    made = study()
    return replace(made, tables={**made.tables, "people": people}, responses=responses)


def test_scores_add_up_in_whole_points_by_company(two_companies: Study) -> None:
    found = company_points(two_companies, "W2", MEASURES)["A"]
    assert found.people == 3
    assert (found.sums["ms"].n, found.sums["ms"].reached) == (3, 100 + 50 + 25)


def test_a_company_where_nobody_answered_is_in_the_list_like_any_other(two_companies: Study) -> None:
    found = company_points(two_companies, "W2", MEASURES)
    assert list(found) == ["A", "B"]
    assert found["B"].people == 0
    assert (found["B"].sums["ms"].n, found["B"].sums["ms"].reached) == (0, 0)


def test_half_points_go_to_the_even_point_so_that_nothing_drifts(two_companies: Study) -> None:
    halves = {
        f"ms{n}": [1, 2, 3, None, None, None] if n > 4 else [2, 3, 4, None, None, None] for n in range(1, 9)
    }
    asked = two_companies.responses.drop("ms9").with_columns(
        **{name: pl.Series(values) for name, values in halves.items()}
    )
    found = company_points(replace(two_companies, responses=asked), "W2", ["ms"])["A"]
    assert found.sums["ms"].reached == 12 + 38 + 62  # 12.5, 37.5, 62.5


def test_only_scales_that_were_asked_are_offered(two_companies: Study) -> None:
    assert asked_measures(two_companies, MEASURES) == ["ms", "used"]


def test_a_study_without_answers_has_nothing_to_add_up(two_companies: Study) -> None:
    silent = replace(two_companies, responses=two_companies.responses.select("person_id", "wave"))
    found = company_points(silent, "W2", MEASURES)
    assert {name: (numbers.people, dict(numbers.sums)) for name, numbers in found.items()} == {
        "A": (0, {}),
        "B": (0, {}),
    }


def test_companies_are_those_that_have_people(two_companies: Study) -> None:
    assert companies_with_people(two_companies, "W2") == 2
