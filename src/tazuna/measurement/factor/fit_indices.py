"""How well a factor model fits (適合度指標)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from tazuna.crossing import zero_of
from tazuna.measurement.factor.matrices import Floats

_SHARE = 0.9
"""Of the interval of RMSEA, as lavaan prints it."""


@dataclass(frozen=True, slots=True)
class FitIndices:
    """Fit of a model.

    Parameters
    ----------
    chi2, df, p_value
        Test of exact fit.
    cfi, tli
        Against the model in which no two questions go together (Bentler 1990,
        doi:10.1037/0033-2909.107.2.238; Tucker & Lewis 1973, doi:10.1007/BF02291170).
    rmsea, rmsea_lower, rmsea_upper
        Root mean square error of approximation with its 90% interval (Steiger 1990,
        doi:10.1207/s15327906mbr2502_4).
    srmr
        Standardised root mean square residual.
    baseline_chi2, baseline_df
        Of the model without any covariance.
    """

    chi2: float
    df: int
    p_value: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_lower: float
    rmsea_upper: float
    srmr: float
    baseline_chi2: float
    baseline_df: int


def fit_indices(
    chi2: float,
    df: int,
    baseline_chi2: float,
    baseline_df: int,
    srmr: float,
    people: int,
    groups: int = 1,
) -> FitIndices:
    """Indices from two test statistics.

    RMSEA is √(groups · max(χ² - df, 0) / (df · people)).

    Parameters
    ----------
    people
        The multiplier of the statistic: n for maximum likelihood, n - groups for least squares.
    """
    excess, baseline_excess = max(chi2 - df, 0.0), max(baseline_chi2 - baseline_df, chi2 - df, 0.0)
    cfi = 1.0 if baseline_excess == 0 else 1 - excess / baseline_excess
    tli = 1.0
    if df > 0 and baseline_chi2 / baseline_df != 1:
        ratio = baseline_chi2 / baseline_df
        tli = (ratio - chi2 / df) / (ratio - 1)
    unit = groups / (df * people) if df else 0.0
    lower, upper = (
        np.sqrt(_noncentrality(chi2, df, share) * unit) for share in (0.5 + _SHARE / 2, 0.5 - _SHARE / 2)
    )
    return FitIndices(
        chi2=chi2,
        df=df,
        p_value=float(special.chdtrc(df, chi2)) if df else 1.0,
        cfi=cfi,
        tli=tli,
        rmsea=float(np.sqrt(excess * unit)),
        rmsea_lower=float(lower),
        rmsea_upper=float(upper),
        srmr=srmr,
        baseline_chi2=baseline_chi2,
        baseline_df=baseline_df,
    )


def _noncentrality(chi2: float, df: int, share: float) -> float:
    """The noncentrality at which ``chi2`` is this quantile; 0 where even none puts it lower."""
    if df == 0 or special.chndtr(chi2, df, 0.0) < share:
        return 0.0
    upper = max(chi2, 1.0)
    while special.chndtr(chi2, df, upper) > share:
        upper *= 2
    return zero_of(lambda shift: float(special.chndtr(chi2, df, shift)) - share, 0.0, upper)


def srmr_of(observed: Floats, implied: Floats, means: tuple[Floats, Floats] | None = None) -> float:
    """Root mean square of the residual correlations, each in the observed deviations (Bentler 1995).

    Parameters
    ----------
    observed, implied
        Covariances, shape (p, p).
    means
        Observed and implied, where the model has means.
    """
    spread = np.sqrt(np.diag(observed))
    rest = (observed - implied) / np.outer(spread, spread)
    squares = rest[np.tril_indices(len(rest))] ** 2
    if means is not None:
        squares = np.append(squares, ((means[0] - means[1]) / spread) ** 2)
    return float(np.sqrt(squares.mean()))
