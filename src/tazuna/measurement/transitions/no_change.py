"""The no-change expectation (無変化の期待値): who would seem to change group if nobody truly changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.intervals import Floats

RETEST = 0.7
"""Assumed correlation of a short measure with itself where nobody has changed; none is known for ours."""
_EDGE = 12.0
_SWEEPS = 20
_ALMOST = 1e-12
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


class TransitionError(TazunaError):
    """Transitions cannot be compared with the no-change expectation."""


def expected_of_ordered(shares: Floats, retest: float) -> Floats:
    """Transitions between ordered groups if nobody truly changed.

    The groups cut one normal variable at thresholds that give their shares; the second measurement of the
    same people correlates ``retest`` with the first. A group that was the bottom by chance has a later
    measurement that lies nearer to the mean, so people leave it (regression to the mean, Galton 1886).

    Parameters
    ----------
    shares
        Shape (G,): shares of the groups at the first wave, lowest group first; they sum to 1.
    retest
        Correlation of two measurements without true change, 0 to 1.

    Returns
    -------
    Floats
        Shape (G, G): share of each earlier group (row) that is then in each group (column). NaN in the row
        of a group that nobody is in.

    Raises
    ------
    TransitionError
        ``retest`` is no reliability.

    Examples
    --------
    >>> table = expected_of_ordered(np.array([0.3, 0.7]), 0.7)
    >>> round(float(table[0, 1]), 2)
    0.36
    """
    expect_reliability(retest)
    if retest == 1.0:
        return np.where(shares[:, None] > 0, np.eye(len(shares)), np.nan)
    cuts = np.concatenate([[0.0], np.minimum(np.cumsum(shares), 1.0)])
    cuts[-1] = 1.0
    edges = np.clip(special.ndtri(cuts), -_EDGE, _EDGE)
    below = _below_both(edges[:, None], edges, retest)
    joint = np.diff(np.diff(below, axis=0), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.maximum(joint, 0.0) / shares[:, None]
    return np.where(shares[:, None] > 0, expected, np.nan)


def retested(answers: Floats, retest: Floats, noise: Floats, within: Floats) -> Floats:
    """Answers that the same people could give at once again.

    Each question cuts a normal variable at thresholds that give its answers' shares. A person's value lies
    somewhere within their answer's interval; the second value is ``r·first + √(1-r²)·new`` with new values
    that hang together between questions as the answers do, so that a second answer has the shares and the
    correlations of the first, and correlates r with it before it is cut.

    Parameters
    ----------
    answers
        Shape (n, m): answers as whole numbers, NaN = not answered (then any value of the variable may be
        the person's).
    retest
        Shape (m,): r of each question.
    noise
        Shape (n, m): standard normal draws.
    within
        Shape (n, m): where in its interval the first value lies, 0 to 1: see `positions`.

    Returns
    -------
    Floats
        Shape (n, m), never NaN.
    """
    cuts = [_cuts(given) for given in answers.T]
    lower, upper = (np.column_stack(ends) for ends in zip(*(cut.interval for cut in cuts), strict=True))
    first = _normal(lower + within * (upper - lower))
    new = noise @ _root(np.corrcoef(first, rowvar=False).reshape(len(cuts), len(cuts))).T
    second = retest * first + np.sqrt(1 - retest**2) * new
    again = [cut.levels[np.searchsorted(cut.thresholds, second[:, at])] for at, cut in enumerate(cuts)]
    return np.column_stack(again)


def positions(answers: Floats, rng: np.random.Generator) -> Floats:
    """Where in their answers' intervals the normal values of people lie, so that they correlate.

    Drawn in turn for each question given the others (Gibbs sampling of the polychoric model: Albert 1992,
    doi:10.3102/10769986017003251, with the correlations of the values drawn so far).

    Parameters
    ----------
    answers
        As of `retested`.
    rng
        Source of the draws.

    Returns
    -------
    Floats
        Shape (n, m), 0 to 1.
    """
    cuts = [_cuts(given) for given in answers.T]
    within = rng.random(answers.shape)
    lower, upper = (np.column_stack(ends) for ends in zip(*(cut.interval for cut in cuts), strict=True))
    values = _normal(lower + within * (upper - lower))
    if len(cuts) == 1:
        return within
    for _ in range(_SWEEPS):
        precision = np.linalg.pinv(np.corrcoef(values, rowvar=False))
        for column in range(len(cuts)):
            spread = 1 / np.sqrt(precision[column, column])
            others = np.delete(values, column, axis=1) @ np.delete(precision[column], column)
            centre = -others * spread**2
            low, high = (
                special.ndtr((special.ndtri(end[:, column]) - centre) / spread) for end in (lower, upper)
            )
            drawn = low + rng.random(len(values)) * (high - low)
            values[:, column] = centre + spread * _normal(drawn)
    share = special.ndtr(values) - lower
    return np.asarray(np.clip(share / np.maximum(upper - lower, _ALMOST), 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class _Cuts:
    """How one question cuts its normal variable: ``interval`` holds each person's lower and upper share."""

    levels: Floats
    thresholds: Floats
    interval: tuple[Floats, Floats]


def _cuts(given: Floats) -> _Cuts:
    known = np.isfinite(given)
    levels, place, counts = np.unique(given[known], return_inverse=True, return_counts=True)
    ends = np.concatenate([[0.0], np.cumsum(counts) / max(counts.sum(), 1)])
    lower, upper = np.zeros(len(given)), np.ones(len(given))
    lower[known], upper[known] = ends[place], ends[place + 1]
    return _Cuts(levels, special.ndtri(ends[1:-1]), (lower, upper))


def _normal(share: Floats) -> Floats:
    return np.asarray(special.ndtri(np.clip(share, _ALMOST, 1 - _ALMOST)))


def _below_both(one: Floats, other: Floats, correlation: float) -> Floats:
    """P(Z1 < one, Z2 < other) of two normal variables: Φ(a)Φ(b) and an integral over the angle (Sheppard
    1899; Gauss–Legendre as Drezner & Wesolowsky 1990, doi:10.1080/00949659008811236).
    """
    half = np.arcsin(correlation) / 2
    sine = np.sin(half * (_NODES + 1))
    a, b = one[..., None], other[..., None]
    height = np.exp(-(a**2 + b**2 - 2 * a * b * sine) / (2 * (1 - sine**2)))
    return np.asarray(special.ndtr(one) * special.ndtr(other) + half * (height @ _WEIGHTS) / (2 * np.pi))


def expect_reliability(*retest: float) -> None:
    """Refuse numbers that are no reliability."""
    for value in retest:
        if not 0 <= value <= 1:
            raise TransitionError(
                message("A retest reliability lies between 0 and 1; {found} does not.", found=value)
            )


def _root(correlations: Floats) -> Floats:
    """A matrix whose product with its transpose is the correlations; constant questions stand alone."""
    known = np.where(np.isfinite(correlations), correlations, 0.0)
    np.fill_diagonal(known, 1.0)
    values, vectors = np.linalg.eigh(known)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))
