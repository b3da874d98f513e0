"""Before a study (検出力): how many people, how much information, how many rounds an effect needs.

Effects are in standard deviations of the outcome. ``baseline_r`` is the correlation of the outcome with its
value before the start: what the baseline explains need not be seen through, σ_resid = √(1 - r²).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt
from typing import Literal

import numpy as np
from scipy import special

from tazuna.crossing import zero_of
from tazuna.evaluation.before_after import FEWEST_PEOPLE
from tazuna.evaluation.estimate import LEVEL, Floats, t_quantile
from tazuna.evaluation.refusal import Refusal, too_few_rows
from tazuna.language import Message, message

Quantity = Literal["people", "clusters", "v", "rounds", "effect"]
_MOST = 1e9
_FEWEST_A_SIDE = 20
_LOCAL_LINEAR = 4.0
"""A line fitted on each side of a cut-off multiplies the variance of its end by 4 (uniform scores)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer about a study to come.

    Parameters
    ----------
    value
        The number, not rounded.
    quantity
        What it counts: people or clusters on each side, V = Σ p(1-p), rounds, or an effect in standard
        deviations.
    sentence
        The answer in words.
    """

    value: float
    quantity: Quantity
    sentence: Message


def two_arm_size(effect: float, *, power: float = 0.8, baseline_r: float = 0.0) -> Plan:
    """People on each side that show ``effect`` with probability ``power`` in a two-sided test at 5%.

    Solves power = P(|t| > t_crit) for the noncentral t with 2n-2 degrees of freedom and noncentrality
    d·√(n/2) (Cohen 1988, Statistical Power Analysis, chapter 2).

    Examples
    --------
    >>> round(two_arm_size(0.2).value, 1)
    393.4
    """
    seen = abs(effect) / _residual(baseline_r)
    n = _smallest(lambda people: power_at(seen * sqrt(people / 2), 2 * people - 2), power, 2.0)
    return Plan(
        n,
        "people",
        message(
            "To see an effect of {effect} SD with {power}% probability, each side needs {people} people.",
            effect=f"{effect:.2f}",
            power=f"{100 * power:.0f}",
            people=f"{ceil(n):,}",
        ),
    )


def two_arm_mde(
    n_treated: float, n_comparison: float, *, power: float = 0.8, baseline_r: float = 0.0
) -> Plan:
    """Smallest effect that sides of these sizes show with probability ``power`` (MDE)."""
    df = n_treated + n_comparison - 2
    weight = sqrt(1 / n_treated + 1 / n_comparison) * _residual(baseline_r)
    return detectable(standard_errors_needed(power, df) * weight, power)


def design_effect(cluster_size: float, icc: float, size_cv: float = 0.0) -> float:
    """How much clusters multiply the number of people needed: 1 + ((1 + cv²)·m - 1)·ICC.

    Eldridge, Ashby & Kerry 2006, doi:10.1093/ije/dyl129.

    Parameters
    ----------
    cluster_size
        Mean number m of people in a department or company.
    icc
        Share of the outcome's variance between clusters, ICC(1).
    size_cv
        Coefficient of variation of the clusters' sizes.
    """
    return 1 + ((1 + size_cv**2) * cluster_size - 1) * icc


def clusters_size(
    effect: float,
    cluster_size: float,
    icc: float,
    *,
    size_cv: float = 0.0,
    power: float = 0.8,
    baseline_r: float = 0.0,
) -> Plan:
    """Clusters on each side where whole departments or companies take part.

    As `two_arm_size` with the variance times `design_effect` and 2J-2 degrees of freedom for J clusters a
    side (Donner & Klar 2000, Design and Analysis of Cluster Randomization Trials, chapter 5).
    """
    people = cluster_size / design_effect(cluster_size, icc, size_cv)
    seen = abs(effect) / _residual(baseline_r)
    j = _smallest(lambda clusters: power_at(seen * sqrt(clusters * people / 2), 2 * clusters - 2), power, 2.0)
    return Plan(
        j,
        "clusters",
        message(
            "To see an effect of {effect} SD with {power}% probability, each side needs {clusters} "
            "departments or companies of {people} people.",
            effect=f"{effect:.2f}",
            power=f"{100 * power:.0f}",
            clusters=f"{ceil(j):,}",
            people=f"{cluster_size:g}",
        ),
    )


def lottery_mde(v: float, *, power: float = 0.8, baseline_r: float = 0.0) -> Plan | Refusal:
    """Smallest effect that a lottery with information ``v`` = Σ p(1-p) shows: 2.8·σ_resid/√V at 80%.

    The recentred estimate has variance σ_resid²/V (Borusyak & Hull 2023, doi:10.3982/ECTA19367).

    Examples
    --------
    >>> found = lottery_mde(12)
    >>> round(found.value, 2), found.sentence.text("en")
    (0.81, 'An effect of 0.81 SD or more would show with 80% probability; a smaller one may stay unseen.')
    """
    if not v > 0:
        return _no_information()
    return detectable(standard_errors_needed(power) * _residual(baseline_r) / sqrt(v), power)


def lottery_v(effect: float, *, power: float = 0.8, baseline_r: float = 0.0) -> Plan:
    """Information V = Σ p(1-p) that shows ``effect``: (2.8·σ_resid/effect)² at 80%."""
    v = (standard_errors_needed(power) * _residual(baseline_r) / effect) ** 2
    return Plan(
        v,
        "v",
        message(
            "To see an effect of {effect} SD with {power}% probability, the draws must hold an information "
            "of V = {v} (as much as {people} people drawn at even odds).",
            effect=f"{effect:.2f}",
            power=f"{100 * power:.0f}",
            v=f"{v:.0f}",
            people=f"{4 * v:.0f}",
        ),
    )


def lottery_rounds(
    effect: float, v_per_round: float, *, power: float = 0.8, baseline_r: float = 0.0
) -> Plan | Refusal:
    """Rounds like this one until ``effect`` would show, pooled."""
    if not v_per_round > 0:
        return _no_information()
    rounds = lottery_v(effect, power=power, baseline_r=baseline_r).value / v_per_round
    return Plan(
        rounds,
        "rounds",
        message(
            "Rounds like this one until an effect of {effect} SD shows with {power}% probability: {rounds}",
            effect=f"{effect:.2f}",
            power=f"{100 * power:.0f}",
            rounds=f"{ceil(rounds - 1e-9):,}",
        ),
    )


def discontinuity_mde(
    n_below: float, n_above: float, *, power: float = 0.8, baseline_r: float = 0.0
) -> Plan | Refusal:
    """Smallest effect at a cut-off with these numbers inside the bandwidth; an approximation.

    Var = 4σ_resid²·(1/n_below + 1/n_above): the end of a line on each side, scores spread evenly (Schochet
    2009, doi:10.3102/1076998609332748, gives the same factor for a whole range of scores).
    """
    fewest = min(n_below, n_above)
    if fewest < _FEWEST_A_SIDE:
        return Refusal(
            "too_few_at_cutoff",
            message("Only {people} people on one side near the cut-off.", people=f"{fewest:g}"),
            message("Wait until there are at least {needed} on each side.", needed=_FEWEST_A_SIDE),
        )
    spread = sqrt(_LOCAL_LINEAR * (1 / n_below + 1 / n_above)) * _residual(baseline_r)
    return detectable(standard_errors_needed(power, n_below + n_above - 4) * spread, power)


def before_after_mde(n: float, wave_r: float, *, power: float = 0.8) -> Plan | Refusal:
    """Smallest change of ``n`` people between two waves that shows: 2.8·√(2(1 - r)/n) at 80%.

    Parameters
    ----------
    n
        People with both answers.
    wave_r
        Correlation of the outcome between two waves.
    """
    if n < FEWEST_PEOPLE:
        return too_few_rows(int(n), FEWEST_PEOPLE)
    spread = sqrt(2 * (1 - wave_r) / n)
    return detectable(standard_errors_needed(power, n - 1) * spread, power)


def _residual(baseline_r: float) -> float:
    if not -1 < baseline_r < 1:
        raise ValueError(f"a correlation lies between -1 and 1: {baseline_r}")
    return sqrt(1 - baseline_r**2)


def standard_errors_needed(power: float, df: float = float("inf")) -> float:
    """Standard errors that an effect must be away from 0: about 2.8 at 80%."""
    critical = t_quantile(df, 0.5 + LEVEL / 2)
    normal = critical + t_quantile(float("inf"), power)
    if df == float("inf"):
        return normal
    return zero_of(lambda shift: power_at(shift, df) - power, 0.0, critical + 10 * normal)


def power_at(shift: float, df: float = float("inf")) -> float:
    """Probability of seeing an effect ``shift`` standard errors away from 0 in a two-sided test at 5%.

    P(|t| > critical) of the noncentral t, as a mean over the estimated standard deviation: SciPy's own
    distribution function gives NaN far in the tails, where searches pass.

    Examples
    --------
    >>> round(power_at(2.8), 2), round(power_at(0.0), 2)
    (0.8, 0.05)
    """
    if df == float("inf"):
        reach = t_quantile(df, 0.5 + LEVEL / 2)
        return float(special.ndtr(shift - reach) + special.ndtr(-shift - reach))
    shares, weights = _shares()
    critical = t_quantile(df, 0.5 + LEVEL / 2) * np.sqrt(special.chdtri(df, shares) / df)
    return float(weights @ (special.ndtr(shift - critical) + special.ndtr(-shift - critical)))


@cache
def _shares() -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes between 0 and 1 and their weights, shape (200,) each."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    return (1 + nodes) / 2, weights / 2


def _smallest(reached: Callable[[float], float], power: float, fewest: float) -> float:
    if reached(fewest) >= power:
        return fewest
    most = fewest
    while reached(most) < power:
        most *= 2
        if most > _MOST:
            raise ValueError("the effect must not be 0")
    return zero_of(lambda size: reached(size) - power, most / 2, most)


def detectable(effect: float, power: float) -> Plan:
    return Plan(
        effect,
        "effect",
        message(
            "An effect of {effect} SD or more would show with {power}% probability; "
            "a smaller one may stay unseen.",
            effect=f"{effect:.2f}",
            power=f"{100 * power:.0f}",
        ),
    )


def _no_information() -> Refusal:
    return Refusal(
        "no_information",
        message("Everybody's chance is 0 or 1, so the draw decides nothing and shows nothing."),
        message("Use fewer tiers, or give some places by open draw."),
    )
