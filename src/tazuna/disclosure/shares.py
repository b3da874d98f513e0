"""Which shares (割合) to hide, so that with all of them no hidden number of people is known too closely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from tazuna.disclosure.audit import witnessed_ranges
from tazuna.disclosure.pattern import hide_more
from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import Floats, Relations
from tazuna.disclosure.splits import Split, split_relations
from tazuna.disclosure.ties import SHARE, in_table_of

_CERTAIN = 1.0
"""Between limits this much further apart than k, as many whole numbers."""


def shares_of_rulings(measures: Sequence[str]) -> dict[str, dict[str, int]]:
    """Ruling → its groups → the measure that is the share of the group."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for number, measure in enumerate(measures):
        if measure.startswith(SHARE):
            _, ruling, group = measure.split(".", 2)
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
        The least range of a hidden number.
    """
    splits, numbers, start, closed, wide, columns = [], [], [], [], [], []
    for ruling, shares in shares_of_rulings(measures).items():
        of = list(shares.values())
        here = untold[:, of].all(axis=1) & (counts[:, of[0]] >= 0)
        if here.any():
            own = in_table_of(relations.positions, ruling)
            parts = np.where(own[:, None], np.nan, people[:, of])
            counted = (counts[:, of[0]] >= 0) & (own | (parts >= 0).all(axis=1))
            splits.append(Split(ruling, tuple(shares), own, counted))
            numbers += [counts[:, of[0]], *parts.T]
            start += [here, *hidden[:, of].T]
            closed += [np.full(here.size, fixed[of[0]]), *np.zeros((len(of), here.size), dtype=bool)]
            wide += [_wide_in_parts(relations, parts, here, k), *np.zeros((len(of), here.size), dtype=bool)]
            columns.append(of)
    if not splits:
        return hidden, np.inf
    found, narrowest = hide_more(
        split_relations(relations, splits),
        np.concatenate(numbers)[:, None],
        [np.zeros(1, dtype=np.int64)],
        np.concatenate(start)[:, None],
        k,
        np.tile(draw, len(numbers)),
        rng,
        np.concatenate(closed),
        np.concatenate(wide),
    )
    hidden = hidden.copy()
    parts = iter(found.reshape(len(numbers), -1))
    for of in columns:
        told = next(parts)
        for column in of:
            hidden[:, column] |= told | next(parts)
    return hidden, float(narrowest[0])


def _wide_in_parts(relations: Relations, parts: Floats, hidden: Booleans, k: int) -> Booleans:
    """Numbers that range far enough even if every share is shown of which the number of people is.

    The groups then do not hinder one another, and the range of a number is the sum of those of its parts.
    """
    full = relations.with_remainders(parts)
    unseen = np.repeat(hidden[:, None], parts.shape[1], axis=1)
    width = witnessed_ranges(relations, full, unseen, 1.0)[: hidden.size]
    found: Booleans = hidden & (parts >= 0).all(axis=1) & (width.sum(axis=1) > k + _CERTAIN)
    return found
