"""Fitting a graded response model (段階反応モデルの当てはめ), its standard errors and when it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.graded.estimation import GradedModel, Solution, items_of, maximum
from tazuna.measurement.graded.items import Answers, Floats, GradedItems, as_categories, levels_of
from tazuna.measurement.graded.std_errors import std_errors

FEWEST_PEOPLE = 100
"""Below which slopes and intercepts of five categories are guesswork."""
_FEWEST_QUESTIONS = 3


class GradedError(TazunaError):
    """The answers cannot carry a graded response model."""


@dataclass(frozen=True, slots=True)
class GradedFit:
    """A fitted model.

    Parameters
    ----------
    items
        The questions with their parameters.
    std_errors
        Shape (m, c): of a, d_1, …; NaN beyond a question's own categories.
    log_likelihood
        Of everybody's answers.
    n
        People with an answer.
    converged
        Whether the estimation settled.
    """

    items: GradedItems
    std_errors: Floats
    log_likelihood: float
    n: int
    converged: bool

    @property
    def free_parameters(self) -> int:
        """Number of slopes and intercepts."""
        return int(np.isfinite(self.std_errors).sum())


def fit_graded(answers: Floats, codes: Sequence[str], *, tolerance: float = 1e-4) -> GradedFit:
    """Fit slopes and intercepts by marginal maximum likelihood, θ standard normal.

    Parameters
    ----------
    answers
        Shape (n, m): whole numbers, keyed so that high means much; NaN = not answered. People without any
        answer are left out, and so are categories that nobody chose.
    codes
        Of the questions.
    tolerance
        See `estimation.maximum`.

    Raises
    ------
    GradedError
        Fewer than three questions or `FEWEST_PEOPLE` people, a question that everybody answered alike, or no
        convergence.
    """
    some = np.asfortranarray(answers[np.isfinite(answers).any(axis=1)])  # gone through by column
    levels = levels_of(some)
    _expect_data(some, codes, levels)
    given = as_categories(some, levels)
    model = single_group(given, levels)
    found = maximum(model, tolerance=tolerance)
    expect_converged(found)
    items = items_of(tuple(codes), levels, found.parameters)
    return GradedFit(
        items=items,
        std_errors=std_errors(items, given),
        log_likelihood=found.log_likelihood,
        n=len(some),
        converged=found.converged,
    )


def single_group(given: Answers, levels: tuple[tuple[int, ...], ...]) -> GradedModel:
    """Every question with parameters of its own, one group."""
    categories = np.array([len(own) for own in levels], dtype=np.int64)
    return GradedModel((given,), np.arange(len(levels))[None, :], categories)


def expect_converged(found: Solution) -> None:
    """Refuse parameters that have not settled.

    Raises
    ------
    GradedError
    """
    if not found.converged:
        raise GradedError(
            message("The model had not settled after {passes} passes.", passes=found.passes),
            message("Leave out questions that hardly anybody answered differently, or join rare categories."),
        )


def _expect_data(answers: Floats, codes: Sequence[str], levels: tuple[tuple[int, ...], ...]) -> None:
    if len(codes) < _FEWEST_QUESTIONS:
        raise GradedError(
            message("A graded response model needs three questions or more; there are {n}.", n=len(codes)),
            message("Put more questions of the same scale into the model."),
        )
    if len(answers) < FEWEST_PEOPLE:
        raise GradedError(
            message(
                "{n} people answered; a graded response model needs {needed}.",
                n=len(answers),
                needed=FEWEST_PEOPLE,
            ),
            message("Wait until more people have answered, or use scores and alpha."),
        )
    alike = [code for code, own in zip(codes, levels, strict=True) if len(own) < 2]
    if alike:
        raise GradedError(
            message("Everybody gave the same answer to {codes}.", codes=", ".join(alike)),
            message("Leave these questions out of the model."),
        )
