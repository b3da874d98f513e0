"""Fitting a graded response model (段階反応モデルの当てはめ), its standard errors and when it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.graded.estimation import GradedModel, Solution, items_of, maximum
from tazuna.measurement.graded.items import Answers, Floats, GradedItems, as_categories, levels_of
from tazuna.measurement.graded.population import Populations, grid
from tazuna.measurement.graded.posterior import posterior_blocks

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
    some = answers[np.isfinite(answers).any(axis=1)]
    levels = levels_of(some)
    _expect_data(some, codes, levels)
    given = as_categories(some, levels)
    model = single_group(given, levels)
    found = maximum(model, tolerance=tolerance)
    expect_converged(found)
    return GradedFit(
        items=items_of(tuple(codes), levels, found.parameters),
        std_errors=_std_errors(given, tuple(codes), levels, found),
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


def _std_errors(
    given: Answers, codes: tuple[str, ...], levels: tuple[tuple[int, ...], ...], found: Solution
) -> Floats:
    """From the cross-product of everybody's scores (Bock & Lieberman 1970, doi:10.1007/BF02291262).

    A person's score is the posterior mean of the derivative of log P(answer | θ).
    """
    items = items_of(codes, levels, found.parameters)
    slopes = _derivatives(items)
    m, c = found.parameters.shape
    own = np.isfinite(found.parameters)
    information = np.zeros((int(own.sum()), int(own.sum())))
    for answers, posterior in posterior_blocks(items, given, Populations.standard(1)):
        by_answer = (posterior @ slopes.reshape(m * c * c, -1).T).reshape(len(answers), m, c, c)
        place = np.maximum(answers, 0).astype(np.int64)
        scores = np.take_along_axis(by_answer, place[:, :, None, None], axis=2)[:, :, 0, :]
        scores = np.where(answers[:, :, None] >= 0, scores, 0.0)[:, own]
        information += scores.T @ scores
    errors = np.full((m, c), np.nan)
    errors[own] = np.sqrt(np.diag(np.linalg.inv(information)))
    return errors


def _derivatives(items: GradedItems) -> Floats:
    """∂ log P_k / ∂(a, d_1, …) at each θ: shape (m, c, c, points)."""
    theta = grid()
    chances = np.maximum(items.chances(theta), 1e-300)
    m, c, points = chances.shape
    reach = np.nan_to_num(
        1 / (1 + np.exp(-(items.slopes[:, None, None] * theta + items.intercepts[:, :, None]))), nan=0.0
    )
    by = reach * (1 - reach)
    found = np.zeros((m, c, c, points))
    for step in range(1, c):
        rise = by[:, step - 1]
        found[:, step, step] += rise
        found[:, step - 1, step] -= rise
        found[:, step, 0] += rise * theta
        found[:, step - 1, 0] -= rise * theta
    return np.asarray(found / chances[:, :, None, :])
