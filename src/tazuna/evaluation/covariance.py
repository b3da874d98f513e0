"""Covariance matrices of least squares, from the orthogonal factor Q of the columns."""

from __future__ import annotations

from typing import Literal

import numpy as np

from tazuna.evaluation.estimate import Floats, Integers

_WHOLE = 1 - 1e-9
"""Leverage from which on a row or cluster alone decides of a direction."""


def row_covariance(
    q: Floats,
    residuals: Floats,
    inverse: Floats,
    kind: Literal["classical", "hc2", "hc3", "cr1", "cr2"],
    free: int,
) -> Floats:
    """Covariance that treats rows as independent.

    Parameters
    ----------
    q
        Orthonormal columns, shape (n, k), with X = QR.
    residuals
        Shape (n,), weighted as the columns are.
    inverse
        R⁻¹, shape (k, k).
    kind
        ``classical``, ``hc2`` or ``hc3``.
    free
        Rows less parameters.

    Returns
    -------
    Floats
        Shape (k, k); NaN for columns of which one row decides, except in ``classical``.
    """
    if kind == "classical":
        return inverse @ inverse.T * float(residuals @ residuals) / free
    leverage = (q**2).sum(axis=1)
    alone = leverage > _WHOLE
    share = np.where(alone, 1.0, 1 - leverage)
    squares = np.where(alone, 0.0, residuals**2 / share ** (1 if kind == "hc2" else 2))
    covariance = inverse @ (q.T @ (q * squares[:, None])) @ inverse.T
    return _without(covariance, inverse @ q[alone].T)


def cluster_covariance(
    q: Floats,
    residuals: Floats,
    inverse: Floats,
    clusters: Integers,
    kind: Literal["classical", "hc2", "hc3", "cr1", "cr2"],
    free: int,
) -> Floats:
    """Covariance that lets the rows of a cluster move together.

    With orthonormal columns CR2 needs only small matrices: Q_g'(I - Q_g Q_g')^(-½) e_g =
    (I - Q_g'Q_g)^(-½) Q_g' e_g, of size k whatever the size of the cluster.

    Parameters
    ----------
    q, residuals, inverse
        As of `row_covariance`.
    clusters
        Cluster of each row, shape (n,).
    kind
        ``cr1`` or ``cr2``.
    free
        Rows less parameters, for the correction of ``cr1``.

    Returns
    -------
    Floats
        Shape (k, k); NaN for columns of which one cluster decides.
    """
    code = np.unique(clusters, return_inverse=True)[1]
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(code.max() + 1))
    sorted_q = q[order]
    scores = np.add.reduceat(sorted_q * residuals[order, None], starts)
    grams = np.stack([np.add.reduceat(sorted_q * column[:, None], starts) for column in sorted_q.T], axis=1)
    shares, directions = np.linalg.eigh(grams)
    alone = shares > _WHOLE
    decided = inverse @ np.swapaxes(directions, 1, 2)[alone].T
    if kind == "cr2":
        turned = np.einsum("gij,gi->gj", directions, scores)
        turned *= np.where(alone, 0.0, 1 / np.sqrt(np.where(alone, 1.0, 1 - shares)))
        scores = np.einsum("gij,gj->gi", directions, turned)
        correction = 1.0
    else:
        groups, n = len(starts), len(q)
        correction = groups / (groups - 1) * (n - 1) / free
    covariance = inverse @ (scores.T @ scores) @ inverse.T * correction
    return _without(covariance, decided)


def _without(covariance: Floats, decided: Floats) -> Floats:
    """NaN where a single unit decides; ``decided`` (k, m) says how much each unit moves each coefficient."""
    if decided.size:
        scale = np.abs(decided).max(axis=0)
        lost = (np.abs(decided) > 1e-8 * scale).any(axis=1)
        covariance[lost] = np.nan
        covariance[:, lost] = np.nan
    return covariance
