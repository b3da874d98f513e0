"""Several outcomes: adjusted p-values by their definition, and never more false claims than allowed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.evaluation.lottery.made_lotteries import made

from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.lottery.step_down import further_outcomes, step_down
from tazuna.evaluation.studentised import studentised
from tazuna.language import Message


def by_definition(statistics, redrawn) -> list[float]:
    """Outcome after outcome, from the largest down."""
    left = list(np.argsort(-np.abs(statistics), kind="stable"))
    found, before = [0.0] * len(left), 0.0
    while left:
        first = left[0]
        largest = [max(abs(row[j]) for j in left) for row in redrawn]
        p = (1 + sum(value >= abs(statistics[first]) for value in largest)) / (1 + len(redrawn))
        found[first] = before = max(before, p)
        left = left[1:]
    return found


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), m=st.integers(1, 6), redraws=st.integers(1, 40))
def test_adjusted_p_values_follow_their_definition(seed, m, redraws):
    rng = np.random.default_rng(seed)
    statistics, redrawn = 2 * rng.normal(size=m), rng.normal(size=(redraws, m))
    found = step_down(statistics, redrawn)
    assert found == pytest.approx(by_definition(statistics, redrawn))
    alone = (1 + (np.abs(redrawn) >= np.abs(statistics)).sum(axis=0)) / (1 + redraws)
    assert (found >= alone - 1e-12).all()
    assert (found <= 1).all()


def test_one_outcome_keeps_its_own_p_value():
    redrawn = np.array([[0.2], [-3.0], [1.0]])
    assert step_down(np.array([2.0]), redrawn).tolist() == [0.5]


def test_the_same_outcome_twice_costs_nothing():
    rng = np.random.default_rng(2)
    redrawn = rng.normal(size=(199, 1))
    once = step_down(np.array([2.1]), redrawn)[0]
    assert step_down(np.array([2.1, 2.1]), np.tile(redrawn, 2)).tolist() == [once, once]


def test_the_order_given_does_not_matter():
    rng = np.random.default_rng(4)
    statistics, redrawn = np.array([1.0, -3.0, 2.2, 0.1]), rng.normal(size=(99, 4))
    turned = [2, 0, 3, 1]
    assert step_down(statistics[turned], redrawn[:, turned]).tolist() == (
        step_down(statistics, redrawn)[turned].tolist()
    )


def test_over_all_draws_a_false_claim_is_no_more_frequent_than_allowed():
    """8 people for 4 places, 70 draws; two outcomes without effect, one with a large one."""
    draws = np.array([np.isin(np.arange(8), chosen) for chosen in combinations(range(8), 4)])
    rng = np.random.default_rng(6)
    without, controls = rng.normal(size=(8, 3)), np.ones((8, 1))
    false_claims = dict.fromkeys((0.05, 0.1, 0.2, 0.4), 0)
    for number, drawn in enumerate(draws):
        y = without + np.outer(drawn, [0.0, 0.0, 3.0])
        t = studentised(y, np.vstack([drawn, np.delete(draws, number, axis=0)]), controls).statistics
        adjusted = step_down(t[0], t[1:])
        for level in false_claims:
            false_claims[level] += bool((adjusted[:2] <= level).any())
    assert all(count / 70 <= level for level, count in false_claims.items())
    assert false_claims[0.4] > 0


def test_outcomes_that_different_people_answered_share_the_redraws():
    market = made(5)
    offers = market.offers(market.draws[0])
    rng = np.random.default_rng(8)
    found = []
    for number in range(3):
        answered = rng.random(len(market.keen)) < 0.85
        y = market.without + rng.normal(size=len(market.keen)) + (12 if number == 1 else 0) * offers.offered
        own = offers.among(answered)
        effect = lottery_effect(y[answered], own, *main_controls(own.chance))
        assert isinstance(effect, LotteryEffect)
        found.append((f"y{number}", Message("engagement"), effect))
    adjusted = further_outcomes(found)
    assert [one.outcome for one in adjusted] == ["y0", "y1", "y2"]
    for one, (_, _, effect) in zip(adjusted, found, strict=True):
        assert one.estimate == effect.estimate
        assert one.adjusted_p >= one.estimate.p_value
    assert adjusted[1].adjusted_p < 0.05 < adjusted[0].adjusted_p


def test_no_further_outcome_gives_none():
    assert further_outcomes([]) == ()
