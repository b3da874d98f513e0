"""The loops of marginal maximum likelihood (周辺最尤法): expected counts, and the questions that fit them.

Everything goes over a fixed grid of θ. Compiled: no slices are assigned and nothing is allocated inside the
loop over people.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tazuna.compiled import compiled
from tazuna.measurement.graded.items import Answers, Floats
from tazuna.measurement.graded.population import POINTS

Integers = npt.NDArray[np.int64]

_SMALLEST = 1e-300
_NOTHING = -40.0
"""Log of a share that no sum in double precision would notice."""


@compiled
def log_chances(parameters: Floats, categories: Integers, theta: Floats, table: Floats) -> None:
    """Fill ``table`` (m, c, q) with the log chance of each category; parameters (m, c) are a, d_1, ….

    A difference of two logistic functions is the product L(u) L(-l) (1 - exp(l - u)), so nothing cancels far
    out.
    """
    for item in range(parameters.shape[0]):
        last = categories[item] - 1
        slope = parameters[item, 0]
        for at in range(theta.size):
            for k in range(last + 1):
                chance = 0.0
                if k > 0:
                    upper = slope * theta[at] + parameters[item, k]
                    chance += _log_logistic(upper)
                if k < last:
                    lower = slope * theta[at] + parameters[item, k + 1]
                    chance += _log_logistic(-lower)
                if 0 < k < last:
                    chance += math.log1p(-math.exp(parameters[item, k + 1] - parameters[item, k]))
                table[item, k, at] = chance


@compiled
def _log_logistic(x: float) -> float:
    if x < -30.0:
        return x
    return -math.log1p(math.exp(-x))


@compiled
def _posterior(
    answers: Answers,
    person: int,
    item_of: Integers,
    table: Floats,
    log_weights: Floats,
    posterior: Floats,
) -> float:
    """Fill ``posterior`` (q,) for one person; returns the log of the chance of the answers.

    The number of points is a constant of the loops: a third faster than a length known at run time only. When
    many questions were answered, most points are too far below the highest to be worth an exponential.
    """
    for at in range(POINTS):
        posterior[at] = log_weights[at]
    for column in range(answers.shape[1]):
        answer = answers[person, column]
        if answer >= 0:
            item = item_of[column]
            for at in range(POINTS):
                posterior[at] += table[item, answer, at]
    highest = posterior[0]
    for at in range(POINTS):
        if posterior[at] > highest:
            highest = posterior[at]
    total = 0.0
    for at in range(POINTS):
        below = posterior[at] - highest
        if below > _NOTHING:
            height = math.exp(below)
            posterior[at] = height
            total += height
        else:
            posterior[at] = 0.0
    share = 1.0 / total
    for at in range(POINTS):
        posterior[at] *= share
    return float(highest + math.log(total))


@compiled
def expect(
    answers: Answers,
    item_of: Integers,
    table: Floats,
    log_weights: Floats,
    counts: Floats,
    mass: Floats,
) -> float:
    """Add everybody's posterior over θ to the expected counts; returns the log-likelihood.

    Parameters
    ----------
    answers
        Shape (n, m).
    item_of
        Shape (m,): the row of ``table`` that each column of ``answers`` goes by.
    table
        From `log_chances`, shape (items, c, q).
    log_weights
        Shape (q,): of the distribution of θ.
    counts
        Shape (items, c, q), added to.
    mass
        Shape (q,), added to: how many people sit at each θ.
    """
    posterior = np.empty(POINTS)
    whole = 0.0
    for person in range(answers.shape[0]):
        whole += _posterior(answers, person, item_of, table, log_weights, posterior)
        for at in range(POINTS):
            mass[at] += posterior[at]
        for column in range(answers.shape[1]):
            answer = answers[person, column]
            if answer >= 0:
                item = item_of[column]
                for at in range(POINTS):
                    counts[item, answer, at] += posterior[at]
    return whole


@compiled
def posteriors(
    answers: Answers, item_of: Integers, table: Floats, log_weights: Floats, found: Floats
) -> None:
    """Fill ``found`` (n, q) with everybody's posterior over θ."""
    posterior = np.empty(POINTS)
    for person in range(answers.shape[0]):
        _posterior(answers, person, item_of, table, log_weights, posterior)
        for at in range(POINTS):
            found[person, at] = posterior[at]


@compiled
def scores(
    answers: Answers,
    item_of: Integers,
    table: Floats,
    log_weights: Floats,
    rises: Floats,
    place: Integers,
    found: Floats,
) -> None:
    """Fill ``found`` (n, parameters) with the derivatives of everybody's log-likelihood.

    A derivative is the posterior mean of that of log P(answer | θ), by Fisher's identity; the chance of an
    answer k depends on a, d_k and d_k+1 only.

    Parameters
    ----------
    answers, item_of, table, log_weights
        As of `expect`; every row of the table belongs to one column of the answers at most.
    rises
        Shape (m, c, 3, q): derivatives of the log chance of each category by a, d_k, d_k+1.
    place
        Shape (m, c): column of ``found`` for a, d_1, …; -1 for none.
    """
    posterior = np.empty(POINTS)
    for person in range(answers.shape[0]):
        _posterior(answers, person, item_of, table, log_weights, posterior)
        first = 0
        while posterior[first] == 0.0:
            first += 1
        last = POINTS
        while posterior[last - 1] == 0.0:
            last -= 1
        for column in range(answers.shape[1]):
            answer, item = answers[person, column], item_of[column]
            for k in range(place.shape[1]):
                if place[item, k] >= 0:
                    found[person, place[item, k]] = 0.0
            if answer >= 0:
                by_slope, by_lower, by_upper = 0.0, 0.0, 0.0
                for at in range(first, last):
                    share = posterior[at]
                    by_slope += share * rises[item, answer, 0, at]
                    by_lower += share * rises[item, answer, 1, at]
                    by_upper += share * rises[item, answer, 2, at]
                found[person, place[item, 0]] = by_slope
                if answer > 0:
                    found[person, place[item, answer]] = by_lower
                if answer + 1 < place.shape[1] and place[item, answer + 1] >= 0:
                    found[person, place[item, answer + 1]] = by_upper


