"""Standard errors of a graded response model (標準誤差)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tazuna.measurement.graded.items import Answers, Floats, GradedItems
from tazuna.measurement.graded.kernels import log_chances, scores
from tazuna.measurement.graded.population import Populations, grid

_PEOPLE_AT_ONCE = 4_000


def std_errors(items: GradedItems, given: Answers) -> Floats:
    """From the cross-product of everybody's scores (Bock & Lieberman 1970, doi:10.1007/BF02291262).

    A person's score is the derivative of the log-likelihood of the answers: the posterior mean of the
    derivative of log P(answer | θ).

    Parameters
    ----------
    items
        At the maximum, θ standard normal.
    given
        Shape (n, m): categories from 0, -1 = not answered.

    Returns
    -------
    Floats
        Shape (m, c): of a, d_1, …; NaN beyond a question's own categories.
    """
    theta, every = grid(), np.arange(len(items.codes))
    parameters = np.column_stack([items.slopes, items.intercepts])
    own = np.isfinite(parameters)
    free = int(own.sum())
    place = np.full(own.shape, -1)
    place[own] = np.arange(free)
    table = np.zeros((*parameters.shape, theta.size))
    log_chances(parameters, items.categories, theta, table)
    weights, rises = Populations.standard(1).log_weights()[0], _rises(items, theta)

    def part(first: int) -> Floats:
        some = given[first : first + _PEOPLE_AT_ONCE]
        found = np.empty((len(some), free))
        scores(some, every, table, weights, rises, place, found)
        return np.asarray(found.T @ found)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        information = np.zeros((free, free))
        for more in pool.map(part, range(0, len(given), _PEOPLE_AT_ONCE)):
            information += more
    errors = np.full(own.shape, np.nan)
    errors[own] = np.sqrt(np.diag(np.linalg.inv(information)))
    return errors


def _rises(items: GradedItems, theta: Floats) -> Floats:
    """∂ log P_k/∂(a, d_k, d_k+1) at each θ: shape (m, c, 3, points)."""
    chances = np.maximum(items.chances(theta), 1e-300)
    reach = 1 / (1 + np.exp(-(items.slopes[:, None, None] * theta + items.intercepts[:, :, None])))
    by = np.nan_to_num(reach * (1 - reach), nan=0.0)
    found = np.zeros((*chances.shape[:2], 3, theta.size))
    found[:, 1:, 1] = by
    found[:, :-1, 2] = -by
    found[:, :, 0] = theta * (found[:, :, 1] + found[:, :, 2])
    return np.asarray(found / chances[:, :, None, :])
