"""Firms that send also receive: the gate, and senders drawn before the places."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.matching.good_assignment import expect_good_assignment, joinable
from tests.core.matching.small_markets import (
    lists_that_pay_anew,
    markets,
    numbers_of,
    random_market,
    random_numbers,
)

from tazuna.matching.lottery import Numbers
from tazuna.matching.market import market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.reciprocity import gated_pairs, places_posted
from tazuna.matching.rules import Rules

SENDERS_FIRST = Rules(reciprocity="senders_first")


def test_the_gate_removes_the_pairs_of_firms_without_a_place_and_of_nobody_else() -> None:
    market = market_of_lists([[0], [0, 1], [0], [1]], [1, 0], sender=[0, 1, -1, 2], host=[0, 1])
    assert places_posted(market).tolist() == [1, 0, 0]
    assert gated_pairs(market).tolist() == [False, True, True, False, True]


def test_the_gate_and_limits_on_sending_hold_together() -> None:
    # Firm 0 offers a place and may send one of its two; firm 1 offers none.
    market = market_of_lists([[0], [0], [1]], [2, 2], sender=[0, 0, 1], host=[0, 2])
    rules = Rules(reciprocity="gate", sending=np.array([1, -1, -1]))
    mechanism = mechanism_of(market, rules)
    held = mechanism.run(Numbers(np.array([0.4, 0.2, 0.1]))).held
    assert held.tolist() == [-1, 1, -1]
    assert mechanism.taking_part(Numbers(np.array([0.4, 0.2, 0.1]))).tolist() == [False, True, False]


def test_nobody_behind_the_gate_takes_part() -> None:
    market = market_of_lists([[0], [0]], [2], sender=[0, 1], host=[0])
    mechanism = mechanism_of(market, Rules(reciprocity="gate"))
    assert mechanism.run(Numbers(np.array([0.9, 0.1]))).held.tolist() == [0, -1]


def test_a_firm_sends_those_with_the_smallest_numbers_who_have_a_feasible_pair() -> None:
    market = market_of_lists([[0], [0], [], [0]], [4, 0], sender=[1, 1, 1, 1], host=[0, 1])
    rules = Rules(sending=np.array([-1, 2]))
    mechanism = mechanism_of(market, rules)
    numbers = Numbers(np.array([0.8, 0.3, 0.1, 0.5]))
    assert mechanism.taking_part(numbers).tolist() == [False, True, True, True]
    assert mechanism.run(numbers).held.tolist() == [-1, 1, -1, 2]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_firm_sends_more_than_it_posted_and_those_sent_do_not_block(data: st.DataObject) -> None:
    market = data.draw(markets())
    numbers = data.draw(numbers_of(market, "single"))
    mechanism = mechanism_of(market, SENDERS_FIRST)
    held = mechanism.run(numbers).held
    expect_good_assignment(market, Rules(sending=places_posted(market)), held)
    _, outside, _ = joinable(market, SENDERS_FIRST, numbers, held)
    taking_part = mechanism.taking_part(numbers)
    assert not any(taking_part[person] for person, _ in outside)


def test_no_other_list_pays_when_senders_are_drawn_first() -> None:
    rng = np.random.default_rng(7)
    for _ in range(100):
        market = random_market(rng, people=4, programs=3, sender=rng.integers(-1, 2, 4).tolist())
        numbers = random_numbers(rng, market, "single")
        assert lists_that_pay_anew(mechanism_of, market, SENDERS_FIRST, numbers) == 0


def test_a_limit_kept_while_places_are_assigned_makes_lists_pay_and_depends_on_who_asks_first() -> None:
    """Why the senders are drawn first."""
    rng = np.random.default_rng(6)
    every_list = [list(other) for length in (1, 2, 3) for other in permutations(range(3), length)]
    paying = orders = 0
    for _ in range(100):
        lists = [rng.permutation(3).tolist() for _ in range(4)]
        firm, number = rng.integers(0, 2, 4).tolist(), rng.random(4).tolist()
        position = rng.random((4, 3))
        by_truth = _limit_inside(lists, position, number, firm, range(4))
        orders += by_truth != _limit_inside(lists, position, number, firm, range(3, -1, -1))
        for person, truth in enumerate(lists):
            wish = {None: 3} | {program: rank for rank, program in enumerate(truth)}
            for other in every_list:
                changed = [*lists[:person], other, *lists[person + 1 :]]
                got = _limit_inside(changed, position, number, firm, range(4))[person]
                paying += wish[got] < wish[by_truth[person]]
    assert paying > 0
    assert orders > 0


def _limit_inside(
    lists: list[list[int]], position: np.ndarray, number: list[float], firm: list[int], order: range
) -> list[int | None]:
    """Deferred acceptance, one place each, in which of a firm only the best number may stay."""
    held: dict[int, int] = {}
    following, asking = [0] * len(lists), list(order)[::-1]
    while asking:
        person = asking.pop()
        while following[person] < len(lists[person]):
            program = lists[person][following[person]]
            following[person] += 1
            colleague = next((s for s, i in held.items() if firm[i] == firm[person]), None)
            if colleague is not None and number[held[colleague]] < number[person]:
                continue
            if program in held and position[held[program], program] < position[person, program]:
                continue
            leaving = {place: held.pop(place) for place in {program, colleague} if place in held}
            held[program] = person
            asking.extend(leaving.values())
            break
    where = {i: s for s, i in held.items()}
    return [where.get(i) for i in range(len(lists))]
