"""Averaging the formula over redraws: less noisy than frequencies, while one draw alone says little."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.redraws import count_offers
from tazuna.matching.rules import Rules, TieBreaking
from tazuna.matching.smoothed import one_draw_error, smoothed_chances

TRUTH = 10_000


def _market(people: int, programs: int, choices: int, tiers: int) -> Market:
    """Four places for five people; the first programmes are the most wanted."""
    rng = np.random.default_rng(1)
    wanted = 1 / np.arange(1, programs + 1) ** 0.6
    lists = [
        rng.choice(programs, choices, replace=False, p=wanted / wanted.sum()).tolist() for _ in range(people)
    ]
    of_pair = {(i, s): int(rng.integers(1, tiers + 1)) for i in range(people) for s in lists[i]}
    return market_of_lists(lists, [int(0.8 * people / programs)] * programs, of_pair)


def test_with_three_hundred_people_one_draw_misleads_and_smoothing_halves_the_noise() -> None:
    mechanism = DeferredAcceptance(_market(300, 30, 5, 3))
    truth = count_offers(mechanism, TRUTH, "truth").held / TRUTH
    risky = (truth > 0.005) & (truth < 0.995)

    def error(chance: np.ndarray) -> float:
        return float(np.sqrt(np.mean((chance - truth)[risky] ** 2)))

    assert 0.10 < one_draw_error(mechanism, truth, risky, 50, "one") < 0.18
    frequencies = error(count_offers(mechanism, 1000, "redraws").held / 1000)
    smoothed = error(smoothed_chances(mechanism, 1000, "redraws"))
    assert smoothed < 0.6 * frequencies
    assert smoothed < 0.008


@pytest.mark.parametrize("ties", ["single", "multiple"])
def test_with_open_places_smoothed_chances_stay_near_the_frequencies(ties: TieBreaking) -> None:
    market = _market(120, 12, 4, 2)
    mechanism = DeferredAcceptance(market, Rules(ties, open_places=market.capacity // 4))
    frequencies = count_offers(mechanism, 4000, "truth").held / 4000
    assert np.abs(smoothed_chances(mechanism, 400, "s") - frequencies).max() < 0.05


def test_smoothed_chances_are_the_same_for_any_number_of_threads() -> None:
    mechanism = DeferredAcceptance(_market(60, 6, 3, 2))
    one, three = (smoothed_chances(mechanism, 90, "s", threads=threads) for threads in (1, 3))
    assert np.array_equal(one, three)


def test_a_certain_place_stays_certain() -> None:
    mechanism = DeferredAcceptance(market_of_lists([[0], [0], [1]], [2, 0]))
    assert smoothed_chances(mechanism, 10, "s").tolist() == [1, 1, 0]
