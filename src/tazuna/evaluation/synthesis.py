"""Synthesis (統合): several studies of one question by a random-effects model, with moderators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, special

from tazuna.evaluation.collinearity import collinear
from tazuna.evaluation.estimate import LEVEL, Floats, t_quantile, two_sided
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message

Heterogeneity = Literal["reml", "dl"]
"""How the spread between studies is estimated: restricted maximum likelihood; DerSimonian & Laird."""
Interval = Literal["hksj", "hksj_floor", "wald"]
"""Hartung-Knapp-Sidik-Jonkman; the same, never narrower than Wald's error; normal."""

_GRID = 60


@dataclass(frozen=True, slots=True)
class Pooled:
    """Studies put together.

    Parameters
    ----------
    names
        Of the p coefficients: ``mean``, then the moderators. The mean is that at moderators of 0.
    coefficients, std_errors, lower, upper, p_values
        Shape (p,); 95% intervals.
    covariance
        Shape (p, p).
    tau2, tau2_lower, tau2_upper
        Variance of true effects between studies (left over after moderators), with its Q-profile interval.
    i2
        Percent of the estimates' spread that is true spread (Higgins & Thompson 2002, doi:10.1002/sim.1186).
    q, q_df, q_p_value
        Cochran's test that the studies have one true effect.
    scale
        What the variance of Wald was multiplied by; below 1 the studies differ less than chance makes them.
    n_studies
        Number of studies k.
    df
        Degrees of freedom of the intervals.
    """

    names: tuple[str, ...]
    coefficients: Floats
    std_errors: Floats
    lower: Floats
    upper: Floats
    p_values: Floats
    covariance: Floats
    tau2: float
    tau2_lower: float
    tau2_upper: float
    i2: float
    q: float
    q_df: int
    q_p_value: float
    scale: float
    n_studies: int
    df: float

    def predict(self, moderators: Sequence[float] = ()) -> Prediction:
        """What to expect at these moderators: on average, and in one new place.

        The interval for a new place is m ± t·√(τ² + SE²) with k-p-1 degrees of freedom (Higgins, Thompson &
        Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x); infinite where k-p-1 is 0.
        """
        row = np.array([1.0, *moderators])
        mean, variance = float(row @ self.coefficients), float(row @ self.covariance @ row)
        half = t_quantile(self.df, 0.5 + LEVEL / 2) * np.sqrt(variance)
        free = self.n_studies - len(self.names) - 1
        wide = t_quantile(free, 0.5 + LEVEL / 2) * np.sqrt(self.tau2 + variance) if free > 0 else np.inf
        return Prediction(
            mean, float(mean - half), float(mean + half), float(mean - wide), float(mean + wide)
        )


@dataclass(frozen=True, slots=True)
class Prediction:
    """An expected effect: its 95% interval on average, and for one new place (予測区間)."""

    mean: float
    lower: float
    upper: float
    new_lower: float
    new_upper: float


def pool(
    effects: Floats,
    variances: Floats,
    moderators: Floats | None = None,
    names: Sequence[str] = (),
    *,
    heterogeneity: Heterogeneity = "reml",
    interval: Interval = "hksj",
) -> Pooled | Refusal:
    """Random-effects model y_i = x_i'β + u_i + e_i, var u = τ², var e_i known.

    Parameters
    ----------
    effects
        Estimates of k studies, shape (k,), all in the same units.
    variances
        Their squared standard errors, shape (k,), positive.
    moderators
        Shape (k, p-1), without a constant: a meta-regression.
    names
        Of the moderators.
    heterogeneity
        ``reml`` (Viechtbauer 2005, doi:10.3102/10769986030003261) or ``dl`` (DerSimonian & Laird 1986,
        doi:10.1016/0197-2456(86)90046-2).
    interval
        ``hksj``: t with k-p degrees of freedom and the variance times Σ w(y-ŷ)²/(k-p) (Hartung & Knapp 2001,
        doi:10.1002/sim.1009; Sidik & Jonkman 2002, doi:10.1002/sim.1262). ``hksj_floor``: that factor at
        least 1 (Röver, Knapp & Friede 2015, doi:10.1186/s12874-015-0091-1). ``wald``: normal.

    Returns
    -------
    Pooled or Refusal
        Refused where there are not more studies than coefficients, or moderators are collinear.
    """
    if not (len(effects) == len(variances) and (variances > 0).all() and np.isfinite(effects).all()):
        raise ValueError("each effect needs a positive variance")
    k = len(effects)
    x = np.ones((k, 1)) if moderators is None else np.column_stack([np.ones(k), moderators])
    told = ("mean", *names)
    if k <= x.shape[1]:
        return _too_few(k, x.shape[1] + 1)
    refused = collinear(x, told, np.linalg.norm(x, axis=0), within_groups=False)
    if refused is not None:
        return refused
    free = k - x.shape[1]
    fixed = _Weighted.at(0.0, effects, variances, x)
    q = fixed.rest
    tau2 = max(0.0, (q - free) / fixed.trace) if heterogeneity == "dl" else _reml(effects, variances, x)
    found = _Weighted.at(tau2, effects, variances, x)
    scale = 1.0 if interval == "wald" else found.rest / free
    scale = max(scale, 1.0) if interval == "hksj_floor" else scale
    covariance, df = found.inverse * scale, float("inf") if interval == "wald" else float(free)
    errors = np.sqrt(np.diag(covariance))
    half = t_quantile(df, 0.5 + LEVEL / 2) * errors
    low, high = _q_profile(effects, variances, x, free)
    return Pooled(
        names=told,
        coefficients=found.beta,
        std_errors=errors,
        lower=found.beta - half,
        upper=found.beta + half,
        p_values=np.array(
            [two_sided(b / e, df) if e > 0 else np.nan for b, e in zip(found.beta, errors, strict=True)]
        ),
        covariance=covariance,
        tau2=tau2,
        tau2_lower=low,
        tau2_upper=high,
        i2=100 * tau2 / (tau2 + free / fixed.trace),
        q=q,
        q_df=free,
        q_p_value=float(special.chdtrc(free, q)),
        scale=scale,
        n_studies=k,
        df=df,
    )


