"""Measurement invariance (測定不変性): may the means of these groups be compared?

The verdict goes by effect: how far the difference between groups changes when the questions that work
differently are set free. With many people any small difference of a question is sure, and harmless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import special

from tazuna.language import Message, message
from tazuna.measurement.factor.equality import Kind, equal_across_groups
from tazuna.measurement.factor.fit import FactorFit, columns_of, expect_people, fit_moments
from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.maximum_likelihood import sample_of
from tazuna.measurement.factor.model import FactorModel, parse_model
from tazuna.measurement.factor.modification import Gain, first_labels, gains

Step = Literal["configural", "metric", "scalar", "strict"]
Verdict = Literal["comparable", "comparable_in_part", "not_comparable", "not_tested"]
STEPS: dict[Step, tuple[Kind, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
"""What is equal in all groups at each step (Meredith 1993, doi:10.1007/BF02294825)."""
FEWEST_PEOPLE = 200
"""In each group, below which nothing is tested and a warning stands instead."""
HARMLESS = 0.1
"""Change of the difference between groups, in standard deviations, up to which it may be read."""
_SURE = 0.01


@dataclass(frozen=True, slots=True)
class InvarianceStep:
    """One step of the ladder.

    Parameters
    ----------
    step
        Which.
    fit
        With the parameters of this step equal.
    chi2_change, df_change, p_value
        Against the step before; None at the first.
    """

    step: Step
    fit: FactorFit
    chi2_change: float | None
    df_change: int | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """How a group differs from the first, in standard deviations of the first group's factor.

    Parameters
    ----------
    group, factor
        Names.
    full
        With every question equal in all groups.
    partial
        With the questions that differ set free; equal to ``full`` where none differs.
    """

    group: str
    factor: str
    full: float
    partial: float

    @property
    def change(self) -> float:
        """What the questions that differ add to the difference."""
        return self.full - self.partial


@dataclass(frozen=True, slots=True)
class Invariance:
    """Whether groups may be compared.

    Parameters
    ----------
    groups, people
        Names and numbers of complete rows.
    steps
        The ladder; empty where nothing was tested.
    freed
        Questions that work differently, the most different first.
    differences
        Of each later group and factor.
    verdict
        ``comparable``: no question had to be freed or none matters; ``comparable_in_part``: read the partial
        differences; ``not_comparable``: too many questions differ; ``not_tested``: a group is too small.
    says
        The verdict in a sentence.
    """

    groups: tuple[str, ...]
    people: tuple[int, ...]
    steps: tuple[InvarianceStep, ...]
    freed: tuple[str, ...]
    differences: tuple[GroupDifference, ...]
    verdict: Verdict
    says: Message

    def renamed(self, freed: Sequence[str]) -> Invariance:
        """The same with other names of the freed questions."""
        says = _says(self.verdict, freed, self.differences) if self.steps else self.says
        return replace(self, freed=tuple(freed), says=says)


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
    own = [part[:, columns_of(names, model)] for part in answers]
    complete = [part[np.isfinite(part).all(axis=1)] for part in own]
    people = tuple(len(part) for part in complete)
    if min(people) < FEWEST_PEOPLE:
        return _not_tested(groups, people)
    expect_people(complete, model)

    samples = [sample_of(part) for part in complete]

    def fit(kinds: Sequence[Kind], free: Sequence[str] = (), near: FactorFit | None = None) -> FactorFit:
        apart = [(operator, name) for name in free for operator in ("=~", "~1")]
        constrained = equal_across_groups(model, kinds, apart)
        return fit_moments(samples, constrained, None if near is None else _start(constrained, near))

    wanted: tuple[Step, ...] = tuple(STEPS) if whole_ladder else ("scalar",)
    steps = _ladder({step: fit(STEPS[step]) for step in wanted})
    scalar = next(step.fit for step in steps if step.step == "scalar")
    freed: list[str] = []
    harmless: list[str] = []
    best = scalar
    while (name := _next(gains(samples, best, model, freed), model, freed, harmless)) is not None:
        trial = fit(STEPS["scalar"], [*freed, name], best)
        if _off_by(trial, name) < HARMLESS:
            harmless.append(name)
        else:
            freed.append(name)
            best = trial
    left = gains(samples, best, model, freed)
    exhausted = any(name not in harmless and _is_sure(gain) for name, gain in left.items())
    differences = _differences(scalar, best, groups)
    verdict = _verdict(freed, differences, exhausted=exhausted)
    return Invariance(
        groups=tuple(groups),
        people=people,
        steps=steps,
        freed=tuple(freed),
        differences=differences,
        verdict=verdict,
        says=_says(verdict, freed, differences),
    )


def _ladder(fits: Mapping[Step, FactorFit]) -> tuple[InvarianceStep, ...]:
    """Each step against the one before."""
    steps: list[InvarianceStep] = []
    for step, found in fits.items():
        before = steps[-1].fit.indices if steps else None
        change = None if before is None else found.indices.chi2 - before.chi2
        more = None if before is None else found.indices.df - before.df
        p = None if change is None or not more else float(special.chdtrc(more, max(change, 0.0)))
        steps.append(InvarianceStep(step, found, change, more, p))
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


def _may_be_freed(model: FactorModel, freed: Sequence[str], name: str) -> bool:
    if 2 * (len(freed) + 1) > len(model.observed):
        return False
    for factor in model.latent:
        own = [question for question in model.indicators(factor) if question in model.observed]
        if name in own and sum(question not in freed for question in own) <= 2:
            return False
    return True


def _next(
    gain: Mapping[str, Gain], model: FactorModel, freed: Sequence[str], harmless: Sequence[str]
) -> str | None:
    """The question whose freedom surely gains most, of those that may be freed."""
    sure = {
        name: found.chi2
        for name, found in gain.items()
        if name not in harmless and _may_be_freed(model, freed, name) and _is_sure(found)
    }
    return max(sure, key=lambda name: sure[name]) if sure else None


def _is_sure(gain: Gain) -> bool:
    return float(special.chdtrc(gain.df, max(gain.chi2, 0.0))) < _SURE


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


def _differences(full: FactorFit, partial: FactorFit, groups: Sequence[str]) -> tuple[GroupDifference, ...]:
    def means(fit: FactorFit, group: int) -> Floats:
        _, path, _, _, _, level = fit.matrices.filled(fit.theta, group)
        reach = np.linalg.inv(np.eye(len(path)) - path)
        _, _, spread, _, _, _ = fit.matrices.filled(fit.theta, 0)
        return np.asarray(reach @ level / np.sqrt(np.diag(reach @ spread @ reach.T)))

    latent = full.matrices.model.latent
    return tuple(
        GroupDifference(name, factor, float(means(full, group)[at]), float(means(partial, group)[at]))
        for group, name in enumerate(groups)
        if group
        for at, factor in enumerate(latent)
    )


def _verdict(freed: Sequence[str], differences: Sequence[GroupDifference], *, exhausted: bool) -> Verdict:
    if exhausted:
        # More questions surely differ than may be freed.
        return "not_comparable"
    if not freed or all(abs(difference.change) < HARMLESS for difference in differences):
        return "comparable"
    return "comparable_in_part"


def _not_tested(groups: Sequence[str], people: tuple[int, ...]) -> Invariance:
    smallest = int(np.argmin(people))
    says = message(
        "Not tested: “{group}” has {n} complete answers, and {needed} are needed.",
        group=groups[smallest],
        n=people[smallest],
        needed=FEWEST_PEOPLE,
    )
    return Invariance(tuple(groups), people, (), (), (), "not_tested", says)


def _says(verdict: Verdict, freed: Sequence[str], differences: Sequence[GroupDifference]) -> Message:
    largest = max(differences, key=lambda difference: abs(difference.change))
    figures = {"questions": ", ".join(freed), "change": f"{abs(largest.change):.2f}"}
    if verdict == "comparable" and not freed:
        return message("The questions work alike in all groups; differences of means can be read.")
    if verdict == "comparable":
        return message(
            "{questions} work differently, but change the difference between groups by {change} standard "
            "deviations at most; it can be read.",
            **figures,
        )
    if verdict == "comparable_in_part":
        return message(
            "{questions} work differently and change the difference between groups by {change} standard "
            "deviations; read it without these questions.",
            **figures,
        )
    return message("Too many questions work differently ({questions}); do not compare the means.", **figures)
