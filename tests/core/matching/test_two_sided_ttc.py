"""Two-sided top trading cycles: balanced, individually rational, and truthful for people."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.matching.good_assignment import expect_good_assignment
from tests.core.matching.small_markets import (
    lists_that_pay_anew,
    markets,
    numbers_of,
    random_market,
    random_numbers,
)

from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.rules import Rules

TRADING = Rules(reciprocity="two_sided_ttc")


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_each_firm_receives_as_many_as_it_sends_and_all_get_what_they_asked_for(data: st.DataObject) -> None:
    market = data.draw(markets())
    firms = len(market.organisations)
    limits = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=firms, max_size=firms)), np.int64)
    rules = Rules(reciprocity="two_sided_ttc", sending=limits)
    numbers = data.draw(numbers_of(market, "single"))
    held = mechanism_of(market, rules).run(numbers).held
    expect_good_assignment(market, rules, held)
    sent, received = _balance(market, held)
    assert sent.tolist() == received.tolist()
    assert (market.sender[held >= 0] >= 0).all()
    assert held.tolist() == _in_plain_steps(market, rules, numbers)


def test_no_other_list_pays_in_two_sided_trading() -> None:
    rng = np.random.default_rng(8)
    for _ in range(120):
        market = random_market(rng, people=4, programs=3)
        numbers = random_numbers(rng, market, "single")
        assert lists_that_pay_anew(mechanism_of, market, TRADING, numbers) == 0


def test_two_firms_trade_one_for_one_by_the_smallest_numbers() -> None:
    market = market_of_lists([[1], [1], [0]], [2, 2], sender=[0, 0, 1], host=[0, 1])
    held = mechanism_of(market, TRADING).run(Numbers(np.array([0.7, 0.2, 0.9]))).held
    assert held.tolist() == [-1, 1, 2]


def test_tiers_make_no_difference() -> None:
    lists, sender = [[1], [1], [0]], [0, 0, 1]
    tiers = {(0, 1): 1, (1, 1): 2, (2, 0): 1}
    numbers = Numbers(np.array([0.7, 0.2, 0.9]))
    with_tiers = market_of_lists(lists, [2, 2], tiers, sender=sender, host=[0, 1])
    without = market_of_lists(lists, [2, 2], sender=sender, host=[0, 1])
    assert (
        mechanism_of(with_tiers, TRADING).run(numbers).held.tolist()
        == mechanism_of(without, TRADING).run(numbers).held.tolist()
    )


def _balance(market: Market, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    firms = len(market.organisations)
    sent = np.bincount(market.sender[held >= 0], minlength=firms)
    return sent, np.bincount(market.host[market.program[held[held >= 0]]], minlength=firms)


def _in_plain_steps(market: Market, rules: Rules, numbers: Numbers) -> list[int]:
    """Dur & Ünver's steps: everybody points at once, every cycle trades, whoever cannot go on leaves."""
    held = [-1] * len(market.applicants)
    places, sent = market.capacity.tolist(), [0] * len(market.organisations)
    waiting = {
        firm: sorted(np.flatnonzero(market.sender == firm).tolist(), key=lambda i: numbers.person[i])
        for firm in range(len(market.organisations))
    }

    def stays(firm: int) -> bool:
        limit = -1 if rules.sending is None else rules.sending[firm]
        room = any(places[s] for s in np.flatnonzero(market.host == firm))
        return bool(waiting[firm]) and room and (limit < 0 or sent[firm] < limit)

    firms = set(waiting)
    while True:
        before = None
        while before != (len(firms), sum(map(len, waiting.values()))):
            before = (len(firms), sum(map(len, waiting.values())))
            firms = {firm for firm in firms if stays(firm)}
            wish = {
                person: next(
                    (
                        edge
                        for edge in range(market.start[person], market.start[person + 1])
                        if places[market.program[edge]] and int(market.host[market.program[edge]]) in firms
                    ),
                    None,
                )
                for firm in firms
                for person in waiting[firm]
            }
            for firm in firms:
                waiting[firm] = [person for person in waiting[firm] if wish[person] is not None]
        if not firms:
            return held
        points = {firm: int(market.host[market.program[wish[waiting[firm][0]]]]) for firm in firms}
        cycles = set()
        for firm in firms:
            at = firm
            for _ in range(len(firms)):
                at = points[at]
            cycles.add(at)
            while (at := points[at]) not in cycles:
                cycles.add(at)
        for firm in cycles:
            person = waiting[firm].pop(0)
            held[person] = wish[person]
            places[market.program[wish[person]]] -= 1
            sent[firm] += 1
