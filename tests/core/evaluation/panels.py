"""Panels with a staggered start, public and made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from tazuna.evaluation.staggered import Panel


def counties(shared_data: Path, *names: str) -> Panel:
    """Teen employment of 500 counties, 2003-2007, and the year of a higher minimum wage (R package did)."""
    rows = pl.read_csv(shared_data / "mpdta.csv").sort("countyreal", "year")
    wide = rows.pivot(on="year", index=["countyreal", "first.treat", "lpop"], values="lemp")
    first = wide["first.treat"].to_numpy().astype(float)
    return Panel(
        outcomes=wide.select(str(year) for year in range(2003, 2008)).to_numpy(),
        periods=np.arange(2003.0, 2008.0),
        starts=np.where(first == 0, np.inf, first),
        covariates=wide.select(names).to_numpy().reshape(len(wide), len(names)),
        names=names,
    )


def made_up(
    seed: int, n: int, starts: list[float], effect: float = 0.0, clusters: int | None = None
) -> Panel:
    """Units over 6 periods with a start drawn from ``starts``; the trend depends on a covariate."""
    rng = np.random.default_rng(seed)
    groups = np.arange(n) if clusters is None else np.arange(n) % clusters
    start = rng.choice(starts, groups.max() + 1)[groups]
    x = rng.normal(size=(n, 1))
    periods = np.arange(1.0, 7.0)
    shocks = rng.normal(size=(groups.max() + 1, 6))[groups]
    y = rng.normal(size=(n, 1)) + x * periods * 0.2 + shocks + rng.normal(size=(n, 6)) * 0.5
    y += effect * (periods >= start[:, None])
    return Panel(y, periods, start, x, ("age",), groups)
