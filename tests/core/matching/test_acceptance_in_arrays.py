"""Many draws at once: the places that draw after draw gives, without compiled loops."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.matching.good_assignment import plain_acceptance
from tests.core.matching.small_markets import acceptance_rules, markets, numbers_of, random_market

from tazuna.matching import acceptance_in_arrays, deferred_acceptance
from tazuna.matching.acceptance_in_arrays import MOST_POSITIONS, arrays_are_shorter, held_in_each
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import market_of_lists
from tazuna.matching.redraws import count_offers, redrawn_offers
from tazuna.matching.rules import Rules, TieBreaking

PROGRAM = """
import sys
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import market_of_lists
from tazuna.matching.redraws import redrawn_offers
mechanism = DeferredAcceptance(market_of_lists([[0, 1], [0]], [1, 1]))
mechanism.run(mechanism.empty_numbers())
redrawn_offers(mechanism, 100, "small")
sys.exit("numba" in sys.modules)
"""


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_each_draw_gives_the_places_that_one_request_at_a_time_gives(data: st.DataObject) -> None:
    market = data.draw(markets())
    rules = data.draw(acceptance_rules(market))
    several = [data.draw(numbers_of(market, rules.ties)) for _ in range(3)]
    held = held_in_each(DeferredAcceptance(market, rules).blocks, several)
    assert held.tolist() == [plain_acceptance(market, rules, numbers) for numbers in several]


@pytest.mark.parametrize("ties", ["single", "multiple"])
def test_redraws_are_the_same_in_arrays_and_in_compiled_loops(
    ties: TieBreaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = random_market(np.random.default_rng(5), people=60, programs=9)
    mechanism = DeferredAcceptance(market, Rules(ties=ties))
    found = {}
    for loaded in (False, True):
        monkeypatch.setattr(acceptance_in_arrays, "is_loaded", lambda loaded=loaded: loaded)
        monkeypatch.setattr(deferred_acceptance, "is_loaded", lambda loaded=loaded: loaded)
        assert (mechanism.in_arrays(1_300) is None) == loaded
        told: list[int] = []
        offers = redrawn_offers(mechanism, 1_300, "both ways", threads=2, progress=told.append)
        counts = count_offers(mechanism, 1_300, "both ways", threads=1)
        numbers = mechanism.empty_numbers()
        numbers.person[:] = np.random.default_rng(6).random(60)
        if numbers.pair is not None:
            numbers.pair[:] = np.random.default_rng(7).random(market.edges)
        drawn = mechanism.run(numbers)
        assert sum(told) == 1_300
        found[loaded] = (
            offers.tolist(),
            counts.held.tolist(),
            drawn.held.tolist(),
            drawn.cutoffs.tolist(),
        )
    assert found[False] == found[True]


def test_a_market_that_is_large_for_its_draws_goes_to_the_compiled_loops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(acceptance_in_arrays, "is_loaded", lambda: False)
    blocks = DeferredAcceptance(market_of_lists([[0], [0]], [1])).blocks
    assert arrays_are_shorter(blocks, MOST_POSITIONS // 2)
    assert not arrays_are_shorter(blocks, MOST_POSITIONS // 2 + 1)


def test_a_small_market_needs_no_compiler() -> None:
    assert subprocess.run([sys.executable, "-c", PROGRAM], check=False).returncode == 0
