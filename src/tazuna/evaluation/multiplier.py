"""Uniform bands (同時信頼帯) by a multiplier bootstrap over clusters."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.estimate import LEVEL, Floats, Integers, t_quantile
from tazuna.evaluation.staggered import cluster_sums, std_errors

DRAWS = 1999
_CELLS_AT_ONCE = 4_000_000


def critical_value(
    influence: Floats, clusters: Integers, rng: np.random.Generator, draws: int = DRAWS
) -> float:
    """How many standard errors a band needs to hold all m columns at once with 95%.

    Each draw turns the sign of every cluster's influence at random; the critical value is the 95% quantile of
    the largest |turned sum|/standard error (Callaway & Sant'Anna 2021, algorithm 1, with Rademacher signs;
    doi:10.1016/j.jeconom.2020.12.001), and never less than that of one column alone.

    Parameters
    ----------
    influence
        Shape (n, m).
    clusters
        Shape (n,): 0 … G-1.
    rng
        Source of the signs.
    draws
        Number of draws.
    """
    errors = std_errors(influence, clusters)
    told = errors > 0
    sums = cluster_sums(influence, clusters)[:, told] / (len(influence) * errors[told])
    alone = t_quantile(len(sums) - 1, 0.5 + LEVEL / 2)
    if not told.any():
        return alone
    largest = np.empty(draws)
    step = max(1, _CELLS_AT_ONCE // len(sums))
    for start in range(0, draws, step):
        part = largest[start : start + step]
        signs = rng.integers(0, 2, size=(len(part), len(sums)), dtype=np.int8) * 2.0 - 1.0
        part[:] = np.abs(signs @ sums).max(axis=1)
    return max(alone, float(np.quantile(largest, LEVEL)))
