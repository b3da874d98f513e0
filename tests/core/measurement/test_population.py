"""Who is asked, and where each person counts."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people


@pytest.fixture
def population_of(make_question, make_instrument, make_study):
    """The population of people with these columns; the first person alone has answered."""

    def make(orders=None, departments=None, **columns):
        count = len(next(iter(columns.values())))
        names = [f"p{number}" for number in range(count)]
        people = pl.DataFrame({"person_id": names, "organisation_id": ["A"] * count, **columns})
        answers = pl.DataFrame({"person_id": ["p0"], "wave": ["w1"], "q": pl.Series([4], dtype=pl.Int16)})
        tables = {} if departments is None else {"departments": departments}
        study = make_study(
            [make_instrument([make_question("q")], {"s": ["q"]})], answers, people, orders=orders, **tables
        )
        return population(study, score_people(study), group_rules())

    return make


def test_somebody_who_left_is_not_asked_and_somebody_on_leave_is(population_of):
    people = population_of(status=["active", "leave", "left", None])
    assert people["asked"].to_list() == [True, True, False, True]


def test_somebody_seconded_out_counts_in_no_department_but_stays_in_its_cluster(population_of):
    people = population_of(status=["active", "seconded_out", "seconded_in"], department=["D", "D", "D"])
    assert people["department"].to_list() == ["D", None, "D"]
    assert people["unit"].to_list() == ["D", "D", "D"]


def test_departments_are_todays_and_unknown_ones_stay_as_they_are(population_of):
    merged = pl.DataFrame({"department_id": ["old", "new"], "successor_id": ["new", None]})
    people = population_of(departments=merged, department=["old", "new", "elsewhere", None])
    assert people["department"].to_list() == ["new", "new", "elsewhere", None]
    assert people["unit"].to_list() == ["new", "new", "elsewhere", ""]


def test_somebody_who_did_not_answer_is_there_without_scores_or_contribution(population_of):
    people = population_of(contribution=[3, 5])
    assert people["answered"].to_list() == [True, False]
    assert people["s"].to_list() == [75, None]
    assert people["contribution"].to_list() == [3, None]


def test_ordered_contribution_counts_from_the_lowest(population_of):
    orders = {"contribution": ("D", "C", "B", "A", "S")}
    assert population_of(orders, contribution=["S", "D"])["contribution"].to_list() == [5, None]


def test_contribution_as_text_without_an_order_is_not_measured(population_of):
    assert population_of(contribution=["S", "D"])["contribution"].null_count() == 2


def test_age_is_the_waves_year_less_the_year_of_birth_and_places_those_who_did_not_answer_too(population_of):
    people = population_of(birth_year=[1990, 1970, None])
    assert people["age"].to_list() == [34, 54, None]
    assert people["age_band"].to_list() == ["20-34", "50+", None]


def test_a_person_without_a_word_on_managing_is_an_employee(population_of):
    assert population_of(is_manager=[True, False, None])["viewpoint"].to_list() == [
        "manager",
        "employee",
        "employee",
    ]


def test_somebody_without_an_organisation_counts_in_no_figure(population_of):
    people = population_of(organisation_id=["A", None])
    assert people["person_id"].to_list() == ["p0"]
