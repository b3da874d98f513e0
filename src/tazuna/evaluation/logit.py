"""Logistic regression (ロジスティック回帰): the chance of taking part, given covariates.

Exact, many times over for a staggered roll-out, and refused where covariates separate the two sides. That of
`propensity` instead keeps a ridge and finite chances there, because a person is left out by overlap, not a
design; it measures its height at every step, which takes about three times as long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from tazuna.evaluation.estimate import Floats
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message

_STEPS = 50
_CLOSE = 1e-10
_CERTAIN = 1e-8
"""A fitted chance as near as this to 0 or 1 means that the covariates separate the two sides."""


@dataclass(frozen=True, slots=True)
class Logit:
    """A fitted logistic regression.

    Parameters
    ----------
    coefficients
        Shape (k,).
    chances
        Shape (n,): fitted probability of each row.
    inverse
        Shape (k, k): (X'WX)⁻¹ with W = p(1-p), the covariance of the coefficients.
    """

    coefficients: Floats
    chances: Floats
    inverse: Floats

    def predict(self, x: Floats) -> Floats:
        """Probability for the rows of ``x``, shape (rows, k)."""
        chances: Floats = special.expit(x @ self.coefficients)
        return chances


def logit(taken: Floats, x: Floats) -> Logit | Refusal:
    """Maximum likelihood by Newton's steps (iteratively reweighted least squares).

    Parameters
    ----------
    taken
        0 or 1, shape (n,).
    x
        Columns with a constant and of full rank, shape (n, k).

    Returns
    -------
    Logit or Refusal
        Refused with code ``no_overlap`` where covariates tell for certain who takes part.
    """
    scale = np.maximum(np.sqrt((x**2).mean(axis=0)), 1e-300)
    z = np.asfortranarray(x / scale)
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        chances = special.expit(z @ beta)
        if min(chances.min(), 1 - chances.max()) < _CERTAIN:
            return _separated()
        hessian = (z * (chances * (1 - chances))[:, None]).T @ z
        step = np.linalg.solve(hessian, z.T @ (taken - chances))
        # A long step overshoots where sides differ much; the likelihood is concave, so shorter ones arrive.
        step *= min(1.0, 5.0 / max(float(np.abs(z @ step).max()), 1e-300))
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            inverse = np.linalg.inv(hessian) / np.outer(scale, scale)
            return Logit(beta / scale, special.expit(z @ beta), inverse)
    return _separated()


def _separated() -> Refusal:
    return Refusal(
        "no_overlap",
        message("The covariates tell for certain who takes part, so nobody comparable is left."),
        message("Take out covariates that decide about taking part, or widen who is compared."),
    )
