"""Exact discrete noise: integers drawn from integers, without a floating-point number on the way.

A sampler that rounds real numbers leaves gaps and repeats in its low bits, from which the hidden figure
can be computed. These draw whole numbers by comparing whole numbers only, so that the probabilities are
those of the formula, not nearly so.

Source: Canonne, Kamath & Steinke, "The Discrete Gaussian for Differential Privacy", NeurIPS 2020
(https://doi.org/10.48550/arXiv.2004.00010), algorithms 1 to 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

RandomBits = Callable[[int], int]
"""``random_bits(k)`` is uniform on 0 … 2^k − 1: ``secrets.randbits``, ``random.Random(1).getrandbits``."""


def uniform_below(count: int, random_bits: RandomBits) -> int:
    """A whole number from 0 to ``count`` − 1, each equally likely.

    Raises
    ------
    ValueError
        ``count`` is not positive.
    """
    if count < 1:
        raise ValueError(f"there is no number from 0 to {count - 1}")
    length = (count - 1).bit_length()
    while (number := random_bits(length)) >= count:
        pass
    return number


def happens(probability: Fraction, random_bits: RandomBits) -> bool:
    """True with exactly ``probability``.

    Raises
    ------
    ValueError
        ``probability`` is not from 0 to 1.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a probability")
    return uniform_below(probability.denominator, random_bits) < probability.numerator


def happens_with_exponential(exponent: Fraction, random_bits: RandomBits) -> bool:
    """True with exactly the probability exp(−``exponent``) (algorithm 1).

    For an exponent γ up to 1 the run of successes of γ/1, γ/2, γ/3, … has an even length with probability
    exp(−γ); a larger one is taken apart into ones and the rest.

    Raises
    ------
    ValueError
        ``exponent`` is negative.
    """
    if exponent < 0:
        raise ValueError(f"exp(−({exponent})) is not a probability")
    if exponent > 1:
        ones, rest = divmod(exponent, 1)
        every_one = all(_up_to_one(Fraction(1), random_bits) for _ in range(ones))
        return every_one and _up_to_one(rest, random_bits)
    return _up_to_one(exponent, random_bits)


def discrete_laplace(scale: Fraction, random_bits: RandomBits) -> int:
    """Draw from the discrete Laplace distribution, P(x) ∝ exp(−|x| / scale) (algorithm 2).

    Added to a whole number that one person moves by at most Δ, it gives (Δ / scale)-differential privacy.

    Parameters
    ----------
    scale
        Positive, in the units of the figure.
    random_bits
        The source of randomness.

    Returns
    -------
    int
        Mean 0, variance `discrete_laplace_variance`.

    Raises
    ------
    ValueError
        ``scale`` is not positive.
    """
    if scale <= 0:
        raise ValueError(f"the scale of noise must be positive, not {scale}")
    steps, divisor = scale.numerator, scale.denominator
    while True:
        fine = uniform_below(steps, random_bits)
        if not happens_with_exponential(Fraction(fine, steps), random_bits):
            continue
        rounds = 0
        while happens_with_exponential(Fraction(1), random_bits):
            rounds += 1
        size = (fine + steps * rounds) // divisor
        negative = random_bits(1) == 1
        if negative and size == 0:  # −0 is 0: drawn from both signs, it would come twice as often.
            continue
        return -size if negative else size


def discrete_gaussian(variance: Fraction, random_bits: RandomBits) -> int:
    """Draw from the discrete Gaussian distribution, P(x) ∝ exp(−x² / (2 variance)) (algorithm 3).

    Added to whole numbers that one person moves by at most Δ in Euclidean length, it gives
    (Δ² / (2 variance))-zero-concentrated differential privacy.

    Parameters
    ----------
    variance
        Positive; the variance of what is drawn is at most this.
    random_bits
        The source of randomness.

    Raises
    ------
    ValueError
        ``variance`` is not positive.
    """
    if variance <= 0:
        raise ValueError(f"the variance of noise must be positive, not {variance}")
    scale = Fraction(math.isqrt(variance.numerator // variance.denominator) + 1)
    while True:
        candidate = discrete_laplace(scale, random_bits)
        excess = abs(candidate) - variance / scale
        if happens_with_exponential(excess * excess / (2 * variance), random_bits):
            return candidate


def discrete_laplace_variance(scale: Fraction) -> float:
    """Variance of the discrete Laplace distribution, 2q / (1 − q)² with q = exp(−1 / scale)."""
    return 0.5 / math.sinh(0.5 / float(scale)) ** 2


def _up_to_one(exponent: Fraction, random_bits: RandomBits) -> bool:
    """True with probability exp(−``exponent``) for an exponent from 0 to 1."""
    successes = 0
    while happens(exponent / (successes + 1), random_bits):
        successes += 1
    return successes % 2 == 0
