"""Counts and means with noise (ノイズを加えた人数と平均), and intervals that include the noise.

A person's score is a whole number of points from 0 to 100. Two sums are released with noise: the points that
were reached and the points that were missed. One person who comes or goes moves them by x and 100 − x, by
100 together, whatever the score: that is the sensitivity, so noise of scale 100/ε on each gives ε in all, and
both the number of people and their mean follow from the two:

    n = (R + M) / 100        mean = 100 R / (R + M)

The variance of the mean is, to first order, that of the noise and at most that of the people:

    Var ≤ v ((1 − p)² + p²) / n² + p (1 − p) 100² / n,        p = mean / 100

with v the variance of the noise on one sum. The second part is the largest that people with this mean can
have (Bhatia & Davis, https://doi.org/10.1080/00029890.2000.12005203); their own would cost budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from tazuna.disclosure.budget import PrivacyUnit
from tazuna.disclosure.discrete_noise import (
    RandomBits,
    discrete_gaussian,
    discrete_laplace,
    discrete_laplace_variance,
)

HIGHEST = 100
"""Points; scores are clipped to 0 … 100."""
COUNT_SENSITIVITY = 1
"""One person who comes or goes moves a count by one."""
SUMS_SENSITIVITY = HIGHEST
"""One person moves points reached and missed by this much together (in Euclidean length: at most)."""
WIDTH = math.log(20) / math.sqrt(2)
"""Half of a 95% interval in standard deviations: 2.118 as for the Laplace distribution (normal: 1.960)."""


@dataclass(frozen=True, slots=True)
class PointSums:
    """What a group adds up to on one measure: whole numbers, unprotected.

    ``n`` people, ``reached`` the sum of their scores in whole points.

    Raises
    ------
    ValueError
        A sum that n scores from 0 to 100 cannot have.
    """

    n: int
    reached: int

    def __post_init__(self) -> None:
        if not 0 <= self.reached <= HIGHEST * self.n:
            raise ValueError(f"{self.n} scores from 0 to {HIGHEST} cannot add up to {self.reached}")

    @property
    def missed(self) -> int:
        """Points between the scores and the highest that they could have been."""
        return HIGHEST * self.n - self.reached

    def __add__(self, other: PointSums) -> PointSums:
        return PointSums(self.n + other.n, self.reached + other.reached)


@dataclass(frozen=True, slots=True)
class NoisyMean:
    """A mean that may be shown: noise in it, and an interval that says so.

    Parameters
    ----------
    n
        People, as the noisy sums give it.
    mean, lower, upper
        0 to 100.
    std_error
        Of noise and people together; the people's part is the largest possible.
    """

    n: float
    mean: float
    lower: float
    upper: float
    std_error: float


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise for one figure: Laplace for a share of ε, Gaussian for a share of ρ.

    Parameters
    ----------
    share
        Of the budget that this figure spends.
    sensitivity
        By how much one person moves the figure.
    unit
        Of the budget.
    """

    share: Fraction
    sensitivity: int
    unit: PrivacyUnit = "epsilon"

    @property
    def variance(self) -> float:
        """Of one draw; of the discrete Gaussian the bound that it never exceeds."""
        if self.unit == "epsilon":
            return discrete_laplace_variance(self.sensitivity / self.share)
        return float(self._gaussian_variance)

    def draw(self, random_bits: RandomBits) -> int:
        """One whole number of noise."""
        if self.unit == "epsilon":
            return discrete_laplace(self.sensitivity / self.share, random_bits)
        return discrete_gaussian(self._gaussian_variance, random_bits)

    @property
    def _gaussian_variance(self) -> Fraction:
        return self.sensitivity**2 / (2 * self.share)


def noisy_count(n: int, share: Fraction, random_bits: RandomBits, unit: PrivacyUnit = "epsilon") -> int:
    """A number of people with noise of sensitivity 1; never below 0.

    Parameters
    ----------
    n
        The true number.
    share
        What this figure spends of the budget, in ``unit``.
    """
    return max(0, n + Noise(share, COUNT_SENSITIVITY, unit).draw(random_bits))


def noisy_mean(
    sums: PointSums, share: Fraction, random_bits: RandomBits, unit: PrivacyUnit = "epsilon"
) -> NoisyMean | None:
    """The mean of a group from its two noisy sums.

    Parameters
    ----------
    sums
        The true sums.
    share
        What this figure spends of the budget, in ``unit``.
    random_bits
        The source of randomness.
    unit
        ε: discrete Laplace noise; ρ: discrete Gaussian noise.

    Returns
    -------
    NoisyMean or None
        None where noise outweighs the group: fewer than one person is left after it.
    """
    noise = Noise(share, SUMS_SENSITIVITY, unit)
    reached = sums.reached + noise.draw(random_bits)
    missed = sums.missed + noise.draw(random_bits)
    n = (reached + missed) / HIGHEST
    if n < 1:
        return None
    part = min(1.0, max(0.0, reached / (reached + missed)))
    std_error = math.sqrt(noise_variance(noise.variance, part, n) + HIGHEST**2 * part * (1 - part) / n)
    mean = HIGHEST * part
    return NoisyMean(
        n=n,
        mean=mean,
        lower=max(0.0, mean - WIDTH * std_error),
        upper=min(float(HIGHEST), mean + WIDTH * std_error),
        std_error=std_error,
    )


def noise_variance(variance: float, part: float, n: float) -> float:
    """Variance that noise of ``variance`` on each sum gives to the mean, in points².

    ``part`` is the mean as a share of 100; half-way noise weighs least, at 0 and 100 twice that.
    """
    return variance * ((1 - part) ** 2 + part**2) / n**2
