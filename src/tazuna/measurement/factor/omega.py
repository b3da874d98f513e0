"""Omega (オメガ係数): how much of a sum score's variance the factors stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from tazuna.measurement.factor.fit import FactorFit
from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.maximum_likelihood import not_identified, not_settled

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Omega:
    """Shares of the variance of the plain sum.

    Parameters
    ----------
    total
        That all factors stand for (McDonald 1999): reliability of the sum.
    hierarchical
        That the general factor alone stands for (Zinbarg, Revelle, Yovel & Li 2005,
        doi:10.1007/s11336-003-0974-7); equal to ``total`` with one factor.
    """

    total: float
    hierarchical: float


def omega(fit: FactorFit, general: str | None = None, group: int = 0) -> Omega:
    """Omega of all questions of a model.

    Parameters
    ----------
    fit
        The model: one factor, factors under a general one, or a bifactor model.
    general
        Name of the general factor; the last of the model's where None.
    group
        From 0.
    """
    matrices = fit.matrices
    loading, path, spread, _, _, _ = matrices.filled(fit.theta, group)
    reach = np.linalg.inv(np.eye(len(path)) - path)
    whole = matrices.moments(fit.theta, group).covariance.sum()
    through = (loading @ reach).sum(axis=0)
    common = through @ spread @ through
    at = len(through) - 1 if general is None else matrices.model.latent.index(general)
    return Omega(float(common / whole), float(through[at] ** 2 * spread[at, at] / whole))


def one_factor_omega(correlations: Floats) -> Omega:
    """Omega of a scale by a single factor: 1 - Σ uniqueness / Σ R, as R's ``psych`` computes it.

    The loadings minimise the squared residual correlations (minres, Harman & Jones 1966,
    doi:10.1007/BF02289468); correlations may each rest on other people.

    Parameters
    ----------
    correlations
        Shape (p, p), p at least 3, of keyed questions.

    Returns
    -------
    Omega
        ``total`` and ``hierarchical`` are the same.

    Raises
    ------
    FactorError
        Fewer than three questions, or no convergence.
    """
    p = len(correlations)
    if p < _FEWEST:
        raise not_identified("scale")
    off = correlations - np.diag(np.diag(correlations))

    def apart(loadings: Floats) -> tuple[float, Floats]:
        rest = off - np.outer(loadings, loadings)
        np.fill_diagonal(rest, 0.0)
        return float(np.sum(rest**2) / 4), -rest @ loadings

    values, vectors = np.linalg.eigh(correlations)
    first = vectors[:, -1] * np.sqrt(max(values[-1] / p, 0.01) * p) * np.sign(vectors[:, -1].sum() or 1.0)
    found = optimize.minimize(
        apart, 0.8 * first, jac=True, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-9}
    )
    if not found.success:
        raise not_settled()
    share = float(1 - np.sum(1 - found.x**2) / correlations.sum())
    return Omega(share, share)
