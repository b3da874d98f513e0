"""Interview scores count from the cut-off of the programme that gave them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.core.evaluation.made_arrays import asked
from tests.core.evaluation.made_arrays import people as made_people

from tazuna.evaluation.arrays import CutoffArrays, PeopleArrays
from tazuna.evaluation.cutoff_arrays import cutoff_arrays
from tazuna.evaluation.refusal import Refusal
from tazuna.study import Study, Wave

N = 12
SCORES = {"P0": [90, 80, 70, 60, 50, 40], "P1": [9, 8, 7, 6, 5, 4]}
PLACES = {"P0": 2, "P1": 3}


def study(**changed: pl.DataFrame | None) -> Study:
    """P0 interviewed the first six and took two, P1 the others and took three; P2 drew."""
    persons = [f"{at:05d}" for at in range(N)]
    programs = pl.DataFrame(
        {"program_id": ["P0", "P1", "P2"], "tie_breaker": ["score", " Score", None], "title": ["a", "b", "c"]}
    )
    priorities = pl.DataFrame(
        {
            "person_id": [*persons, "00000"],
            "program_id": ["P0"] * 6 + ["P1"] * 6 + ["P2"],
            "score": [*map(float, SCORES["P0"] + SCORES["P1"]), 1.0],
        }
    )
    seated = persons[:2] + persons[6:9]
    assignments = pl.DataFrame(
        {"person_id": seated, "program_id": ["P0"] * 2 + ["P1"] * 3, "offer_round": [1, 1, 1, 1, None]}
    )
    tables = {"programs": programs, "priorities": priorities, "assignments": assignments, **changed}
    return Study(
        title="interviews",
        tables={name: table for name, table in tables.items() if table is not None},
        responses=pl.DataFrame(),
        instruments=(),
        waves=(Wave("2025", "2025", 2025, 2025, 10), Wave("2026", "2026", 2026, 2026, 10)),
        orders={},
        sha256="0" * 64,
    )


@pytest.fixture(scope="module")
def people() -> PeopleArrays:
    return made_people(np.random.default_rng(2), N, np.arange(N) < 2, 0.0)


def found(study: Study, people: PeopleArrays) -> CutoffArrays:
    arrays = cutoff_arrays(study, asked(), people)
    assert isinstance(arrays, CutoffArrays)
    return arrays


def code(study: Study, people: PeopleArrays) -> str:
    arrays = cutoff_arrays(study, asked(), people)
    assert isinstance(arrays, Refusal)
    return arrays.code


def test_scores_count_from_the_lowest_that_got_a_place(people: PeopleArrays) -> None:
    arrays = found(study(), people)
    assert arrays.score.tolist() == [10, 0, -10, -20, -30, -40, 2, 1, 0, -1, -2, -3]
    assert np.array_equal(arrays.treated, arrays.score >= arrays.cutoff)
    assert arrays.programs == ("P0", "P1")
    assert arrays.program.tolist() == [0] * 6 + [1] * 6
    assert np.array_equal(arrays.y, people.outcome.y[arrays.row])
    assert [caution.code for caution in arrays.cautions] == ["cutoffs_put_together"]


def test_people_without_an_outcome_are_left_out_and_still_set_the_cutoff(people: PeopleArrays) -> None:
    y = people.outcome.y.copy()
    y[1] = np.nan
    arrays = found(study(), replace(people, outcome=replace(people.outcome, y=y)))
    assert arrays.score.tolist()[:2] == [10, -10]


def test_somebody_who_lost_the_place_to_a_lower_score_stays_visible(people: PeopleArrays) -> None:
    assignments = pl.DataFrame({"person_id": ["00000", "00003"], "program_id": ["P0", "P0"]})
    arrays = found(study(assignments=assignments), people)
    assert ((arrays.score >= 0) & ~arrays.treated).sum() == 2


def test_a_place_given_later_is_no_place_of_the_cutoff(people: PeopleArrays) -> None:
    table = study().tables["assignments"]
    later = pl.DataFrame({"person_id": ["00005"], "program_id": ["P0"], "offer_round": [2]})
    arrays = found(study(assignments=pl.concat([table, later])), people)
    assert arrays.score.max() == 10


def test_without_assignments_who_came_tells_who_got_a_place(people: PeopleArrays) -> None:
    came = pl.DataFrame(
        {"person_id": ["00000", "00001"], "program_id": ["P0", "P0"], "status": ["completed", "withdrew"]}
    )
    arrays = found(study(assignments=None, participation=came), people)
    assert arrays.programs == ("P0",)
    assert arrays.treated.tolist() == [True, True, False, False, False, False]
    assert arrays.cautions == ()


def test_whom_the_host_declined_is_not_near_any_cutoff(people: PeopleArrays) -> None:
    table = study().tables["priorities"]
    declined = table.with_columns(eligible=pl.col("person_id") != "00002")
    assert len(found(study(priorities=declined), people).y) == N - 1


def test_programmes_that_drew_have_no_cutoff(people: PeopleArrays) -> None:
    programs = study().tables["programs"].with_columns(tie_breaker=pl.lit(None, pl.String))
    assert code(study(programs=programs), people) == "not_screened"
    assert code(study(programs=programs.drop("tie_breaker")), people) == "not_screened"


def test_missing_scores_are_refused(people: PeopleArrays) -> None:
    assert code(study(priorities=None), people) == "no_scores"
    assert code(study(priorities=study().tables["priorities"].drop("score")), people) == "no_scores"


def test_places_for_nobody_or_for_everybody_are_refused(people: PeopleArrays) -> None:
    priorities = study().tables["priorities"]
    given = study().tables["assignments"]
    assert code(study(assignments=given.clear()), people) == "none_treated"
    seated = priorities.join(given, on=["person_id", "program_id"], how="semi")
    assert code(study(priorities=seated), people) == "all_treated"
