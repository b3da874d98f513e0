"""A fitted factor model (因子モデルの当てはめ結果), and the fit by maximum likelihood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.language import message
from tazuna.measurement.factor.fit_indices import FitIndices, fit_indices, srmr_of
from tazuna.measurement.factor.incomplete import (
    independent,
    maximise_incomplete,
    patterns_of,
)
from tazuna.measurement.factor.matrices import Floats, Matrices
from tazuna.measurement.factor.maximum_likelihood import (
    FactorError,
    Maximum,
    Sample,
    maximise,
    sample_of,
    starting_values,
)
from tazuna.measurement.factor.model import FactorModel

_PEOPLE_A_QUESTION = 3


@dataclass(frozen=True, slots=True)
class FactorFit:
    """A fitted model.

    Parameters
    ----------
    matrices
        Model and names.
    theta, covariance
        Estimates, shape (q,), in the order of ``matrices.labels``, and their covariance (q, q).
    indices
        How well it fits.
    n
        People by group.
    incomplete
        People who left a question out; they count with what they answered (0: nobody did, or none were kept).
    log_likelihood
        None for least squares.
    improper
        Names of questions and factors whose variance came out below 0: such a model must not be read.
    """

    matrices: Matrices
    theta: Floats
    covariance: Floats
    indices: FitIndices
    n: tuple[int, ...]
    incomplete: int
    log_likelihood: float | None
    improper: tuple[str, ...]

    @property
    def std_errors(self) -> Floats:
        """Shape (q,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def aic(self) -> float | None:
        """Akaike's criterion, -2 log L + 2 q."""
        return None if self.log_likelihood is None else 2 * len(self.theta) - 2 * self.log_likelihood

    @property
    def bic(self) -> float | None:
        """Schwarz's criterion, -2 log L + q log n."""
        if self.log_likelihood is None:
            return None
        return float(np.log(sum(self.n)) * len(self.theta) - 2 * self.log_likelihood)


def fit_ml(groups: Sequence[Floats], names: Sequence[str], model: FactorModel) -> FactorFit:
    """Fit by maximum likelihood; where answers are missing, with everybody's answers (FIML).

    Parameters
    ----------
    groups
        One array a group, shape (n, p): columns ``names``, NaN = not answered.
    names
        Of the columns; others than the model's questions are left out.
    model
        From `tazuna.measurement.factor.model.parse_model`.

    Raises
    ------
    FactorError
        A question that is no column, too few people, a question without variance, a model that is not
        identified or does not settle.
    """
    values = [data[:, columns_of(names, model)] for data in groups]
    expect_people(values, model)
    some = [data[np.isfinite(data).any(axis=1)] for data in values]
    incomplete = sum(int(np.isnan(data).any(axis=1).sum()) for data in some)
    if not incomplete:
        return fit_moments([sample_of(data) for data in some], model)
    if not model.with_means:
        raise ValueError("incomplete answers need a model with means")
    matrices = Matrices(model)
    patterns = tuple(patterns_of(data) for data in some)
    solution = maximise_incomplete(matrices, patterns)
    found, likelihood = solution.maximum, solution.log_likelihood
    alone = sum(independent(part) for part in patterns)
    baseline = 2 * (likelihood + found.discrepancy / 2 - alone)
    return _factor_fit(matrices, found, solution.samples, baseline, likelihood, incomplete)


def fit_moments(
    samples: Sequence[Sample], model: FactorModel, start: Mapping[str, float] | None = None
) -> FactorFit:
    """Fit by maximum likelihood to means and covariances of complete rows.

    Parameters
    ----------
    samples
        One a group, in the order of ``model.observed``.
    model
        The model.
    start
        Label → value to begin with, e.g. of a model nearby; others begin with computed values.

    Raises
    ------
    FactorError
        A model that is not identified or does not settle.
    """
    matrices = Matrices(model)
    theta = starting_values(matrices, samples)
    if start is not None:
        theta = np.array([start.get(label, at) for label, at in zip(matrices.labels, theta, strict=True)])
    found = maximise(matrices, samples, theta)
    best = sum(_normal(sample, sample) for sample in samples)
    alone = sum(_normal(sample, _diagonal(sample)) for sample in samples)
    return _factor_fit(matrices, found, samples, 2 * (best - alone), best - found.discrepancy / 2, 0)


def _factor_fit(
    matrices: Matrices,
    found: Maximum,
    samples: Sequence[Sample],
    baseline: float,
    likelihood: float,
    incomplete: int,
) -> FactorFit:
    return FactorFit(
        matrices=matrices,
        theta=found.theta,
        covariance=found.covariance,
        indices=_indices(matrices, found, samples, baseline),
        n=tuple(sample.n for sample in samples),
        incomplete=incomplete,
        log_likelihood=likelihood,
        improper=improper_variances(matrices, found.theta),
    )


def columns_of(names: Sequence[str], model: FactorModel) -> list[int]:
    """Column of each of the model's questions.

    Raises
    ------
    FactorError
        A question that is no column.
    """
    missing = [name for name in model.observed if name not in names]
    if missing:
        raise FactorError(
            message("The model names {names}, which the table does not have.", names=", ".join(missing)),
            message("The table has {columns}.", columns=", ".join(names)),
        )
    return [list(names).index(name) for name in model.observed]


def complete_answers(groups: Sequence[Floats], names: Sequence[str], model: FactorModel) -> list[Floats]:
    """Of each group the answers to the model's questions, people with all of them only.

    Raises
    ------
    FactorError
        As `columns_of`.
    """
    columns = columns_of(names, model)
    own = [answers[:, columns] for answers in groups]
    return [answers[np.isfinite(answers).all(axis=1)] for answers in own]


def expect_people(values: Sequence[Floats], model: FactorModel) -> None:
    """Refuse groups that are too small, and questions that everybody answered alike.

    Raises
    ------
    FactorError
    """
    for data in values:
        people = int(np.isfinite(data).any(axis=1).sum())
        needed = _PEOPLE_A_QUESTION * data.shape[1]
        if people < needed:
            raise FactorError(
                message("{n} people answered; this factor model needs {needed}.", n=people, needed=needed),
                message("Wait until more people have answered, or use fewer questions."),
            )
        for name, column in zip(model.observed, data.T, strict=True):
            given = column[np.isfinite(column)]
            if not given.size or np.ptp(given) == 0:
                raise FactorError(
                    message("Everybody gave the same answer to {codes}.", codes=name),
                    message("Leave these questions out of the model."),
                )


def improper_variances(matrices: Matrices, theta: Floats) -> tuple[str, ...]:
    """Names whose variance is negative in some group (Heywood cases, 不適解)."""
    found = []
    for group in range(matrices.model.groups):
        _, _, spread, residual, _, _ = matrices.filled(theta, group)
        for names, matrix in ((matrices.observed, residual), (matrices.model.latent, spread)):
            found += [name for name, value in zip(names, np.diag(matrix), strict=True) if value < 0]
    return tuple(dict.fromkeys(found))


def improper_residuals(matrices: Matrices, theta: Floats) -> tuple[str, ...]:
    """Questions of which the factors explain more than all, where every question's variance is 1."""
    implied = np.diag(matrices.moments(theta).covariance)
    factors = [name for name in improper_variances(matrices, theta) if name in matrices.model.latent]
    return (*(name for name, value in zip(matrices.observed, implied, strict=True) if value > 1), *factors)


def _indices(matrices: Matrices, found: Maximum, samples: Sequence[Sample], baseline: float) -> FitIndices:
    p, means, groups = len(matrices.observed), matrices.model.with_means, len(samples)
    known = groups * (p * (p + 1) // 2 + p * means)
    n = sum(sample.n for sample in samples)
    residual = 0.0
    for group, sample in enumerate(samples):
        implied = matrices.moments(found.theta, group)
        pair = (sample.mean, implied.mean) if means else None
        residual += sample.n / n * srmr_of(sample.covariance, implied.covariance, pair)
    return fit_indices(
        found.discrepancy,
        known - len(matrices.labels),
        baseline,
        groups * p * (p - 1) // 2,
        residual,
        n,
        groups,
    )


def _normal(sample: Sample, implied: Sample) -> float:
    """Log-likelihood of complete answers."""
    p = len(sample.mean)
    apart = sample.mean - implied.mean
    seen = sample.covariance + np.outer(apart, apart)
    determinant = np.linalg.slogdet(implied.covariance)[1]
    trace = np.trace(np.linalg.solve(implied.covariance, seen))
    return float(-sample.n / 2 * (p * np.log(2 * np.pi) + determinant + trace))


def _diagonal(sample: Sample) -> Sample:
    return Sample(sample.n, np.diag(np.diag(sample.covariance)), sample.mean)
