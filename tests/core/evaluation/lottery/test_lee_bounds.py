"""Bounds where answering depends on the offer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.evaluation.lottery.lee_bounds import LeeBounds, lee_bounds
from tazuna.evaluation.refusal import Refusal


def bounded(y, answered, offered, chance, bootstraps=2, seed=1, clusters=None):
    found = lee_bounds(
        y,
        answered,
        offered,
        chance,
        rng=np.random.default_rng(seed),
        bootstraps=bootstraps,
        clusters=clusters,
    )
    assert isinstance(found, LeeBounds)
    return found


def textbook(y, answered, offered):
    """Lee's formula where everybody has the same chance, people at the limit cut in part."""
    rates = answered[offered].mean(), answered[~offered].mean()
    treated, comparison = np.sort(y[offered & answered]), np.sort(y[~offered & answered])
    if rates[0] >= rates[1]:
        keep = rates[1] / rates[0]
        return lowest(treated, keep) - comparison.mean(), highest(treated, keep) - comparison.mean()
    keep = rates[0] / rates[1]
    return treated.mean() - highest(comparison, keep), treated.mean() - lowest(comparison, keep)


def lowest(values, keep):
    """Mean of the lowest share, one person after the other until the share is full."""
    left, total = keep * len(values), 0.0
    for value in values:
        part = min(1.0, left)
        total, left = total + part * value, left - part
    return total / (keep * len(values))


def highest(values, keep):
    return -lowest(np.sort(-values), keep)


@pytest.mark.parametrize("rates", [(0.9, 0.6), (0.5, 0.8), (0.7, 0.7)])
def test_with_one_chance_for_all_it_is_the_textbook_formula(rates):
    rng = np.random.default_rng(3)
    offered = rng.random(90) < 0.4
    answered = rng.random(90) < np.where(offered, *rates)
    y = rng.normal(size=90) + offered
    found = bounded(y, answered, offered, np.full(90, 0.4))
    assert (found.lower, found.upper) == pytest.approx(textbook(y, answered, offered))


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_weights_are_as_if_people_stood_there_as_often_as_they_weigh(seed):
    rng = np.random.default_rng(seed)
    tenths = rng.integers(1, 10, size=60)
    offered = rng.random(60) < tenths / 10
    answered = rng.random(60) < np.where(offered, 0.9, 0.7)
    y = rng.integers(0, 8, size=60).astype(float)
    few = min((answered & offered).sum(), (answered & ~offered).sum())
    if few < 10:
        return
    found = bounded(y, answered, offered, tenths / 10)
    times = np.where(offered, 10 - tenths, tenths)
    copies = textbook(*(np.repeat(column, times) for column in (y, answered, offered)))
    assert (found.lower, found.upper) == pytest.approx(copies)
    assert found.lower <= found.upper + 1e-9
    assert found.interval[0] <= found.lower <= found.upper + 1e-9
    assert found.upper <= found.interval[1] + 1e-9


def test_everybody_having_answered_leaves_a_point_with_a_plain_interval():
    rng = np.random.default_rng(2)
    offered = rng.random(200) < 0.5
    y = rng.normal(size=200) + offered
    found = bounded(y, np.ones(200, bool), offered, np.full(200, 0.5), bootstraps=400)
    assert found.lower == pytest.approx(found.upper)
    assert found.trimmed == 0
    plain = y[offered].mean() - y[~offered].mean()
    error = np.sqrt(y[offered].var() / offered.sum() + y[~offered].var() / (~offered).sum())
    assert found.lower == pytest.approx(plain)
    assert found.lower_error == pytest.approx(error, rel=0.12)
    assert found.interval[1] - found.upper == pytest.approx(1.96 * found.upper_error, rel=0.01)


def test_far_bounds_are_passed_by_1_645_errors():
    rng = np.random.default_rng(5)
    offered = rng.random(2000) < 0.5
    answered = rng.random(2000) < np.where(offered, 0.9, 0.5)
    found = bounded(rng.normal(size=2000) + offered, answered, offered, np.full(2000, 0.5), bootstraps=60)
    assert found.upper - found.lower > 8 * found.lower_error
    assert found.lower - found.interval[0] == pytest.approx(1.645 * found.lower_error, rel=1e-3)


def test_what_stands_in_place_of_a_missing_outcome_does_not_matter():
    rng = np.random.default_rng(6)
    offered = rng.random(80) < 0.5
    answered = rng.random(80) < 0.7
    y = rng.normal(size=80)
    chance = rng.uniform(0.2, 0.8, 80)
    empty, filled = np.where(answered, y, np.nan), np.where(answered, y, 1e6)
    assert bounded(empty, answered, offered, chance) == bounded(filled, answered, offered, chance)


def test_two_rows_of_a_person_are_drawn_together():
    rng = np.random.default_rng(8)
    person = np.repeat(np.arange(60), 2)
    offered = (rng.random(60) < 0.5)[person]
    y = rng.normal(size=60)[person] + offered
    answered = (rng.random(60) < 0.8)[person]
    chance = np.full(120, 0.5)
    together = bounded(y, answered, offered, chance, bootstraps=300, clusters=person)
    apart = bounded(y, answered, offered, chance, bootstraps=300)
    assert together.lower_error == pytest.approx(np.sqrt(2) * apart.lower_error, rel=0.25)


def test_the_truth_lies_inside_where_keen_people_answer_even_without_a_place():
    """Keen people have better chances; the unweighted shift of arms is what the weights take out."""
    rng = np.random.default_rng(10)
    n, lotteries, inside, covered, shifts = 600, 60, 0, 0, []
    for _ in range(lotteries):
        keen = rng.normal(size=n)
        chance = np.where(keen > 0, 0.6, 0.2)
        offered = rng.random(n) < chance
        # Nobody answers less for an offer, and those who answer only with one are less keen.
        willing = keen + rng.normal(size=n)
        answered = willing > np.where(offered, -1.2, -0.3)
        y = 2 * keen + 1.0 * offered + rng.normal(size=n)
        found = bounded(y, answered, offered, chance, bootstraps=60, seed=rng.integers(1 << 30))
        inside += found.lower <= 1.0 <= found.upper
        covered += found.interval[0] <= 1.0 <= found.interval[1]
        lower, upper = textbook(y, answered, offered)
        shifts.append((lower + upper - found.lower - found.upper) / 2)
    assert inside >= 0.9 * lotteries
    # Two Monte-Carlo errors below .95.
    assert covered / lotteries >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / lotteries)
    assert np.mean(shifts) > 0.15


def test_fewer_than_ten_answers_on_a_side_are_refused():
    offered = np.arange(40) < 20
    answered = offered | (np.arange(40) >= 31)
    found = lee_bounds(np.zeros(40), answered, offered, np.full(40, 0.5), rng=np.random.default_rng(0))
    assert isinstance(found, Refusal)
    assert found.code == "too_few_answers"
