"""Thresholds and polychoric correlations of ordered answers, with their asymptotic covariance."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import special

from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.polychoric_loops import Answers, Integers, correlate, fill_scores

Flags = npt.NDArray[np.bool_]

_PEOPLE_AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """What ordered answers tell of p questions.

    Parameters
    ----------
    n
        People.
    thresholds
        Shape (p, c - 1): of the standard normal variable behind each question; NaN beyond its categories.
    correlations
        Shape (p, p): of these variables.
    upper, lower
        Shape (pairs,): the questions of each pair, ``upper`` the later one.
    gamma
        Shape (t + pairs, t + pairs): n times the asymptotic covariance of all t thresholds (question by
        question) and the correlations (Muthén 1984, doi:10.1007/BF02294210; Jöreskog 1994,
        doi:10.1007/BF02296131).
    threshold_count
        t.
    """

    n: int
    thresholds: Floats
    correlations: Floats
    upper: Integers
    lower: Integers
    gamma: Floats
    threshold_count: int

    @property
    def pairs(self) -> Floats:
        """Shape (pairs,): the correlations."""
        return np.asarray(self.correlations[self.upper, self.lower])


def ordinal_moments(answers: Answers, categories: Integers) -> OrdinalMoments:
    """Estimate thresholds one by one and each correlation given its two questions' thresholds.

    Parameters
    ----------
    answers
        Shape (n, p), complete: categories 0, 1, … each chosen by somebody.
    categories
        Shape (p,).
    """
    n, p = answers.shape
    c = int(categories.max())
    counts = np.stack([np.bincount(column, minlength=c) for column in answers.T]).astype(np.float64)
    steps = np.arange(1, c) < categories[:, None]
    with np.errstate(invalid="ignore"):
        thresholds = np.where(steps, special.ndtri(np.cumsum(counts, axis=1)[:, :-1] / n), np.nan)
    upper, lower = (part.astype(np.int64) for part in np.tril_indices(p, -1))
    pairs = len(upper)
    tables = _tables(answers, c, upper, lower, categories)
    correlations, information = np.empty(pairs), np.empty(pairs)
    scores = np.zeros((pairs, c, c))
    cross = np.zeros((2, pairs, c - 1))
    with ThreadPoolExecutor(threads := os.cpu_count() or 1) as pool:
        bounds = np.linspace(0, pairs, 4 * threads + 1).astype(int)
        parts = [
            pool.submit(
                correlate,
                *(int(first), int(last), tables, upper, lower, categories),
                *(thresholds, correlations, scores, cross[0], cross[1], information),
            )
            for first, last in pairwise(bounds)
        ]
        for part in parts:
            part.result()
    own = _threshold_scores(thresholds, counts / n)
    bread = _bread(counts, own, steps, upper, lower, cross, information)
    inverse = np.linalg.inv(bread)
    gamma = n * inverse @ _meat(answers, own, steps, upper, lower, scores) @ inverse.T
    whole = np.eye(p)
    whole[upper, lower] = whole[lower, upper] = correlations
    return OrdinalMoments(n, thresholds, whole, upper, lower, gamma, int(steps.sum()))


def _tables(answers: Answers, c: int, upper: Integers, lower: Integers, categories: Integers) -> Floats:
    """Counts of every pair of answers, shape (pairs, c, c), from one product of indicators.

    A two-by-two table with an empty cell gets half a person there, its margins kept, as in lavaan.
    """
    n, p = answers.shape
    whole = np.zeros((p * c, p * c))
    for first in range(0, n, _PEOPLE_AT_ONCE):
        some = answers[first : first + _PEOPLE_AT_ONCE]
        chosen = np.zeros((len(some), p * c), np.float32)
        chosen[np.arange(len(some))[:, None], np.arange(p) * c + some] = 1
        whole += chosen.T @ chosen
    tables = whole.reshape(p, c, p, c)[upper, :, lower, :].copy()
    small = (categories[upper] == 2) & (categories[lower] == 2)
    for pair in np.flatnonzero(small & (tables[:, :2, :2] == 0).any(axis=(1, 2))):
        x, y = np.argwhere(tables[pair, :2, :2] == 0)[0]
        signs = np.where(np.indices((2, 2)).sum(axis=0) % 2 == (x + y) % 2, 0.5, -0.5)
        tables[pair, :2, :2] += signs
    return tables


def _threshold_scores(thresholds: Floats, shares: Floats) -> Floats:
    """∂ log P(category)/∂threshold of each question: shape (p, c, c - 1)."""
    height = np.nan_to_num(np.exp(-(thresholds**2) / 2) / np.sqrt(2 * np.pi))
    p, steps = thresholds.shape
    found = np.zeros((p, steps + 1, steps))
    with np.errstate(divide="ignore", invalid="ignore"):
        for t in range(steps):
            found[:, t, t] = height[:, t] / shares[:, t]
            found[:, t + 1, t] = -height[:, t] / shares[:, t + 1]
    return np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)


def _bread(
    counts: Floats,
    own: Floats,
    steps: Flags,
    upper: Integers,
    lower: Integers,
    cross: Floats,
    information: Floats,
) -> Floats:
    """Derivative of the estimating equations, shape (t + pairs, t + pairs)."""
    p, width = steps.shape
    place = np.full((p, width), -1)
    place[steps] = np.arange(int(steps.sum()))
    t, pairs = int(steps.sum()), len(upper)
    found = np.zeros((t + pairs, t + pairs))
    blocks = np.einsum("jx,jxa,jxb->jab", counts, own, own)
    for question in range(p):
        at = place[question][steps[question]]
        found[np.ix_(at, at)] = blocks[question][np.ix_(steps[question], steps[question])]
    rows = t + np.arange(pairs)
    found[rows, rows] = information
    for questions, sums in ((upper, cross[0]), (lower, cross[1])):
        for step in range(width):
            there = steps[questions, step]
            found[rows[there], place[questions[there], step]] = sums[there, step]
    return found


def _meat(
    answers: Answers, own: Floats, steps: Flags, upper: Integers, lower: Integers, scores: Floats
) -> Floats:
    """Σ of everybody's scores times themselves, blocks of people in threads, added up in their order."""
    t, pairs = int(steps.sum()), len(upper)

    def part(first: int) -> Floats:
        some = answers[first : first + _PEOPLE_AT_ONCE]
        block = np.empty((t + pairs, len(some))).T
        for question, free in enumerate(steps):
            at = int(steps[:question].sum())
            block[:, at : at + int(free.sum())] = own[question][some[:, question]][:, free]
        fill_scores(0, pairs, some, upper, lower, scores, block[:, t:])
        return np.asarray(block.T @ block)

    found = np.zeros((t + pairs, t + pairs))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for more in pool.map(part, range(0, len(answers), _PEOPLE_AT_ONCE)):
            found += more
    return found
