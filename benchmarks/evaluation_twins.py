"""The packages that estimate the same: ``python -m benchmarks.evaluation_twins TASK …`` by their interpreter.

They are large and no part of an installation, so this module imports nothing of Tazuna.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from benchmarks.tasks import Found, measured, print_task, timed


def doubleml(path: str, target: str, runs: str) -> Found:
    """The same folds, linear regression, and a logistic one without penalty; nobody trimmed."""
    from doubleml import DoubleMLData, DoubleMLIRM
    from doubleml.utils import PSProcessorConfig
    from sklearn.linear_model import LinearRegression, LogisticRegression

    with np.load(path) as people:
        y, treated, x, folds = (people[name] for name in ("y", "treated", "x", "folds"))
    data = DoubleMLData.from_arrays(x, y, treated.astype(float))
    model = DoubleMLIRM(
        data,
        LinearRegression(),
        LogisticRegression(C=1e8, max_iter=1000),
        n_folds=int(folds.max()) + 1,
        score={"ate": "ATE", "att": "ATTE"}[target],
        ps_processor_config=PSProcessorConfig(clipping_threshold=1e-6),
    )
    model.set_sample_splitting(
        [[(np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)) for fold in range(folds.max() + 1)]]
    )
    times = timed(model.fit, int(runs))
    return measured(times, int(runs), estimate=float(model.coef[0]), std_error=float(model.se[0]))


def csdid(path: str, runs: str) -> Found:
    """Doubly robust, never treated, multiplier bootstrap, then put together in two ways."""
    import pandas as pd
    from csdid.att_gt import ATTgt

    with np.load(path) as units:
        y, starts, x = (units[name] for name in ("y", "starts", "x"))
    n, periods = y.shape
    columns = {
        "unit": np.repeat(np.arange(n), periods),
        "time": np.tile(np.arange(1, periods + 1), n),
        "start": np.repeat(starts, periods),
        "y": y.ravel(),
        **{name: np.repeat(column, periods) for name, column in zip("abc", x.T, strict=True)},
    }
    rows = pd.DataFrame(columns)
    kept: list[ATTgt] = []

    def estimate() -> None:
        found = ATTgt(
            yname="y",
            gname="start",
            idname="unit",
            tname="time",
            xformla="y~a+b+c",
            data=rows,
            control_group="nevertreated",
        ).fit(est_method="dr", bstrap=True)
        found.aggte(typec="simple")
        kept.append(found)
        found.aggte(typec="dynamic")

    times = timed(estimate, int(runs), warm=False)
    return measured(times, int(runs), effects=[float(effect) for effect in kept[-1].results["att"]])


TASKS: dict[str, Callable[..., Found]] = {"doubleml": doubleml, "csdid": csdid}

if __name__ == "__main__":
    print_task(TASKS, sys.argv[1:])
