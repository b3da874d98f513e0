"""Hide, audit, hide more where the audit finds a range too narrow: for measures that hide the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.disclosure.audit import ranges_of_hidden
from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import Floats, Integers, Relations
from tazuna.disclosure.suppression import Hiding, Rows

_SLACK = 1e-6
TURNS = 1


@dataclass(frozen=True, slots=True)
class Shares:
    """What is known before shares are hidden; all of shape (P,).

    Parameters
    ----------
    fixed
        Positions of which no more are hidden.
    wide
        Positions that are known to range far enough.
    room
        People who are also behind other measures. Whoever takes measures together knows a number more
        closely: at the first turn only so many are moved, which hides a share around numbers that are close.
    """

    fixed: Booleans
    wide: Booleans
    room: Floats


def hide_more(
    relations: Relations,
    counts: Floats,
    families: Sequence[Integers],
    hidden: Booleans,
    k: int,
    draw: Floats,
    rng: np.random.Generator,
    shares: Shares | None = None,
) -> tuple[Booleans, Floats]:
    """Hide further cells until no hidden number can be computed or bounded within the protection interval.

    Parameters
    ----------
    relations
        What adds up to what.
    counts
        Shape (P, columns): numbers of people behind figures, NaN where there is none.
    families
        F groups of columns; those of a family hide the same cells.
    hidden
        Shape (P, F): what is hidden already.
    k
        Threshold and protection interval.
    draw
        Shape (P,): small cells are hidden first, but not surely: their number times this decides, so that a
        hidden cell does not tell that it is smaller than those shown.
    rng
        For the audit.
    shares
        Where positions are also what others split into by shares.

    Returns
    -------
    hidden
        Shape (P, F): what is to be hidden.
    narrowest
        Shape (F,): the least range of a hidden number; infinite where none is hidden, below ``k`` only where
        nothing is left to hide around it.
    """
    full = relations.with_remainders(counts)
    # A move of people that the least numbers of a family's columns allow is possible in each of them.
    least = np.column_stack([np.fmin.reduce(full[:, columns], axis=1) for columns in families])
    rows = Rows(relations)
    work = []
    for number in range(len(families)):
        here = least[:, number]
        unknown = relations.unknown_remainders(here)
        # Small groups first, but of shares those of many: they let a number range further.
        cost = here[: draw.size] * draw if shares is None else draw / (1 + here[: draw.size])
        fixed = None if shares is None else shares.fixed
        work.append(Hiding(rows, here, unknown, hidden[:, number], k, cost, fixed))
        work[-1].close(range(len(rows.whole)))
    certain = np.zeros(least.shape, dtype=bool)
    at_first = least
    if shares is not None:
        certain[: draw.size] = shares.wide[:, None]
        # People without a group were looked at with the numbers themselves; hiding shares hardly widens them.
        certain[draw.size :] = True
        at_first = least.copy()
        at_first[: draw.size] = np.fmin(least[: draw.size], shares.room[:, None])
    narrowest = np.full(len(work), np.inf)
    undecided, turn = list(range(len(work))), 0
    while undecided:
        now = np.column_stack([work[number].positions() for number in undecided])
        among = at_first if turn == 0 else least
        width = ranges_of_hidden(relations, among[:, undecided], now, k, rng, done=certain[:, undecided])
        certain[:, undecided] |= np.isfinite(width) & (width >= k - _SLACK)
        going_on = []
        for number, each in zip(undecided, width.T, strict=True):
            narrowest[number] = min(narrowest[number], each[each >= k - _SLACK].min(initial=np.inf))
            narrow = np.flatnonzero(each < k - _SLACK)
            count = 1 if shares is None else 2 ** max(turn - 1, 0)
            if _widen(work[number], narrow, count) or (narrow.size and among is not least):
                going_on.append(number)
            else:
                narrowest[number] = min(narrowest[number], each.min())
        undecided, turn = going_on, turn + 1
    return np.column_stack([one.positions() for one in work]), narrowest


def _widen(hiding: Hiding, narrow: Integers, count: int) -> bool:
    """Hide more around each narrow number, but not twice in the same rows; whether there was anything."""
    touched: set[int] = set()
    for variable in narrow:
        if touched.isdisjoint(hiding.rows.of[variable]):
            for _ in range(count):
                more = hiding.next_around(int(variable))
                if more is None:
                    break
                touched.update(hiding.rows.of[variable], hiding.hide(more))
                hiding.close(hiding.rows.of[more])
    return bool(touched)
