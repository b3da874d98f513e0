"""Random groups of two firms: the tables that are published and the people behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna.disclosure.relations import Links

TOP, FIRMS = "G", ("A", "B")
WAVES = ("w1", "w2")
BANDS = ("20-34", "35-49", "50+")
LEVELS = ("low", "middle", "high")
K = 10
LINKS = Links(parents=dict.fromkeys(FIRMS, TOP))
VIEWS: dict[tuple[str, str], tuple[str, ...]] = {
    ("all", "all"): (),
    ("all", "department"): ("department",),
    ("all", "age_band"): ("age_band",),
    ("all", "department*age_band"): ("department", "age_band"),
    ("all", "level"): ("level",),
    ("all", "level*age_band"): ("level", "age_band"),
}
SIDES = ("manager", "employee")


@dataclass(frozen=True, slots=True)
class Company:
    """Unprotected cells, and who is behind them (one row a person and wave)."""

    cells: pl.DataFrame
    people: pl.DataFrame


def company(seed: int) -> Company:
    """Two firms of 4 to 8 departments, some of a handful of people; a tenth changes between waves."""
    rng = np.random.default_rng(seed)
    sizes = [
        (firm, f"{firm}{d}", int(rng.lognormal(2.9, 0.8)) + 1)
        for firm in FIRMS
        for d in range(rng.integers(4, 9))
    ]
    firm, department = (
        np.repeat([row[place] for row in sizes], [row[2] for row in sizes]) for place in (0, 1)
    )
    count = firm.size
    band, level = rng.choice(3, count, p=[0.4, 0.4, 0.2]), rng.choice(3, count, p=[0.15, 0.5, 0.35])
    manager = rng.random(count) < 0.12
    waves = []
    for wave in WAVES:
        answered = rng.random(count) < 0.7
        waves.append(
            pl.DataFrame(
                {
                    "organisation_id": firm,
                    "wave": wave,
                    "department": department,
                    "age_band": np.array(BANDS)[band],
                    "level": pl.Series(np.array(LEVELS)[level]).set(pl.Series(~answered), None),
                    "viewpoint": np.where(manager, "manager", "employee"),
                    "asked": True,
                    "answered": answered,
                    "co": pl.Series(rng.integers(0, 101, count)).set(pl.Series(~answered), None),
                    "ms": pl.Series(rng.integers(0, 101, count)).set(
                        pl.Series(~answered | (rng.random(count) < 0.1)), None
                    ),
                }
            )
        )
        moved = rng.random(count) < 0.1
        band = np.where(moved, np.minimum(band + 1, 2), band)
        level = np.where(moved, rng.choice(3, count), level)
    people = pl.concat(waves)
    return Company(cells_of(people), people)


def cells_of(people: pl.DataFrame) -> pl.DataFrame:
    """All tables of the firms and of their group."""
    frames = []
    everybody = pl.concat([people, people.with_columns(organisation_id=pl.lit(TOP))])
    for (viewpoint, group_by), keys in VIEWS.items():
        held = everybody if "department" not in keys else people
        frames.append(_table(held, viewpoint, group_by, keys))
    for side in SIDES:
        frames.append(_table(everybody.filter(viewpoint=side), side, "all", ()))
    return pl.concat(frames).select(pl.col(name).cast(dtype) for name, dtype in CELL_SCHEMA.items())


def _table(people: pl.DataFrame, viewpoint: str, group_by: str, keys: tuple[str, ...]) -> pl.DataFrame:
    figures = {
        "response_rate": (pl.len(), 100 * pl.col("answered").mean()),
        "co": (pl.col("co").count(), pl.col("co").mean()),
        "ms": (pl.col("ms").count(), pl.col("ms").mean()),
        **{
            f"share.level.{level}": (pl.col("level").count(), 100 * (pl.col("level") == level).mean())
            for level in LEVELS
        },
    }
    grid = people.select("organisation_id", "wave").unique()
    for key in keys:
        grid = grid.join(
            people.select("organisation_id", "wave", key).drop_nulls().unique(),
            on=["organisation_id", "wave"],
        )
    by = ["organisation_id", "wave", *keys]
    frames = []
    for measure, (n, mean) in figures.items():
        counted = people.drop_nulls(list(keys)).group_by(by).agg(n=n, mean=mean)
        frames.append(
            grid.join(counted, on=by, how="left").select(
                "organisation_id",
                "wave",
                viewpoint=pl.lit(viewpoint),
                group_by=pl.lit(group_by),
                group=pl.concat_str(keys, separator="|") if keys else pl.lit("all"),
                measure=pl.lit(measure),
                n=pl.col("n").fill_null(0),
                mean="mean",
                lower="mean",
                upper="mean",
                suppressed=pl.lit(value=False),
            )
        )
    return pl.concat(frames).sort("organisation_id", "wave", "group", "measure")
