"""Minimums: closing and re-running can be gamed, extended seats cannot, the preview says what to expect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.matching.good_assignment import expect_good_assignment, plain_capped_acceptance
from tests.core.matching.small_markets import lists_that_pay, random_market, random_numbers

from tazuna.errors import StudyError
from tazuna.matching.blocks import blocks_of, layers_of
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.nested_caps import places_beyond_minimums
from tazuna.matching.rules import Rules

CLOSING = Rules(minimums="close_and_rerun")
EXTENDED = Rules(minimums="extended_seats")


def _with_minimums(rng: np.random.Generator, people: int = 5) -> Market:
    """Complete lists, and minimums that there are enough people and places for."""
    capacity = [3, 2, 2]
    market = random_market(rng, people, 3, minimum=[2, int(rng.integers(0, 3)), 1])
    return replace(market, capacity=np.array(capacity, np.int64))


def _filled(market: Market, held: np.ndarray) -> np.ndarray:
    return np.bincount(market.program[held[held >= 0]], minlength=len(market.programs))


def test_extended_seats_meet_every_minimum_when_everybody_lists_every_programme() -> None:
    rng = np.random.default_rng(9)
    for _ in range(100):
        market = _with_minimums(rng)
        numbers = random_numbers(rng, market, "single")
        mechanism = mechanism_of(market, EXTENDED)
        held = mechanism.run(numbers).held
        expect_good_assignment(market, EXTENDED, held)
        assert (_filled(market, held) >= market.minimum).all()
        blocks = blocks_of(market, layers_of(market, EXTENDED))
        beyond = {
            block for block, layer in enumerate(blocks.layer) if blocks.layers[layer].kind == "extended"
        }
        most = places_beyond_minimums(5, market.minimum)
        assert held.tolist() == plain_capped_acceptance(market, EXTENDED, numbers, [(beyond, most)])


def test_extended_seats_can_miss_a_minimum_when_lists_are_short() -> None:
    market = market_of_lists([[0], [0]], [2, 1], minimum=[0, 1])
    held = mechanism_of(market, EXTENDED).run(Numbers(np.array([0.1, 0.2]))).held
    assert _filled(market, held).tolist() == [1, 0]


def test_no_other_list_pays_with_extended_seats() -> None:
    rng = np.random.default_rng(10)
    for _ in range(200):
        market = _with_minimums(rng, people=4)
        assert lists_that_pay(mechanism_of, market, EXTENDED, random_numbers(rng, market, "single")) == 0


def test_a_minimum_above_the_ordinary_places_is_refused_by_name() -> None:
    market = market_of_lists([[0]], [2], minimum=[2])
    with pytest.raises(StudyError, match=r"p0.*minimum of 2.*1 places"):
        mechanism_of(market, Rules(minimums="extended_seats", open_places=np.array([1])))


def test_whoever_runs_after_closing_has_its_minimum() -> None:
    rng = np.random.default_rng(11)
    for _ in range(200):
        market = _with_minimums(rng)
        filled = _filled(
            market, mechanism_of(market, CLOSING).run(random_numbers(rng, market, "single")).held
        )
        assert ((filled == 0) | (filled >= market.minimum)).all()


def test_the_programme_furthest_below_its_minimum_closes_first() -> None:
    market = market_of_lists([[0, 2], [1, 2], [2], [2]], [3, 3, 3], minimum=[3, 2, 3])
    held = mechanism_of(market, CLOSING).run(Numbers(np.array([0.1, 0.2, 0.3, 0.4]))).held
    assert _filled(market, held).tolist() == [0, 0, 3]


def test_a_programme_closed_in_one_draw_is_open_again_in_the_next() -> None:
    market = market_of_lists([[0, 1], [1]], [2, 1], minimum=[2, 0])
    mechanism = mechanism_of(market, CLOSING)
    workspace = mechanism.workspace()
    numbers = Numbers(np.array([0.1, 0.2]))
    first = mechanism.assign(numbers, workspace).tolist()
    assert mechanism.assign(numbers, workspace).tolist() == first == [1, -1]


def test_closing_and_re_running_makes_other_lists_pay() -> None:
    rng = np.random.default_rng(12)
    paying = 0
    for _ in range(200):
        market = _with_minimums(rng, people=4)
        paying += lists_that_pay(mechanism_of, market, CLOSING, random_numbers(rng, market, "single"))
    assert paying > 0
