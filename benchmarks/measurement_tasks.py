"""Measurement benchmarks, one a process: ``python -m benchmarks.measurement_tasks TASK …``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.measurement_data import factor_model, questions
from benchmarks.tasks import Found, measured, print_task, timed
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.weighted_least_squares import OrdinalFit, fit_wlsmv
from tazuna.measurement.graded.fit import GradedFit, fit_graded
from tazuna.measurement.graded.kernels import expect, log_chances
from tazuna.measurement.graded.population import Populations, grid


def graded(path: str, runs: str) -> Found:
    """Parameters, standard errors and log-likelihood, from the answers as numbers."""
    answers = np.load(path).astype(np.float64)
    kept: list[GradedFit] = []
    times = timed(lambda: kept.append(fit_graded(answers, questions())), int(runs))
    return measured(times, int(runs), log_likelihood=kept[-1].log_likelihood)


def log_likelihood(path: str, parameters: str) -> Found:
    """Of the answers at somebody else's parameters (questions, categories): a, d_1, …."""
    given = np.load(path)
    at = np.array(json.loads(Path(parameters).read_text()))
    table = np.zeros((*at.shape, grid().size))
    log_chances(at, np.full(len(at), at.shape[1]), grid(), table)
    weights, mass = Populations.standard(1).log_weights()[0], np.zeros(grid().size)
    found = expect(given, np.arange(len(at)), table, weights, np.zeros_like(table), mass)
    return measured((0.0, 0.0), 1, log_likelihood=found)


def wlsmv(path: str, runs: str) -> Found:
    """Thresholds, correlations with their covariance, the factor model and its robust statistics."""
    answers = np.load(path).astype(np.float64)
    model = parse_model(factor_model(), ordinal=True)
    kept: list[OrdinalFit] = []
    times = timed(lambda: kept.append(fit_wlsmv(answers, questions(), model)), int(runs))
    fit = kept[-1]
    return measured(times, int(runs), chi2=fit.naive.chi2, scaled=fit.fit.indices.chi2)


TASKS: dict[str, Callable[..., Found]] = {
    "graded": graded,
    "log_likelihood": log_likelihood,
    "wlsmv": wlsmv,
}

if __name__ == "__main__":
    print_task(TASKS, sys.argv[1:])
