"""Maximum likelihood of a factor model (最尤法による確認的因子分析) from means and covariances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.factor.matrices import Floats, Matrices, Moments

_STEPS = 500
_SMALLEST_STEP = 1e-9
_FLAT = 1e-9
_NOTHING_KNOWN = 1e-9


class FactorError(TazunaError):
    """The answers cannot carry the model."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Moments of one group as observed.

    Parameters
    ----------
    n
        People.
    covariance
        Shape (p, p), divided by n.
    mean
        Shape (p,).
    """

    n: int
    covariance: Floats
    mean: Floats


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where the likelihood is highest.

    Parameters
    ----------
    theta
        Shape (q,), in the order of `Matrices.labels`.
    discrepancy
        Σ n_g F_g: the χ² against a model that fits exactly.
    covariance
        Shape (q, q): of the estimates, from the expected information.
    """

    theta: Floats
    discrepancy: float
    covariance: Floats


def sample_of(values: Floats) -> Sample:
    """Moments of complete rows, shape (n, p)."""
    mean = values.mean(axis=0)
    centred = values - mean
    return Sample(len(values), centred.T @ centred / len(values), mean)


def maximise(matrices: Matrices, samples: Sequence[Sample], start: Floats | None = None) -> Maximum:
    """Fisher scoring on F = log|Σ| + tr(S Σ⁻¹) - log|S| - p + (m - μ)ᵀ Σ⁻¹ (m - μ), the last if modelled.

    (Jöreskog 1969, doi:10.1007/BF02289343; multiplier n as lavaan's default.) A step that does not improve is
    halved.

    Raises
    ------
    FactorError
        Answers without variance, a model that is not identified, or no convergence.
    """
    theta = starting_values(matrices, samples) if start is None else start.copy()
    value, gradient, information = discrepancy_of(matrices, samples, theta)
    for _ in range(_STEPS):
        step = solved(information, -gradient, matrices.labels)
        share = 1.0
        while True:
            trial = theta + share * step
            after = discrepancy_of(matrices, samples, trial)
            if after[0] <= value + 1e-12 * abs(value) or share < _SMALLEST_STEP:
                break
            share /= 2
        done = float(np.abs(after[1] @ step)) < _FLAT and share == 1.0
        theta, (value, gradient, information) = trial, after
        if done:
            break
        if share < _SMALLEST_STEP:
            raise not_settled()
    else:
        raise not_settled()
    # F is minus twice a person's log-likelihood, so the information is half its Hessian.
    return Maximum(theta, value, np.asarray(np.linalg.inv(information) * 2, np.float64))


def not_settled() -> FactorError:
    """No convergence."""
    return FactorError(
        message("The factor model did not settle."),
        message("Use fewer factors, or leave out questions that hardly go together with the others."),
    )


def starting_values(matrices: Matrices, samples: Sequence[Sample]) -> Floats:
    """Loadings of .7 standard deviations with the sign of the question, half of the variance unique."""
    theta = np.zeros(len(matrices.labels))
    at = {label: place for place, label in enumerate(matrices.labels)}
    for parameter in reversed(matrices.model.parameters):
        if not parameter.is_free:
            continue
        sample = samples[parameter.group]
        kind, i, j = matrices.place(parameter)
        match kind:
            case "loading":
                value = 0.7 * np.sqrt(sample.covariance[i, i]) * _sign(matrices, sample, parameter.left, i)
            case "residual":
                value = 0.5 * sample.covariance[i, i] if i == j else 0.0
            case "spread":
                value = 0.5 if i == j else 0.0
            case "intercept":
                value = sample.mean[i]
            case "path":
                value = 0.5
            case _:
                value = 0.0
        theta[at[parameter.label]] = value
    return theta


def _sign(matrices: Matrices, sample: Sample, factor: str, row: int) -> float:
    """Of the question in the first principal component of its factor's questions."""
    own = [matrices.observed.index(name) for name in matrices.model.indicators(factor)]
    spread = np.sqrt(np.diag(sample.covariance)[own])
    vector = np.linalg.eigh(sample.covariance[np.ix_(own, own)] / np.outer(spread, spread))[1][:, -1]
    vector = vector * np.sign(vector.sum() or 1.0)
    return float(np.sign(vector[own.index(row)]) or 1.0)


def discrepancy_of(
    matrices: Matrices, samples: Sequence[Sample], theta: Floats
) -> tuple[float, Floats, Floats]:
    """Discrepancy (infinite where Σ is not positive definite), gradient (q,), expected Hessian (q, q)."""
    q = len(theta)
    value, gradient, information = 0.0, np.zeros(q), np.zeros((q, q))
    for group, sample in enumerate(samples):
        implied = matrices.moments(theta, group)
        part = discrepancy(implied, sample, with_means=matrices.model.with_means)
        if part is None:
            return np.inf, gradient, information
        value += sample.n * part[0]
        gradient += sample.n * part[1]
        information += sample.n * part[2]
    return value, gradient, information


def discrepancy(implied: Moments, sample: Sample, *, with_means: bool) -> tuple[float, Floats, Floats] | None:
    """F of one group, its gradient and expected Hessian; None where Σ is not positive definite."""
    try:
        root = np.linalg.cholesky(implied.covariance)
        observed = np.linalg.slogdet(sample.covariance)
    except np.linalg.LinAlgError:
        return None
    inverse = np.linalg.inv(implied.covariance)
    apart = sample.mean - implied.mean if with_means else np.zeros(len(inverse))
    seen = sample.covariance + np.outer(apart, apart)
    value = 2 * np.log(np.diag(root)).sum() + np.sum(inverse * seen) - observed[1] - len(inverse)
    left, right = inverse @ implied.left, inverse @ implied.right
    rest = implied.covariance - seen
    gradient = 2 * np.einsum("ik,ij,jk->k", left, rest, right)
    # tr(Σ⁻¹ ∂Σ_k Σ⁻¹ ∂Σ_l) of slopes l rᵀ + r lᵀ.
    information = 2 * (
        (implied.left.T @ left) * (implied.right.T @ right)
        + (implied.left.T @ right) * (implied.right.T @ left)
    )
    if with_means:
        gradient -= 2 * implied.mean_slope.T @ (inverse @ apart)
        information = information + 2 * implied.mean_slope.T @ inverse @ implied.mean_slope
    return float(value), implied.join.T @ gradient, implied.join.T @ information @ implied.join


def solved(information: Floats, right: Floats, labels: Sequence[str]) -> Floats:
    """Solve for a step.

    Raises
    ------
    FactorError
        A direction carries no information.
    """
    scale = np.sqrt(np.diag(information))
    if not (scale > 0).all():
        raise not_identified(labels[int(np.argmin(scale))])
    scaled = information / np.outer(scale, scale)
    try:
        root = linalg.cho_factor(scaled - _NOTHING_KNOWN * np.eye(len(scale)), check_finite=False)
    except linalg.LinAlgError:
        direction = np.linalg.eigh(scaled)[1][:, 0]
        raise not_identified(labels[int(np.argmax(np.abs(direction)))]) from None
    return np.asarray(linalg.cho_solve(root, right / scale, check_finite=False) / scale)


def not_identified(label: str) -> FactorError:
    """The answers cannot tell a parameter."""
    return FactorError(
        message("The model is not identified: the answers cannot tell {parameter}.", parameter=label),
        message("Give the factor three questions or more, fix a loading, or join factors."),
    )
