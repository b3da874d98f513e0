"""Chances: what each status promises, agreement of redraws with all orders, under every rule there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom
from tests.core.matching.every_order import random_market, solved_markets

from tazuna.errors import TazunaError
from tazuna.matching.chances import ALWAYS, CONDITIONAL, NEVER, STATUSES, UNSEEN, chances_of, wilson_std_error
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import Floats, Market, market_of_lists
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.redraws import count_offers
from tazuna.matching.rules import Region, Reserve, Rules, TieBreaking

DRAWS = 1000
IMPROBABLE = 1e-7
"""Each tail of each pair: with some thousand pairs a correct program fails once in a thousand seeds."""


def _expect_plausible(chance: Floats, truth: Floats) -> None:
    count = np.rint(chance * DRAWS)
    at_most, at_least = binom.cdf(count, DRAWS, truth), binom.sf(count - 1, DRAWS, truth)
    assert np.minimum(at_most, at_least).min(initial=1.0) > IMPROBABLE


@pytest.mark.parametrize(
    ("ties", "kinds", "count", "seed"),
    [
        ("single", False, 300, 1),
        ("single", True, 100, 2),
        ("multiple", False, 40, 1),
        ("multiple", True, 40, 2),
    ],
)
def test_redraws_agree_with_all_orders(ties: TieBreaking, kinds: bool, count: int, seed: int) -> None:
    for small, chances in solved_markets(seed=seed, count=count, kinds=kinds, ties=ties):
        mechanism = DeferredAcceptance(small.market(), small.rules(ties))
        found = chances_of(mechanism, method="simulated", draws=DRAWS, seed="redraws", threads=1)
        truth = np.array([float(chance) for chance in chances])
        _expect_plausible(found.chance, truth)
        assert not truth[found.status == NEVER].any()
        assert (truth[found.status == ALWAYS] == 1).all()


def _rules(name: str, market: Market) -> Rules:
    programs = len(market.programs)
    first_two = np.arange(programs) < 2
    ones = np.minimum(market.capacity, 1)
    return {
        "open places": Rules(open_places=ones),
        "reserve": Rules(reserves=(Reserve("r", market.applicant_of_edge() % 2 == 0, ones, "before"),)),
        "region in drawn order": Rules(regions=(Region("r", first_two, 2),)),
        "region in turns": Rules(regions=(Region("r", first_two, 2),), regional_choice="turns"),
        "region and open places": Rules(open_places=ones, regions=(Region("r", first_two, 2),)),
        "gate": Rules(reciprocity="gate"),
        "senders first": Rules(reciprocity="senders_first"),
        "sending caps": Rules(sending=np.ones(len(market.organisations), np.int64)),
        "two-sided trading": Rules(reciprocity="two_sided_ttc"),
        "close and re-run": Rules(minimums="close_and_rerun"),
        "extended seats": Rules(minimums="extended_seats"),
    }[name]


def _market_of_firms(seed: int) -> Market:
    """Six people sent by three firms, of which the last offers nothing; programmes need one or two people."""
    rng = np.random.default_rng(seed)
    small = random_market(rng, people=6, programs=3, tiers=2)
    market = small.market()
    return replace(
        market,
        capacity=rng.integers(1, 4, 3),
        sender=np.array([0, 0, 1, 1, 2, 2], np.int32),
        host=np.array([0, 1, 1], np.int32),
        organisations=("o0", "o1", "o2"),
        minimum=np.array([1, 0, 1]),
    )


@pytest.mark.parametrize(
    "name",
    [
        "open places",
        "reserve",
        "region in drawn order",
        "region in turns",
        "region and open places",
        "gate",
        "senders first",
        "sending caps",
        "two-sided trading",
        "close and re-run",
        "extended seats",
    ],
)
def test_under_every_rule_redraws_agree_with_all_orders(name: str) -> None:
    for seed in range(3):
        market = _market_of_firms(seed)
        mechanism = mechanism_of(market, _rules(name, market))
        exact = chances_of(mechanism, method="exact", seed="")
        found = chances_of(mechanism, method="simulated", draws=DRAWS, seed="redraws", threads=1)
        _expect_plausible(found.chance, exact.chance)
        assert exact.chance_any.max() <= 1
        if type(mechanism) is not DeferredAcceptance:
            assert set(found.status.tolist()) <= {CONDITIONAL, UNSEEN}


def test_nothing_simulated_is_said_to_be_impossible_or_certain_unless_proved() -> None:
    market = market_of_lists([[0]] * 40 + [[1]], [1, 1])
    found = chances_of(DeferredAcceptance(market), method="simulated", draws=3, seed="few")
    seen = found.chance[:40] > 0
    assert [STATUSES[code] for code in found.status[:40]] == ["conditional" if x else "unseen" for x in seen]
    assert (found.std_error[:40] > 0).all()
    assert (STATUSES[found.status[40]], found.chance[40], found.std_error[40]) == ("always", 1, 0)


def test_exact_chances_are_all_proved() -> None:
    market = market_of_lists([[0, 1], [0], [0, 1]], [1, 1], {(0, 0): 2, (0, 1): 2})
    found = chances_of(DeferredAcceptance(market), method="exact", seed="")
    assert found.chance.tolist() == [0, 0.5, 0.5, 0.5, 0.5]
    assert [STATUSES[code] for code in found.status] == ["never"] + ["conditional"] * 4
    assert (found.std_error == 0).all()
    assert (found.method, found.draws) == ("exact", 0)


def test_information_is_the_sum_of_p_times_one_minus_p() -> None:
    market = market_of_lists([[0, 1], [0, 1], [1]], [1, 1], {(2, 1): 2})
    found = chances_of(DeferredAcceptance(market), method="exact", seed="")
    assert found.chance_any.tolist() == [1, 1, 0]
    assert found.information == 0
    assert found.program_information.tolist() == [0.5, 0.5]
    contested = chances_of(DeferredAcceptance(market_of_lists([[0]] * 4, [1])), method="exact", seed="")
    assert contested.information == pytest.approx(4 * 0.25 * 0.75)
    assert contested.effective_number == pytest.approx(3)


def test_chances_are_the_same_for_any_number_of_threads_and_differ_by_seed() -> None:
    small = random_market(np.random.default_rng(9), people=40, programs=6)
    mechanism = DeferredAcceptance(small.market())
    one, three = (chances_of(mechanism, method="simulated", draws=90, seed="s", threads=k) for k in (1, 3))
    assert np.array_equal(one.chance, three.chance)
    other = chances_of(mechanism, method="simulated", draws=90, seed="t", threads=1)
    assert not np.array_equal(one.chance, other.chance)


def test_progress_tells_every_draw() -> None:
    told: list[int] = []
    market = market_of_lists([[0], [0]], [1])
    chances_of(DeferredAcceptance(market), method="simulated", draws=60, seed="s", progress=told.append)
    assert sum(told) == 60


def test_frequencies_are_those_of_the_whole_market() -> None:
    small = random_market(np.random.default_rng(10), people=40, programs=6, tiers=4)
    mechanism = DeferredAcceptance(small.market())
    found = chances_of(mechanism, method="simulated", draws=300, seed="s")
    assert (found.status == NEVER).any()
    assert np.array_equal(np.rint(found.chance * 300), count_offers(mechanism, 300, "s").held)


def test_wilson_error_is_that_of_the_published_interval() -> None:
    """Wilson's interval for 0 of 10 is 0 to .2775 (Newcombe 1998, by score without correction)."""
    half = wilson_std_error(np.array([0]), 10)[0] * 1.959964
    assert 2 * half == pytest.approx(0.2775, abs=5e-5)


def test_a_mechanism_with_too_many_orders_is_refused() -> None:
    market = market_of_lists([[0]] * 12, [3], minimum=[1])
    mechanism: Mechanism = mechanism_of(market, Rules(minimums="close_and_rerun"))
    with pytest.raises(TazunaError):
        chances_of(mechanism, method="exact", seed="")
