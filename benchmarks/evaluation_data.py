"""Made data of the evaluation benchmarks, read by both sides: people to compare, and a staggered start."""

from __future__ import annotations

from pathlib import Path

import numpy as np

PEOPLE, COVARIATES, FOLDS = 100_000, 20, 5
UNITS, PERIODS, UNIT_COVARIATES = 5_000, 12, 3


def write_people(path: Path) -> None:
    """Outcome ``y``, ``treated``, covariates ``x`` and ``folds``: the keen take part more, true effect 1."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(PEOPLE, COVARIATES))
    treated = rng.random(PEOPLE) < 1 / (1 + np.exp(-0.2 * x @ rng.normal(size=COVARIATES)))
    y = x.sum(axis=1) + treated + rng.normal(size=PEOPLE)
    np.savez(path, y=y, treated=treated, x=x, folds=rng.permutation(PEOPLE) % FOLDS)


def write_units(path: Path) -> None:
    """Outcomes ``y`` (units, periods), ``starts`` (0 for never) and covariates ``x``; true effect 0.3."""
    rng = np.random.default_rng(0)
    starts = rng.choice(np.append(np.arange(2, PERIODS + 1), 0), UNITS)
    x = rng.normal(size=(UNITS, UNIT_COVARIATES))
    times = np.arange(1, PERIODS + 1)
    started = (starts[:, None] > 0) & (times >= starts[:, None])
    y = (
        rng.normal(size=(UNITS, 1))
        + 0.1 * x[:, :1] * times
        + rng.normal(size=(UNITS, PERIODS))
        + 0.3 * started
    )
    np.savez(path, y=y, starts=starts, x=x)
