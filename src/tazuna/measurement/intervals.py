"""95% intervals of means and shares, from sums.

Means go by department (clusters) where there are ten or more; shares are of people, wherever they work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

CLUSTERS_NEEDED = 10
"""Departments from which on errors and resampling go by department; from fewer they come out too small."""
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Sums:
    """What a mean and its standard error need, one entry a cell; arrays of one common shape.

    Parameters
    ----------
    n, total, squares
        Number of answers, their sum, the sum of their squares.
    clusters
        Number of departments with an answer.
    total_squared, total_by_n, n_squared
        Over departments c: Σ S_c², Σ S_c·n_c, Σ n_c², with S_c and n_c the department's sum and number.
    """

    n: Floats
    total: Floats
    squares: Floats
    clusters: Floats
    total_squared: Floats
    total_by_n: Floats
    n_squared: Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean with its interval; NaN where it cannot be computed."""

    mean: Floats
    lower: Floats
    upper: Floats


def mean_interval(sums: Sums) -> Interval:
    """Mean with a t interval.

    From ten departments on, the standard error is that of a ratio of department sums,
    ``SE² = G/(G-1) · Σ (S_c - m n_c)² / n²`` with G-1 degrees of freedom (Cochran 1977, Sampling
    Techniques, section 9A); with fewer it is the plain one with n-1. No interval from fewer than two
    answers.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums.total / sums.n
        plain = (sums.squares - sums.total * mean) / ((sums.n - 1) * sums.n)
        between = sums.total_squared - 2 * mean * sums.total_by_n + mean**2 * sums.n_squared
        clustered = sums.clusters / (sums.clusters - 1) * between / sums.n**2
        by_department = sums.clusters >= CLUSTERS_NEEDED
        # Rounding can leave a variance of zero a hair below it.
        variance = np.maximum(np.where(by_department, clustered, plain), 0.0)
        freedom = np.where(by_department, sums.clusters, sums.n) - 1
        half = special.stdtrit(np.maximum(freedom, 1), 0.5 + LEVEL / 2) * np.sqrt(variance)
    half = np.where(freedom >= 1, half, np.nan)
    return Interval(mean, mean - half, mean + half)


def wilson_interval(n: Floats, successes: Floats) -> Interval:
    """Share in percent with the score interval of Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> share = wilson_interval(np.array([20.0]), np.array([5.0]))
    >>> [round(float(bound[0]), 1) for bound in (share.mean, share.lower, share.upper)]
    [25.0, 11.2, 46.9]
    """
    z = special.ndtri(0.5 + LEVEL / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return Interval(100 * share, 100 * (centre - half), 100 * (centre + half))
