"""Reorganisations and the tree of organisations."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.errors import StudyError
from tazuna.measurement.units import current_units, organisations_above


@pytest.fixture
def study_with(make_study):
    def make(**tables):
        people = pl.DataFrame({"person_id": ["p"], "organisation_id": ["A"]})
        return make_study([], pl.DataFrame({"person_id": ["p"]}), people, **tables)

    return make


def departments(successors: dict[str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {"department_id": list(successors), "successor_id": list(successors.values())},
        schema_overrides={"successor_id": pl.String},
    )


def organisations(parents: dict[str, str | None]) -> pl.DataFrame:
    return pl.DataFrame({"organisation_id": list(parents), "parent_id": list(parents.values())})


def test_a_department_that_was_merged_twice_is_todays_department(study_with):
    study = study_with(
        departments=departments({"old": "middle", "middle": "new", "new": None, "other": None})
    )
    units = dict(current_units(study).iter_rows())
    assert units == {"old": "new", "middle": "new", "new": "new", "other": "other"}


def test_successors_in_a_circle_are_refused_with_a_cure(study_with):
    with pytest.raises(StudyError, match="circle") as refused:
        current_units(study_with(departments=departments({"a": "b", "b": "a"})))
    assert "successor_id" in refused.value.text("ja")


def test_without_a_table_of_departments_no_unit_changes(study_with):
    assert current_units(study_with()).is_empty()


def test_an_organisation_counts_for_everything_above_it(study_with):
    study = study_with(organisations=organisations({"region": None, "group": "region", "firm": "group"}))
    pairs = set(organisations_above(study).iter_rows())
    assert pairs == {
        ("region", "region"),
        ("group", "group"),
        ("group", "region"),
        ("firm", "firm"),
        ("firm", "group"),
        ("firm", "region"),
    }


def test_parents_in_a_circle_are_refused(study_with):
    with pytest.raises(StudyError, match="circle"):
        organisations_above(study_with(organisations=organisations({"A": "B", "B": "A"})))
