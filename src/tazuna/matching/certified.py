"""Chances of exactly 0 and 1 (確定): proved by bounds, whatever the lottery numbers will be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tazuna.compiled import compiled
from tazuna.matching.blocks import Blocks
from tazuna.matching.market import Flags, Integers, Market

COMPILED_FROM = 3000
"""Entries from which compiling is worth its seconds."""


@dataclass(frozen=True, slots=True)
class Certified:
    """What holds under every draw.

    Parameters
    ----------
    never, always
        Bool, one an edge of the market: chance 0, and chance 1 of this very place.
    never_entries, always_entries
        Bool, one an entry of the blocks: the same for a place of one block.
    """

    never: Flags
    always: Flags
    never_entries: Flags
    always_entries: Flags


def certify(market: Market, blocks: Blocks) -> Certified:
    """Certificates for deferred acceptance on ``blocks``, with one lottery or many.

    Two bounds are repeated until neither finds anything new.

    *At least this good*: fewer people than the block has places could ever hold a place of it ahead of the
    applicant, i.e. list it with a tier as good or better, are not certified never to get it, nor certified
    something better. If the applicant got neither this place nor a better one, the result being stable, the
    block would be full of such people. The same holds for all blocks of a programme that the applicant lists,
    together. All that the applicant likes less is then never.

    *Never*: the block has as many people with a strictly better tier, all of whose better choices are
    certified never, as it has places. If the applicant held a place, one of these people would hold
    nothing as good and have a better position: the result would not be stable.

    To decide of every pair whether its chance is 0 is NP-complete (Saban & Sethuraman 2015,
    https://doi.org/10.1287/moor.2014.0691), so some remain open.

    Leaving out the pairs that are certified never changes no result of deferred acceptance: let people ask in
    the order in which the certificates were found; then each such request is refused at once by a block full
    of better tiers and displaces nobody, or is never made because a better place is certain.

    Parameters
    ----------
    market, blocks
        The blocks must be those of the market.
    """
    pools = _pools_of(market, blocks)
    people, entries = len(market.applicants), blocks.edge.size
    never = np.zeros(entries, np.bool_)
    first = blocks.start[:-1].copy()
    sure = np.full(people, entries, np.int64)
    left = np.bincount(blocks.edge, minlength=market.edges)
    search = _search_compiled if entries > COMPILED_FROM else _search
    search(
        blocks.start,
        np.repeat(np.arange(people), np.diff(blocks.start)),
        blocks.block.astype(np.int64),
        blocks.edge.astype(np.int64),
        pools.start,
        pools.entry,
        pools.tier,
        pools.places,
        pools.whole,
        int(pools.tier.max(initial=0)) + 2,
        never,
        first,
        sure,
        left,
    )
    certain = np.flatnonzero(sure < entries)
    first, sure = first[certain], sure[certain]
    always, always_entries = np.zeros(market.edges, np.bool_), np.zeros(entries, np.bool_)
    always_entries[first[first == sure]] = True
    always[blocks.edge[first[blocks.edge[first] == blocks.edge[sure]]]] = True
    return Certified(left == 0, always, never, always_entries)


def possible_entries(blocks: Blocks, certified: Certified) -> Blocks:
    """The blocks without the entries that are certified never; see `certify` for why nothing else changes."""
    kept = ~certified.never_entries
    before = np.concatenate([[0], np.cumsum(kept)])
    return replace(
        blocks,
        start=before[blocks.start],
        block=blocks.block[kept],
        tier=blocks.tier[kept],
        edge=blocks.edge[kept],
    )


@dataclass(frozen=True, slots=True)
class _Pools:
    """Sets of places whose rivals are counted: every block, then every programme of several blocks.

    ``start``: where the items of each pool begin. ``entry``, ``tier``, ``places``, one an item: the entry
    that somebody with a place of the pool holds at the latest, the tier there, and for how many of its places
    they are eligible. ``whole``: one a block, the pool of its programme, or else the block itself.
    """

    start: Integers
    entry: Integers
    tier: Integers
    places: Integers
    whole: Integers


def _pools_of(market: Market, blocks: Blocks) -> _Pools:
    last = np.flatnonzero(np.diff(blocks.edge, append=-1))
    several = np.bincount(blocks.program, minlength=len(market.programs)) > 1
    last = last[several[blocks.program[blocks.block[last]]]]
    program = blocks.program[blocks.block[last]]
    pool_of_program = np.where(several, blocks.count + np.cumsum(several) - 1, -1)
    eligible = np.zeros(market.edges, np.int64)
    np.add.at(eligible, blocks.edge, blocks.places[blocks.block])
    opened = np.zeros(len(market.programs), np.bool_)
    open_layers = np.array([layer.kind == "open" for layer in blocks.layers])
    opened[blocks.program[open_layers[blocks.layer]]] = True
    edge = blocks.edge[last]

    pool = np.concatenate([blocks.block, pool_of_program[program]])
    entry = np.concatenate([np.arange(blocks.edge.size), last])
    tier = np.concatenate([blocks.tier, np.where(opened[program], 1, market.tier[edge])])
    places = np.concatenate([blocks.places[blocks.block], eligible[edge]])
    order = np.argsort(pool, kind="stable")
    sizes = np.bincount(pool, minlength=blocks.count + int(several.sum()))
    return _Pools(
        start=np.concatenate([[0], np.cumsum(sizes)]),
        entry=entry[order],
        tier=np.searchsorted(np.unique(tier), tier)[order],
        places=places[order],
        whole=np.where(several[blocks.program], pool_of_program[blocks.program], np.arange(blocks.count)),
    )


def _search(
    start: Integers,
    owner: Integers,
    block: Integers,
    edge: Integers,
    pool_start: Integers,
    item_entry: Integers,
    item_tier: Integers,
    item_places: Integers,
    whole: Integers,
    tiers: int,
    never: Flags,
    first: Integers,
    sure: Integers,
    left: Integers,
) -> None:
    """Look at each pool again whenever something new is known about it, until nothing is.

    ``first``: each applicant's first entry not certified never (the end of the list if all are). ``sure``:
    the entry at which at the latest the applicant certainly gets a place. ``left``: how many entries of each
    edge are not certified never. ``whole``: as in `_Pools`.
    """
    pools, blocks = pool_start.size - 1, whole.size
    waits = np.ones(pools, np.bool_)
    rivals, blocking = np.zeros(tiers + 1, np.int64), np.zeros(tiers + 1, np.int64)
    while waits.any():
        for pool in range(pools):
            if not waits[pool]:
                continue
            waits[pool] = False
            # After the sums, index t counts the tiers better than t and t + 1 also tier t itself.
            rivals[:] = 0
            blocking[:] = 0
            for item in range(pool_start[pool], pool_start[pool + 1]):
                entry, tier = item_entry[item], item_tier[item]
                if left[edge[entry]] > 0 if pool >= blocks else not never[entry]:
                    rivals[tier + 1] += 1
                if first[owner[entry]] >= entry:
                    blocking[tier + 1] += 1
            for tier in range(tiers):
                rivals[tier + 1] += rivals[tier]
                blocking[tier + 1] += blocking[tier]
            for item in range(pool_start[pool], pool_start[pool + 1]):
                entry, tier, person = item_entry[item], item_tier[item], owner[item_entry[item]]
                contends = left[edge[entry]] > 0 if pool >= blocks else not never[entry]
                blocked = pool < blocks and blocking[tier] >= item_places[item]
                certain = entry < sure[person] and rivals[tier + 1] - int(contends) < item_places[item]
                if certain:
                    sure[person] = entry
                fresh = entry if blocked else entry + 1
                end = start[person + 1] if certain else entry + 1
                for other in range(fresh, end):
                    if never[other]:
                        continue
                    never[other] = True
                    left[edge[other]] -= 1
                    before = first[person]
                    while first[person] < start[person + 1] and never[first[person]]:
                        first[person] += 1
                    waits[whole[block[other]]] = waits[block[other]] = True
                    for changed in range(before, min(first[person] + 1, start[person + 1])):
                        waits[block[changed]] = True


_search_compiled = compiled(_search)
