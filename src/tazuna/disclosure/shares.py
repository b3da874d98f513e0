"""Which shares (割合) to hide, so that with all of them no hidden number of people is known too closely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.disclosure.audit import witnessed_ranges
from tazuna.disclosure.pattern import Shares, hide_more
from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import Floats, Integers, Relations
from tazuna.disclosure.splits import Split, split_relations
from tazuna.disclosure.ties import SHARE, in_table_of

_ROUNDING = 1e-6
_CERTAIN = 1.0
"""Between limits this much further apart than k, as many whole numbers."""


def shares_of_rulings(measures: Sequence[str]) -> dict[str, dict[str, int]]:
    """Ruling → its groups → the measure that is the share of the group; other shares split nobody."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for number, measure in enumerate(measures):
        _, *of_ruling = measure.split(".", 2)
        if measure.startswith(SHARE) and len(of_ruling) == 2:
            ruling, group = of_ruling
            found[ruling][group] = number
    return dict(found)


def hide_shares(
    relations: Relations,
    measures: Sequence[str],
    counts: Floats,
    people: Floats,
    hidden: Booleans,
    untold: Booleans,
    fixed: Booleans,
    k: int,
    draw: Floats,
    rng: np.random.Generator,
) -> tuple[Booleans, float]:
    """Hide shares until hidden numbers of people range far enough with those that are shown.

    Parameters
    ----------
    relations
        What adds up to what among the P positions.
    measures
        M codes.
    counts, people
        Shape (P, M): denominators, and of shares how many people they are; NaN where there is no such figure.
    hidden
        Shape (P, M): what is hidden already.
    untold
        Shape (P, M): what is hidden together with its denominator.
    fixed
        Shape (M,): measures of which no more denominators are to be hidden.
    k, draw, rng
        As `tazuna.disclosure.pattern.hide_more`.

    Returns
    -------
    hidden
        Shape (P, M).
    narrowest
        The least range of a hidden number; infinite where no share is left, since it could not be reached.
    """
    in_all = np.fmin.reduce(np.where(fixed, counts, np.nan), axis=1)
    ruled = []
    for ruling, of in shares_of_rulings(measures).items():
        columns = np.array(list(of.values()), dtype=np.int64)
        denominators = counts[:, columns[0]]
        told = untold[:, columns].all(axis=1) & (denominators >= 0)
        if told.any():
            own = in_table_of(relations.positions, ruling)
            parts = np.where(own[:, None], np.nan, people[:, columns])
            counted = (denominators >= 0) & (own | (parts >= 0).all(axis=1))
            room = np.fmin(in_all, denominators)
            # Of whom there is another measure is not known by group: of each about the same share.
            few = parts * (room / np.maximum(denominators, 1))[:, None]
            ruled.append(
                _Ruled(
                    columns,
                    Split(ruling, tuple(of), own, counted),
                    np.column_stack([denominators, parts]),
                    np.column_stack([told, hidden[:, columns]]),
                    np.column_stack([room, few]),
                    _wide_in_parts(relations, parts, few, told, k),
                )
            )
    if not ruled:
        return hidden, np.inf
    found, narrowest = hide_more(
        split_relations(relations, [one.split for one in ruled]),
        np.hstack([one.numbers for one in ruled]).T.reshape(-1, 1),
        [np.zeros(1, dtype=np.int64)],
        np.hstack([one.hidden for one in ruled]).T.reshape(-1, 1),
        k,
        np.tile(draw, sum(one.numbers.shape[1] for one in ruled)),
        rng,
        Shares(
            fixed=np.concatenate(
                [one.only_first(np.full(draw.size, fixed[one.columns[0]])) for one in ruled]
            ),
            wide=np.concatenate([one.only_first(one.wide) for one in ruled]),
            room=np.hstack([one.room for one in ruled]).T.ravel(),
        ),
    )
    hidden = hidden.copy()
    ends = np.cumsum([one.numbers.shape[1] for one in ruled])
    by_part = found.reshape(-1, draw.size).T
    for one, mine in zip(ruled, np.split(by_part, ends[:-1], axis=1), strict=True):
        hidden[:, one.columns] |= mine[:, :1] | mine[:, 1:]
    if narrowest[0] >= k - _ROUNDING:
        return hidden, float(narrowest[0])
    # Without any share nobody is split, and the numbers themselves range far enough: that was seen before.
    hidden[:, np.concatenate([one.columns for one in ruled])] = True
    return hidden, np.inf


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What is known of a ruling's G shares at P positions: denominators first, then people of each group.

    `numbers`, `hidden` and `room` have shape (P, 1 + G), `wide` (P,), and `columns` are the measures.
    """

    columns: Integers
    split: Split
    numbers: Floats
    hidden: Booleans
    room: Floats
    wide: Booleans

    def only_first(self, of_denominators: Booleans) -> Booleans:
        """The same for denominators, and false for the people of every group; shape ((1 + G) P,)."""
        found = np.zeros((self.numbers.shape[1], of_denominators.size), dtype=bool)
        found[0] = of_denominators
        return found.ravel()


def _wide_in_parts(relations: Relations, parts: Floats, room: Floats, hidden: Booleans, k: int) -> Booleans:
    """Numbers that range far enough even if every share is shown of which the number of people is.

    The groups then do not hinder one another, and the range of a number is the sum of those of its parts.
    """
    full = relations.with_remainders(parts)
    full[: hidden.size] = room
    unseen = np.repeat(hidden[:, None], parts.shape[1], axis=1)
    width = witnessed_ranges(relations, full, unseen, 1.0)[: hidden.size]
    found: Booleans = hidden & (parts >= 0).all(axis=1) & (width.sum(axis=1) > k + _CERTAIN)
    return found
