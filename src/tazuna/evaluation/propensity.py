"""The chance of taking part (傾向スコア) and the expected outcome, learned on some people, told of others.

Both fits carry a ridge so weak that it moves no digit that anybody reads; it keeps the fit finite where
covariates tell in one fold for certain who takes part, or a column does not vary there. Chances then come
out near 0 or 1, and the rule of overlap leaves those people out. (`logit`, for whole designs, refuses there.)
"""

from __future__ import annotations

import numpy as np
from scipy import linalg, special

from tazuna.evaluation.estimate import Flags, Floats, Integers

_GUARD = 1e-8
"""Weight of the ridge per person, on columns of unit spread."""
_STEPS = 100
_CLOSE = 1e-7
"""Gain of log likelihood per person after which to stop: steps square their error, so seven digits stand."""


def cross_fitted_chances(treated: Flags, x: Floats, folds: Integers) -> Floats:
    """Chance of taking part of each person, by a logistic regression on the other folds.

    Parameters
    ----------
    treated
        Shape (n,).
    x
        Covariates without a constant, shape (n, k).
    folds
        Fold of each person, shape (n,).

    Returns
    -------
    Floats
        Shape (n,), strictly between 0 and 1 but for rounding.
    """
    z = _standardised(x)
    taken = treated.astype(np.float64)
    chances = np.empty(len(z))
    beta = np.zeros(z.shape[1])
    for fold in np.unique(folds):
        held = folds == fold
        # The likelihood has one maximum, so beginning at the fold before changes the time, not the result.
        beta = logit_coefficients(taken[~held], z[~held], beta)
        chances[held] = special.expit(z[held] @ beta)
    return chances


def cross_fitted_outcomes(y: Floats, among: Flags, x: Floats, folds: Integers) -> Floats:
    """Outcome expected of each person, by least squares among those of the other folds in ``among``.

    Parameters
    ----------
    y
        Shape (n,).
    among
        Whom the regression learns from, shape (n,).
    x
        Covariates without a constant, shape (n, k).
    folds
        Fold of each person, shape (n,).

    Returns
    -------
    Floats
        Shape (n,).
    """
    z = _standardised(x)
    expected = np.empty(len(z))
    rows = z[among]
    outcome, inside = y[among], folds[among]
    centre = float(outcome.mean())
    # Sums over all folds once; each fold's own are then taken off, so no row is multiplied twice.
    grams, products = [], []
    for fold in np.unique(folds):
        own = rows[inside == fold]
        grams.append(own.T @ own)
        products.append(own.T @ (outcome[inside == fold] - centre))
    gram, product = sum(grams), sum(products)
    for fold, own_gram, own_product in zip(np.unique(folds), grams, products, strict=True):
        held = folds == fold
        beta = _solved(gram - own_gram, product - own_product, int((inside != fold).sum()))
        expected[held] = centre + z[held] @ beta
    return expected


def logit_coefficients(taken: Floats, z: Floats, start: Floats) -> Floats:
    """Maximum of the guarded log likelihood Σ [d z'β - log(1+exp(z'β))] - ½ λ Σ β² by Newton's steps.

    Steps are halved until the likelihood rises: from far away a full step may overshoot without end.

    Parameters
    ----------
    taken
        0 or 1, shape (n,).
    z
        Columns of unit spread, the first of ones, shape (n, k).
    start
        Shape (k,).

    Returns
    -------
    Floats
        Shape (k,).

    Raises
    ------
    ArithmeticError
        If the steps do not come to rest, which finite columns do not bring about.
    """
    weight = _GUARD * len(z)
    beta, line = start, z @ start
    height = _height(taken, line, beta, weight)
    for _ in range(_STEPS):
        chances = special.expit(line)
        half = z * np.sqrt(chances * (1 - chances))[:, None]
        hessian = half.T @ half
        hessian[np.diag_indices_from(hessian)] += weight
        step: Floats = linalg.solve(hessian, z.T @ (taken - chances) - weight * beta, assume_a="pos")
        moved = z @ step
        size = 1.0
        while (gained := _height(taken, line + size * moved, beta + size * step, weight) - height) < 0:
            size /= 2
            if size < 1e-10:
                return beta
        beta, line, height = beta + size * step, line + size * moved, height + gained
        if gained < _CLOSE * len(z):
            return beta
    raise ArithmeticError("the logistic regression did not settle")


def _height(taken: Floats, line: Floats, beta: Floats, weight: float) -> float:
    return float(taken @ line - np.logaddexp(0, line).sum() - 0.5 * weight * (beta @ beta))


def _standardised(x: Floats) -> Floats:
    """Shape (n, k + 1): a column of ones, then columns of mean 0 and spread 1."""
    spread = x.std(axis=0)
    return np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)])


def _solved(gram: Floats, product: Floats, n: int) -> Floats:
    guarded = gram + _GUARD * n * np.eye(len(gram))
    found: Floats = linalg.solve(guarded, product, assume_a="pos")
    return found
