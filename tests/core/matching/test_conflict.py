"""The smallest set of conditions in conflict."""

from __future__ import annotations

from functools import partial
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.language import message
from tazuna.matching.conflict import Condition, LinearCondition, linear_conflict, smallest_conflict

Family = list[frozenset[int]]
COUNT = 6


def named(name: str) -> Condition:
    return Condition(name, message("{name} holds.", name=name), message("Drop {name}.", name=name))


def corrected(conflicts: Family, kept: frozenset[int]) -> frozenset[int] | None:
    """An oracle that knows all conflicts: it keeps what it can in the order of the conditions."""
    held = kept
    if any(conflict <= held for conflict in conflicts):
        return None
    for k in range(COUNT):
        if not any(conflict <= held | {k} for conflict in conflicts):
            held |= {k}
    return frozenset(range(COUNT)) - held


def fits(conflicts: Family, kept: frozenset[int]) -> bool:
    return not any(conflict <= kept for conflict in conflicts)


families = st.lists(st.frozensets(st.integers(0, COUNT - 1), min_size=1), max_size=5)


@settings(deadline=None, max_examples=40)
@given(families)
def test_no_smaller_set_is_in_conflict(conflicts: Family) -> None:
    found = smallest_conflict(COUNT, partial(corrected, conflicts), partial(fits, conflicts))
    if not conflicts:
        assert found is None
        return
    assert found is not None
    indices, smallest = found
    assert smallest
    assert len(indices) == min(map(len, conflicts))
    assert any(conflict <= set(indices) for conflict in conflicts)


@settings(deadline=None, max_examples=40)
@given(families.filter(bool))
def test_a_search_cut_short_gives_an_irreducible_conflict_and_says_so(conflicts: Family) -> None:
    found = smallest_conflict(
        COUNT, partial(corrected, conflicts), partial(fits, conflicts), most_corrections=0
    )
    assert found is not None
    indices, smallest = found
    assert not smallest or len(indices) == min(map(len, conflicts))
    assert frozenset(indices) in conflicts
    assert not any(conflict < frozenset(indices) for conflict in conflicts)


def linear_conditions(rows: list[tuple[list[int], int, int]]) -> list[LinearCondition]:
    return [
        LinearCondition.of(named(f"c{k}"), np.array(row, float), lower, lower + width)
        for k, (row, lower, width) in enumerate(rows)
    ]


def possible(rows: list[tuple[list[int], int, int]]) -> bool:
    points = np.stack(np.meshgrid(*[np.arange(3)] * 3), -1).reshape(-1, 3)
    holds = [(points @ row >= lower) & (points @ row <= lower + width) for row, lower, width in rows]
    return bool(np.logical_and.reduce(holds).any()) if holds else True


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(-2, 2), min_size=3, max_size=3), st.integers(-3, 5), st.integers(0, 3)
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_conflict_of_inequalities_is_as_small_as_trying_all_subsets_finds(
    rows: list[tuple[list[int], int, int]],
) -> None:
    conflict = linear_conflict(linear_conditions(rows), np.full(3, 2.0))
    sizes = [
        size
        for size in range(1, len(rows) + 1)
        if any(not possible(list(chosen)) for chosen in combinations(rows, size))
    ]
    if not sizes:
        assert conflict is None
        return
    assert conflict is not None
    assert conflict.smallest
    assert len(conflict.conditions) == sizes[0]
    assert not possible([rows[int(condition.name[1:])] for condition in conflict.conditions])


def test_a_conflict_says_each_condition_with_its_cure() -> None:
    conflict = linear_conflict(
        linear_conditions([([1, 0, 0], 2, 0), ([0, 1, 0], 0, 1), ([1, 0, 0], 0, 1)]), np.full(3, 2.0)
    )
    assert conflict is not None
    assert conflict.lines("en") == ("c0 holds. → Drop c0.", "c2 holds. → Drop c2.")
