"""Deferred acceptance in many draws at once: for markets so small that loading compiled loops costs more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tazuna.compiled import is_loaded
from tazuna.matching.blocks import Blocks
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Floats, Integers

MOST_POSITIONS = 2_000_000
"""Draws x entries up to which arrays take less than half a second, which loading compiled loops takes."""


def arrays_are_shorter(blocks: Blocks, draws: int) -> bool:
    """Whether to use arrays: so few draws of so small a market, and no compiled loop loaded yet."""
    return not is_loaded() and draws * blocks.edge.size <= MOST_POSITIONS


def held_in_each(blocks: Blocks, several: Sequence[Numbers]) -> Integers:
    """The edge that each applicant holds in each draw.

    All who were refused ask again at the same time, in all draws; who asks first does not change the result.

    Parameters
    ----------
    several
        The numbers of each draw.

    Returns
    -------
    Int64, draws x applicants; -1: no place.
    """
    draws, people, entries = len(several), blocks.start.size - 1, blocks.edge.size
    held = np.full((draws, people), -1, np.int64)
    if not held.size or not entries:
        return held
    lengths = np.diff(blocks.start)
    owner = np.repeat(np.arange(people), lengths)
    first, last = blocks.start[:-1][lengths > 0], blocks.start[1:][lengths > 0] - 1
    some, sizes = np.unique(blocks.block, return_counts=True)
    begins = np.cumsum(sizes) - sizes

    # Draw after draw the entries of one block after the other, best position first: each has a slot.
    entry = _best_first(blocks, _positions(blocks, several, owner), begins)
    slot = np.empty_like(entry)
    of_draw = np.arange(draws)[:, None] * entries
    np.put(slot, entry + of_draw, np.arange(slot.size))
    nowhere = slot.size
    next_slot = np.roll(slot, -1, axis=1)
    next_slot[:, last] = nowhere
    next_slot = np.take(next_slot, entry + of_draw).ravel()

    asks = np.zeros(slot.size + 1, np.bool_)
    asks[slot[:, first]] = True
    grid = asks[:-1].reshape(slot.shape)
    while True:
        ahead = np.cumsum(grid, axis=1, dtype=np.int32)
        full_at = ahead[:, begins] - grid[:, begins] + blocks.places[some]
        refused = np.flatnonzero(grid & (ahead > np.repeat(full_at, sizes, axis=1)))
        if not refused.size:
            break
        asks[refused] = False
        asks[next_slot[refused]] = True
        asks[nowhere] = False
    draw, at = np.nonzero(grid)
    found = entry[draw, at]
    held[draw, owner[found]] = blocks.edge[found]
    return held


def _positions(blocks: Blocks, several: Sequence[Numbers], owner: Integers) -> Floats:
    """Float64, draws x entries: tier + lottery number."""
    if several[0].pair is None:
        numbers = np.stack([numbers.person for numbers in several])[:, owner]
    else:
        numbers = np.stack([numbers.pair for numbers in several if numbers.pair is not None])[:, blocks.edge]
    return np.asarray(blocks.tier + numbers)


def _best_first(blocks: Blocks, position: Floats, begins: Integers) -> Integers:
    """Int64, draws x entries: entries by block, and within a block by position."""
    by_block = np.split(np.argsort(blocks.block, kind="stable"), begins[1:])
    return np.concatenate(
        [entries[np.argsort(position[:, entries], axis=1, kind="stable")] for entries in by_block], axis=1
    )
