"""What a person's answers tell of θ: posterior, expected score (EAP推定値), plausible values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tazuna.measurement.graded.items import Answers, Floats, GradedItems
from tazuna.measurement.graded.kernels import log_chances, posteriors
from tazuna.measurement.graded.population import Populations, grid

_PEOPLE_AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class PersonScores:
    """Scores in standard deviations of the population that the questions were calibrated on.

    Parameters
    ----------
    score
        Shape (n,): mean of the posterior (expected a posteriori, Bock & Mislevy 1982,
        doi:10.1177/014662168200600405).
    error
        Shape (n,): its standard deviation.
    """

    score: Floats
    error: Floats

    @property
    def reliability(self) -> float:
        """Marginal reliability: variance of the scores over that of the scores and their errors."""
        between = float(self.score.var())
        return between / (between + float((self.error**2).mean()))


def expected_scores(
    items: GradedItems, given: Answers, populations: Populations | None = None
) -> PersonScores:
    """Score everybody.

    Parameters
    ----------
    items
        Calibrated.
    given
        Shape (n, m): categories from 0, -1 = not answered (`items.as_categories`).
    populations
        One group; standard normal where None.
    """
    theta = grid()
    means, squares = [], []
    for _, posterior in posterior_blocks(items, given, populations):
        means.append(posterior @ theta)
        squares.append(posterior @ theta**2)
    score = np.concatenate([*means, np.empty(0)])
    return PersonScores(score, np.sqrt(np.maximum(np.concatenate([*squares, np.empty(0)]) - score**2, 0.0)))


def plausible_values(
    items: GradedItems,
    given: Answers,
    values: int,
    rng: np.random.Generator,
    populations: Populations | None = None,
) -> Floats:
    """Draws of θ from everybody's posterior (推算値; Mislevy 1991, doi:10.1007/BF02294627).

    A group's mean and spread over them are unbiased where ``populations`` is the group's own distribution; by
    another one they are drawn towards its mean, as expected scores are. Each value is uniform between the
    grid's points, so that no two people need be equal.

    Returns
    -------
    Floats
        Shape (values, n).
    """
    theta = grid()
    half = (theta[1] - theta[0]) / 2
    drawn = []
    for _, posterior in posterior_blocks(items, given, populations):
        reached = np.cumsum(posterior, axis=1)
        uniform = rng.random((values, len(posterior), 1)) * reached[:, -1:]
        at = np.minimum((uniform > reached).sum(axis=2), len(theta) - 1)
        drawn.append(theta[at] + rng.uniform(-half, half, at.shape))
    return np.concatenate([*drawn, np.empty((values, 0))], axis=1)


def posterior_blocks(
    items: GradedItems, given: Answers, populations: Populations | None = None
) -> Iterator[tuple[Answers, Floats]]:
    """Some people's answers with their posterior over the grid, shape (some, points), block by block."""
    theta = grid()
    parameters = np.column_stack([items.slopes, items.intercepts])
    table = np.zeros((*parameters.shape, theta.size))
    log_chances(parameters, items.categories, theta, table)
    weights = (populations or Populations.standard(1)).log_weights()[0]
    own = np.arange(len(items.codes))
    for first in range(0, len(given), _PEOPLE_AT_ONCE):
        some = given[first : first + _PEOPLE_AT_ONCE]
        found = np.empty((len(some), theta.size))
        posteriors(some, own, table, weights, found)
        yield some, found
