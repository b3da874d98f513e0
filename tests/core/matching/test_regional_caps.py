"""Limits on regions: never exceeded, nobody envied with reason, nothing to gain by another list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.matching.good_assignment import (
    expect_good_assignment,
    joinable,
    plain_capped_acceptance,
)
from tests.core.matching.small_markets import (
    acceptance_rules,
    lists_that_pay,
    markets,
    nested_regions,
    numbers_of,
    random_market,
    random_numbers,
)

from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.regional_caps import CappedAcceptance
from tazuna.matching.rules import Region, RegionalChoice, Rules

CHOICES: tuple[RegionalChoice, ...] = ("drawn_order", "turns")


@pytest.mark.parametrize("choice", CHOICES)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_nested_limits_hold_and_nobody_outside_a_full_region_blocks(
    choice: RegionalChoice, data: st.DataObject
) -> None:
    market = data.draw(markets())
    rules = replace(
        data.draw(acceptance_rules(market)),
        regions=data.draw(nested_regions(len(market.programs))),
        regional_choice=choice,
    )
    numbers = data.draw(numbers_of(market, rules.ties))
    mechanism = CappedAcceptance(market, rules)
    held = mechanism.run(numbers).held
    expect_good_assignment(market, rules, held)
    envy, outside, _ = joinable(market, rules, numbers, held)
    assert (envy, outside) == (set(), set())
    limits = [
        (set(np.flatnonzero(region.programs[mechanism.blocks.program]).tolist()), region.upper)
        for region in rules.regions
    ]
    assert held.tolist() == plain_capped_acceptance(market, rules, numbers, limits)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_limits_that_nobody_reaches_change_nothing(data: st.DataObject) -> None:
    market = data.draw(markets())
    rules = data.draw(acceptance_rules(market))
    numbers = data.draw(numbers_of(market, rules.ties))
    everywhere = Region("all", np.ones(len(market.programs), np.bool_), len(market.applicants))
    plain = DeferredAcceptance(market, rules).run(numbers)
    for choice in CHOICES:
        limited = replace(rules, regions=(everywhere,), regional_choice=choice)
        capped = CappedAcceptance(market, limited).run(numbers)
        assert capped.held.tolist() == plain.held.tolist()
        assert capped.cutoffs.tolist() == plain.cutoffs.tolist()


@pytest.mark.parametrize("choice", CHOICES)
def test_no_other_list_pays_under_nested_limits_in_thousands_of_small_markets(choice: RegionalChoice) -> None:
    rng = np.random.default_rng(5)
    inner, outer = np.array([True, True, False]), np.ones(3, np.bool_)
    for _ in range(600):
        market = random_market(rng, people=4, programs=3)
        limits = int(rng.integers(0, 3)), int(rng.integers(1, 4))
        rules = Rules(
            regions=(Region("inner", inner, limits[0]), Region("outer", outer, limits[1])),
            regional_choice=choice,
            open_places=np.minimum(market.capacity, 1) if rng.random() < 0.5 else None,
        )
        assert lists_that_pay(mechanism_of, market, rules, random_numbers(rng, market, "single")) == 0


def test_a_region_with_a_limit_of_0_gets_nobody() -> None:
    market = market_of_lists([[0, 1], [0], [1]], [2, 1])
    rules = Rules(regions=(Region("closed", np.array([True, False]), 0),))
    held = CappedAcceptance(market, rules).run(Numbers(np.array([0.9, 0.1, 0.5]))).held
    assert held.tolist() == [-1, -1, 3]


def test_a_full_region_keeps_the_best_positions_or_lets_its_programmes_take_turns() -> None:
    market = market_of_lists([[0], [0], [1]], [2, 2])
    numbers = Numbers(np.array([0.1, 0.2, 0.3]))
    region = Region("both", np.ones(2, np.bool_), 2)
    by_order = CappedAcceptance(market, Rules(regions=(region,))).run(numbers).held
    by_turns = CappedAcceptance(market, Rules(regions=(region,), regional_choice="turns")).run(numbers).held
    assert by_order.tolist() == [0, 1, -1]
    assert by_turns.tolist() == [0, -1, 2]


def test_a_move_inside_a_full_region_is_not_promised() -> None:
    """The first would rather have the free place of programme 0, but has the second tier there."""
    tiers = {(0, 0): 2, (0, 1): 1, (1, 2): 1}
    market = market_of_lists([[0, 1], [2]], [1, 1, 1], tiers)
    rules = Rules(regions=(Region("all", np.ones(3, np.bool_), 2),))
    numbers = Numbers(np.array([0.5, 0.4]))
    assert CappedAcceptance(market, rules).run(numbers).held.tolist() == [0, 2]
    crowded = market_of_lists([[0, 1], [2], [2]], [1, 1, 2], tiers | {(2, 2): 1})
    held = CappedAcceptance(crowded, rules).run(Numbers(np.array([0.5, 0.4, 0.6]))).held
    assert held.tolist() == [1, 2, -1]
    assert joinable(crowded, rules, Numbers(np.array([0.5, 0.4, 0.6])), held) == (set(), set(), {(0, 0)})


@pytest.mark.parametrize("choice", CHOICES)
def test_under_a_full_limit_an_open_place_is_given_up_before_a_tiered_one(choice: RegionalChoice) -> None:
    """One tiered and one open place, one person in all; the second tier has the better number."""
    market = market_of_lists([[0], [0]], [2], {(1, 0): 2})
    rules = Rules(
        open_places=np.array([1]),
        regions=(Region("r", np.array([True]), upper=1),),
        regional_choice=choice,
    )
    numbers = Numbers(np.array([0.9, 0.1]))
    assert CappedAcceptance(market, rules).run(numbers).held.tolist() == [0, -1]
