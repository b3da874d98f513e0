"""What groups' differences are worth (比較可能性の判定): the same verdict for any kind of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

import numpy as np
from scipy import special

from tazuna.language import Message, message
from tazuna.measurement.factor.fit_indices import FitIndices
from tazuna.measurement.factor.matrices import Floats, Matrices
from tazuna.measurement.factor.model import FactorModel
from tazuna.measurement.factor.modification import Gain

Step = Literal["configural", "metric", "scalar", "strict", "thresholds", "loadings", "intercepts"]
Verdict = Literal["comparable", "comparable_in_part", "not_comparable", "not_tested"]
FEWEST_PEOPLE = 200
"""In each group, below which nothing is tested and a warning stands instead."""
HARMLESS = 0.1
"""Change of the difference between groups, in standard deviations, up to which it may be read."""
_SURE = 0.01

Fit = TypeVar("Fit")


@dataclass(frozen=True, slots=True)
class InvarianceStep:
    """One step of the ladder.

    Parameters
    ----------
    step
        Which.
    indices
        With the parameters of this step equal.
    chi2_change, df_change, p_value
        Against the step before; None at the first.
    """

    step: Step
    indices: FitIndices
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
    joined
        Questions of which some answers were counted with the next, since a group did not give them.
    """

    groups: tuple[str, ...]
    people: tuple[int, ...]
    steps: tuple[InvarianceStep, ...]
    freed: tuple[str, ...]
    differences: tuple[GroupDifference, ...]
    verdict: Verdict
    says: Message
    joined: tuple[str, ...] = ()

    def renamed(self, freed: Sequence[str]) -> Invariance:
        """The same with other names of the freed questions."""
        says = _says(self.verdict, freed, self.differences) if self.steps else self.says
        return replace(self, freed=tuple(freed), says=says)


@dataclass(frozen=True, slots=True)
class Partial(Generic[Fit]):
    """Partial invariance (部分不変性).

    Parameters
    ----------
    fit
        With the questions that differ free.
    freed
        These, in the order in which they were found.
    exhausted
        Whether more questions surely differ than may be freed.
    """

    fit: Fit
    freed: tuple[str, ...]
    exhausted: bool


def judged(
    groups: Sequence[str],
    people: Sequence[int],
    steps: Sequence[InvarianceStep],
    freed: Sequence[str],
    differences: Sequence[GroupDifference],
    *,
    exhausted: bool,
    joined: Sequence[str] = (),
) -> Invariance:
    """The verdict on a climbed ladder.

    Parameters
    ----------
    exhausted
        Whether more questions surely differ than may be freed.
    """
    verdict = _verdict(freed, differences, exhausted=exhausted)
    return Invariance(
        groups=tuple(groups),
        people=tuple(people),
        steps=tuple(steps),
        freed=tuple(freed),
        differences=tuple(differences),
        verdict=verdict,
        says=_says(verdict, freed, differences),
        joined=tuple(joined),
    )


def too_few(groups: Sequence[str], people: Sequence[int]) -> Invariance:
    """Not tested, since a group is below `FEWEST_PEOPLE`."""
    smallest = int(np.argmin(people))
    says = message(
        "Not tested: “{group}” has {n} complete answers, and {needed} are needed.",
        group=groups[smallest],
        n=people[smallest],
        needed=FEWEST_PEOPLE,
    )
    return Invariance(tuple(groups), tuple(people), (), (), (), "not_tested", says)


def set_free(
    fit: Fit,
    model: FactorModel,
    *,
    refit: Callable[[Sequence[str], Fit], Fit],
    gains: Callable[[Fit, Sequence[str]], Mapping[str, Gain]],
    off_by: Callable[[Fit, str], float],
) -> Partial[Fit]:
    """Free questions one at a time: the one whose freedom gains most, if surely and if it matters.

    At least two questions of each factor, and half of all, stay equal.

    Parameters
    ----------
    fit
        With every question equal.
    refit
        With these questions free, starting near another fit.
    gains
        What freeing each further question would gain.
    off_by
        How far a question that is free is off between groups, in its standard deviations.
    """
    freed: list[str] = []
    harmless: list[str] = []
    best, gain = fit, gains(fit, freed)
    while (name := _next(gain, model, freed, harmless)) is not None:
        trial = refit([*freed, name], best)
        if off_by(trial, name) < HARMLESS:
            harmless.append(name)
        else:
            freed.append(name)
            best = trial
            gain = gains(best, freed)
    exhausted = any(name not in harmless and _is_sure(left) for name, left in gain.items())
    return Partial(best, tuple(freed), exhausted)


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


def differences_of(
    full: tuple[Matrices, Floats], partial: tuple[Matrices, Floats], groups: Sequence[str]
) -> tuple[GroupDifference, ...]:
    """Of each later group and factor, from matrices and their parameters under full and partial equality."""
    return tuple(
        GroupDifference(name, factor, float(_means(*full, group)[at]), float(_means(*partial, group)[at]))
        for group, name in enumerate(groups)
        if group
        for at, factor in enumerate(full[0].model.latent)
    )


def _means(matrices: Matrices, theta: Floats, group: int) -> Floats:
    """Factor means of a group, in the first group's standard deviations."""
    _, path, _, _, _, level = matrices.filled(theta, group)
    reach = np.linalg.inv(np.eye(len(path)) - path)
    _, _, spread, _, _, _ = matrices.filled(theta, 0)
    return np.asarray(reach @ level / np.sqrt(np.diag(reach @ spread @ reach.T)))


def _may_be_freed(model: FactorModel, freed: Sequence[str], name: str) -> bool:
    if 2 * (len(freed) + 1) > len(model.observed):
        return False
    for factor in model.latent:
        own = [question for question in model.indicators(factor) if question in model.observed]
        if name in own and sum(question not in freed for question in own) <= 2:
            return False
    return True


def _verdict(freed: Sequence[str], differences: Sequence[GroupDifference], *, exhausted: bool) -> Verdict:
    if exhausted:
        # More questions surely differ than may be freed.
        return "not_comparable"
    if not freed or all(abs(difference.change) < HARMLESS for difference in differences):
        return "comparable"
    return "comparable_in_part"


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
