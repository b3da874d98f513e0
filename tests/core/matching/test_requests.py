"""Requests assigned to local people."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.errors import TazunaError
from tazuna.matching.conflict import LinearCondition
from tazuna.matching.request_needs import Fit, LocalPerson, Request, request_conditions
from tazuna.matching.requests import assign_requests

DAYS = (date(2026, 10, 1), date(2026, 10, 2))
FIT = Fit()

requests = st.lists(
    st.tuples(
        st.sampled_from([None, "carpentry"]),
        st.sampled_from(DAYS),
        st.integers(1, 2),
        st.sampled_from([None, "長野県"]),
        st.sampled_from([frozenset(), frozenset({"English"})]),
    ),
    max_size=3,
).map(lambda rows: [Request(f"r{k}", *row) for k, row in enumerate(rows)])
people = st.lists(
    st.tuples(
        st.sampled_from([frozenset(), frozenset({"carpentry"}), frozenset({"carpentry", "English"})]),
        st.sampled_from([(), ("長野県",), ("東京都", "長野県")]),
        st.sampled_from([None, frozenset(DAYS[:1])]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=3,
).map(lambda rows: [LocalPerson(f"p{k}", *row) for k, row in enumerate(rows)])


def suits(request: Request, person: LocalPerson) -> bool:
    return (
        (request.skill is None or request.skill in person.skills)
        and (request.prefecture is None or request.prefecture in person.prefectures)
        and (person.dates is None or request.date in person.dates)
    )


def worth(
    wanted: list[Request], local: list[LocalPerson], taken: set[tuple[int, int]]
) -> tuple[int, float] | None:
    """Places filled, and points less load; None where a condition is broken."""
    points = 0.0
    for r, p in taken:
        if not suits(wanted[r], local[p]):
            return None
        own = wanted[r].prefecture is not None and local[p].prefectures[0] == wanted[r].prefecture
        points += FIT.own_prefecture * own + FIT.welcome * len(wanted[r].welcome & local[p].skills)
    for r, request in enumerate(wanted):
        if sum(row == r for row, _ in taken) > request.people:
            return None
    for p, person in enumerate(local):
        days = [wanted[r].date for r, column in taken if column == p]
        if len(days) > person.most or len(set(days)) < len(days):
            return None
        points -= FIT.load * sum(person.carrying + k for k in range(len(days)))
    return len(taken), points


@settings(deadline=None, max_examples=40)
@given(requests, people)
def test_the_assignment_is_the_best_that_trying_everything_finds(
    wanted: list[Request], local: list[LocalPerson]
) -> None:
    cells = list(product(range(len(wanted)), range(len(local))))
    every = (
        worth(wanted, local, {cell for cell, on in zip(cells, chosen, strict=True) if on})
        for chosen in product((False, True), repeat=len(cells))
    )
    best = max(found for found in every if found is not None)
    done = assign_requests(wanted, local)
    taken = {(int(r[1:]), int(p[1:])) for r, p, _ in done.pairs.iter_rows()}
    found = worth(wanted, local, taken)
    assert found is not None
    assert found == pytest.approx(best)
    assert done.unmet["lacking"].sum() == sum(request.people for request in wanted) - len(taken)
    assert (done.conflict is None) == done.unmet.is_empty()


def possible(conditions: list[LinearCondition], count: int) -> bool:
    points = np.array(list(product((0, 1), repeat=count)), float).reshape(2**count, count)
    holds = np.ones(len(points), bool)
    for linear in conditions:
        values = points @ linear.coefficients.toarray().T
        holds &= ((values >= linear.lower) & (values <= linear.upper)).all(axis=1)
    return bool(holds.any())


@settings(deadline=None, max_examples=30)
@given(requests, people)
def test_a_conflict_is_as_small_as_trying_all_subsets_finds(
    wanted: list[Request], local: list[LocalPerson]
) -> None:
    conflict = assign_requests(wanted, local).conflict
    if conflict is None:
        return
    conditions = list(request_conditions(wanted, local))
    found = [c for c in conditions if c.condition in conflict.conditions]
    count = len(wanted) * len(local)
    assert not possible(found, count)
    assert all(possible(list(chosen), count) for chosen in combinations(conditions, len(found) - 1))


def test_requests_are_spread_over_people_who_suit_alike() -> None:
    wanted = [Request(f"r{k}", None, date(2026, 10, k + 1)) for k in range(6)]
    local = [LocalPerson(f"p{k}", frozenset(), most=6) for k in range(3)]
    assert assign_requests(wanted, local).loads["requests"].to_list() == [2, 2, 2]


def test_who_carried_more_earlier_gets_fewer() -> None:
    wanted = [Request(f"r{k}", None, date(2026, 10, k + 1)) for k in range(4)]
    local = [LocalPerson("busy", frozenset(), most=4, carrying=2), LocalPerson("new", frozenset(), most=4)]
    assert assign_requests(wanted, local).loads["requests"].to_list() == [1, 3]


def test_a_request_that_nobody_can_do_names_the_skill() -> None:
    wanted = [Request("class", "carpentry", DAYS[0], 1, "長野県")]
    local = [LocalPerson("p1", frozenset(), ("長野県",))]
    done = assign_requests(wanted, local)
    assert done.unmet.rows() == [("class", 1)]
    assert done.conflict is not None
    assert [condition.name for condition in done.conflict.conditions] == ["need:class", "skill:carpentry"]
    assert done.conflict.lines("en")[1] == (
        "carpentry is only for those who can do it (0 people). → Find people who can do carpentry."
    )


def test_without_local_people_every_request_is_unmet() -> None:
    done = assign_requests([Request("class", None, DAYS[0], 2)], [])
    assert done.unmet.rows() == [("class", 2)]
    assert done.conflict is not None


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(TazunaError, match="p1 stands twice"):
        assign_requests([], [LocalPerson("p1", frozenset()), LocalPerson("p1", frozenset())])
