"""Quartiles that are nobody's own value: weighted means of all companies, after Harrell and Davis.

The ordinary quartiles of five companies *are* three of the five values. Harrell and Davis weigh every value
by how likely it is to be the quartile, so that no single company's figure stands in the table.

Source: Harrell & Davis, "A New Distribution-Free Quantile Estimator", Biometrika 69 (1982)
(https://doi.org/10.1093/biomet/69.3.635).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from tazuna.disclosure.noisy_means import HIGHEST, WIDTH, NoisyMean

Quartile = Literal["lower_quartile", "median", "upper_quartile"]
QUARTILES: dict[Quartile, float] = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}


@dataclass(frozen=True, slots=True)
class SmoothQuartile:
    """A quartile and its 95% interval in whole points, 0 to 100; the interval is rounded outward."""

    value: int
    lower: int
    upper: int


def quartile_weights(count: int, part: float) -> NDArray[np.float64]:
    """Weight of each of ``count`` values in ascending order for the quantile ``part``; they sum to 1.

    ``W_i = I(i/n) − I((i−1)/n)`` with I the distribution function of Beta((n+1)p, (n+1)(1−p)).
    """
    steps = np.linspace(0, 1, count + 1)
    return np.diff(betainc((count + 1) * part, (count + 1) * (1 - part), steps))


def smooth_quartile(means: Sequence[NoisyMean], part: float) -> SmoothQuartile:
    """A quartile of companies, each counting once however large it is.

    Its variance is that of the weighted sum, ``Σ W_i² Var_i`` with the order taken as found: the companies
    themselves are all there are, not a sample, so the interval is for noise and for the people who answered.

    Parameters
    ----------
    means
        One a contributor.
    part
        0.25, 0.5 or 0.75.
    """
    ordered = sorted(means, key=lambda found: found.mean)
    weights = quartile_weights(len(ordered), part)
    value = float(weights @ np.array([found.mean for found in ordered]))
    half = WIDTH * float(np.linalg.norm(weights * np.array([found.std_error for found in ordered])))
    return SmoothQuartile(
        round(value), max(0, math.floor(value - half)), min(HIGHEST, math.ceil(value + half))
    )
