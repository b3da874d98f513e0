"""How strong something unmeasured would have to be (感度分析) to take an adjusted difference away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.estimate import LEVEL, Estimate, Flags, Floats, t_quantile
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import least_squares


@dataclass(frozen=True, slots=True)
class Robustness:
    """Robustness of a regression coefficient (Cinelli & Hazlett 2020, doi:10.1111/rssb.12348).

    Parameters
    ----------
    partial_r2
        Share of the rest of the outcome's variance that taking part explains; something that explained all
        of the outcome would have to explain as much of taking part to bring the estimate to 0.
    value
        Robustness value RV (頑健性の値), 0 to 1: something that explains this share of the rest of both the
        outcome and taking part would bring the estimate to 0.
    value_of_interval
        RV_α: the same to bring the nearer end of the interval to 0; 0 where it includes 0 already.
    """

    partial_r2: float
    value: float
    value_of_interval: float


@dataclass(frozen=True, slots=True)
class Strength:
    """What a measured covariate explains: a yardstick for something unmeasured.

    Parameters
    ----------
    covariate
        Its name.
    of_treatment, of_outcome
        Partial R² with taking part, given the other covariates, and with the outcome, given them and taking
        part.
    """

    covariate: str
    of_treatment: float
    of_outcome: float


@dataclass(frozen=True, slots=True)
class EValue:
    """E-value (VanderWeele & Ding 2017, doi:10.7326/M16-2607), 1 or more.

    Parameters
    ----------
    of_estimate
        Risk ratio that something unmeasured needs with both taking part and the outcome to explain the
        estimate away.
    of_interval
        The same for the nearer end of the interval; 1 where it includes no effect.
    """

    of_estimate: float
    of_interval: float


def robustness(estimate: Estimate, *, q: float = 1.0) -> Robustness:
    """Robustness of a coefficient from its t statistic and degrees of freedom.

    f = |t|/√df, f_q = q·f, RV_q = ½(√(f_q⁴ + 4f_q²) - f_q²); RV_{q,α} has f_q - t_{α/2,df-1}/√(df-1) in place
    of f_q. Partial R² = t²/(t² + df).

    Parameters
    ----------
    estimate
        Of a regression, with finite degrees of freedom.
    q
        Share of the estimate to be taken away, above 0.

    Raises
    ------
    ValueError
        If the estimate has no degrees of freedom to speak of.

    Examples
    --------
    >>> from tazuna.evaluation.estimate import t_estimate
    >>> found = robustness(t_estimate(0.0973158, 0.0232566, 783, 346, 930))
    >>> round(found.partial_r2, 4), round(found.value, 4), round(found.value_of_interval, 4)
    (0.0219, 0.1388, 0.0763)
    """
    df = estimate.df
    if not (np.isfinite(df) and df > 1):
        raise ValueError(f"a robustness value needs the degrees of freedom of a regression, not {df}")
    f = abs(estimate.estimate / estimate.std_error) / np.sqrt(df)
    needed = t_quantile(df - 1, 0.5 + LEVEL / 2) / np.sqrt(df - 1)
    return Robustness(
        partial_r2=float(f**2 / (1 + f**2)),
        value=_value(q * f),
        value_of_interval=_value(max(q * f - needed, 0.0)),
    )


def strengths(y: Floats, treated: Flags, x: Floats, names: Sequence[str]) -> tuple[Strength, ...] | Refusal:
    """What each measured covariate explains of taking part and of the outcome, the strongest first.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    treated
        Shape (n,).
    x
        Covariates without a constant, shape (n, k).
    names
        Of the k covariates.

    Returns
    -------
    tuple of Strength or Refusal
        By the smaller of the two shares; refused as `regression.least_squares`.
    """
    d = treated.astype(np.float64)
    base = np.column_stack([np.ones(len(y)), x])
    of_treatment = least_squares(d, base, ("(constant)", *names), covariance="classical")
    of_outcome = least_squares(
        y, np.column_stack([base, d]), ("(constant)", *names, "(treated)"), covariance="classical"
    )
    if isinstance(of_treatment, Refusal):
        return of_treatment
    if isinstance(of_outcome, Refusal):
        return of_outcome
    shares = [
        [(t := fit.coefficient(name) / fit.std_error(name)) ** 2 / (t**2 + fit.df) for name in names]
        for fit in (of_treatment, of_outcome)
    ]
    found = [Strength(name, *map(float, both)) for name, *both in zip(names, *shares, strict=True)]
    return tuple(sorted(found, key=lambda s: min(s.of_treatment, s.of_outcome), reverse=True))


def e_value(ratio: float, lower: float, upper: float) -> EValue:
    """E-value of a risk ratio with its interval: RR + √(RR(RR - 1)), of 1/RR where RR is below 1.

    Parameters
    ----------
    ratio, lower, upper
        Above 0.

    Examples
    --------
    >>> found = e_value(3.9, 1.8, 8.7)
    >>> round(found.of_estimate, 2), round(found.of_interval, 2)
    (7.26, 3.0)
    """
    if not 0 < lower <= ratio <= upper:
        raise ValueError(
            f"a risk ratio and its interval are above 0 and in order, not {lower}, {ratio}, {upper}"
        )
    nearer = 1.0 if lower <= 1 <= upper else (lower if lower > 1 else upper)
    return EValue(_e(ratio), _e(nearer))


def e_value_of_difference(estimate: Estimate, deviation: float) -> EValue:
    """E-value of a difference in means: RR ≈ exp(0.91 d) with d the difference over the outcome's deviation.

    The interval is exp(0.91 d ± 1.78 s_d) (VanderWeele & Ding 2017, after Chinn 2000,
    doi:10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M).

    Parameters
    ----------
    estimate
        In units of the outcome.
    deviation
        Standard deviation of the outcome, above 0, best of the comparison group.
    """
    if not deviation > 0:
        raise ValueError(f"the deviation of the outcome is above 0, not {deviation}")
    d, error = estimate.estimate / deviation, estimate.std_error / deviation
    ends = (float(np.exp(0.91 * d + sign * 1.78 * error)) for sign in (-1, 1))
    return e_value(float(np.exp(0.91 * d)), *ends)


def _value(f: float) -> float:
    return float((np.sqrt(f**4 + 4 * f**2) - f**2) / 2)


def _e(ratio: float) -> float:
    above = max(ratio, 1 / ratio)
    return float(above + np.sqrt(above * (above - 1)))
