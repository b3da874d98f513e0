"""The formula from cut-offs: worked by hand, in the limit of large markets, and at interview scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tazuna.matching.analytic import Screening, analytic_chances, lotteries_of
from tazuna.matching.blocks import Blocks
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.lottery import Redraws
from tazuna.matching.market import Floats, Market, market_of_lists
from tazuna.matching.rules import Rules, TieBreaking

A, B, C = 0, 1, 2
UNTIERED = [[C], [C, B, A], [B, A], [A]]
LARGE = 4000
SAMPLING = 0.02
"""Cut-offs of 4,000 people of each kind are known to about half a hundredth."""


def _blocks(market: Market) -> Blocks:
    return DeferredAcceptance(market).blocks


def _one_draw(market: Market, ties: TieBreaking) -> Floats:
    mechanism = DeferredAcceptance(market, Rules(ties))
    numbers = mechanism.empty_numbers()
    Redraws("one").fill(numbers, 0)
    outcome = mechanism.run(numbers)
    return analytic_chances(market, mechanism.blocks, outcome.cutoffs, lotteries_of(market, ties))


@pytest.mark.parametrize(
    ("ties", "at_a"),
    [("single", [0, 1 / 12, 1 / 12, 5 / 6]), ("multiple", [0, 1 / 9, 2 / 9, 2 / 3])],
)
def test_a_large_market_has_the_published_limit(ties: TieBreaking, at_a: list[float]) -> None:
    """Design example (ii), everybody 4,000 times; the first applicant does not list a."""
    market = market_of_lists(UNTIERED * LARGE, [LARGE] * 3)
    found = _one_draw(market, ties)[:7]
    assert found[[3, 5, 6]] == pytest.approx(at_a[1:], abs=SAMPLING)
    assert found[0] == pytest.approx(0.5, abs=SAMPLING)


def test_who_is_surely_admitted_and_surely_refused() -> None:
    market = market_of_lists([[0, 1, 2]], [1, 1, 0], {(0, 0): 2, (0, 1): 1, (0, 2): 1})
    cutoffs = np.array([1.7, np.inf, -np.inf])
    found = analytic_chances(market, _blocks(market), cutoffs, lotteries_of(market, "single"))
    assert found.tolist() == [0, 1, 0]


def test_a_programme_with_room_takes_everybody_in_every_tier() -> None:
    market = market_of_lists([[0, 1]] * 3, [3, 3], {(i, 0): i + 1 for i in range(3)})
    assert _one_draw(market, "single").tolist() == [1, 0] * 3


@pytest.mark.parametrize(
    ("lotteries", "expected"),
    [
        ([0, 0, 0], [0.3, 0.2, 0.1]),
        ([0, 1, 2], [0.3, 0.7 * 0.5, 0.7 * 0.5 * 0.6]),
        ([0, 1, 0], [0.3, 0.7 * 0.5, 0.5 * (0.6 - 0.3)]),
        ([1, 0, 0], [0.3, 0.7 * 0.5, 0.7 * (0.6 - 0.5)]),
    ],
    ids=["single", "multiple", "mixed with the first", "mixed with the second"],
)
def test_the_formula_is_as_worked_by_hand(lotteries: list[int], expected: list[float]) -> None:
    market = market_of_lists([[0, 1, 2]], [1, 1, 1])
    found = analytic_chances(market, _blocks(market), np.array([1.3, 1.5, 1.6]), np.array(lotteries))
    assert found == pytest.approx(expected)


def test_the_mixed_formula_is_the_share_of_numbers_that_come_that_far() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        lotteries, cutoffs = rng.integers(0, 3, 5), 1 + rng.random(5)
        market = market_of_lists([[0, 1, 2, 3, 4]], [1] * 5)
        found = analytic_chances(market, _blocks(market), cutoffs, lotteries)
        admitted = 1 + rng.random((20_000, 3))[:, lotteries] < cutoffs
        first = np.where(admitted.any(axis=1), admitted.argmax(axis=1), 5)
        shares = np.bincount(first, minlength=6)[:5] / 20_000
        assert found == pytest.approx(shares, abs=0.015)


def test_scores_within_the_bandwidth_count_half_and_halve_what_follows() -> None:
    market = replace(
        market_of_lists([[0, 1, 2]] * 3, [1, 1, 1], {(i, s): i + 1 for i in range(3) for s in (0, 1)}),
        screened=np.array([True, True, False]),
    )
    cutoffs = np.array([2.5, 2.5, 1.4])  # the second person was the last admitted at both interviews
    near = Screening(np.array([71, 71, 0, 70, 70, 0, 60, 60, 0.0]), np.array([2.0, 2.0, 0.0]))
    found = analytic_chances(market, _blocks(market), cutoffs, lotteries_of(market, "single"), near)
    within = [0.5, 0.25, 0.25 * 0.4]
    assert found == pytest.approx([*within, *within, 0, 0, 0.4])


def test_scores_beyond_the_bandwidth_are_certain_and_the_edges_belong_to_the_better_side() -> None:
    scores = np.array([72, 71, 70, 68, 67.0])
    market = replace(
        market_of_lists([[0]] * 5, [3], {(i, 0): i + 1 for i in range(5)}), screened=np.array([True])
    )
    near = Screening(scores, np.array([2.0]))
    found = analytic_chances(market, _blocks(market), np.array([3.9]), np.zeros(1, np.int64), near)
    assert found.tolist() == [1, 0.5, 0.5, 0.5, 0]
    none = replace(near, bandwidth=np.array([0.0]))
    found = analytic_chances(market, _blocks(market), np.array([3.9]), np.zeros(1, np.int64), none)
    assert found.tolist() == [1, 1, 1, 0, 0]
    room = analytic_chances(market, _blocks(market), np.array([np.inf]), np.zeros(1, np.int64), near)
    assert room.tolist() == [1] * 5


def test_luck_at_an_interview_is_possible_only_in_the_tier_of_the_last_admitted() -> None:
    scores = np.array([10, 70, 69, 90.0])
    market = replace(
        market_of_lists([[0]] * 4, [2], {(i, 0): i + 1 for i in range(4)}), screened=np.array([True])
    )
    near = Screening(scores, np.array([5.0]), host_tier=np.array([1, 2, 2, 3], np.int32))
    found = analytic_chances(market, _blocks(market), np.array([2.9]), np.zeros(1, np.int64), near)
    assert found.tolist() == [1, 0.5, 0.5, 0]


def test_open_places_of_a_screened_programme_are_drawn_by_number() -> None:
    market = replace(
        market_of_lists([[0], [0], [0]], [2], {(i, 0): i + 1 for i in range(3)}), screened=np.array([True])
    )
    blocks = DeferredAcceptance(market, Rules(open_places=np.array([1]))).blocks
    near = Screening(np.array([90, 60, 50.0]), np.array([5.0]))
    found = analytic_chances(market, blocks, np.array([1.5, 1.5]), np.zeros(1, np.int64), near)
    assert found.tolist() == [0.5 + 0.5 * 0.5, 0.5, 0.5]
