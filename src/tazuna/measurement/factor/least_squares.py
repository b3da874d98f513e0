"""Least squares of what a model implies, weighted one by one (対角重み付き最小二乗法)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.maximum_likelihood import not_settled, solved

_STEPS = 500
_SMALLEST_STEP = 1e-9
_SETTLED = 1e-9


def least_squares(
    start: Floats,
    labels: Sequence[str],
    weight: Floats,
    residuals: Callable[[Floats], tuple[Floats, Floats]],
) -> tuple[Floats, Floats, Floats]:
    """Gauss-Newton steps, halved where they do not improve.

    Parameters
    ----------
    start, labels
        Shape (q,): where to begin, and names of the parameters.
    weight
        Shape (m,).
    residuals
        Parameters → observed less implied, shape (m,), and the slope of what is implied, shape (m, q).

    Returns
    -------
    tuple
        Parameters (q,), residuals (m,) and slope (m, q) where the weighted sum of squares is least.

    Raises
    ------
    FactorError
        A parameter about which nothing is known, or no convergence.
    """
    theta = start
    rest, slope = residuals(theta)
    value = float(weight @ rest**2)
    for _ in range(_STEPS):
        weighted = weight[:, None] * slope
        step, share = solved(slope.T @ weighted, weighted.T @ rest, labels), 1.0
        while True:
            trial = theta + share * step
            rest, slope = residuals(trial)
            after = float(weight @ rest**2)
            if after <= value * (1 + 1e-12) or share < _SMALLEST_STEP:
                break
            share /= 2
        moved = float(np.abs(trial - theta).max())
        theta, value = trial, after
        if moved < _SETTLED:
            return theta, rest, slope
    raise not_settled()


def scaled_and_shifted(statistic: float, df: int, trace: float, trace_of_square: float) -> float:
    """A weighted sum of squares made to have mean and variance of χ²: a T + b.

    a = √(df / tr((UΓ)²)) and b = df - a tr(UΓ) (Asparouhov & Muthén 2010).
    """
    if df == 0:
        return statistic
    scale = np.sqrt(df / trace_of_square)
    return float(scale * statistic + df - scale * trace)
