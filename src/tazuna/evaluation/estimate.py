"""An estimate (推定値) as every design gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEVEL = 0.95
"""Of every interval, unless it says otherwise."""

Inference = Literal["t", "normal", "redraws", "bootstrap"]
"""Where interval and p-value come from: a t or normal distribution, redraws of the lottery, a bootstrap."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect with its uncertainty.

    Parameters
    ----------
    estimate
        In units of the outcome; positive where treated people have more of it.
    std_error
        Standard error in the same units.
    lower, upper
        95% interval; infinite on a side where the data set no bound.
    p_value
        Two-sided, of no effect.
    n_treated, n_comparison
        People (or units of the panel) on each side that entered.
    df
        Degrees of freedom behind a t interval; infinite for the others.
    inference
        Where interval and p-value come from.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    p_value: float
    n_treated: int
    n_comparison: int
    df: float = float("inf")
    inference: Inference = "t"

    @property
    def is_bounded(self) -> bool:
        """Whether the interval ends on both sides."""
        return bool(np.isfinite(self.lower) and np.isfinite(self.upper))

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of no effect."""
        return self.lower > 0 or self.upper < 0


def t_estimate(estimate: float, std_error: float, df: float, n_treated: int, n_comparison: int) -> Estimate:
    """An `Estimate` with a t interval; a normal one where ``df`` is infinite.

    Raises
    ------
    ValueError
        If the standard error is not positive or there are no degrees of freedom: such a result must be
        refused, not shown.

    Examples
    --------
    >>> found = t_estimate(2.0, 1.0, 10, 6, 6)
    >>> round(found.lower, 3), round(found.upper, 3), round(found.p_value, 3)
    (-0.228, 4.228, 0.073)
    """
    if not (std_error > 0 and df > 0 and np.isfinite(estimate) and np.isfinite(std_error)):
        raise ValueError(f"no interval from estimate {estimate}, standard error {std_error}, df {df}")
    half = t_quantile(df, 0.5 + LEVEL / 2) * std_error
    return Estimate(
        estimate=float(estimate),
        std_error=float(std_error),
        lower=float(estimate - half),
        upper=float(estimate + half),
        p_value=two_sided(estimate / std_error, df),
        n_treated=int(n_treated),
        n_comparison=int(n_comparison),
        df=float(df),
        inference="t" if np.isfinite(df) else "normal",
    )


def t_quantile(df: float, probability: float) -> float:
    """Quantile of Student's t; of the normal distribution where ``df`` is infinite."""
    return float(special.stdtrit(df, probability) if np.isfinite(df) else special.ndtri(probability))


def two_sided(statistic: float, df: float) -> float:
    """Two-sided p-value of a t statistic; of a z statistic where ``df`` is infinite."""
    size = -abs(float(statistic))
    return float(2 * (special.stdtr(df, size) if np.isfinite(df) else special.ndtr(size)))
