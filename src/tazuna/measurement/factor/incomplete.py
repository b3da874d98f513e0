"""Incomplete answers (欠測のある回答): everybody counts with what they answered (FIML, 完全情報最尤法).

Unbiased where not answering depends on nothing but what was answered (missing at random).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.measurement.factor.matrices import Floats, Matrices
from tazuna.measurement.factor.maximum_likelihood import (
    Maximum,
    Sample,
    discrepancy,
    maximise,
    not_identified,
    not_settled,
)

Flags = npt.NDArray[np.bool_]

_CYCLES = 2000
_SETTLED = 1e-7
_NUDGE = 1e-3
_WORSE = 1e-10
_NOTHING_KNOWN = 1e-9


@dataclass(frozen=True, slots=True)
class Patterns:
    """People grouped by which of p questions they answered: k patterns.

    Parameters
    ----------
    answered
        Shape (k, p).
    n
        Shape (k,): people.
    mean, covariance
        Shapes (k, p), (k, p, p): of each pattern's people, divided by their number; 0 where not answered.
    """

    answered: Flags
    n: Floats
    mean: Floats
    covariance: Floats

    @property
    def people(self) -> int:
        """How many in all."""
        return int(self.n.sum())


def patterns_of(values: Floats) -> Patterns:
    """Group rows of shape (n, p), NaN = not answered; rows without any answer are left out."""
    there = np.isfinite(values)
    some = there.any(axis=1)
    answered, pattern = np.unique(there[some], axis=0, return_inverse=True)
    pattern = pattern.ravel()
    rows, n = np.where(there[some], values[some], 0.0), np.bincount(pattern).astype(np.float64)
    mean, covariance = np.zeros(answered.shape), np.zeros((*answered.shape, values.shape[1]))
    np.add.at(mean, pattern, rows)
    mean /= n[:, None]
    for number in range(len(n)):
        centred = rows[pattern == number] - mean[number]
        covariance[number] = centred.T @ centred / n[number]
    return Patterns(answered, n, mean, covariance)


def log_likelihood(patterns: Patterns, covariance: Floats, mean: Floats) -> float:
    """Of multivariate normal answers; -inf where the covariance is not positive definite."""
    try:
        root = np.linalg.cholesky(_own(patterns, covariance))
    except np.linalg.LinAlgError:
        return -np.inf
    apart = np.where(patterns.answered, patterns.mean - mean, 0.0)
    seen = patterns.covariance + apart[:, :, None] * apart[:, None, :]
    trace = (_inverses(patterns, covariance) * seen).sum(axis=(1, 2))
    determinant = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    constant = patterns.answered.sum(axis=1) * np.log(2 * np.pi)
    return float(-(patterns.n / 2) @ (constant + determinant + trace))


def expected_sample(patterns: Patterns, covariance: Floats, mean: Floats) -> Sample:
    """Moments of all questions, expected from what was answered (Dempster, Laird & Rubin 1977)."""
    slope = covariance @ _inverses(patterns, covariance)
    apart = np.where(patterns.answered, patterns.mean - mean, 0.0)
    here = mean + np.einsum("kij,kj->ki", slope, apart)
    spread = slope @ patterns.covariance @ slope.swapaxes(1, 2) + covariance - slope @ covariance
    share = patterns.n / patterns.n.sum()
    centre = share @ here
    products = np.tensordot(share, spread, 1) + (here * share[:, None]).T @ here
    return Sample(patterns.people, products - np.outer(centre, centre), centre)


def _own(patterns: Patterns, covariance: Floats) -> Floats:
    """Covariances of what each pattern answered, shape (k, p, p), with ones for the rest."""
    both = patterns.answered[:, :, None] & patterns.answered[:, None, :]
    return np.asarray(
        np.where(both, covariance, 0.0) + np.eye(len(covariance)) * ~patterns.answered[:, None, :]
    )


def _inverses(patterns: Patterns, covariance: Floats) -> Floats:
    """Their inverses, with zeros for the rest."""
    inverse = np.linalg.inv(_own(patterns, covariance))
    return np.asarray(inverse * (patterns.answered[:, :, None] & patterns.answered[:, None, :]))


def saturated(patterns: Patterns) -> Sample:
    """Means and covariances that make the answers most likely, without a model.

    Raises
    ------
    FactorError
        No convergence.
    """
    mean, variance = _one_by_one(patterns)
    covariance = np.diag(variance)
    for _ in range(_CYCLES):
        found = expected_sample(patterns, covariance, mean)
        moved = max(np.abs(found.covariance - covariance).max(), np.abs(found.mean - mean).max())
        mean, covariance = found.mean, found.covariance
        if moved < _SETTLED * max(1.0, float(np.abs(covariance).max())):
            return found
    raise not_settled()


def independent(patterns: Patterns) -> float:
    """Log-likelihood of the model in which no two questions go together."""
    mean, variance = _one_by_one(patterns)
    return log_likelihood(patterns, np.diag(variance), mean)


def _one_by_one(patterns: Patterns) -> tuple[Floats, Floats]:
    """Mean and variance of each question, of those who answered it; shapes (p,)."""
    share = patterns.n[:, None] * patterns.answered
    share = share / share.sum(axis=0)
    mean = (share * patterns.mean).sum(axis=0)
    squares = np.diagonal(patterns.covariance, axis1=1, axis2=2) + patterns.mean**2
    return mean, (share * squares).sum(axis=0) - mean**2


@dataclass(frozen=True, slots=True)
class IncompleteMaximum:
    """Where the likelihood of incomplete answers is highest.

    Parameters
    ----------
    maximum
        Estimates; their covariance comes from the observed information.
    log_likelihood
        Of the model.
    samples
        Moments of each group without a model.
    """

    maximum: Maximum
    log_likelihood: float
    samples: tuple[Sample, ...]


def maximise_incomplete(matrices: Matrices, groups: tuple[Patterns, ...]) -> IncompleteMaximum:
    """Fit a model with means to incomplete answers.

    The gradient of the incomplete answers is that of their expected moments (Fisher's identity); steps go by
    the information that complete answers would hold (Lange 1995, doi:10.1111/j.2517-6161.1995.tb02037.x).
    Errors come from the observed information, which missing answers need (Kenward & Molenberghs 1998,
    doi:10.1214/ss/1028905851).

    Raises
    ------
    FactorError
        As `maximise`.
    """
    samples = tuple(saturated(patterns) for patterns in groups)
    theta = maximise(matrices, samples).theta
    value = _likelihood(matrices, groups, theta)
    for _ in range(_CYCLES):
        gradient, information = _uphill(matrices, groups, theta)
        step, share = np.linalg.solve(information, gradient), 1.0
        while (
            after := _likelihood(matrices, groups, theta + share * step)
        ) < value - _WORSE and share > _WORSE:
            share /= 2
        theta, value = theta + share * step, after
        if float(gradient @ step) < _SETTLED**1.5:
            break
    else:
        raise not_settled()
    observed = _observed_information(matrices, groups, theta, 1 / np.sqrt(np.diag(information)))
    scale = np.sqrt(np.maximum(np.diag(observed), 1e-300))
    if np.linalg.eigvalsh(observed / np.outer(scale, scale))[0] < _NOTHING_KNOWN:
        raise not_identified(matrices.labels[int(np.argmin(scale))])
    best = sum(
        log_likelihood(patterns, sample.covariance, sample.mean)
        for patterns, sample in zip(groups, samples, strict=True)
    )
    covariance = np.asarray(np.linalg.inv(observed), np.float64)
    return IncompleteMaximum(Maximum(theta, 2 * (best - value), covariance), value, samples)


def _uphill(matrices: Matrices, groups: tuple[Patterns, ...], theta: Floats) -> tuple[Floats, Floats]:
    """Gradient of the log-likelihood and the information of complete answers."""
    gradient, information = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    for group, patterns in enumerate(groups):
        implied = matrices.moments(theta, group)
        expected = expected_sample(patterns, implied.covariance, implied.mean)
        part = discrepancy(implied, expected, with_means=True)
        if part is None:
            raise not_settled()
        gradient -= patterns.people / 2 * part[1]
        information += patterns.people / 2 * part[2]
    return gradient, information


def _observed_information(
    matrices: Matrices, groups: tuple[Patterns, ...], theta: Floats, scale: Floats
) -> Floats:
    """Minus the symmetric numerical derivative of the gradient; ``scale`` are rough standard errors."""
    columns = []
    for k, size in enumerate(_NUDGE * scale):
        nudge = np.zeros(len(theta))
        nudge[k] = size
        ahead, behind = (_uphill(matrices, groups, theta + sign * nudge)[0] for sign in (1, -1))
        columns.append((behind - ahead) / (2 * size))
    found = np.array(columns)
    return np.asarray((found + found.T) / 2)


def _likelihood(matrices: Matrices, groups: tuple[Patterns, ...], theta: Floats) -> float:
    implied = [matrices.moments(theta, group) for group in range(len(groups))]
    return sum(
        log_likelihood(patterns, moments.covariance, moments.mean)
        for patterns, moments in zip(groups, implied, strict=True)
    )
