"""Applicant-proposing deferred acceptance (受入保留方式) on blocks of places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np

from tazuna.compiled import compiled, is_loaded
from tazuna.matching.acceptance_in_arrays import arrays_are_shorter, held_in_each
from tazuna.matching.blocks import Blocks, blocks_of, layers_of
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Floats, Indices, Integers, Market
from tazuna.matching.mechanism import Mechanism, Outcome
from tazuna.matching.rules import PLAIN, Rules

INTERPRETED_UP_TO = 3000
"""Entries up to which one draw takes less than loading its compiled loop."""


@dataclass(slots=True)
class Workspace:
    """Arrays that a run overwrites, so that a thousand redraws allocate once.

    Parameters
    ----------
    active
        Bool, one an applicant: who takes part in the next run.
    places
        Int64, one a block: places of the next run.
    held
        Int64, one an applicant: the edge of the market that the applicant holds after a run, or -1.
    refused
        Float64, one a block: the best position that was turned away, infinite where nobody was.
    admitted
        Float64, one a block: the worst position that holds a place, minus infinity where nobody does.
    """

    active: Flags
    places: Integers
    held: Integers
    refused: Floats
    admitted: Floats
    following: Integers
    size: Integers
    heap_position: Floats
    heap_applicant: Integers

    @classmethod
    def sized(cls, people: int, places: Integers, room: int, **further: Integers | Floats) -> Self:
        """Arrays for ``people``, blocks with ``places``, heaps of ``room`` together; what a subclass adds."""
        return cls(
            active=np.ones(people, np.bool_),
            places=places.copy(),
            held=np.empty(people, np.int64),
            refused=np.empty(places.size),
            admitted=np.empty(places.size),
            following=np.empty(people, np.int64),
            size=np.empty(places.size, np.int64),
            heap_position=np.empty(room),
            heap_applicant=np.empty(room, np.int64),
            **further,
        )


class DeferredAcceptance(Mechanism):
    """Each applicant asks down their list; each block keeps the best positions so far.

    Position = tier + lottery number. The result is stable and the best stable one for every applicant, and it
    does not depend on who asks first.

    Nobody gains by a list other than the true one, provided that each applicant gets one place, lists may be
    as long as they like, tiers were given without knowing the ranks, and no programme is closed on demand.

    Parameters
    ----------
    market
        Feasible pairs.
    rules
        Ties, open places and reserves; limits on regions, reciprocity and minimums are other mechanisms.

    References
    ----------
    Gale & Shapley (1962), https://doi.org/10.1080/00029890.1962.11989827; Dubins & Freedman (1981); Roth
    (1982), https://doi.org/10.1287/moor.7.4.617; blocks: Kominers & Sönmez (2016),
    https://doi.org/10.3982/TE1839.
    """

    def __init__(self, market: Market, rules: Rules = PLAIN) -> None:
        super().__init__(market, rules)
        self.blocks: Blocks = blocks_of(market, layers_of(market, rules))
        self._offset = np.concatenate([[0], np.cumsum(self.blocks.places)])

    def workspace(self) -> Workspace:
        """Arrays for one thread."""
        return Workspace.sized(len(self.market.applicants), self.blocks.places, int(self._offset[-1]))

    def assign(self, numbers: Numbers, workspace: Workspace) -> Integers:
        """The edge that each applicant holds, or -1; see `Mechanism.assign`."""
        return self._assigned(_propose_compiled, numbers, workspace)

    def run(self, numbers: Numbers) -> Outcome:
        """One draw, with its cut-offs; in a small market without loading compiled loops."""
        workspace = self.workspace()
        small = self.blocks.edge.size <= INTERPRETED_UP_TO and not is_loaded()
        held = self._assigned(_propose if small else _propose_compiled, numbers, workspace)
        return Outcome(held, self.cutoffs(workspace))

    def in_arrays(self, draws: int) -> Callable[[Sequence[Numbers]], Integers] | None:
        """See `Mechanism.in_arrays`."""
        return partial(held_in_each, self.blocks) if arrays_are_shorter(self.blocks, draws) else None

    def _assigned(self, propose: Callable[..., None], numbers: Numbers, workspace: Workspace) -> Integers:
        blocks = self.blocks
        propose(
            blocks.start,
            blocks.block,
            blocks.tier,
            blocks.edge,
            numbers.person if numbers.pair is None else numbers.pair,
            numbers.pair is None,
            self._offset,
            workspace.places,
            workspace.active,
            workspace.following,
            workspace.size,
            workspace.heap_position,
            workspace.heap_applicant,
            workspace.refused,
            workspace.admitted,
            workspace.held,
        )
        return workspace.held

    def cutoffs(self, workspace: Workspace) -> Floats:
        """Worst admitted position of each block; see `Outcome`."""
        return cutoffs(workspace)


def cutoffs(workspace: Workspace) -> Floats:
    """Float64, one a block: worst admitted position; +inf where nobody was refused, -inf without places."""
    closed = np.where(workspace.places == 0, -np.inf, workspace.admitted)
    return np.where(np.isinf(workspace.refused) & (workspace.places > 0), np.inf, closed)


def _propose(
    start: Integers,
    block: Indices,
    tier: Indices,
    edge: Indices,
    numbers: Floats,
    single: bool,
    offset: Integers,
    places: Integers,
    active: Flags,
    following: Integers,
    size: Integers,
    heap_position: Floats,
    heap_applicant: Integers,
    refused: Floats,
    admitted: Floats,
    held: Integers,
) -> None:
    """Fill ``held``, ``refused`` and ``admitted``; a heap a block, its worst holder on top."""
    for at in range(size.size):
        size[at] = 0
        refused[at] = np.inf
        admitted[at] = -np.inf
    for first in range(active.size):
        following[first] = start[first]
        held[first] = -1
    for first in range(active.size):
        asking = first if active[first] else -1
        while asking >= 0:
            entry = following[asking]
            if entry >= start[asking + 1]:
                break
            following[asking] = entry + 1
            at = block[entry]
            position = tier[entry] + (numbers[asking] if single else numbers[edge[entry]])
            top, count = offset[at], size[at]
            if count < places[at]:
                child = count
                while child > 0:
                    parent = (child - 1) >> 1
                    if heap_position[top + parent] >= position:
                        break
                    heap_position[top + child] = heap_position[top + parent]
                    heap_applicant[top + child] = heap_applicant[top + parent]
                    child = parent
                heap_position[top + child] = position
                heap_applicant[top + child] = asking
                size[at] = count + 1
                break
            if count == 0 or position >= heap_position[top]:
                if position < refused[at]:
                    refused[at] = position
                continue
            leaving = heap_applicant[top]
            if heap_position[top] < refused[at]:
                refused[at] = heap_position[top]
            parent = 0
            while True:
                child = 2 * parent + 1
                if child >= count:
                    break
                if child + 1 < count and heap_position[top + child + 1] > heap_position[top + child]:
                    child += 1
                if heap_position[top + child] <= position:
                    break
                heap_position[top + parent] = heap_position[top + child]
                heap_applicant[top + parent] = heap_applicant[top + child]
                parent = child
            heap_position[top + parent] = position
            heap_applicant[top + parent] = asking
            asking = leaving
    for at in range(size.size):
        for place in range(size[at]):
            holder = heap_applicant[offset[at] + place]
            held[holder] = edge[following[holder] - 1]
        if size[at] > 0:
            admitted[at] = heap_position[offset[at]]


_propose_compiled = compiled(_propose)
