"""Folds (分割): who is left out while the chance and the outcome of whom are learned."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.estimate import Flags, Integers

FOLDS = 5


def draw_folds(
    treated: Flags, rng: np.random.Generator, *, count: int = FOLDS, clusters: Integers | None = None
) -> Integers:
    """Put people into folds of nearly equal size, each with nearly the same share of treated people.

    Parameters
    ----------
    treated
        Shape (n,).
    rng
        Shuffles; the same state gives the same folds.
    count
        Number of folds, two or more.
    clusters
        Cluster of each person, shape (n,): then clusters stay whole, dealt out in random order (Chiang, Kato,
        Ma & Sasaki 2022, doi:10.1080/07350015.2021.1895815), and shares of treated people vary.

    Returns
    -------
    Integers
        Fold 0 … count-1 of each person, shape (n,).

    Examples
    --------
    >>> folds = draw_folds(np.arange(10) < 5, np.random.default_rng(1))
    >>> [int((folds[:5] == fold).sum()) for fold in range(5)]
    [1, 1, 1, 1, 1]
    """
    if count < 2:
        raise ValueError(f"{count} folds: at least two are needed")
    if clusters is None:
        people = rng.permutation(len(treated))
        order = people[np.argsort(treated[people], kind="stable")]
        return _dealt(order, count)
    code = np.unique(clusters, return_inverse=True)[1]
    return _dealt(rng.permutation(int(code.max()) + 1), count)[code]


def _dealt(order: Integers, count: int) -> Integers:
    """Like cards: the i-th of ``order`` goes to fold i modulo count."""
    folds = np.empty(len(order), dtype=np.int64)
    folds[order] = np.arange(len(order)) % count
    return folds
