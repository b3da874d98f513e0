"""Several groups on one scale (多母集団の等化), linked by the questions that they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.language import message
from tazuna.measurement.graded.estimation import GradedModel, Solution, items_of, maximum
from tazuna.measurement.graded.fit import FEWEST_PEOPLE, GradedError, expect_converged
from tazuna.measurement.graded.items import Floats, GradedItems, as_categories, levels_of
from tazuna.measurement.graded.population import Populations

FEWEST_LINKS = 3


@dataclass(frozen=True, slots=True)
class LinkedFit:
    """Groups on one scale.

    Parameters
    ----------
    groups
        Names; the first has mean 0 and deviation 1.
    items
        Questions of each group; those that are shared have the same parameters.
    shared
        Codes of the questions that link the groups.
    populations
        Mean and deviation of θ in each group.
    log_likelihood
        Of all answers.
    """

    groups: tuple[str, ...]
    items: tuple[GradedItems, ...]
    shared: tuple[str, ...]
    populations: Populations
    log_likelihood: float


def fit_linked(
    answers: Sequence[Floats],
    codes: Sequence[str],
    groups: Sequence[str],
    *,
    own: Sequence[str] = (),
    tolerance: float = 1e-4,
) -> LinkedFit:
    """Put waves or companies on one scale through the questions that they share.

    Parameters
    ----------
    answers
        One array a group, shape (people, m), the same columns in each; NaN = not answered. A question that a
        group was never asked is NaN throughout.
    codes
        Of the m questions.
    groups
        Names.
    own
        Questions with parameters of their own in each group.

    Raises
    ------
    GradedError
        A group is too small, fewer than three questions link the groups, or no convergence.
    """
    some = [np.asarray(part[np.isfinite(part).any(axis=1)]) for part in answers]
    levels = levels_of(np.concatenate(some))
    asked = np.array([np.isfinite(part).any(axis=0) for part in some])
    expect_links(
        some, codes, groups, [code for code, seen in zip(codes, asked.T, strict=True) if seen.all()], own
    )
    found, model = solved(some, levels, codes, own, tolerance, None)
    return linked_fit(found, model, levels, codes, groups, own)


def solved(
    some: Sequence[Floats],
    levels: tuple[tuple[int, ...], ...],
    codes: Sequence[str],
    own: Sequence[str],
    tolerance: float,
    start: Solution | None,
) -> tuple[Solution, GradedModel]:
    """The maximum with some questions free in each group; ``start`` has their rows in order of ``own``."""
    m = len(codes)
    item_of = np.tile(np.arange(m), (len(some), 1))
    categories = [len(known) for known in levels]
    for code in own:
        column = list(codes).index(code)
        for group in range(1, len(some)):
            item_of[group, column] = len(categories)
            categories.append(len(levels[column]))
    model = GradedModel(
        tuple(as_categories(part, levels) for part in some), item_of, np.array(categories, dtype=np.int64)
    )
    found = maximum(model, tolerance=tolerance, start=start)
    expect_converged(found)
    return found, model


def with_own_row(found: Solution, model: GradedModel, column: int) -> Solution:
    """A solution to begin with when one more question gets parameters of its own in each later group."""
    copies = np.repeat(found.parameters[[column]], len(model.answers) - 1, axis=0)
    return Solution(
        np.concatenate([found.parameters, copies]), found.populations, found.log_likelihood, 0, False
    )


def linked_fit(
    found: Solution,
    model: GradedModel,
    levels: tuple[tuple[int, ...], ...],
    codes: Sequence[str],
    groups: Sequence[str],
    own: Sequence[str],
) -> LinkedFit:
    return LinkedFit(
        groups=tuple(groups),
        items=tuple(items_of(tuple(codes), levels, found.parameters[rows]) for rows in model.item_of),
        shared=tuple(code for code in codes if code not in own),
        populations=found.populations,
        log_likelihood=found.log_likelihood,
    )


def expect_links(
    some: Sequence[Floats], codes: Sequence[str], groups: Sequence[str], asked: list[str], own: Sequence[str]
) -> None:
    for name, part in zip(groups, some, strict=True):
        if len(part) < FEWEST_PEOPLE:
            raise GradedError(
                message(
                    "{n} people of {group} answered; a comparison of questions needs {needed}.",
                    n=len(part),
                    group=name,
                    needed=FEWEST_PEOPLE,
                ),
                message("Join groups, or wait until more people have answered."),
            )
    links = [code for code in asked if code not in own]
    if len(links) < FEWEST_LINKS:
        raise GradedError(
            message("{n} questions link the groups; three are needed.", n=len(links)),
            message("Ask the same questions in every group, or free fewer of them."),
        )
    for column, code in enumerate(codes):
        for name, part in zip(groups, some, strict=True):
            given = np.unique(part[np.isfinite(part[:, column]), column])
            if len(given) == 1 and code in own:
                raise GradedError(
                    message("Everybody in {group} gave the same answer to {code}.", group=name, code=code),
                    message("Leave these questions out of the model."),
                )
