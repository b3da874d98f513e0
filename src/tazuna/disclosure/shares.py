"""Which shares (割合) to hide, so that with all of them no hidden number of people is known too closely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from tazuna.disclosure.pattern import hide_more
from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import Floats, Integers, Relations
from tazuna.disclosure.splits import split
from tazuna.disclosure.ties import SHARE, in_table_of


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
    shares: dict[str, int],
    ruling: str,
    counts: Floats,
    people: Floats,
    hidden: Booleans,
    untold: Booleans,
    fixed: Booleans,
    k: int,
    draw: Floats,
    rng: np.random.Generator,
) -> tuple[Booleans, float]:
    """Hide shares of one ruling until hidden numbers of people range far enough with those that are shown.

    Parameters
    ----------
    relations
        What adds up to what among the P positions.
    shares
        Group of the ruling → the measure that is its share.
    counts, people
        Shape (P, M): denominators, and numbers of people in the group; NaN where there is no such figure.
    hidden
        Shape (P, M): what is hidden already.
    untold
        Shape (P,): positions of which the denominator is hidden.
    fixed
        Shape (P,): positions of which the denominator is not to be hidden.
    k, draw, rng
        As `tazuna.disclosure.pattern.hide_more`.

    Returns
    -------
    hidden
        Shape (P, M).
    narrowest
        The least range of a hidden number.
    """
    columns = np.array(list(shares.values()), dtype=np.int64)
    own = in_table_of(relations.positions, ruling)
    denominators = counts[:, columns[0]]
    unseen = hidden[:, columns]
    untold = untold & (denominators >= 0)
    if not untold.any():
        return hidden, np.inf
    split_up = np.where(own[:, None], np.nan, people[:, columns])
    counted = (denominators >= 0) & (own | (split_up >= 0).all(axis=1))
    both = split(relations, ruling, tuple(shares), own, counted)
    numbers = np.concatenate([denominators, split_up.T.ravel()])
    start = np.concatenate([untold, unseen.T.ravel()])
    found, narrowest = hide_more(
        both,
        numbers[:, None],
        [np.zeros(1, dtype=np.int64)],
        start[:, None],
        k,
        np.tile(draw, 1 + columns.size),
        rng,
        np.concatenate([fixed, np.zeros(split_up.size, dtype=bool)]),
    )
    told, *of_groups = np.split(found[:, 0], 1 + columns.size)
    hidden = hidden.copy()
    hidden[:, columns] |= told[:, None] | np.column_stack(of_groups)
    return hidden, float(narrowest[0])
