"""People who chose for themselves, from public data and from a known truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from tests.core.evaluation.public_data import HERE, columns, nsw

COVARIATES = "age educ black hisp marr nodegree re74 re75"
LALONDE = "age educ black hispan married nodegree re74 re75"


@dataclass(frozen=True)
class Group:
    """Outcome (n,), treatment (n,), covariates (n, k) and their names."""

    y: np.ndarray
    treated: np.ndarray
    x: np.ndarray
    names: tuple[str, ...]


def trained_and_surveyed(more: str = "") -> Group:
    """The 185 trained people of the experiment beside the 15,992 of the survey CPS-1."""
    survey = pl.read_csv(HERE / "cps.csv.gz", infer_schema_length=None).with_columns(treat=pl.lit(0))
    trained = nsw().filter(pl.col("treat") == 1).select(survey.columns)
    numeric = [frame.cast(pl.Float64) for frame in (trained, survey)]
    people = pl.concat(numeric).with_columns(u74=pl.col("re74") == 0, u75=pl.col("re75") == 0)
    return _group(people, f"{COVARIATES} {more}")


def lalonde(folder: Path) -> Group:
    """The 614 people of the R package MatchIt."""
    people = pl.read_csv(folder / "lalonde.csv", infer_schema_length=None).with_columns(
        black=pl.col("race") == "black", hispan=pl.col("race") == "hispan"
    )
    return _group(people, LALONDE)


def volunteers(rng: np.random.Generator, n: int, effect: float = 1.0) -> Group:
    """The keen take part more often and do better anyway: naive comparisons are about 1 too high."""
    x = rng.normal(size=(n, 3))
    treated = rng.random(n) < 1 / (1 + np.exp(-(0.8 * x[:, 0] - 0.5 * x[:, 1])))
    y = 2 + x @ [1.5, -0.5, 0.5] + effect * treated + rng.normal(size=n)
    return Group(y, treated, x, ("keen", "busy", "years"))


def _group(people: pl.DataFrame, names: str) -> Group:
    y = people["re78"].to_numpy().astype(float)
    return Group(y, people["treat"].to_numpy() == 1, columns(people, names), tuple(names.split()))
