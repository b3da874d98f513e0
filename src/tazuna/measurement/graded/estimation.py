"""Marginal maximum likelihood of the graded response model (周辺最尤推定), in one group or several."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.measurement.graded.acceleration import Secants
from tazuna.measurement.graded.items import Answers, Floats, GradedItems
from tazuna.measurement.graded.kernels import Integers, expect, log_chances, maximise
from tazuna.measurement.graded.population import Populations, grid, populations_of

_PEOPLE_AT_ONCE = 20_000
_INNER_STEPS = 3
_RIDGE = 1e-8
_FEW = 10_000
_WORSE = 1e-9


@dataclass(frozen=True, slots=True)
class GradedModel:
    """What is estimated: rows of parameters, and which row each group's question goes by.

    Parameters
    ----------
    answers
        One array a group, shape (people, m), categories from 0, -1 = not answered.
    item_of
        Shape (groups, m): row of the parameters; equal numbers make a question the same in those groups.
    categories
        Shape (rows,).
    free_populations
        Whether mean and deviation of the later groups are estimated.
    """

    answers: tuple[Answers, ...]
    item_of: Integers
    categories: npt.NDArray[np.int64]
    free_populations: bool = True


@dataclass(frozen=True, slots=True)
class Solution:
    """Parameters at the maximum.

    Parameters
    ----------
    parameters
        Shape (rows, c): a, d_1, …; NaN beyond a question's own categories.
    populations
        Distribution of θ by group.
    log_likelihood
        At the parameters.
    passes
        How often everybody's posterior was computed.
    converged
        Whether the last step stayed below the tolerance.
    """

    parameters: Floats
    populations: Populations
    log_likelihood: float
    passes: int
    converged: bool


def maximum(
    model: GradedModel,
    *,
    tolerance: float = 1e-4,
    most_passes: int = 1000,
    start: Solution | None = None,
) -> Solution:
    """Expectation-maximisation (Bock & Aitkin 1981, doi:10.1007/BF02293801), accelerated.

    A proposal of `Secants` that crosses intercepts, or makes the likelihood worse, gives way to the plain
    step. Many people begin at the solution of some ten thousand of them, taken evenly, and with what was
    learnt on the way to it.

    Parameters
    ----------
    model
        The data.
    tolerance
        Largest change of a parameter in a plain step at which to stop.
    most_passes
        After which to give up; `Solution.converged` is then False.
    start
        Where to begin.
    """
    known = Secants()
    people = sum(len(answers) for answers in model.answers)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        if start is None and people > 2 * _FEW:
            few = _thinned(model, -(-people // _FEW))
            start = _iterate(few, _first_guess(few), known, max(tolerance, 1e-3), most_passes, pool)
            known.leave()
        return _iterate(model, start or _first_guess(model), known, tolerance, most_passes, pool)


def _iterate(
    model: GradedModel,
    start: Solution,
    known: Secants,
    tolerance: float,
    most_passes: int,
    pool: ThreadPoolExecutor,
) -> Solution:
    """Step after step until the plain one is shorter than ``tolerance``."""
    now = (start.parameters, start.populations)
    plain, best = now, -np.inf
    for passes in range(1, most_passes + 1):
        after, likelihood = _step(model, *now, pool)
        if not likelihood >= best - _WORSE * abs(best):
            known.forget()
            now, best = plain, -np.inf
            continue
        at = _flat(now)
        step = _flat(after) - at
        if float(np.abs(step).max()) < tolerance:
            return Solution(*now, likelihood, passes, True)
        plain, best = after, likelihood
        now = _at(model, after, known.propose(at, step)) or after
    return Solution(*plain, best, most_passes, False)


def _step(
    model: GradedModel, parameters: Floats, populations: Populations, pool: ThreadPoolExecutor
) -> tuple[tuple[Floats, Populations], float]:
    counts, mass, likelihood = _expected(model, parameters, populations, pool)
    moved = parameters.copy()
    maximise(moved, model.categories, counts, grid(), _INNER_STEPS, _RIDGE)
    return (moved, populations_of(mass) if model.free_populations else populations), likelihood


def _expected(
    model: GradedModel, parameters: Floats, populations: Populations, pool: ThreadPoolExecutor
) -> tuple[Floats, Floats, float]:
    """Expected counts (rows, c, points), mass (groups, points) and the log-likelihood of the parameters.

    Added up part by part in the same order whatever the number of threads.
    """
    theta = grid()
    table = np.zeros((*parameters.shape, theta.size))
    log_chances(parameters, model.categories, theta, table)
    weights = populations.log_weights()

    def part(group: int, first: int) -> tuple[Floats, Floats, float]:
        counts, mass = np.zeros_like(table), np.zeros(theta.size)
        some = model.answers[group][first : first + _PEOPLE_AT_ONCE]
        found = expect(some, model.item_of[group], table, weights[group], counts, mass)
        return counts, mass, found

    parts = [
        (group, pool.submit(part, group, first))
        for group, answers in enumerate(model.answers)
        for first in range(0, len(answers), _PEOPLE_AT_ONCE)
    ]
    counts, mass, likelihood = np.zeros_like(table), np.zeros_like(weights), 0.0
    for group, waiting in parts:
        more, here, found = waiting.result()
        counts += more
        mass[group] += here
        likelihood += found
    return counts, mass, likelihood


def _flat(state: tuple[Floats, Populations]) -> Floats:
    parameters, populations = state
    return np.concatenate(
        [parameters[np.isfinite(parameters)], populations.means[1:], np.log(populations.deviations[1:])]
    )


def _at(
    model: GradedModel, like: tuple[Floats, Populations], landed: Floats
) -> tuple[Floats, Populations] | None:
    """Parameters and populations from one row of numbers, as `_flat` makes it; None if intercepts cross."""
    parameters = like[0].copy()
    rows = np.isfinite(parameters)
    own = int(rows.sum())
    parameters[rows] = landed[:own]
    gaps = np.diff(parameters[:, 1:], axis=1)
    if (gaps[np.isfinite(gaps)] >= 0).any():
        return None
    more = len(like[1].means) - 1
    if not model.free_populations or not more:
        return parameters, like[1]
    means = np.concatenate([[0.0], landed[own : own + more]])
    return parameters, Populations(means, np.concatenate([[1.0], np.exp(landed[own + more :])]))


def _thinned(model: GradedModel, every: int) -> GradedModel:
    return GradedModel(
        tuple(np.ascontiguousarray(answers[::every]) for answers in model.answers),
        model.item_of,
        model.categories,
        model.free_populations,
    )


def _first_guess(model: GradedModel) -> Solution:
    """Slopes from the correlation with the sum of the others, intercepts from the shares of the answers."""
    rows, most = len(model.categories), int(model.categories.max())
    parameters = np.full((rows, most), np.nan)
    for group, answers in reversed(list(enumerate(model.answers))):
        values = np.where(answers >= 0, answers, np.nan).astype(np.float64)
        z = _standardised(values)
        whole = z.sum(axis=1)
        for column, row in enumerate(model.item_of[group]):
            own = z[:, column]
            spread = own.std() * (whole - own).std()
            together = float(np.mean(own * (whole - own)) / spread) if spread > 0 else 0.0
            size = min(max(abs(together), 0.1), 0.9)
            slope = 1.702 * size / np.sqrt(1 - size**2) * (1 if together >= 0 else -1)
            given = answers[answers[:, column] >= 0, column]
            steps = np.arange(1, model.categories[row])
            share = np.array([np.mean(given >= step) if len(given) else 0.5 for step in steps])
            share = np.clip(share, 1e-4, 1 - 1e-4) - 1e-7 * steps
            parameters[row, 0] = slope
            parameters[row, steps] = np.log(share / (1 - share)) * np.sqrt(1 + (slope / 1.702) ** 2)
    return Solution(parameters, Populations.standard(len(model.answers)), -np.inf, 0, False)


def _standardised(values: Floats) -> Floats:
    """By column; 0 where there is no answer or no difference between answers."""
    answered = np.isfinite(values)
    filled = np.where(answered, values, 0.0)
    n = np.maximum(answered.sum(axis=0), 1)
    centred = np.where(answered, values - filled.sum(axis=0) / n, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / n)
    return np.asarray(centred / np.where(spread > 0, spread, 1.0))


def items_of(codes: tuple[str, ...], levels: tuple[tuple[int, ...], ...], parameters: Floats) -> GradedItems:
    """Questions from rows of parameters (m, c)."""
    return GradedItems(codes, levels, parameters[:, 0].copy(), parameters[:, 1:].copy())
