"""What other rules would make of the same applications (決め方を変えたときの見通し)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tazuna.matching.expectation import Expectation
from tazuna.matching.information import Information, information_of
from tazuna.matching.market import Integers, Market
from tazuna.matching.rules import DEFAULT_OPEN_SHARE, DEFAULT_TIERS, Rules
from tazuna.matching.shares import systematic_places

ChangeName = Literal["one_more_open", "two_tiers", "quarter_open", "two_tiers_quarter_open"]
Look = Callable[[Market, Rules], Expectation]

_TRIED = 5
"""Programmes that are tried for one more open place: those whose applicants stay without a place most."""


@dataclass(frozen=True, slots=True)
class Change:
    """What other rules would make of the same applications.

    Parameters
    ----------
    change
        Which.
    program_id
        Where the one more open place is; None for the others.
    expected_placed
        People with a place, on average.
    """

    change: ChangeName
    program_id: str | None
    expected_placed: float
    information: Information


def changes_of(
    market: Market, rules: Rules, seen: Expectation, draws: int, round_: str, look: Look
) -> tuple[Change, ...]:
    """Other rules, the one more open place first; what the round has already is left out.

    Parameters
    ----------
    seen
        The round as it stands.
    draws
        Of ``seen`` and of ``look``.
    round_
        Settles which programmes open a place where a quarter of the places is open.
    look
        Redraws a market under rules.
    """

    def changed(change: ChangeName, other: Market, under: Rules, program: int | None = None) -> Change:
        found = look(other, under)
        name = None if program is None else market.programs[program]
        return Change(change, name, found.placed, information_of(found.chance_any, draws))

    one_more = [
        changed("one_more_open", market, under, program)
        for program, under in one_more_open(market, rules, seen)
    ]
    changes = [max(one_more, key=lambda change: change.information.v)] if one_more else []
    for change, other, under in other_settings(market, rules, round_):
        changes.append(changed(change, other, under))
    return tuple(changes)


def other_settings(market: Market, rules: Rules, round_: str) -> tuple[tuple[ChangeName, Market, Rules], ...]:
    """Two tiers, a quarter of the places open, and both; what the round has already is left out."""
    fewer = regrouped_tiers(market, DEFAULT_TIERS)
    opened = None
    if rules.open_places is None:
        opened = with_open_share(market, rules, DEFAULT_OPEN_SHARE, round_)
    settings: list[tuple[ChangeName, Market, Rules]] = []
    if fewer is not market:
        settings.append(("two_tiers", fewer, rules))
    if opened is not None:
        settings.append(("quarter_open", market, opened))
    if opened is not None and fewer is not market:
        settings.append(("two_tiers_quarter_open", fewer, opened))
    return tuple(settings)


def regrouped_tiers(market: Market, tiers: int) -> Market:
    """The market with at most so many tiers a programme, neighbours put together evenly by their number.

    Five tiers become two, the first three and the last two; a strict order of ten people becomes two halves.
    The market itself where no programme has more.
    """
    order = np.lexsort((market.tier, market.program))
    program, tier = market.program[order], market.tier[order]
    begins = np.diff(program, prepend=-1) != 0
    steps = np.cumsum(begins | (np.diff(tier, prepend=0) != 0))
    place = steps - steps[np.maximum.accumulate(np.where(begins, np.arange(program.size), 0))]
    count = np.zeros(len(market.programs), np.int64)
    np.maximum.at(count, program, place + 1)
    if count.max(initial=0) <= tiers:
        return market
    regrouped = np.empty_like(market.tier)
    regrouped[order] = place * np.minimum(tiers, count[program]) // count[program] + 1
    return replace(market, tier=regrouped)


def one_more_open(market: Market, rules: Rules, seen: Expectation) -> list[tuple[int, Rules]]:
    """Rules with one more open place, each at a programme with several tiers that is sometimes full.

    Tried are the five programmes whose applicants stay without a place most.
    """
    opened, reserved = _opened(market, rules), _reserved(market, rules)
    unplaced = 1.0 - seen.chance_any[market.applicant_of_edge()]
    without = np.bincount(market.program, unplaced, len(market.programs))
    first = np.full(len(market.programs), np.iinfo(np.int32).max, np.int64)
    np.minimum.at(first, market.program, market.tier)
    later = np.bincount(market.program[market.tier > first[market.program]], minlength=len(market.programs))
    possible = np.flatnonzero((later > 0) & (market.capacity > opened + reserved) & (seen.full > 0))
    tried = possible[np.argsort(-without[possible], kind="stable")][:_TRIED]
    return [(int(at), replace(rules, open_places=opened + (np.arange(opened.size) == at))) for at in tried]


def with_open_share(market: Market, rules: Rules, share: float, round_: str) -> Rules | None:
    """The rules with this share of the places open; None where as many are open, or all are reserved."""
    free = market.capacity - _reserved(market, rules)
    opened = systematic_places(share, market.capacity, free, market.programs, round_)
    return replace(rules, open_places=opened) if opened.sum() > _opened(market, rules).sum() else None


def _opened(market: Market, rules: Rules) -> Integers:
    return np.zeros_like(market.capacity) if rules.open_places is None else rules.open_places


def _reserved(market: Market, rules: Rules) -> Integers:
    return sum((reserve.places for reserve in rules.reserves), np.zeros_like(market.capacity))
