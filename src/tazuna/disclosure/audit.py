"""The audit (開示監査): how far every hidden number can range for whoever knows all that was released."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from tazuna.disclosure.bounds import ranges
from tazuna.disclosure.polytope import Booleans, Hidden, without_nobody
from tazuna.disclosure.relations import Floats, Integers, Relations
from tazuna.disclosure.witnesses import witnessed

NUMBERS_AT_ONCE = 20_000
"""Hidden numbers looked at together, which bounds memory."""
_Block = tuple[int, Integers, Hidden, Floats]


def ranges_of_hidden(
    relations: Relations,
    counts: Floats,
    hidden: Booleans,
    k: int,
    rng: np.random.Generator,
    upper: Floats | None = None,
    done: Booleans | None = None,
) -> Floats:
    """How far the hidden numbers of each column can range.

    Parameters
    ----------
    relations
        What adds up to what.
    counts
        Shape (V, columns): numbers of people with remainders; NaN where there is no such figure.
    hidden
        Shape (P, columns).
    k
        Protection interval: the search ends for a number that ranges this far.
    rng
        For the search.
    upper
        Shape (P,): what is known as most.
    done
        Shape (V, columns): numbers that need no range any more.

    Returns
    -------
    Floats
        Shape (V, columns): range of hidden numbers, exact where narrower than ``k``; infinite for numbers
        that are shown, of nobody outside all tables, or not in a table.
    """
    blocks = _blocks(relations, counts, hidden, k, upper, done)
    return _of_blocks(blocks, counts.shape, lambda together, needed: ranges(together, needed, rng))


def _blocks(
    relations: Relations,
    counts: Floats,
    hidden: Booleans,
    k: float,
    upper: Floats | None = None,
    done: Booleans | None = None,
) -> list[_Block]:
    """The hidden numbers of each column, and how far each is to range."""
    positions = hidden.shape[0]
    blocks: list[_Block] = []
    signed = relations.signed
    for column in range(counts.shape[1]):
        unknown = relations.unknown_remainders(counts[:, column])
        unknown[:positions] = hidden[:, column] & (counts[:positions, column] >= 0)
        at = np.flatnonzero(unknown)
        small = (counts[at, column] > 0) & (counts[at, column] < k)
        wanted = relations.secret[at] & ((at < positions) | small)
        if done is not None:
            wanted &= ~done[at, column]
        if not wanted.any():
            continue
        most = np.full(at.size, np.inf)
        if upper is not None:
            most[at < positions] = upper[at[at < positions]]
        here = Hidden(_equations(signed, counts[:, column], at), counts[at, column], most)
        blocks.append((column, at, here, np.where(wanted, float(k), 0.0)))
    return blocks


def _of_blocks(
    blocks: list[_Block], shape: tuple[int, ...], widths: Callable[[Hidden, Floats], Floats]
) -> Floats:
    """Widths of the numbers that are asked for; infinite for the others."""
    found = np.full(shape, np.inf)
    for batch in _batches(blocks):
        together = Hidden(
            sparse.block_diag([block.equations for _, _, block, _ in batch], format="csr"),
            np.concatenate([block.truth for _, _, block, _ in batch]),
            np.concatenate([block.upper for _, _, block, _ in batch]),
        )
        needed = np.concatenate([need for *_, need in batch])
        width = np.where(needed > 0, widths(together, needed), np.inf)
        ends = np.cumsum([at.size for _, at, _, _ in batch])
        for (column, at, _, _), part in zip(batch, np.split(width, ends[:-1]), strict=True):
            found[at, column] = part
    return found


def witnessed_ranges(relations: Relations, counts: Floats, hidden: Booleans, enough: float) -> Floats:
    """Ranges that witnesses show of hidden numbers, not rounded to whole ones; as `ranges_of_hidden`."""

    def widths(together: Hidden, needed: Floats) -> Floats:
        some, live = without_nobody(together)
        low, high = witnessed(some, needed[live])
        width = np.zeros(needed.size)
        width[live] = high - low
        return width

    return _of_blocks(_blocks(relations, counts, hidden, enough), counts.shape, widths)


def _equations(signed: sparse.coo_array, counts: Floats, at: Integers) -> sparse.csr_array:
    """The relations that hold for this column, over its hidden numbers."""
    place = np.full(counts.size, -1)
    place[at] = np.arange(at.size)
    held = place[signed.col] >= 0
    missing = np.bincount(signed.row, weights=~(counts >= 0)[signed.col], minlength=signed.shape[0])
    held &= missing[signed.row] == 0
    rows, row = np.unique(signed.row[held], return_inverse=True)
    shape = (rows.size, at.size)
    return sparse.csr_array((signed.data[held], (row, place[signed.col[held]])), shape=shape)


def _batches(
    blocks: list[_Block],
) -> list[list[_Block]]:
    batches: list[list[_Block]] = []
    size = NUMBERS_AT_ONCE
    for block in blocks:
        if size + block[1].size > NUMBERS_AT_ONCE:
            batches.append([])
            size = 0
        batches[-1].append(block)
        size += block[1].size
    return batches
