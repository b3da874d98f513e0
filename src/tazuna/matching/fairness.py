"""How good and how fair one assignment is: ranks, envy (正当な羨望), blocking pairs, wasted places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.matching.blocks import blocks_of, layers_of
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Floats, Integers, Market
from tazuna.matching.nested_caps import NONE, caps_of, places_beyond_minimums
from tazuna.matching.rules import PLAIN, Rules


@dataclass(frozen=True, slots=True)
class Fairness:
    """Figures of one assignment.

    Parameters
    ----------
    applicants
        Everybody in the market, also those without a feasible pair.
    by_rank
        Int64: people who got the choice that they ranked first, second, and so on.
    unmatched
        People without a place, for whatever reason.
    justified_envy
        Pairs of a person and a programme that the person would rather have, where somebody with a worse
        position holds a place of a kind that the person could have had. Counted once a pair.
    blocking_outside
        Pairs of a person and a preferred programme that could simply be joined: by justified envy, or because
        it has a place free that no limit forbids.
    blocking_inside
        Pairs that could be joined only because the person would leave a place under the same full limit.
    wasted
        Places left empty under full limits although somebody would rather have them.
    """

    applicants: int
    by_rank: Integers
    unmatched: int
    justified_envy: int
    blocking_outside: int
    blocking_inside: int
    wasted: int

    @property
    def share_by_rank(self) -> Floats:
        """Share of all applicants who got each choice; with the share unmatched they sum to 1."""
        return self.by_rank / max(1, self.applicants)


class Yardstick:
    """Measures assignments of one market by one set of rules, whichever mechanism made them.

    Who holds a place of a programme with several kinds of places is put on the kinds in the order in which
    they are filled, the best position first: as deferred acceptance would.

    Parameters
    ----------
    market
        Feasible pairs.
    rules
        Whose ties, open places, reserves, regions and extended seats count.
    """

    def __init__(self, market: Market, rules: Rules = PLAIN) -> None:
        self.market = market
        self.blocks = blocks_of(market, layers_of(market, rules))
        self.caps = caps_of(self.blocks, rules)
        self._applicant = market.applicant_of_edge()[self.blocks.edge]
        self._applies = np.diff(market.start) > 0

    def measure(self, numbers: Numbers, held: Integers, taking_part: Flags | None = None) -> Fairness:
        """The figures of one assignment.

        Parameters
        ----------
        numbers
            Of the draw that made it; they break the ties.
        held
            Int64, one an applicant: edge, or -1.
        taking_part
            Bool, one an applicant: who could get a place at all (`Mechanism.taking_part`); the others neither
            envy nor block. None for everybody.
        """
        market, blocks = self.market, self.blocks
        block, edge, person = blocks.block, blocks.edge, self._applicant
        part = np.ones(held.size, np.bool_) if taking_part is None else taking_part
        position = blocks.tier + (numbers.person[person] if numbers.pair is None else numbers.pair[edge])
        seat = self._seats(position, held)

        wants = part[person] & ((held[person] < 0) | (edge < held[person]))
        worst = np.full(blocks.count, -np.inf)
        seated = seat >= 0
        np.maximum.at(worst, block[seat[seated]], position[seat[seated]])
        filled = np.bincount(block[seat[seated]], minlength=blocks.count)
        envies = wants & (position < worst[block])
        free = wants & (filled < blocks.places)[block]

        full = self._innermost_full(filled, part)
        around = full[block]
        sits = np.full(held.size, NONE)
        sits[seated] = block[seat[seated]]
        sits = sits[person]
        permitted = around == NONE
        inside = ~permitted & (sits >= 0)
        inside[inside] = self.caps.members[around[inside], sits[inside]]
        joins = self._pairs(envies | (free & permitted))
        limited = full != NONE
        waiting = np.bincount(block[wants], minlength=blocks.count)
        got = held[held >= 0]
        return Fairness(
            applicants=held.size,
            by_rank=np.bincount(market.rank[got] - 1, minlength=int(market.rank.max(initial=1))),
            unmatched=int(held.size - got.size),
            justified_envy=int(self._pairs(envies).sum()),
            blocking_outside=int(joins.sum()),
            blocking_inside=int((self._pairs(free & inside) & ~joins).sum()),
            wasted=int(np.minimum(blocks.places - filled, waiting)[limited].sum()),
        )

    def _seats(self, position: Floats, held: Integers) -> Integers:
        """Int64, one an applicant: the entry of the expanded list that stands for the place, or -1."""
        blocks = self.blocks
        seat = np.full(held.size, NONE, np.int64)
        candidates = np.flatnonzero(held[self._applicant] == blocks.edge)
        layer = blocks.layer[blocks.block[candidates]]
        for number in range(len(blocks.layers)):
            entry = candidates[layer == number]
            entry = entry[seat[self._applicant[entry]] == NONE]
            entry = entry[np.lexsort((position[entry], blocks.block[entry]))]
            block = blocks.block[entry]
            entry = entry[np.arange(entry.size) - np.searchsorted(block, block) < blocks.places[block]]
            seat[self._applicant[entry]] = entry
        return seat

    def _innermost_full(self, filled: Integers, taking_part: Flags) -> Integers:
        """Int64, one a block: the smallest limit around it that is full, or -1."""
        caps = self.caps
        if not caps.upper.size:
            return np.full(filled.size, NONE, np.int64)
        upper = caps.upper.copy()
        if caps.beyond_minimums != NONE:
            people = int(np.count_nonzero(taking_part & self._applies))
            upper[caps.beyond_minimums] = places_beyond_minimums(people, self.market.minimum)
        full = caps.members & (caps.members @ filled >= upper)[:, None]
        smallest = full.shape[0] - 1 - full[::-1].argmax(axis=0)
        return np.where(full.any(axis=0), smallest, NONE)

    def _pairs(self, entries: Flags) -> Flags:
        """Bool, one an edge of the market: whether any of its entries is among ``entries``."""
        found = np.zeros(self.market.edges, np.bool_)
        found[self.blocks.edge[entries]] = True
        return found
