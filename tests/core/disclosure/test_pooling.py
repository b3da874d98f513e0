"""Which departments are put together, and that a pool does not say for whose sake."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.disclosure.pooling import ROOM, Tree, pool_code, pooled, pools_among, pools_of_waves

K = 10
FLAT = Tree({})
EXAMPLES = settings(max_examples=40, deadline=None)


@st.composite
def organisations(draw):
    """Departments with numbers of answers in a random tree; those above others may have people too."""
    count = draw(st.integers(2, 14))
    ids = [f"D{number:02d}" for number in range(count)]
    parents = {}
    for number in range(1, count):
        parent = draw(st.none() | st.integers(0, number - 1))
        if parent is not None:
            parents[ids[number]] = ids[parent]
    numbers = {department: draw(st.integers(0, 30)) for department in ids if draw(st.integers(0, 9)) > 1} or {
        ids[0]: 12
    }
    return numbers, Tree(parents)


@EXAMPLES
@given(organisations(), st.integers(0, 2**64))
def test_every_small_department_is_in_one_pool_of_at_least_two_departments_and_twice_k_people(made, key):
    numbers, tree = made
    pools = pooled(numbers, tree, K, key)
    small = [department for department, number in numbers.items() if number < K]
    members = list(chain(*pools))
    assert len(members) == len(set(members))
    assert all(len(pool) >= 2 and sum(numbers[member] for member in pool) >= ROOM * K for pool in pools)
    assert all(any(numbers[member] < K for member in pool) for pool in pools)
    assert set(members) <= set(numbers)
    if not set(small) <= set(members):
        # Only all departments together would do, and they are the organisation.
        assert not pools


@EXAMPLES
@given(organisations(), st.integers(0, 2**64), st.randoms())
def test_the_order_of_rows_does_not_matter(made, key, random):
    numbers, tree = made
    rows, steps = list(numbers.items()), list(tree.parents.items())
    random.shuffle(rows)
    random.shuffle(steps)
    assert pooled(dict(rows), Tree(dict(steps)), K, key) == pooled(numbers, tree, K, key)


@EXAMPLES
@given(organisations(), st.integers(0, 2**64))
def test_nothing_is_pooled_where_nothing_is_small(made, key):
    numbers, tree = made
    enough = {department: number + K for department, number in numbers.items()}
    assert pooled(enough, tree, K, key) == ()


@EXAMPLES
@given(organisations(), st.lists(st.integers(0, 30), min_size=14, max_size=14), st.integers(0, 2**64))
def test_pools_of_a_later_wave_are_made_of_whole_earlier_ones(made, again, key):
    numbers, tree = made
    later = dict(zip(sorted(numbers), again, strict=False))
    at = {("A", "w1"): numbers, ("A", "w2"): later}
    found = pools_of_waves(at, tree, {"w1": K, "w2": K}, dict.fromkeys(at, key), {})
    first = [set(members) for (_, wave, _), members in found.items() if wave == "w1"]
    second = [set(members) for (_, wave, _), members in found.items() if wave == "w2"]
    assert all(not (old & new) or old <= new for old in first for new in second)


SALES = Tree({"S1": "S", "S2": "S", "S3": "S", "S4": "S", "T1": "T", "T2": "T"})


def test_small_departments_under_one_parent_are_joined():
    numbers = {"S1": 4, "S2": 7, "S3": 9, "S4": 40, "T1": 20, "T2": 25}
    assert all(pooled(numbers, SALES, K, key) == (("S1", "S2", "S3"),) for key in range(20))


def test_a_lone_small_department_is_joined_with_one_beside_it_and_seldom_with_one_further_off():
    numbers = {"S1": 4, "S2": 17, "S3": 18, "T1": 20, "T2": 25}
    partners = [pooled(numbers, SALES, K, key)[0][1] for key in range(200)]
    assert set(partners) >= {"S2", "S3"}
    assert sum(partner.startswith("T") for partner in partners) < 20


def test_what_is_still_too_few_goes_up_the_tree():
    numbers = {"S1": 4, "S2": 3, "T1": 20, "T2": 25}
    (pool,) = pooled(numbers, SALES, K, key=1)
    assert pool[:2] == ("S1", "S2")
    assert len(pool) == 3


def test_people_of_a_department_above_others_stand_beside_these():
    numbers = {"S": 5, "S1": 6, "S2": 9, "S3": 30, "T1": 30}
    assert pooled(numbers, SALES, K, key=3) == (("S", "S1", "S2"),)


def test_either_of_two_departments_may_be_the_small_one():
    """For whoever sees the pool and the departments beside it, with the numbers that they show."""
    beside = {"S3": 30, "T1": 20, "T2": 25}
    for numbers in ({"S1": 4, "S2": 17}, {"S1": 17, "S2": 4}):
        found = {pooled(numbers | beside, SALES, K, key) for key in range(40)}
        assert (("S1", "S2"),) in found


def test_a_partner_may_be_larger_than_a_department_that_is_shown():
    """Were it never so, a pool of 24 beside a department of 18 would tell that its members have 6 and 18."""
    numbers = {"S1": 4, "S2": 20, "S3": 18, "T1": 20}
    assert (("S1", "S2"),) in {pooled(numbers, SALES, K, key) for key in range(40)}


def test_the_whole_organisation_is_no_pool():
    assert pooled({"S1": 4, "S2": 15}, SALES, K, key=0) == ()
    assert pooled({"S1": 2, "S2": 3, "T1": 1}, SALES, K, key=0) == ()


def test_a_pool_stays_while_it_holds_a_small_department_and_goes_when_none_is_small():
    numbers = {"S1": 14, "S2": 6, "S3": 20, "T1": 8, "T2": 30}
    assert ("S1", "S2") in pooled(numbers, SALES, K, key=0, together=[("S1", "S2")])
    enough = {department: number + K for department, number in numbers.items()}
    assert pooled(enough, SALES, K, key=0, together=[("S1", "S2")]) == ()


def test_a_wave_that_was_released_keeps_its_pools():
    numbers = {"S1": 4, "S2": 15, "S3": 12, "T1": 20}
    kept = {("A", "w1"): [("S1", "T1"), ("S1", "gone")]}
    found = pools_of_waves({("A", "w1"): numbers}, SALES, {"w1": K}, {("A", "w1"): 0}, kept)
    assert found == {("A", "w1", "S1+T1"): ("S1", "T1")}


@EXAMPLES
@given(st.lists(st.text("ab+\\", min_size=1, max_size=3), min_size=2, max_size=4, unique=True))
def test_the_code_of_a_pool_tells_its_departments(ids):
    code = pool_code(ids, taken=ids)
    assert code not in ids
    assert pools_among([*ids, code], departments=ids) == {code: tuple(sorted(ids))}


@pytest.mark.parametrize("groups", [["D1", "D2"], ["R", "R+D"], ["+", "++"]])
def test_a_department_with_a_plus_in_its_id_is_no_pool(groups):
    assert pools_among(groups) == {}
