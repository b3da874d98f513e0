"""Rung D (比較群との比較): those who took part against people who were alike before."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.adjusted import Adjusted, adjusted_effect, regression_adjusted
from tazuna.evaluation.arrays import Asked, ComparisonArrays
from tazuna.evaluation.assumptions import comparison_assumptions
from tazuna.evaluation.balance import LIMIT, Balance, balance
from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.folds import FOLDS, draw_folds
from tazuna.evaluation.refusal import Caution, Refusal, listed
from tazuna.evaluation.response import response_by_side
from tazuna.evaluation.sensitivity import Robustness, robustness
from tazuna.evaluation.verdicts import Saying, comparison_verdict
from tazuna.language import message

_FEWEST_DEPARTMENTS = 2 * FOLDS
"""Below it errors go by person: each fold must hold some departments."""


def rung_d(
    asked: Asked, arrays: ComparisonArrays, naive: Estimate | Refusal, rng: np.random.Generator
) -> Effect | Refusal:
    """Effect on those who took part, adjusted by AIPW.

    Refused where there is no overlap, or where a covariate differs by more than `balance.LIMIT` after
    weighting: then the groups were not made alike.

    Parameters
    ----------
    asked, arrays
        The question and its arrays.
    naive
        Unadjusted, for the result.
    rng
        Draws the folds.
    """
    departments = len(np.unique(arrays.clusters))
    clusters = arrays.clusters if departments >= _FEWEST_DEPARTMENTS else None
    found = adjusted_effect(
        arrays.y,
        arrays.treated,
        arrays.x,
        arrays.names,
        folds=draw_folds(arrays.treated, rng, clusters=clusters),
        clusters=clusters,
    )
    if isinstance(found, Refusal):
        return found
    kept = found.kept
    weighted = balance(arrays.treated[kept], arrays.x[kept], arrays.names, found.weights[kept])
    if not weighted.is_reached:
        return _not_alike(weighted)
    robust = _robustness(arrays, found)
    if isinstance(robust, Refusal):
        return robust
    compared = kept & ~arrays.treated
    deviation = float(arrays.y[compared].std(ddof=1))
    assumptions = comparison_assumptions(found.population, weighted, robust)
    saying = Saying(asked, deviation, assumptions)
    return Effect(
        question=asked.question,
        rung="D",
        estimand=message(
            "effect of taking part on those who took part, compared with similar people who did not"
        ),
        estimate=found.estimate,
        deviation=deviation,
        naive=naive,
        weights=message("those who did not take part by their odds of taking part, given what was known"),
        verdict=comparison_verdict(saying, found.estimate, robust.value_of_interval),
        assumptions=assumptions,
        cautions=(*arrays.cautions, *found.cautions, *(() if clusters is not None else (_few(departments),))),
        attrition=response_by_side(arrays.people, arrays.people.took_part),
        balance=weighted,
        other_designs=(),
        not_above=(),
        robustness_value=robust.value,
        labels=dict(zip(arrays.names, arrays.labels, strict=True)),
    )


def _robustness(arrays: ComparisonArrays, found: Adjusted) -> Robustness | Refusal:
    """Of the regression on the same people; covariates that do not vary among them say nothing there."""
    x = arrays.x[found.kept]
    varies = np.ptp(x, axis=0) > 0
    names = tuple(name for name, kept in zip(arrays.names, varies, strict=True) if kept)
    regressed = regression_adjusted(
        arrays.y[found.kept], arrays.treated[found.kept], np.ascontiguousarray(x[:, varies]), names
    )
    return regressed if isinstance(regressed, Refusal) else robustness(regressed)


def _not_alike(found: Balance) -> Refusal:
    return Refusal(
        "no_balance",
        message(
            "After weighting the groups still differ by more than {limit} standard deviations in: {columns}",
            limit=LIMIT,
            columns=listed(found.unbalanced),
        ),
        message("Add people like those who took part to the study, or take out covariates that few share."),
    )


def _few(departments: int) -> Caution:
    return Caution(
        "few_departments",
        message(
            "There are only {departments} departments, so errors go by person: if departments had news of "
            "their own, the interval is too narrow.",
            departments=departments,
        ),
        message("Add departments or companies, or read the result as a hint."),
    )
