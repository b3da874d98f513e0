"""Invariance of ordered answers (順序カテゴリの測定不変性): thresholds, then loadings, then intercepts.

The verdict goes by effect, as that of measurements (`tazuna.measurement.factor.invariance`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import special

from tazuna.language import message
from tazuna.measurement.factor.fit import complete_answers, expect_people
from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.model import FactorModel, parse_model
from tazuna.measurement.factor.modification import Gain
from tazuna.measurement.factor.ordinal_groups import (
    OrdinalGroupsFit,
    fit_ordinal_groups,
    ordinal_indices,
    step_test,
)
from tazuna.measurement.factor.ordinal_moments import OrdinalMoments, ordinal_moments
from tazuna.measurement.factor.ordinal_steps import identified_steps, layout_of
from tazuna.measurement.factor.verdict import (
    FEWEST_PEOPLE,
    Invariance,
    InvarianceStep,
    differences_of,
    judged,
    set_free,
    too_few,
)
from tazuna.measurement.factor.weighted_least_squares import expect_different

_FEWEST_ANSWERS = 2


def ordinal_invariance(
    answers: Sequence[Floats], names: Sequence[str], text: str, groups: Sequence[str]
) -> Invariance:
    """Climb from no equality to equal intercepts and say what the groups' difference is worth.

    Questions are freed one at a time, thresholds and loading together, as `set_free` does. An answer that
    somebody in one group gave and nobody in another counts with the next lower one that all groups gave
    (the lowest with the next higher), and the question is named in ``joined``.

    Parameters
    ----------
    answers
        One array a group, shape (people, p): keyed whole numbers; only complete rows are used.
    names
        Of the columns.
    text
        The factor model in lavaan's syntax.
    groups
        Names; differences are from the first.

    Raises
    ------
    FactorError
        As `fit_wlsmv`; also a question without two answers that all groups gave, and a variance below 0.
    """
    model = parse_model(text, groups=len(groups), with_means=True, ordinal=True)
    complete = complete_answers(answers, names, model)
    people = tuple(len(part) for part in complete)
    if min(people) < FEWEST_PEOPLE:
        return too_few(groups, people)
    expect_people(complete, model)
    columns = [[part[:, k] for part in complete] for k in range(len(model.observed))]
    shared = [reduce(np.intersect1d, column) for column in columns]
    _expect_answers(model, shared)
    joined = [
        name
        for name, known, column in zip(model.observed, shared, columns, strict=True)
        if not np.isin(np.concatenate(column), known).all()
    ]
    categories = np.array([len(known) for known in shared], dtype=np.int64)
    moments = [ordinal_moments(_categories(part, shared), categories) for part in complete]
    for part in moments:
        expect_different(part, model)

    counts = categories.tolist()
    fits = {
        step: fit_ordinal_groups(moments, layout_of(model, counts, step))
        for step in identified_steps(model, counts)
    }
    full = fits["intercepts"]
    _expect_proper(full)
    found = set_free(
        full,
        model,
        refit=lambda free, near: fit_ordinal_groups(
            moments, layout_of(model, counts, "intercepts", free), near.values
        ),
        gains=lambda at, free: ordinal_gains(moments, at, free),
        off_by=lambda at, name: _off_by(at, moments[0], name),
    )
    _expect_proper(found.fit)
    steps = [InvarianceStep("configural", ordinal_indices(fits["configural"], moments), None, None, None)]
    for (_, freer), (step, stricter) in pairwise(fits.items()):
        chi2, df, p = step_test(freer, stricter, moments)
        steps.append(InvarianceStep(step, ordinal_indices(stricter, moments), chi2, df, p if df else None))
    differences = differences_of(
        (full.layout.matrices, full.layout.of_factors(full.theta)),
        (found.fit.layout.matrices, found.fit.layout.of_factors(found.fit.theta)),
        groups,
    )
    return judged(groups, people, steps, found.freed, differences, exhausted=found.exhausted, joined=joined)


def ordinal_gains(
    moments: Sequence[OrdinalMoments], current: OrdinalGroupsFit, freed: Sequence[str]
) -> dict[str, Gain]:
    """Score test of freeing each question's thresholds and loadings, robust to the weights.

    n gᵀ V⁺ g with g = Bᵀ W (s - σ), V = Bᵀ W Γ W B and B the slopes of the freed parameters without what the
    current ones explain of them (Satorra 1989, doi:10.1007/BF02294453).

    Parameters
    ----------
    moments
        One a group.
    current
        With equal thresholds, loadings and intercepts but for ``freed``.
    freed
        Questions that are free already.
    """
    matrices = current.layout.matrices
    found = {}
    for row, name in enumerate(matrices.observed):
        if name in freed:
            continue
        own = _own_slopes(moments, current, row)
        held = np.zeros((len(current.theta), own[0].shape[1]))
        for part, slope, new in zip(moments, current.slopes, own, strict=True):
            held += part.n * slope.T @ (new / np.diag(part.gamma)[:, None])
        explained = current.bread @ held
        score = np.zeros(own[0].shape[1])
        variance = np.zeros((len(score), len(score)))
        for part, slope, new, rest in zip(moments, current.slopes, own, current.rests, strict=True):
            weighted = (new - slope @ explained) / np.diag(part.gamma)[:, None]
            score += part.n * weighted.T @ rest
            variance += part.n * weighted.T @ part.gamma @ weighted
        # The scale of each later group already stands for one of its parameters.
        df = len(score) - (len(moments) - 1)
        values, vectors = np.linalg.eigh(variance)
        along = vectors[:, -df:].T @ score
        found[name] = Gain(float(np.sum(along**2 / values[-df:])), df)
    return found


def _own_slopes(moments: Sequence[OrdinalMoments], current: OrdinalGroupsFit, row: int) -> list[Floats]:
    """Slopes by thresholds and loadings that a question has of its own in each later group."""
    layout = current.layout
    theta = layout.of_factors(current.theta)
    thresholds = np.flatnonzero(layout.question == row)
    factors = np.flatnonzero(layout.matrices.filled(theta, 0)[0][row])
    width = len(thresholds) + len(factors)
    found = []
    for group, part in enumerate(moments):
        slope = np.zeros((len(part.gamma), width * (len(moments) - 1)))
        if group:
            first = width * (group - 1)
            slope[thresholds, first + np.arange(len(thresholds))] = 1.0
            loading, path, spread, _, _, _ = layout.matrices.filled(theta, group)
            reach = np.linalg.inv(np.eye(len(path)) - path)
            scale = layout.scales(current.theta, group)
            others = scale[:, None] * (loading @ reach @ spread @ reach.T)[:, factors]
            at = np.arange(part.threshold_count, len(part.gamma))
            for one, other in ((part.upper, part.lower), (part.lower, part.upper)):
                mine = one == row
                slope[at[mine], first + len(thresholds) : first + width] = others[other[mine]]
        found.append(slope)
    return found


def _off_by(fit: OrdinalGroupsFit, first: OrdinalMoments, name: str) -> float:
    """Largest difference of the expected answer at the first group's factor mean, or one standard deviation
    above, in standard deviations of the first group's answers."""
    layout = fit.layout
    row = layout.matrices.observed.index(name)
    cuts = layout.question == row
    expected = []
    for group in range(layout.matrices.model.groups):
        theta = layout.of_factors(fit.theta)
        explained = layout.matrices.moments(theta, group).covariance[row, row]
        reach = layout.matrices.filled(theta, group)[0][row].sum()
        rest = np.sqrt(max(1 - explained, np.finfo(float).eps))
        thresholds = layout.thresholds(fit.theta, group)[cuts]
        expected.append([special.ndtr((at * reach - thresholds) / rest).sum() for at in (0.0, 1.0)])
    known = first.thresholds[row][np.isfinite(first.thresholds[row])]
    shares = np.diff(special.ndtr(np.concatenate([[-np.inf], known, [np.inf]])))
    number = np.arange(len(shares))
    spread = np.sqrt(shares @ number**2 - (shares @ number) ** 2)
    return float(np.ptp(np.array(expected), axis=0).max() / spread)


def _categories(answers: Floats, shared: Sequence[Floats]) -> npt.NDArray[np.int8]:
    columns = [
        np.maximum(np.searchsorted(known, column, side="right") - 1, 0)
        for known, column in zip(shared, answers.T, strict=True)
    ]
    return np.column_stack(columns).astype(np.int8)


def _expect_answers(model: FactorModel, shared: Sequence[Floats]) -> None:
    few = [name for name, known in zip(model.observed, shared, strict=True) if len(known) < _FEWEST_ANSWERS]
    if few:
        raise FactorError(
            message("No two answers to {codes} were given in every group.", codes=", ".join(few)),
            message("Leave these questions out of the model."),
        )


def _expect_proper(fit: OrdinalGroupsFit) -> None:
    if fit.improper:
        raise FactorError(
            message("{names} came out with a variance below 0.", names=", ".join(fit.improper)),
            message("Leave these questions out of the model, or use fewer factors."),
        )
