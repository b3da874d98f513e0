"""Deferred acceptance: stable, best for applicants, and nothing to gain by another list."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.games import HospitalResident
from tests.core.matching.good_assignment import expect_good_assignment, joinable, plain_acceptance
from tests.core.matching.small_markets import (
    acceptance_rules,
    lists_that_pay,
    markets,
    numbers_of,
    random_market,
    random_numbers,
)

from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.rules import PLAIN, Reserve, Rules

SMALL_MARKETS = 2_000


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_the_result_is_stable_whatever_the_tiers_places_reserves_and_lists(data: st.DataObject) -> None:
    market = data.draw(markets())
    rules = data.draw(acceptance_rules(market))
    numbers = data.draw(numbers_of(market, rules.ties))
    held = DeferredAcceptance(market, rules).run(numbers).held
    expect_good_assignment(market, rules, held)
    assert joinable(market, rules, numbers, held) == (set(), set(), set())
    assert held.tolist() == plain_acceptance(market, rules, numbers)


def test_the_result_is_stable_with_lists_of_one_and_of_fifty() -> None:
    rng = np.random.default_rng(1)
    for ties in ("single", "multiple"):
        lists = [rng.permutation(50)[: (1, 50)[k % 2]].tolist() for k in range(60)]
        tiers = {(i, s): int(rng.integers(1, 4)) for i in range(60) for s in range(50)}
        market = market_of_lists(lists, rng.integers(0, 3, 50).tolist(), tiers)
        rules = Rules(ties=ties)
        numbers = random_numbers(rng, market, ties)
        held = DeferredAcceptance(market, rules).run(numbers).held
        assert joinable(market, rules, numbers, held) == (set(), set(), set())


def test_strict_markets_agree_with_the_package_matching() -> None:
    rng = np.random.default_rng(2)
    for _ in range(25):
        people, programs = int(rng.integers(2, 30)), int(rng.integers(1, 8))
        lists = [rng.permutation(programs)[: rng.integers(1, programs + 1)].tolist() for _ in range(people)]
        lists.append(list(range(programs)))  # the package wants every programme to be listed
        order = [rng.permutation(people + 1).tolist() for _ in range(programs)]
        tiers = {(i, s): order[s].index(i) + 1 for i in range(people + 1) for s in range(programs)}
        capacity = rng.integers(1, 4, programs).tolist()
        market = market_of_lists(lists, capacity, tiers)
        held = DeferredAcceptance(market).run(Numbers(np.zeros(people + 1))).held

        game = HospitalResident.create_from_dictionaries(
            dict(enumerate(lists)),
            {s: [i for i in order[s] if s in lists[i]] for s in range(programs)},
            dict(enumerate(capacity)),
        )
        theirs = {
            person.name: program.name
            for program, holders in game.solve(optimal="resident").items()
            for person in holders
        }
        ours = {i: int(market.program[edge]) for i, edge in enumerate(held) if edge >= 0}
        assert ours == theirs


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_nobody_gets_anything_better_in_any_other_stable_assignment(data: st.DataObject) -> None:
    market = data.draw(markets(people=4, programs=3))
    numbers = data.draw(numbers_of(market, "single"))
    held = DeferredAcceptance(market).run(numbers).held
    best = np.where(held < 0, market.edges, held)
    choices = [[-1, *range(market.start[i], market.start[i + 1])] for i in range(len(market.applicants))]
    for other in product(*choices):
        candidate = np.array(other, np.int64)
        filled = np.bincount(market.program[candidate[candidate >= 0]], minlength=len(market.programs))
        if (filled > market.capacity).any() or any(joinable(market, PLAIN, numbers, candidate)):
            continue
        assert (best <= np.where(candidate < 0, market.edges, candidate)).all()


@pytest.mark.parametrize("ties", ["single", "multiple"])
@pytest.mark.parametrize("kind", ["plain", "open", "reserve before", "reserve after"])
def test_no_other_list_pays_in_thousands_of_small_markets(ties: str, kind: str) -> None:
    rng = np.random.default_rng([3, len(kind), len(ties)])
    for _ in range(SMALL_MARKETS // 8):
        market = random_market(rng, people=4, programs=3)
        rules = _rules(kind, ties, market, rng)
        numbers = random_numbers(rng, market, ties)
        assert lists_that_pay(mechanism_of, market, rules, numbers) == 0


def test_a_limit_on_the_length_of_lists_makes_other_lists_pay() -> None:
    rng = np.random.default_rng(4)
    paying = 0
    for _ in range(100):
        market = random_market(rng, people=4, programs=3)
        paying += lists_that_pay(
            mechanism_of, market, PLAIN, random_numbers(rng, market, "single"), longest=1
        )
    assert paying > 0


def test_tiers_that_follow_the_ranks_make_other_lists_pay() -> None:
    """A host that puts those first who rank it first: what is lost when hosts see ranks."""
    lists, capacity = [[0, 1, 2], [0, 1, 2], [1, 0, 2]], [1, 1, 1]
    numbers = Numbers(np.array([0.5, 0.1, 0.9]))

    def place_of_the_first(lists: list[list[int]]) -> int:
        tiers = {(i, s): rank + 1 for i, choices in enumerate(lists) for rank, s in enumerate(choices)}
        market = market_of_lists(lists, capacity, tiers)
        return int(market.program[DeferredAcceptance(market).run(numbers).held[0]])

    assert place_of_the_first(lists) == 2
    assert place_of_the_first([[1, 0, 2], *lists[1:]]) == 1


def test_an_open_place_is_drawn_among_all_after_the_tiered_ones() -> None:
    tiers = {(0, 0): 1, (1, 0): 1, (2, 0): 2, (3, 0): 2}
    market = market_of_lists([[0]] * 4, [2], tiers)
    numbers = Numbers(np.array([0.8, 0.4, 0.9, 0.1]))
    one_open = replace(PLAIN, open_places=np.array([1]))
    assert DeferredAcceptance(market).run(numbers).held.tolist() == [0, 1, -1, -1]
    assert DeferredAcceptance(market, one_open).run(numbers).held.tolist() == [-1, 1, -1, 3]


def test_a_cut_off_is_the_worst_position_kept_or_infinite_where_nobody_was_refused() -> None:
    market = market_of_lists([[0, 1], [0], [2]], [1, 5, 0])
    cutoffs = DeferredAcceptance(market).run(Numbers(np.array([0.6, 0.2, 0.1]))).cutoffs
    assert cutoffs.tolist() == [1.2, np.inf, -np.inf]


def _rules(kind: str, ties: str, market: Market, rng: np.random.Generator) -> Rules:
    some = np.minimum(market.capacity, 1)
    if kind == "plain":
        return Rules(ties=ties)  # type: ignore[arg-type]
    if kind == "open":
        return Rules(ties=ties, open_places=some)  # type: ignore[arg-type]
    order = "before" if kind.endswith("before") else "after"
    members = np.repeat(rng.random(len(market.applicants)) < 0.5, np.diff(market.start))
    return Rules(ties=ties, reserves=(Reserve("some", members, some, order),))  # type: ignore[arg-type]
