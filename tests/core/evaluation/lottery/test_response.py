"""Whether answering depends on the offer."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.lottery.made_lotteries import made

from tazuna.evaluation.lottery.lee_bounds import LeeBounds, lee_bounds
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.lottery.response import response_by_offer


def test_people_are_counted_by_arm_and_the_difference_is_tested_by_the_redraws():
    lottery = made(1, people=120)
    offers = lottery.offers(lottery.draws[2])
    answered = np.random.default_rng(4).random(len(lottery.keen)) < 0.7
    found = response_by_offer(answered, offers)
    offered = offers.offered
    assert found.asked_treated == offered.sum()
    assert found.asked_comparison == (~offered).sum()
    assert found.answered_treated == (answered & offered).sum()
    assert found.answered_comparison == (answered & ~offered).sum()
    as_outcome = lottery_effect(answered.astype(float), offers, *main_controls(offers.chance))
    assert isinstance(as_outcome, LotteryEffect)
    assert found.difference == as_outcome.estimate


def test_people_who_answer_only_if_they_got_a_place_show():
    lottery = made(2, people=150)
    offers = lottery.offers(lottery.draws[0])
    answered = offers.offered | (np.random.default_rng(1).random(len(lottery.keen)) < 0.4)
    found = response_by_offer(answered, offers)
    assert found.difference is not None
    assert found.difference.p_value <= 0.01
    assert found.difference.estimate == pytest.approx(0.6, abs=0.2)


def test_everybody_having_answered_leaves_nothing_to_test():
    lottery = made(3)
    offers = lottery.offers(lottery.draws[0])
    found = response_by_offer(np.ones(len(lottery.keen), bool), offers)
    assert found.difference is None
    assert found.answered_treated == found.asked_treated


def test_bounds_stand_beside_where_there_are_any():
    lottery = made(4, people=150)
    offers = lottery.offers(lottery.draws[0])
    rng = np.random.default_rng(9)
    answered = rng.random(len(lottery.keen)) < np.where(offers.offered, 0.9, 0.6)
    bounds = lee_bounds(lottery.without, answered, offers.offered, offers.chance, rng=rng, bootstraps=50)
    assert isinstance(bounds, LeeBounds)
    found = response_by_offer(answered, offers, bounds=bounds)
    assert (found.lower_bound, found.upper_bound) == (bounds.lower, bounds.upper)
    assert found.bounds_interval == bounds.interval
