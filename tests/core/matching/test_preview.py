"""Before the draw: fill, minimums in danger, what the round can show, and what other rules would change."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.matching.changes import regrouped_tiers
from tazuna.matching.information import information_of, rounds_needed, smallest_effect
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.preview import Preview, preview_of
from tazuna.matching.rules import PLAIN, Region, Rules


def previewed(market: Market, rules: Rules = PLAIN, draws: int = 2000, threads: int = 1) -> Preview:
    """A preview with a fixed seed."""
    return preview_of(market, rules, mechanism_of, draws=draws, seed="test", threads=threads)


def test_a_tie_of_two_for_one_place_has_v_one_half() -> None:
    preview = previewed(market_of_lists([[0], [0]], [1]))
    assert preview.information.v == pytest.approx(0.5, abs=1e-3)
    assert preview.information.n_eff == pytest.approx(2, abs=1e-2)
    assert preview.programs[0].chance_full == 1


def test_v_of_redraws_is_not_too_small() -> None:
    assert information_of([0.5] * 8, draws=2).v == pytest.approx(4.0)
    assert information_of([0.5] * 8).v == pytest.approx(2.0)


def test_the_smallest_effect_is_that_of_the_design() -> None:
    assert smallest_effect(16) == pytest.approx(0.7)
    assert smallest_effect(16, 0.7) == pytest.approx(0.7 * math.sqrt(0.51))
    assert smallest_effect(0) is None


def test_an_effect_of_a_third_needs_two_rounds_of_v_44_without_a_baseline() -> None:
    needed = rounds_needed(44, [0.3])[0]
    assert needed.v == pytest.approx(87.1, abs=0.1)
    assert (needed.rounds, needed.rounds_with_baseline) == (2, 2)
    assert rounds_needed(0, [0.3])[0].rounds is None


def test_a_programme_that_misses_its_minimum_is_seen_with_its_probability() -> None:
    # One of the two programmes gets whoever loses the first: it starts with both only if it has two places.
    market = market_of_lists([[0, 1], [0, 1], [0]], [1, 2], minimum=[0, 2])
    preview = previewed(market)
    assert preview.programs[0].chance_below_minimum is None
    below = preview.programs[1].chance_below_minimum
    assert below == pytest.approx(2 / 3, abs=0.04)
    assert preview.programs[1].expected == pytest.approx(4 / 3, abs=0.04)
    assert preview.expected_filled == pytest.approx(preview.expected_placed / 3)


def test_a_region_below_its_wish_is_seen_too() -> None:
    region = Region("Nagano", np.array([True]), 3, lower=2)
    regions = previewed(market_of_lists([[0]], [3]), Rules(regions=(region,))).regions
    assert (regions[0].expected, regions[0].chance_below_lower) == (1.0, 1.0)


def test_open_places_and_fewer_tiers_show_more() -> None:
    rng = np.random.default_rng(3)
    lists = [list(rng.permutation(8)[:3]) for _ in range(80)]
    tiers = {(i, int(s)): int(rng.integers(1, 9)) for i, choices in enumerate(lists) for s in choices}
    preview = previewed(market_of_lists(lists, [4] * 8, tiers), draws=500)
    found = {change.change: change.information.v for change in preview.changes}
    assert set(found) == {"one_more_open", "two_tiers", "quarter_open", "two_tiers_quarter_open"}
    assert found["two_tiers"] > preview.information.v
    assert found["quarter_open"] > preview.information.v
    assert found["two_tiers_quarter_open"] > max(found["two_tiers"], found["quarter_open"])
    assert preview.changes[0].program_id is not None


def test_what_a_round_has_already_is_not_proposed() -> None:
    rules = Rules(open_places=np.array([1]))
    market = market_of_lists([[0], [0], [0]], [1], {(0, 0): 1, (1, 0): 2, (2, 0): 2})
    assert previewed(market, rules, draws=50).changes == ()


def test_a_preview_is_the_same_for_any_number_of_threads_and_fits_in_json() -> None:
    market = market_of_lists([[0, 1], [0], [1, 0], [1]], [1, 1], minimum=[1, 2])
    one, two = previewed(market, draws=120), previewed(market, draws=120, threads=2)
    assert one == two
    facts = json.loads(json.dumps(one.to_dict()))
    assert facts["information"]["v"] == pytest.approx(one.information.v, abs=1e-4)
    assert len(facts["programs"]) == 2


def test_a_market_without_pairs_has_a_preview() -> None:
    preview = previewed(market_of_lists([[], []], [2]), draws=10)
    assert (preview.applicants, preview.expected_placed, preview.information.v) == (0, 0, 0)
    assert preview.information.to_dict()["mde"] is None


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=12), min_size=1, max_size=4), st.integers(1, 4)
)
def test_regrouped_tiers_keep_the_order_and_the_limit(tiers: list[list[int]], most: int) -> None:
    lists = [[s] for s, of_program in enumerate(tiers) for _ in of_program]
    given_tiers = [tier for of_program in tiers for tier in of_program]
    market = market_of_lists(
        lists,
        [1] * len(tiers),
        {(i, c[0]): t for i, (c, t) in enumerate(zip(lists, given_tiers, strict=True))},
    )
    fewer = regrouped_tiers(market, most)
    for s in range(len(tiers)):
        at = market.program == s
        old, new = market.tier[at], fewer.tier[at]
        assert (np.diff(new[np.argsort(old, kind="stable")]) >= 0).all()
        assert np.unique(new).size == (
            min(most, np.unique(old).size) if fewer is not market else np.unique(old).size
        )
    assert replace(fewer, tier=market.tier).edges == market.edges
