"""Departments: by name or code, and today's unit after reorganisations."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.core.intake.tables_in_text import check_text, found

from tazuna.intake.departments import current_department, on_circle

DEPARTMENTS = "department_id,organisation_id,name\nD1,C1,営業部\nD2,C1,㈱開発室\nD3,C2,営業部\nD4,C2,営業部\n"


def test_departments_are_found_by_code_or_by_name_within_the_organisation() -> None:
    people = (
        "person_id,organisation_id,department\n1,C1,D2\n2,C1,営業 部\n3,C1,(株)開発室\n4,C2,営業部\n5,C2,\n"
    )
    checked = check_text({"departments": DEPARTMENTS, "people": people})

    assert checked.drafts["people"].sound["department"].to_list() == ["D2", "D1", "D2", None, None]
    assert found(checked) == [("ambiguous_name", "people", 5, "department", "営業部")]


def test_names_serve_as_codes_where_there_is_no_table() -> None:
    people = check_text({"people": "person_id,department\n1,営業部\n"}).drafts["people"]

    assert people.sound["department"].to_list() == ["営業部"]
    assert "departments_by_name" in [notice.kind for notice in people.notices]


def test_successors_are_followed_to_the_end() -> None:
    departments = pl.DataFrame({"department_id": ["a", "b", "c", "d"], "successor_id": ["b", "c", None, "d"]})

    assert current_department(departments)["current_id"].to_list() == ["c", "c", "c", "d"]


def test_a_circle_of_successors_ends() -> None:
    departments = pl.DataFrame({"department_id": ["a", "b", "c"], "successor_id": ["b", "a", "a"]})

    assert current_department(departments)["current_id"].to_list() == ["a", "b", "c"]


def test_departments_without_successors_stay_themselves() -> None:
    assert current_department(pl.DataFrame({"department_id": ["a"]})).rows() == [("a", "a")]


def _walked(parents: list[int], start: int) -> bool:
    at, steps = parents[start], 0
    while at >= 0 and at != start and steps <= len(parents):
        at, steps = parents[at], steps + 1
    return at == start


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)))
def test_circles_are_those_that_walking_finds(parents: list[int]) -> None:
    assert on_circle(np.array(parents)).tolist() == [_walked(parents, row) for row in range(len(parents))]
