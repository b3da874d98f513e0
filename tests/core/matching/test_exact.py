"""Exact chances against every order of the lottery numbers, and against published figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from tests.core.matching.every_order import many_markets, solved_markets

from tazuna.errors import TazunaError
from tazuna.matching.certified import certify
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.exact import exact_by_components, exact_of_any
from tazuna.matching.market import Floats, market_of_lists
from tazuna.matching.rules import Rules, TieBreaking

A, B, C = 0, 1, 2
UNTIERED = [[C], [C, B, A], [B, A], [A]]
ROUNDING = 1e-12


def _exact(mechanism: DeferredAcceptance) -> Floats:
    return exact_by_components(mechanism, certify(mechanism.market, mechanism.blocks))


def _same(found: Floats, expected: Sequence[Fraction]) -> bool:
    return bool(np.max(np.abs(found - np.array([float(x) for x in expected]))) < ROUNDING)


@pytest.mark.parametrize(
    ("ties", "kinds", "count", "seed"),
    [
        ("single", False, 300, 1),
        ("single", True, 100, 2),
        ("multiple", False, 40, 1),
        ("multiple", True, 40, 2),
    ],
)
def test_exact_chances_are_the_shares_of_all_orders(
    ties: TieBreaking, kinds: bool, count: int, seed: int
) -> None:
    for small, chances in solved_markets(seed=seed, count=count, kinds=kinds, ties=ties):
        found = _exact(DeferredAcceptance(small.market(), small.rules(ties)))
        assert _same(found, chances)


def test_enumerating_everything_gives_the_same_as_enumerating_components() -> None:
    for small in many_markets(seed=5, count=20, kinds=True):
        mechanism = DeferredAcceptance(small.market(), small.rules("single"))
        assert np.allclose(exact_of_any(mechanism), _exact(mechanism), atol=ROUNDING)


def test_a_market_with_tiers_has_its_published_chances() -> None:
    """Design example (i): 5 has the top tier at c, 2 at b."""
    tiers = {(3, C): 2, (4, C): 1, (0, B): 2, (1, B): 1}
    market = market_of_lists([[A, B], [A, B], [A], [C, A], [C]], [1, 1, 1], tiers)
    quarter = Fraction(1, 4)
    expected = [quarter, quarter, quarter, 3 * quarter, quarter, Fraction(0), quarter, Fraction(1)]
    assert _same(_exact(DeferredAcceptance(market)), expected)


def test_a_market_without_tiers_has_its_published_chances() -> None:
    """Design example (ii): 1:c 2:cba 3:ba 4:a, one seat each."""
    found = _exact(DeferredAcceptance(market_of_lists(UNTIERED, [1, 1, 1])))
    expected = ["1/2", "1/2", "1/6", "1/12", "5/6", "1/24", "21/24"]
    assert _same(found, [Fraction(x) for x in expected])


def test_the_doubled_market_has_its_published_chances() -> None:
    """Design example (ii), everybody twice and two seats each."""
    found = _exact(DeferredAcceptance(market_of_lists(UNTIERED * 2, [2, 2, 2])))
    at_a = [Fraction("109/1260"), Fraction("157/2520"), Fraction("143/168")]
    assert _same(found[[3, 5, 6]], at_a)
    assert _same(found[[10, 12, 13]], at_a)


def test_ten_people_who_never_meet_are_enumerated_apart() -> None:
    lists = [[k // 2] for k in range(20)]
    assert np.allclose(_exact(DeferredAcceptance(market_of_lists(lists, [1] * 10))), 0.5)


def test_too_many_orders_are_refused_with_a_cure() -> None:
    market = market_of_lists([[0]] * 10, [1])
    with pytest.raises(TazunaError) as refused:
        _exact(DeferredAcceptance(market))
    assert "1,000,000" in refused.value.text("en")
    assert "simulated" in refused.value.text("ja")
    with pytest.raises(TazunaError):
        exact_of_any(DeferredAcceptance(market_of_lists([[0]] * 7, [1]), Rules("multiple")))


def test_with_several_lotteries_a_tier_that_decides_is_not_enumerated() -> None:
    lists = [[0, 1]] * 8
    tiers = {(i, s): 1 + i // 2 for i in range(8) for s in (0, 1)}
    found = _exact(DeferredAcceptance(market_of_lists(lists, [3, 3], tiers), Rules("multiple")))
    assert np.allclose(found.reshape(8, 2).sum(axis=0), 3)
    assert np.allclose(found.reshape(8, 2)[2:4, 0], 0.5)