@compiled
def maximise(
    parameters: Floats, categories: Integers, counts: Floats, theta: Floats, steps: int, ridge: float
) -> None:
    """Move each question's parameters (items, c) uphill by Fisher scoring on the expected counts, in place.

    A step that would cross two intercepts, or lower the likelihood of the counts, is halved.
    """
    most = parameters.shape[1]
    steepness = np.empty((most, most))
    slope_of = np.empty((most + 1, most))
    chance = np.empty(most)
    reach = np.empty(most + 1)
    gradient = np.empty(most)
    proposed = np.empty(most)
    for item in range(parameters.shape[0]):
        c = categories[item]
        before = _fit_of_counts(parameters[item], c, counts[item], theta)
        for _ in range(steps):
            for u in range(c):
                gradient[u] = 0.0
                for v in range(c):
                    steepness[u, v] = 0.0
            for at in range(theta.size):
                people = 0.0
                for k in range(c):
                    people += counts[item, k, at]
                if people < 1e-12:
                    continue
                reach[0] = 1.0
                reach[c] = 0.0
                for k in range(1, c):
                    reach[k] = 1.0 / (
                        1.0 + math.exp(-(parameters[item, 0] * theta[at] + parameters[item, k]))
                    )
                for k in range(c):
                    chance[k] = reach[k] - reach[k + 1]
                    if chance[k] < 1e-12:
                        chance[k] = 1e-12
                    for u in range(c):
                        slope_of[k, u] = 0.0
                for k in range(1, c):
                    by = reach[k] * (1.0 - reach[k])
                    slope_of[k, k] += by
                    slope_of[k - 1, k] -= by
                    slope_of[k, 0] += by * theta[at]
                    slope_of[k - 1, 0] -= by * theta[at]
                for k in range(c):
                    weight = counts[item, k, at] / chance[k]
                    for u in range(c):
                        gradient[u] += weight * slope_of[k, u]
                        for v in range(u + 1):
                            steepness[u, v] += people * slope_of[k, u] * slope_of[k, v] / chance[k]
            for u in range(c):
                steepness[u, u] += ridge
                for v in range(u):
                    steepness[v, u] = steepness[u, v]
            _solve(steepness, gradient, c)
            share = 1.0
            moved = 0.0
            for _halving in range(12):
                ordered = True
                for u in range(c):
                    proposed[u] = parameters[item, u] + share * gradient[u]
                for u in range(2, c):
                    if proposed[u] >= proposed[u - 1]:
                        ordered = False
                if ordered:
                    after = _fit_of_counts(proposed, c, counts[item], theta)
                    if after >= before - 1e-9 * abs(before):
                        before = after
                        for u in range(c):
                            step = abs(proposed[u] - parameters[item, u])
                            if step > moved:
                                moved = step
                            parameters[item, u] = proposed[u]
                        break
                share *= 0.5
            if moved < 1e-7:
                break


@compiled
def _fit_of_counts(parameters: Floats, c: int, counts: Floats, theta: Floats) -> float:
    """Log-likelihood of one question's expected counts (c, q)."""
    found = 0.0
    for at in range(theta.size):
        above = 1.0
        for k in range(c):
            below = 0.0
            if k < c - 1:
                below = 1.0 / (1.0 + math.exp(-(parameters[0] * theta[at] + parameters[k + 1])))
            chance = above - below
            if chance < _SMALLEST:
                chance = _SMALLEST
            found += counts[k, at] * math.log(chance)
            above = below
    return found


@compiled
def _solve(matrix: Floats, vector: Floats, size: int) -> None:
    """Solve for a positive definite matrix in place by Cholesky's factors; the answer replaces ``vector``."""
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i, j]
            for k in range(j):
                rest -= matrix[i, k] * matrix[j, k]
            if i == j:
                if rest < 1e-12:
                    rest = 1e-12
                matrix[i, i] = math.sqrt(rest)
            else:
                matrix[i, j] = rest / matrix[j, j]
    for i in range(size):
        rest = vector[i]
        for k in range(i):
            rest -= matrix[i, k] * vector[k]
        vector[i] = rest / matrix[i, i]
    for back in range(size):
        i = size - 1 - back
        rest = vector[i]
        for k in range(i + 1, size):
            rest -= matrix[k, i] * vector[k]
        vector[i] = rest / matrix[i, i]
