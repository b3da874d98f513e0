"""Figures of an assignment, against the definitions in plain loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.matching.good_assignment import joinable
from tests.core.matching.small_markets import acceptance_rules, markets, nested_regions, numbers_of

from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.fairness import Yardstick
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.rules import Region, Rules


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_envy_and_blocking_pairs_are_counted_as_defined_for_other_assignments(data: st.DataObject) -> None:
    market = data.draw(markets())
    rules = replace(
        data.draw(acceptance_rules(market)), regions=data.draw(nested_regions(len(market.programs)))
    )
    numbers = data.draw(numbers_of(market, rules.ties))
    held = _another_draw(market, rules, data)
    found = Yardstick(market, rules).measure(numbers, held)
    envy, outside, inside = joinable(market, rules, numbers, held)
    assert found.justified_envy == len(envy)
    assert found.blocking_outside == len(outside)
    assert found.blocking_inside == len(inside)


def test_shares_by_rank_and_unmatched_sum_to_one() -> None:
    market = market_of_lists([[0, 1], [0, 1], [0, 1], []], [1, 1])
    numbers = Numbers(np.array([0.1, 0.2, 0.3, 0.4]))
    found = Yardstick(market).measure(numbers, DeferredAcceptance(market).run(numbers).held)
    assert found.by_rank.tolist() == [1, 1]
    assert found.unmatched == 2
    assert found.share_by_rank.sum() + found.unmatched / found.applicants == 1


def test_places_left_empty_under_a_full_limit_are_wasted_only_if_somebody_wants_them() -> None:
    market = market_of_lists([[0], [0], [1, 0]], [2, 1, 3])
    rules = Rules(regions=(Region("both", np.array([True, False, True]), 1),))
    numbers = Numbers(np.array([0.1, 0.2, 0.3]))
    found = Yardstick(market, rules).measure(numbers, mechanism_of(market, rules).run(numbers).held)
    assert found.wasted == 1
    assert (found.blocking_outside, found.blocking_inside, found.justified_envy) == (0, 0, 0)


def test_who_was_not_drawn_as_a_sender_does_not_block() -> None:
    market = market_of_lists([[0], [0]], [2], sender=[0, 0], host=[0])
    rules = Rules(sending=np.array([1]))
    mechanism = mechanism_of(market, rules)
    numbers = Numbers(np.array([0.2, 0.1]))
    held = mechanism.run(numbers).held
    yardstick = Yardstick(market, rules)
    assert yardstick.measure(numbers, held).blocking_outside == 1
    assert yardstick.measure(numbers, held, mechanism.taking_part(numbers)).blocking_outside == 0


def test_extended_seats_leave_no_pair_that_their_limit_permits() -> None:
    rng = np.random.default_rng(14)
    lists = [rng.permutation(4)[: rng.integers(1, 5)].tolist() for _ in range(12)]
    market = market_of_lists(lists, [3, 3, 3, 3], minimum=[2, 1, 2, 2])
    rules = Rules(minimums="extended_seats")
    mechanism, yardstick = mechanism_of(market, rules), Yardstick(market, rules)
    for _ in range(50):
        numbers = Numbers(rng.random(12))
        found = yardstick.measure(numbers, mechanism.run(numbers).held)
        assert (found.blocking_outside, found.justified_envy) == (0, 0)


def _another_draw(market: Market, rules: Rules, data: st.DataObject) -> np.ndarray:
    """What other numbers would have given without limits on regions, some having gone."""
    free = replace(rules, regions=())
    held = DeferredAcceptance(market, free).run(data.draw(numbers_of(market, rules.ties))).held
    stays = data.draw(st.lists(st.booleans(), min_size=held.size, max_size=held.size))
    return np.where(np.array(stays, np.bool_), held, -1)
