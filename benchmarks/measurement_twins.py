"""The package that fits the same graded model: ``python -m benchmarks.measurement_twins TASK …``.

It runs by the interpreter of ``.twins`` and imports nothing of Tazuna.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.tasks import Found, measured, print_task, timed


def girth(path: str, runs: str) -> Found:
    """Marginal maximum likelihood over as many points between the same ends; parameters as a, d_1, …."""
    from girth import grm_mml

    answers = np.load(path).T.astype(int) + 1
    options = {"quadrature_n": 61, "quadrature_bounds": (-6, 6)}
    kept: list[dict[str, Any]] = []
    times = timed(lambda: kept.append(grm_mml(answers, options)), int(runs), warm=False)
    slopes = kept[-1]["Discrimination"][:, None]
    parameters = np.concatenate([slopes, -slopes * kept[-1]["Difficulty"]], axis=1)
    return measured(times, int(runs), parameters=parameters.tolist())


TASKS: dict[str, Callable[..., Found]] = {"girth": girth}

if __name__ == "__main__":
    print_task(TASKS, sys.argv[1:])
