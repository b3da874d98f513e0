"""Fixed effects (固定効果) taken out by subtracting group means (the within transformation)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from tazuna.evaluation.estimate import Floats, Integers

_SWEEPS = 10_000
_CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class Within:
    """Columns without their group means.

    Parameters
    ----------
    values
        Shape (n, k): the columns after the transformation.
    absorbed
        Degrees of freedom that the groups used up; exact for one or two sets of groups, an upper bound for
        more.
    """

    values: Floats
    absorbed: int


def within(values: Floats, effects: Sequence[Integers], weights: Floats | None = None) -> Within:
    """Project ``values`` off one or several sets of groups.

    With one set this subtracts the (weighted) group means; with several the subtraction goes round until
    nothing changes (alternating projections; Gaure 2013, doi:10.1016/j.csda.2013.03.024).

    Parameters
    ----------
    values
        Shape (n, k).
    effects
        For each set of groups the group of each row, shape (n,), any integers.
    weights
        Shape (n,), positive; equal where None.

    Raises
    ------
    ArithmeticError
        If going round does not come to rest, which takes groups that hardly overlap.
    """
    codes = [np.unique(effect, return_inverse=True)[1] for effect in effects]
    counts = [int(code.max()) + 1 for code in codes]
    heavy = np.ones(len(values)) if weights is None else weights
    averages = [_averages(code, count, heavy) for code, count in zip(codes, counts, strict=True)]
    out = np.array(values, dtype=np.float64)
    size = np.maximum(np.abs(out).max(axis=0), 1e-300)
    for _ in range(_SWEEPS):
        moved = 0.0
        for code, average in zip(codes, averages, strict=True):
            means = average @ out
            out -= means[code]
            moved = max(moved, float((np.abs(means) / size).max()))
        if len(codes) == 1 or moved < _CLOSE:
            return Within(out, _absorbed(codes, counts))
    raise ArithmeticError("the fixed effects did not settle")


def nested(inner: Integers, outer: Integers) -> bool:
    """Whether each group of ``inner`` lies in a single group of ``outer``; both of shape (n,)."""
    pairs = np.unique(np.stack([inner, outer]), axis=1).shape[1]
    return bool(pairs == len(np.unique(inner)))


def _averages(code: Integers, count: int, weights: Floats) -> sparse.csr_array:
    """Shape (groups, n): the matrix that takes weighted group means."""
    totals = np.bincount(code, weights=weights, minlength=count)
    return sparse.csr_array((weights / totals[code], (code, np.arange(len(code)))), shape=(count, len(code)))


def _absorbed(codes: Sequence[Integers], counts: Sequence[int]) -> int:
    if len(codes) == 1:
        return counts[0]
    from scipy.sparse import csgraph  # loaded late: few regressions have two kinds of groups

    left, right = counts[:2]
    graph = sparse.coo_array((np.ones(len(codes[0])), (codes[0], left + codes[1])), shape=(left + right,) * 2)
    pieces = csgraph.connected_components(graph, directed=False, return_labels=False)
    return left + right - int(pieces) + sum(count - 1 for count in counts[2:])
