"""Redraws: the same counts for any number of threads, and the chances that theory gives."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.matching.small_markets import random_market

from tazuna.matching.market import market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.redraws import count_offers, redrawn_offers
from tazuna.matching.rules import PLAIN, Region, Rules

RULES = [
    PLAIN,
    Rules(ties="multiple"),
    Rules(regions=(Region("two", np.array([True, True, False]), 2),)),
    Rules(reciprocity="senders_first"),
    Rules(reciprocity="two_sided_ttc"),
    Rules(minimums="close_and_rerun"),
]


@pytest.mark.parametrize("rules", RULES)
def test_the_counts_are_the_same_for_any_number_of_threads(rules: Rules) -> None:
    market = random_market(np.random.default_rng(16), people=20, programs=3, minimum=[1, 2, 0])
    mechanism = mechanism_of(market, rules)
    one = count_offers(mechanism, 230, "threads", threads=1)
    for threads in (2, 5):
        assert count_offers(mechanism, 230, "threads", threads=threads).held.tolist() == one.held.tolist()
    offers = redrawn_offers(mechanism, 230, "threads", threads=3)
    again = np.bincount(offers[offers >= 0], minlength=market.edges)
    assert again.tolist() == one.held.tolist()


def test_progress_counts_every_draw_once() -> None:
    told: list[int] = []
    count_offers(mechanism_of(market_of_lists([[0]], [1])), 61, "s", threads=1, progress=told.append)
    assert sum(told) == 61


def test_equals_have_equal_chances() -> None:
    market = market_of_lists([[0]] * 4, [1])
    counts = count_offers(mechanism_of(market), 4_000, "equals", threads=1)
    # Four standard deviations of a binomial with p = 1/4.
    assert np.abs(counts.held - 1_000).max() < 4 * np.sqrt(4_000 * 3 / 16)
