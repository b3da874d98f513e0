"""A comparison group made comparable (調整済みの比較): rung D, where people chose for themselves.

Cross-fitted augmented inverse probability weighting (AIPW, 二重に頑健な推定): the chance of taking part by a
logistic regression, the outcome by least squares, each learned on people other than those it is used for.
The estimate is right if either of the two is; nothing protects against what was not measured, which is why
the result goes with `sensitivity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.evaluation.adjusted_checks import (
    fault_of_inputs,
    fault_of_overlap,
    fault_of_sides,
    weight_cautions,
)
from tazuna.evaluation.estimate import Estimate, Flags, Floats, Integers, t_estimate
from tazuna.evaluation.propensity import cross_fitted_chances, cross_fitted_outcomes
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.evaluation.regression import least_squares
from tazuna.language import Message, message

Target = Literal["ate", "att"]
"""For whom: everybody (平均処置効果), or those who took part (参加者の平均処置効果)."""

OVERLAP: dict[Target, tuple[float, float]] = {"ate": (0.1, 0.9), "att": (0.0, 0.9)}
"""Chances within which people are kept: Crump, Hotz, Imbens & Mitnik 2009, doi:10.1093/biomet/asn055. For
those who took part only a high chance makes the weights of the comparison large."""


_NO_SPREAD = 1e-6
"""Of the outcome's deviation: the guard of the fits leaves a hundredth of it where there is no error."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjusted comparison.

    Parameters
    ----------
    estimate
        Effect on the population kept.
    target
        For whom.
    overlap
        Lowest and highest chance kept.
    population
        Who is left, in words.
    chances
        Shape (n,): cross-fitted chance of taking part of everybody.
    kept
        Shape (n,): who is within the overlap.
    weights
        Shape (n,): weight with which each person stands for the population kept; 0 for the others.
    influence
        Shape (n,): the influence function, 0 for those not kept; its mean over the kept is 0.
    cautions
        What a reader must know beside the number.
    """

    estimate: Estimate
    target: Target
    overlap: tuple[float, float]
    population: Message
    chances: Floats
    kept: Flags
    weights: Floats
    influence: Floats
    cautions: tuple[Caution, ...]


def adjusted_effect(
    y: Floats,
    treated: Flags,
    x: Floats,
    names: Sequence[str],
    *,
    folds: Integers,
    target: Target = "att",
    overlap: tuple[float, float] | None = None,
    clusters: Integers | None = None,
    weights: Floats | None = None,
) -> Adjusted | Refusal:
    """Effect of taking part by cross-fitted AIPW.

    With p the chance and μ₁, μ₀ the expected outcomes, the effect is the mean of

    - ``ate``: μ₁ - μ₀ + D(Y - μ₁)/p - (1-D)(Y - μ₀)/(1-p)
    - ``att``: [D - (1-D) p/(1-p)] (Y - μ₀) / E[D]

    (Robins, Rotnitzky & Zhao 1994, doi:10.1080/01621459.1994.10476818; Chernozhukov et al. 2018,
    doi:10.1111/ectj.12097). The standard error is that of the mean, by cluster where clusters are given; t
    interval. Chances and outcomes are learned from everybody, kept or
    not: within the overlap a covariate often does not vary on one side.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    treated
        Who took part, shape (n,).
    x
        Covariates from before the start, without a constant, shape (n, k).
    names
        Of the k covariates; a refusal uses them.
    folds
        Fold of each person, shape (n,), as `folds.draw_folds` gives them.
    target
        For whom.
    overlap
        Lowest and highest chance to keep; `OVERLAP` of the target where None.
    clusters
        Cluster of each person, shape (n,); folds must not cut them.
    weights
        Positive, shape (n,): for whom the effect is meant, everybody alike where None. They weight the mean
        above; chances and outcomes are learned without them.

    Returns
    -------
    Adjusted or Refusal
        Refused are missing values, all or none treated, a constant outcome, collinear covariates (by name),
        too few people on a side for the covariates, and no overlap.
    """
    refused = fault_of_inputs(y, treated, x, names, folds, clusters)
    sides = (False,) if target == "att" else (True, False)
    refused = refused or fault_of_sides(treated, x, names, folds, sides)
    if refused is not None:
        return refused
    chances = cross_fitted_chances(treated, x, folds)
    limits = OVERLAP[target] if overlap is None else overlap
    kept = (chances >= limits[0]) & (chances <= limits[1])
    refused = fault_of_overlap(treated, kept, limits, chances)
    if refused is not None:
        return refused
    p, d = chances[kept], treated[kept].astype(np.float64)
    expected = [cross_fitted_outcomes(y, treated == side, x, folds)[kept] for side in sides]
    meant = np.ones(len(d)) if weights is None else weights[kept]
    value, score = _effect(y[kept], d, p, expected, meant)
    influence, standing = np.zeros(len(y)), np.zeros(len(y))
    influence[kept] = score
    standing[kept] = meant * _weights(d, p, target)
    if not score.std() > _NO_SPREAD * y[kept].std():
        return _no_error()
    std_error, df = _std_error(score, None if clusters is None else clusters[kept])
    n_treated = int(d.sum())
    return Adjusted(
        estimate=t_estimate(value, std_error, df, n_treated, int(kept.sum()) - n_treated),
        target=target,
        overlap=limits,
        population=_population(treated, kept, limits),
        chances=chances,
        kept=kept,
        weights=standing,
        influence=influence,
        cautions=weight_cautions(treated, kept, standing, clusters),
    )


def difference_in_means(y: Floats, treated: Flags, clusters: Integers | None = None) -> Estimate | Refusal:
    """Those who took part less those who did not, unadjusted: for reference beside an adjusted estimate.

    Parameters
    ----------
    y, treated, clusters
        As of `adjusted_effect`. Errors are HC2 (Welch's), by cluster CR2.

    Returns
    -------
    Estimate or Refusal
        As `regression.least_squares`.
    """
    return regression_adjusted(y, treated, np.empty((len(y), 0)), (), clusters)


def regression_adjusted(
    y: Floats, treated: Flags, x: Floats, names: Sequence[str], clusters: Integers | None = None
) -> Estimate | Refusal:
    """Coefficient of taking part in a regression on the covariates: for reference, and for `sensitivity`.

    Parameters
    ----------
    y, treated, x, names, clusters
        As of `adjusted_effect`. Errors are HC2, by cluster CR2.

    Returns
    -------
    Estimate or Refusal
        As `regression.least_squares`.
    """
    columns = np.column_stack([np.ones(len(y)), x, treated.astype(np.float64)])
    fit = least_squares(
        y,
        columns,
        ("(constant)", *names, "(treated)"),
        covariance="hc2" if clusters is None else "cr2",
        clusters=clusters,
    )
    if isinstance(fit, Refusal):
        return fit
    return fit.estimate("(treated)", int(treated.sum()), int((~treated).sum()))


def _effect(
    y: Floats, d: Floats, p: Floats, expected: Sequence[Floats], meant: Floats
) -> tuple[float, Floats]:
    """The effect and its influence function, shape (n,); one expected outcome for the ATT, else two."""
    if len(expected) == 1:
        part = (d - (1 - d) * p / (1 - p)) * (y - expected[0])
        value = float(meant @ part / (meant @ d))
        return value, meant * (part - d * value) / (meant * d).mean()
    with_it, without = expected
    part = with_it - without + d * (y - with_it) / p - (1 - d) * (y - without) / (1 - p)
    value = float(meant @ part / meant.sum())
    return value, meant * (part - value) / meant.mean()


def _weights(d: Floats, p: Floats, target: Target) -> Floats:
    if target == "att":
        return d + (1 - d) * p / (1 - p)
    return d / p + (1 - d) / (1 - p)


def _std_error(score: Floats, clusters: Integers | None) -> tuple[float, float]:
    """Standard error of a mean of ``score`` (n,), and degrees of freedom."""
    n = len(score)
    code = np.arange(n) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    sums = np.bincount(code, weights=score)
    groups = len(sums)
    return float(np.sqrt(groups / (groups - 1) * (sums @ sums)) / n), float(groups - 1)


def _population(treated: Flags, kept: Flags, limits: tuple[float, float]) -> Message:
    numbers = {
        "kept": int(kept.sum()),
        "people": len(kept),
        "kept_treated": int((kept & treated).sum()),
        "treated": int(treated.sum()),
    }
    if kept.all():
        return message(
            "everybody: {people} people, of whom {treated} took part",
            people=numbers["people"],
            treated=numbers["treated"],
        )
    return message(
        "people whose chance of taking part was between {low} and {high}: {kept} of {people}, among them "
        "{kept_treated} of the {treated} who took part",
        low=f"{limits[0]:.0%}",
        high=f"{limits[1]:.0%}",
        **numbers,
    )


def _no_error() -> Refusal:
    return Refusal(
        "perfect_fit",
        message("The covariates give the outcome without any error, so no uncertainty can be told."),
        message("Check whether a covariate is the outcome itself or was computed from it, and take it out."),
    )
