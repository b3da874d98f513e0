"""Deferred acceptance under limits on groups of programmes (地域の上限), disjoint or nested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.compiled import compiled
from tazuna.matching.blocks import Blocks, blocks_of, layers_of
from tazuna.matching.deferred_acceptance import Workspace, cutoffs
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Floats, Indices, Integers, Market
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.nested_caps import NONE, NestedCaps, caps_of, places_beyond_minimums
from tazuna.matching.rules import Rules


@dataclass(slots=True)
class CappedWorkspace(Workspace):
    """The arrays of `Workspace`, and those that the limits need.

    Parameters
    ----------
    upper
        Int64, one a limit: its number in the next run.
    filled
        Int64, one a limit: people in its blocks.
    tree
        Int64: over the line of blocks, which block of each stretch has the person first to leave.
    last_in
        Float64, one a block: how soon its worst holder would have to leave; the largest goes first.
    """

    upper: Integers
    filled: Integers
    tree: Integers
    last_in: Floats


class CappedAcceptance(Mechanism):
    """Deferred acceptance in which the blocks under a limit choose together.

    Everybody asks down their list. A block that is asked takes the applicant in; if the block, or the
    innermost full limit around it, then holds one too many, one person inside it must leave:

    - ``drawn_order``: the one with the worst position (tier, then lottery number) of all under that limit.
      The limit then holds the best of all who asked so far (the greedy choice of a laminar matroid);
    - ``turns``: the programmes under a full limit take one person each in turns, in their order, each its
      best. This is flexible deferred acceptance with targets of 0.

    Kinds of places (reserved, tiered, open) keep their order: an open place, which is drawn after the tiered
    ones, is given up before any of them; in turns it comes when the turns of those before it are over.

    Promised, because either choice takes contracts as substitutes and never fewer of more: nobody gains by
    a list other than the true one; no limit is exceeded; no justified envy; no applicant and programme block
    the result in a way that the limits permit without the applicant leaving a place under a full limit.

    Not promised: a person inside a full region may prefer another programme of that region that has a place
    free, and not get it. Places can stay empty that would be filled without limits.

    With ``minimums = "extended_seats"`` one more limit holds, on all places beyond the minimums together: see
    `tazuna.matching.minimums`.

    References
    ----------
    Disjoint regions, turns: Kamada & Kojima (2015), American Economic Review 105(1), 67-99,
    https://doi.org/10.1257/aer.20101552. Hierarchies: Kamada & Kojima (2018), Theoretical Economics 13(2),
    761-793; Goto, Iwasaki, Kawasaki, Kurata, Yasuda & Yokoo (2016), Artificial Intelligence 235, 40-57 (one
    list of priorities for all is their PLDA-RQ, turns their RSDA-RQ). Why both kinds of choice work: Kojima,
    Tamura & Yokoo (2018), Designing matching mechanisms under constraints: an approach from discrete convex
    analysis, Journal of Economic Theory 176.
    """

    def __init__(self, market: Market, rules: Rules) -> None:
        super().__init__(market, rules)
        self.blocks = blocks_of(market, layers_of(market, rules))
        self.caps: NestedCaps = caps_of(self.blocks, rules)
        # One place more than there are: whoever asks goes in before somebody leaves.
        self._offset = np.concatenate([[0], np.cumsum(self.blocks.places + 1)])
        self._behind = _behind(self.blocks, rules)
        self._lists_something = np.diff(self.blocks.start) > 0

    def workspace(self) -> CappedWorkspace:
        """Arrays for one thread."""
        return CappedWorkspace.sized(
            len(self.market.applicants),
            self.blocks.places,
            int(self._offset[-1]),
            upper=self.caps.upper.copy(),
            filled=np.empty(self.caps.upper.size, np.int64),
            tree=np.empty(2 * self.blocks.count, np.int64),
            last_in=np.empty(self.blocks.count),
        )

    def assign(self, numbers: Numbers, workspace: CappedWorkspace) -> Integers:
        """The edge that each applicant holds, or -1; see `Mechanism.assign`."""
        blocks, caps = self.blocks, self.caps
        if caps.beyond_minimums != NONE:
            taking_part = int(np.count_nonzero(workspace.active & self._lists_something))
            workspace.upper[caps.beyond_minimums] = places_beyond_minimums(taking_part, self.market.minimum)
        _propose_under_caps(
            blocks.start,
            blocks.block,
            blocks.tier,
            blocks.edge,
            numbers.person if numbers.pair is None else numbers.pair,
            numbers.pair is None,
            self.rules.regional_choice == "turns",
            self._offset,
            workspace.places,
            workspace.active,
            caps.innermost,
            caps.parent,
            workspace.upper,
            caps.place_in_line,
            caps.first,
            caps.last,
            self._behind,
            workspace.following,
            workspace.size,
            workspace.heap_position,
            workspace.heap_applicant,
            workspace.filled,
            workspace.tree,
            workspace.last_in,
            workspace.refused,
            workspace.admitted,
            workspace.held,
        )
        return workspace.held

    def cutoffs(self, workspace: CappedWorkspace) -> Floats:
        """Worst admitted position of each block; below a full limit it may have places free all the same."""
        return cutoffs(workspace)


def _behind(blocks: Blocks, rules: Rules) -> Integers:
    """Int64, one a block: how far its people stand behind those of blocks that are filled earlier.

    In drawn order behind every position there; in turns behind the turns of the same programme's blocks.
    """
    if rules.regional_choice == "turns":
        before = np.cumsum(blocks.places) - blocks.places
        first_of_program = np.searchsorted(blocks.program, blocks.program)
        return np.asarray(before - before[first_of_program], np.int64)
    worst = int(blocks.tier.max(initial=0)) + 1
    return blocks.layer.astype(np.int64) * worst


@compiled
def _enter(top: int, count: int, position: float, who: int, heap: Floats, holder: Integers) -> None:
    """Add one to the heap of ``count`` that begins at ``top``, the worst position first."""
    child = count
    while child > 0:
        parent = (child - 1) >> 1
        if heap[top + parent] >= position:
            break
        heap[top + child] = heap[top + parent]
        holder[top + child] = holder[top + parent]
        child = parent
    heap[top + child] = position
    holder[top + child] = who


@compiled
def _leave(top: int, count: int, heap: Floats, holder: Integers) -> None:
    """Take the worst from the heap of ``count`` that begins at ``top``."""
    position, who = heap[top + count - 1], holder[top + count - 1]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= count - 1:
            break
        if child + 1 < count - 1 and heap[top + child + 1] > heap[top + child]:
            child += 1
        if heap[top + child] <= position:
            break
        heap[top + parent] = heap[top + child]
        holder[top + parent] = holder[top + child]
        parent = child
    heap[top + parent] = position
    holder[top + parent] = who


@compiled
def _renew(place: int, tree: Integers, last_in: Floats) -> None:
    """Correct the tree above one place in the line; its leaves are the second half of ``tree``."""
    node = (place + last_in.size) >> 1
    while node >= 1:
        left, right = tree[2 * node], tree[2 * node + 1]
        tree[node] = left if last_in[left] >= last_in[right] else right
        node >>= 1


@compiled
def _first_to_leave(first: int, last: int, tree: Integers, last_in: Floats) -> int:
    """The block of a stretch of the line whose worst holder leaves first."""
    low, high = first + last_in.size, last + last_in.size
    found = tree[low]
    while low < high:
        if low & 1:
            if last_in[tree[low]] > last_in[found]:
                found = tree[low]
            low += 1
        if high & 1:
            high -= 1
            if last_in[tree[high]] > last_in[found]:
                found = tree[high]
        low >>= 1
        high >>= 1
    return int(found)


@compiled
def _propose_under_caps(
    start: Integers,
    block: Indices,
    tier: Indices,
    edge: Indices,
    numbers: Floats,
    single: bool,
    turns: bool,
    offset: Integers,
    places: Integers,
    active: Flags,
    innermost: Integers,
    parent: Integers,
    upper: Integers,
    place_in_line: Integers,
    first: Integers,
    last: Integers,
    behind: Integers,
    following: Integers,
    size: Integers,
    heap: Floats,
    holder: Integers,
    filled: Integers,
    tree: Integers,
    last_in: Floats,
    refused: Floats,
    admitted: Floats,
    held: Integers,
) -> None:
    """Fill ``held``, ``refused`` and ``admitted``."""
    blocks = size.size
    for at in range(blocks):
        size[at] = 0
        refused[at] = np.inf
        admitted[at] = -np.inf
        last_in[at] = -np.inf
        tree[blocks + place_in_line[at]] = at
    for cap in range(upper.size):
        filled[cap] = 0
    for node in range(blocks - 1, 0, -1):
        tree[node] = tree[2 * node]
    for person in range(active.size):
        following[person] = start[person]
        held[person] = -1
    for person in range(active.size):
        asking = person if active[person] else -1
        while asking >= 0:
            entry = following[asking]
            if entry >= start[asking + 1]:
                break
            following[asking] = entry + 1
            at = block[entry]
            position = tier[entry] + (numbers[asking] if single else numbers[edge[entry]])
            _enter(offset[at], size[at], position, asking, heap, holder)
            size[at] += 1
            leaving = -1
            cap = int(innermost[at])
            if size[at] > places[at]:
                leaving = at
            else:
                last_in[at] = behind[at] + (size[at] + at / (blocks + 1) if turns else heap[offset[at]])
                _renew(place_in_line[at], tree, last_in)
                while cap >= 0 and filled[cap] < upper[cap]:
                    cap = int(parent[cap])
                if cap >= 0:
                    leaving = _first_to_leave(first[cap], last[cap], tree, last_in)
            cap = int(innermost[at])
            while cap >= 0:
                filled[cap] += 1
                cap = int(parent[cap])
            if leaving < 0:
                break
            top = offset[leaving]
            asking, worst = int(holder[top]), heap[top]
            _leave(top, size[leaving], heap, holder)
            size[leaving] -= 1
            if worst < refused[leaving]:
                refused[leaving] = worst
            if size[leaving] == 0:
                last_in[leaving] = -np.inf
            else:
                last_in[leaving] = behind[leaving] + (
                    size[leaving] + leaving / (blocks + 1) if turns else heap[top]
                )
            _renew(place_in_line[leaving], tree, last_in)
            cap = int(innermost[leaving])
            while cap >= 0:
                filled[cap] -= 1
                cap = int(parent[cap])
    for at in range(blocks):
        for place in range(size[at]):
            person = holder[offset[at] + place]
            held[person] = edge[following[person] - 1]
        if size[at] > 0:
            admitted[at] = heap[offset[at]]
