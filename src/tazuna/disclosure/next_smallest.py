"""The rule of thumb (目安の方法), counted for comparison: hide the next smallest, look no further."""

from __future__ import annotations

import numpy as np

from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import Floats, Relations
from tazuna.disclosure.suppression import Hiding, Rows


class _NextSmallest(Hiding):
    """Hides the smallest shown part of a sum, whatever that does to other sums."""

    def _loss(self, variable: int) -> tuple[int, float]:
        return 0, float(self.value[variable])


def hidden_by_next_smallest(relations: Relations, counts: Floats, hidden: Booleans, k: int) -> int:
    """Count the figures that the rule of thumb would hide: each measure by itself, without an audit.

    Parameters
    ----------
    relations
        What adds up to what among P positions.
    counts
        Shape (P, M): numbers of people behind figures, NaN where there is none.
    hidden
        Shape (P, M): figures of fewer than k people.
    k
        Threshold: hidden numbers that add up to fewer are given away as well.
    """
    # Measures that the same people answered hide the same cells.
    stacked = np.vstack([np.nan_to_num(counts, nan=-1.0), hidden])
    _, first, times = np.unique(stacked, axis=1, return_index=True, return_counts=True)
    full = relations.with_remainders(counts[:, first])
    rows = Rows(relations)
    count = 0
    for number, column in enumerate(first.tolist()):
        here = full[:, number]
        hiding = _NextSmallest(
            rows, here, relations.unknown_remainders(here), hidden[:, column], k, here[: hidden.shape[0]]
        )
        hiding.close(range(len(rows.whole)))
        count += int(times[number] * (hiding.positions() & (here[: hidden.shape[0]] >= 0)).sum())
    return count