@dataclass(frozen=True, slots=True)
class _Weighted:
    """Weighted least squares at one τ²: β, (X'WX)⁻¹, y'Py, tr P, y'PPy, log restricted likelihood."""

    beta: Floats
    inverse: Floats
    rest: float
    trace: float
    rest_twice: float
    likelihood: float

    @classmethod
    def at(cls, tau2: float, y: Floats, variances: Floats, x: Floats) -> _Weighted:
        """The fit at ``tau2``."""
        w = 1 / (variances + tau2)
        gram = (x.T * w) @ x
        inverse = np.linalg.inv(gram)
        beta: Floats = inverse @ (x.T @ (w * y))
        by = w * (y - x @ beta)
        rest = float(y @ by)
        shared = np.einsum("ij,jk,ik->i", x, inverse, x)
        projected = by * w - w * (x @ (inverse @ (x.T @ (w * by))))
        likelihood = 0.5 * float(np.log(w).sum() - np.linalg.slogdet(gram)[1] - rest)
        return cls(
            beta,
            inverse.astype(np.float64),
            rest,
            float((w - w**2 * shared).sum()),
            float(y @ projected),
            likelihood,
        )


def _reml(y: Floats, variances: Floats, x: Floats) -> float:
    """The τ² of highest restricted likelihood; a grid first, as there may be more than one peak."""

    def unlikely(tau2: float) -> float:
        return -_Weighted.at(tau2, y, variances, x).likelihood

    top = 4 * float(np.sqrt(np.var(y) + variances.max()))
    grid = np.linspace(0, top, _GRID) ** 2
    best = int(np.argmin([unlikely(float(tau2)) for tau2 in grid]))
    flat = _Weighted.at(0.0, y, variances, x)
    if best == 0 and flat.rest_twice <= flat.trace:
        return 0.0
    bounds = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, _GRID - 1)])
    found = optimize.minimize_scalar(
        unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-10 * bounds[1]}
    )
    return float(found.x)


def _q_profile(y: Floats, variances: Floats, x: Floats, free: int) -> tuple[float, float]:
    """95% interval of τ² (Viechtbauer 2007, doi:10.1002/sim.2514): where y'P(τ²)y meets χ² quantiles."""

    def bound(quantile: float) -> float:
        def over(tau2: float) -> float:
            return _Weighted.at(tau2, y, variances, x).rest - quantile

        if over(0.0) <= 0:
            return 0.0
        top = float(np.ptp(y) ** 2 + variances.max())
        while over(top) > 0:
            top *= 4
        return float(optimize.brentq(over, 0.0, top))

    tail = (1 - LEVEL) / 2
    return bound(float(special.chdtri(free, tail))), bound(float(special.chdtri(free, 1 - tail)))


def _too_few(studies: int, needed: int) -> Refusal:
    return Refusal(
        "too_few_studies",
        message("Only {studies} studies, and this synthesis needs {needed}.", studies=studies, needed=needed),
        message("Show the studies one by one, or use fewer moderators."),
    )
