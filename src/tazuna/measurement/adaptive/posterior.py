"""What the answers so far tell of all areas at once (多次元の事後分布)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tazuna.measurement.adaptive.bank import Bank, expect_calibrated
from tazuna.measurement.graded.items import Answers, Floats
from tazuna.measurement.graded.population import grid

_PEOPLE_AT_ONCE = 4_000
_ROUNDS = 6
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class AreaPosterior:
    """Posterior of n people over A areas.

    Parameters
    ----------
    means
        Shape (n, A): expected scores (EAP推定値).
    covariances
        Shape (n, A, A).
    weights
        Shape (n, A, points): posterior of each area by itself over the grid, summing to 1.
    """

    means: Floats
    covariances: Floats
    weights: Floats

    @property
    def errors(self) -> Floats:
        """Shape (n, A): standard deviations of the posterior."""
        return np.asarray(np.sqrt(np.diagonal(self.covariances, axis1=1, axis2=2)))


@dataclass(frozen=True, slots=True)
class AreaScores:
    """Scores in deviations of the people of the calibration, whatever questions were answered.

    Parameters
    ----------
    score, error
        Shape (n, A): mean and deviation of the posterior.
    """

    score: Floats
    error: Floats


def area_scores(bank: Bank, answers: Floats) -> AreaScores:
    """Score people who may have answered different questions.

    A score from few questions lies nearer to the mean. Do not compare means of groups that were asked
    different questions, nor effects, by these scores: give everybody the fixed form, or draw plausible values
    from each group's own population (`tazuna.measurement.graded.posterior.plausible_values`).

    Parameters
    ----------
    bank
        The questions.
    answers
        Shape (n, m): as stored, NaN = not answered.

    Raises
    ------
    AdaptiveError
        The bank is not calibrated, or an answer is none that its question takes.
    """
    expect_calibrated(bank)
    blocks = [(part.means, part.errors) for part in _blocks(bank, bank.categories_of(answers))]
    none = np.empty((0, len(bank.areas)))
    return AreaScores(
        np.concatenate([none, *(means for means, _ in blocks)]),
        np.concatenate([none, *(errors for _, errors in blocks)]),
    )


def _blocks(bank: Bank, given: Answers) -> Iterator[AreaPosterior]:
    for first in range(0, len(given), _PEOPLE_AT_ONCE):
        yield area_posterior(bank, given[first : first + _PEOPLE_AT_ONCE])


def area_posterior(bank: Bank, given: Answers) -> AreaPosterior:
    """Combine each area's own likelihood with the normal distribution of all areas together.

    Expectation propagation (Minka 2001, arXiv:1301.2294): each area's likelihood is replaced by the normal
    curve that gives its posterior the right mean and variance, until all agree. Each question measures one
    area, so every such step is an integral over one grid. Unlike the normal curve at the posterior's peak it
    follows the skewness that a few extreme answers leave.

    Parameters
    ----------
    bank
        The questions.
    given
        Shape (n, m): categories, -1 = not answered.
    """
    theta = grid()
    likelihood = area_likelihoods(bank, given)
    prior: Floats = np.asarray(np.linalg.inv(bank.correlations), dtype=np.float64)
    precision, shift = np.zeros((2, *likelihood.shape[:2]))
    for _ in range(_ROUNDS):
        means, covariances = _joint(prior, precision, shift)
        variances = np.diagonal(covariances, axis1=1, axis2=2)
        rest_variance = 1 / (1 / variances - precision)
        rest_mean = rest_variance * (means / variances - shift)
        density = likelihood - (theta - rest_mean[..., None]) ** 2 / (2 * rest_variance[..., None])
        weights = np.exp(density - density.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        own_mean = weights @ theta
        own_variance = (weights * (theta - own_mean[..., None]) ** 2).sum(axis=-1)
        # Rounding may leave an area without answers a variance a little above what it began with.
        precision = np.maximum(1 / own_variance - 1 / rest_variance, 0.0)
        shift = np.where(precision > 0, own_mean / own_variance - rest_mean / rest_variance, 0.0)
    means, covariances = _joint(prior, precision, shift)
    return AreaPosterior(means, covariances, weights)


def _joint(prior: Floats, precision: Floats, shift: Floats) -> tuple[Floats, Floats]:
    """Means (n, A) and covariances (n, A, A) of the prior times one normal curve an area."""
    covariances = np.linalg.inv(prior + precision[:, :, None] * np.eye(len(prior)))
    return np.asarray((covariances @ shift[:, :, None])[:, :, 0]), np.asarray(covariances)


def area_likelihoods(bank: Bank, given: Answers) -> Floats:
    """Log-likelihood of each area's answers over the grid, shape (n, A, points)."""
    table = np.log(np.maximum(bank.items.chances(grid()), _SMALLEST))
    found = np.zeros((len(given), len(bank.areas), table.shape[-1]))
    for question, area in enumerate(bank.area_at):
        answered = np.flatnonzero(given[:, question] >= 0)
        found[answered, area] += table[question, given[answered, question]]
    return found
