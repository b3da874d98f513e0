"""The chance of a ranking that somebody tries out, against redraws of the market with that ranking in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.present import CACHED_FROM, Ranking, cached_cutoffs, draws_in_time, present_chance
from tazuna.matching.redraws import count_offers
from tazuna.matching.rules import Reserve, Rules, TieBreaking

DRAWS = 4000


def _lists(seed: int, people: int, programs: int, choices: int) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [rng.permutation(programs)[:choices].tolist() for _ in range(people)]


def _ranking(choices: list[int], tier: int = 1) -> Ranking:
    return Ranking(np.array(choices), np.full(len(choices), tier, np.int32))


@pytest.mark.parametrize("ties", ["single", "multiple"])
@pytest.mark.parametrize("opened", [0, 1])
def test_the_chance_is_that_of_the_market_with_this_ranking(opened: int, ties: TieBreaking) -> None:
    lists = _lists(1, people=60, programs=12, choices=4)
    rng = np.random.default_rng(2)
    tiers = {(i, s): int(rng.integers(1, 3)) for i in range(60) for s in range(12)}
    rules = Rules(ties, open_places=np.full(12, opened))
    before = DeferredAcceptance(market_of_lists(lists, [4] * 12, tiers), rules)
    errors = []
    for person in range(4):
        changed = lists[person][::-1]
        found = present_chance(
            before,
            person,
            Ranking(np.array(changed), np.array([tiers[person, s] for s in changed], np.int32)),
            "present",
        )
        market = market_of_lists([*lists[:person], changed, *lists[person + 1 :]], [4] * 12, tiers)
        truth = count_offers(DeferredAcceptance(market, rules), DRAWS, "truth").held / DRAWS
        errors += (found.chance - truth[market.list_of(person)]).tolist()
        assert found.chance_any == pytest.approx(found.chance.sum())
        assert (found.std_error < 0.02).all()
    assert np.sqrt(np.mean(np.square(errors))) < 0.012


def test_the_own_list_of_the_person_does_not_count() -> None:
    mechanism = DeferredAcceptance(market_of_lists([[0], [0]], [1]))
    assert present_chance(mechanism, 0, _ranking([0]), "s").chance[0] == pytest.approx(0.5, abs=0.03)
    alone = DeferredAcceptance(market_of_lists([[0]], [1]))
    assert present_chance(alone, 0, _ranking([0]), "s").chance.tolist() == [1]
    newcomer = present_chance(alone, -1, _ranking([0]), "s")
    assert newcomer.chance[0] == pytest.approx(0.5, abs=0.03)


def test_an_unwanted_programme_is_certain_and_a_closed_one_impossible() -> None:
    mechanism = DeferredAcceptance(market_of_lists([[0], [0]], [1, 1, 0]))
    found = present_chance(mechanism, 0, _ranking([2, 1, 0], tier=9), "s")
    assert found.chance.tolist() == [0, 1, 0]
    assert (found.chance_any, found.std_error_any) == (1, 0)


def test_reserved_places_count_only_for_who_qualifies() -> None:
    market = market_of_lists([[0], [0], [0]], [1])
    reserve = Reserve("first_timers", np.zeros(3, np.bool_), np.array([1]))
    mechanism = DeferredAcceptance(market, Rules(reserves=(reserve,)))
    assert present_chance(mechanism, 0, _ranking([0]), "s").chance.tolist() == [0]
    qualified = replace(_ranking([0]), qualifies=np.ones((1, 2), np.bool_))
    assert present_chance(mechanism, 0, qualified, "s").chance.tolist() == [1]


def _large(people: int) -> Market:
    return market_of_lists(_lists(3, people, 20, 3), [people // 30] * 20)


def test_cached_cutoffs_are_refused_where_one_person_moves_them() -> None:
    with pytest.raises(ValueError, match="more than 5000 applicants, not 40"):
        cached_cutoffs(DeferredAcceptance(_large(40)), 10, "s")


def test_cached_cutoffs_agree_with_leaving_the_person_out_in_a_large_market() -> None:
    mechanism = DeferredAcceptance(_large(CACHED_FROM + 1))
    cached = cached_cutoffs(mechanism, 60, "s")
    for person in range(3):
        ranking = _ranking([5 + person, 2, 9, 11])
        left_out = present_chance(mechanism, person, ranking, "s", draws=60)
        assert cached.chance_of(ranking).chance == pytest.approx(left_out.chance, abs=0.01)


def test_larger_markets_are_redrawn_less_often() -> None:
    assert draws_in_time(DeferredAcceptance(_large(300))) == 1000
    assert 50 <= draws_in_time(DeferredAcceptance(_large(5000))) < 1000
