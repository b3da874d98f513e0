"""Public data as arrays, for tests of the estimators."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).parent / "data"


def nsw() -> pl.DataFrame:
    """The job training experiment of Dehejia & Wahba: 185 treated, 260 not."""
    return pl.read_csv(HERE / "nsw.csv", infer_schema_length=None)


def jtrain() -> pl.DataFrame:
    """Scrap rates of firms over three years, with the logarithm."""
    return pl.read_csv(HERE / "jtrain.csv").with_columns(lscrap=pl.col("scrap").log())


def bcg() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log risk ratios, their variances and the latitudes of the 13 trials."""
    trials = pl.read_csv(HERE / "bcg.csv")
    a, b, c, d = (trials[name].to_numpy().astype(float) for name in trials.columns[3:7])
    ratio = np.log(a / (a + b)) - np.log(c / (c + d))
    return ratio, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), trials["latitude"].to_numpy().astype(float)


def columns(frame: pl.DataFrame, names: str) -> np.ndarray:
    """The columns named, as floats."""
    return frame.select(names.split()).to_numpy().astype(float)
