"""The loops of polychoric correlations (ポリコリック相関), pair of questions by pair."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tazuna.compiled import compiled
from tazuna.measurement.factor.matrices import Floats

Integers = npt.NDArray[np.int64]
Answers = npt.NDArray[np.int8]

_NODES, _WEIGHTS = (np.ascontiguousarray(part) for part in np.polynomial.legendre.leggauss(20))
_STEPS = 50
_LONGEST = 0.2
_LIMIT = 0.999
_FURTHEST = 0.95
_SMALLEST = 1e-12


@compiled
def normal_below(x: float) -> float:
    """P(X < x), X standard normal."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@compiled
def both_below(h: float, k: float, r: float) -> float:
    """P(X < h, Y < k) at correlation r, by Gauss-Legendre over the angle (Drezner & Wesolowsky 1990)."""
    half = (h * h + k * k) / 2.0
    product = h * k
    angle = math.asin(r)
    found = 0.0
    for at in range(_NODES.size):
        sine = math.sin(angle * (_NODES[at] + 1.0) / 2.0)
        found += _WEIGHTS[at] * math.exp((sine * product - half) / (1.0 - sine * sine))
    return found * angle / (4.0 * math.pi) + normal_below(h) * normal_below(k)


@compiled
def correlate(
    first: int,
    last: int,
    tables: Floats,
    upper: Integers,
    lower: Integers,
    categories: Integers,
    thresholds: Floats,
    correlations: Floats,
    scores: Floats,
    cross_upper: Floats,
    cross_lower: Floats,
    information: Floats,
) -> None:
    """Fill what belongs to the pairs ``first`` to ``last``.

    Parameters
    ----------
    tables
        Shape (pairs, c, c): counts of answers to the questions ``upper`` (rows) and ``lower`` (columns).
    categories
        Shape (p,).
    thresholds
        Shape (p, c - 1).
    correlations
        Shape (pairs,).
    scores
        Shape (pairs, c, c): ∂ log P(answer pair)/∂ρ.
    cross_upper, cross_lower
        Shape (pairs, c - 1): Σ of the score times ∂ log P/∂threshold of either question.
    information
        Shape (pairs,): Σ of the squared score.
    """
    most = tables.shape[1]
    below = np.zeros((most + 1, most + 1))
    density = np.zeros((most + 1, most + 1))
    pull = np.zeros((most + 1, most + 1))
    turned = np.zeros((most + 1, most + 1))
    for pair in range(first, last):
        i, j = upper[pair], lower[pair]
        a, b = categories[i], categories[j]
        n = tables[pair]
        people = 0.0
        for x in range(a):
            for y in range(b):
                people += n[x, y]
        r = _start(n, a, b, people)
        for _ in range(_STEPS):
            _fill(r, thresholds[i], thresholds[j], a, b, below, density)
            slope, steep = 0.0, 0.0
            for x in range(a):
                for y in range(b):
                    chance = _chance(below, x, y)
                    rise = _between(density, x, y)
                    slope += n[x, y] * rise / chance
                    steep += people * rise * rise / chance
            if steep < _SMALLEST:
                break
            step = slope / steep
            if step > _LONGEST:
                step = _LONGEST
            if step < -_LONGEST:
                step = -_LONGEST
            r += step
            if r > _LIMIT:
                r = _LIMIT
            if r < -_LIMIT:
                r = -_LIMIT
            if abs(step) < 1e-10:
                break
        correlations[pair] = r
        _fill(r, thresholds[i], thresholds[j], a, b, below, density)
        squares = 0.0
        for x in range(a):
            for y in range(b):
                chance = _chance(below, x, y)
                score = _between(density, x, y) / chance
                scores[pair, x, y] = score
                squares += n[x, y] * score * score
                pull[x, y] = n[x, y] * score / chance
                turned[y, x] = pull[x, y]
        information[pair] = squares
        _cross(pull, thresholds[i], thresholds[j], a, b, r, cross_upper[pair])
        _cross(turned, thresholds[j], thresholds[i], b, a, r, cross_lower[pair])


@compiled
def _cross(
    pull: Floats, own: Floats, others: Floats, categories: int, other: int, r: float, found: Floats
) -> None:
    """Fill ``found`` (c - 1,) with Σ of the score times ∂ log P/∂threshold of the question with ``own`` ones.

    ``pull`` is the sum of scores over the chance, by this question's and the other's category.
    """
    rest = math.sqrt(1.0 - r * r)
    for t in range(categories - 1):
        at = own[t]
        height = math.exp(-at * at / 2.0) / math.sqrt(2.0 * math.pi)
        total = 0.0
        before = 0.0
        for y in range(other):
            reached = 1.0
            if y < other - 1:
                reached = normal_below((others[y] - r * at) / rest)
            total += height * (reached - before) * (pull[t, y] - pull[t + 1, y])
            before = reached
        found[t] = total


@compiled
def _chance(below: Floats, x: int, y: int) -> float:
    """Of a pair of answers; never 0, since its logarithm is taken."""
    found = _between(below, x, y)
    return found if found > _SMALLEST else _SMALLEST


@compiled
def _between(at_corners: Floats, x: int, y: int) -> float:
    """What lies between four corners."""
    return float(at_corners[x + 1, y + 1] - at_corners[x, y + 1] - at_corners[x + 1, y] + at_corners[x, y])


@compiled
def _start(n: Floats, a: int, b: int, people: float) -> float:
    """Pearson's correlation of the category numbers, not too near the ends to move from."""
    mean_x, mean_y = 0.0, 0.0
    for x in range(a):
        for y in range(b):
            mean_x += n[x, y] * x / people
            mean_y += n[x, y] * y / people
    xx, yy, xy = 0.0, 0.0, 0.0
    for x in range(a):
        for y in range(b):
            xx += n[x, y] * (x - mean_x) ** 2
            yy += n[x, y] * (y - mean_y) ** 2
            xy += n[x, y] * (x - mean_x) * (y - mean_y)
    found = xy / math.sqrt(xx * yy)
    if found > _FURTHEST:
        return _FURTHEST
    if found < -_FURTHEST:
        return -_FURTHEST
    return found


@compiled
def _fill(r: float, rows: Floats, columns: Floats, a: int, b: int, below: Floats, density: Floats) -> None:
    """P(X < row threshold, Y < column threshold) and its derivative by r, ends included."""
    rest = 1.0 - r * r
    for x in range(a + 1):
        below[x, 0] = 0.0
        density[x, 0] = 0.0
        density[x, b] = 0.0
    for y in range(b + 1):
        below[0, y] = 0.0
        density[0, y] = 0.0
        density[a, y] = 0.0
    below[a, b] = 1.0
    for x in range(1, a):
        below[x, b] = normal_below(rows[x - 1])
    for y in range(1, b):
        below[a, y] = normal_below(columns[y - 1])
    for x in range(1, a):
        for y in range(1, b):
            h, k = rows[x - 1], columns[y - 1]
            below[x, y] = both_below(h, k, r)
            density[x, y] = math.exp(-(h * h - 2.0 * r * h * k + k * k) / (2.0 * rest)) / (
                2.0 * math.pi * math.sqrt(rest)
            )


@compiled
def fill_scores(
    first: int, last: int, answers: Answers, upper: Integers, lower: Integers, scores: Floats, found: Floats
) -> None:
    """Fill ``found`` (people, pairs) with the score of each person's pair of answers."""
    for pair in range(first, last):
        i, j = upper[pair], lower[pair]
        for person in range(answers.shape[0]):
            found[person, pair] = scores[pair, answers[person, i], answers[person, j]]
