"""Measurement invariance (測定不変性): may the means of these groups be compared?

The verdict goes by effect: how far the difference between groups changes when the questions that work
differently are set free. With many people any small difference of a question is sure, and harmless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import special

from tazuna.measurement.factor.equality import Kind, equal_across_groups
from tazuna.measurement.factor.fit import FactorFit, complete_answers, expect_people, fit_moments
from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.maximum_likelihood import sample_of
from tazuna.measurement.factor.model import FactorModel, parse_model
from tazuna.measurement.factor.modification import first_labels, gains
from tazuna.measurement.factor.verdict import (
    FEWEST_PEOPLE,
    Invariance,
    InvarianceStep,
    Step,
    differences_of,
    judged,
    set_free,
    too_few,
)

STEPS: dict[Step, tuple[Kind, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
"""What is equal in all groups at each step (Meredith 1993, doi:10.1007/BF02294825)."""


def invariance(
    answers: Sequence[Floats],
    names: Sequence[str],
    text: str,
    groups: Sequence[str],
    *,
    whole_ladder: bool = True,
) -> Invariance:
    """Climb from configural to strict invariance and say what the groups' difference is worth.

    Questions are freed one at a time, loading and intercept together: the one whose freedom gains most, as
    long as that is sure (1%) and the question is off by `HARMLESS` of its standard deviations. At
    least two questions of each factor, and half of all, stay equal.

    Parameters
    ----------
    answers
        One array a group, shape (people, p): keyed; only complete rows are used.
    names
        Of the columns.
    text
        The factor model in lavaan's syntax.
    groups
        Names; differences are from the first.
    whole_ladder
        Whether to fit every step; without it only the scalar one, on which the verdict rests.

    Raises
    ------
    FactorError
        As `fit_ml`.
    """
    model = parse_model(text, groups=len(groups), with_means=True)
    complete = complete_answers(answers, names, model)
    people = tuple(len(part) for part in complete)
    if min(people) < FEWEST_PEOPLE:
        return too_few(groups, people)
    expect_people(complete, model)

    samples = [sample_of(part) for part in complete]

    def fit(kinds: Sequence[Kind], free: Sequence[str] = (), near: FactorFit | None = None) -> FactorFit:
        apart = [(operator, name) for name in free for operator in ("=~", "~1")]
        constrained = equal_across_groups(model, kinds, apart)
        return fit_moments(samples, constrained, None if near is None else _start(constrained, near))

    wanted: tuple[Step, ...] = tuple(STEPS) if whole_ladder else ("scalar",)
    fits = {step: fit(STEPS[step]) for step in wanted}
    found = set_free(
        fits["scalar"],
        model,
        refit=lambda free, near: fit(STEPS["scalar"], free, near),
        gains=lambda at, free: gains(samples, at, model, free),
        off_by=_off_by,
    )
    full, partial = fits["scalar"], found.fit
    differences = differences_of((full.matrices, full.theta), (partial.matrices, partial.theta), groups)
    return judged(groups, people, _ladder(fits), found.freed, differences, exhausted=found.exhausted)


def _ladder(fits: Mapping[Step, FactorFit]) -> tuple[InvarianceStep, ...]:
    """Each step against the one before."""
    steps: list[InvarianceStep] = []
    for step, found in fits.items():
        indices, before = found.indices, steps[-1].indices if steps else None
        change = None if before is None else indices.chi2 - before.chi2
        more = None if before is None else indices.df - before.df
        p = None if change is None or not more else float(special.chdtrc(more, max(change, 0.0)))
        steps.append(InvarianceStep(step, indices, change, more, p))
    return tuple(steps)


def _start(model: FactorModel, near: FactorFit) -> dict[str, float]:
    """Values of a model nearby; a parameter of one's own begins at the first group's."""
    known = dict(zip(near.matrices.labels, near.theta.tolist(), strict=True))
    first = first_labels(model)
    for parameter in model.parameters:
        shared = first.get((parameter.left, parameter.operator, parameter.right))
        if parameter.is_free and parameter.label not in known and shared in known:
            known[parameter.label] = known[shared]
    return known


def _off_by(fit: FactorFit, name: str) -> float:
    """Largest difference of the expected answer at the first group's factor mean, in standard deviations."""
    row = fit.matrices.observed.index(name)
    intercepts = [fit.matrices.filled(fit.theta, group)[4][row] for group in range(len(fit.n))]
    at_two = [
        intercept + fit.matrices.filled(fit.theta, group)[0][row].sum()
        for group, intercept in enumerate(intercepts)
    ]
    spread = np.sqrt(fit.matrices.moments(fit.theta, 0).covariance[row, row])
    return float(max(np.ptp(intercepts), np.ptp(at_two)) / spread)
