"""Group figures of every organisation, wave, group and measure as cells (セル), not yet protected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import numpy as np
import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA, KEYS
from tazuna.disclosure.pooling import Pools
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.intervals import Floats, mean_interval, wilson_interval
from tazuna.measurement.moments import (
    PLACE,
    Measure,
    cell_sums,
    folded,
    pooled_upward,
    sums_of,
    table,
    unit_sums,
)
from tazuna.measurement.pools import with_pools
from tazuna.measurement.scoring import ScoredScale, is_binary

CUBES: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("department", "viewpoint", "age_band", "level"): (
        (),
        ("department",),
        ("age_band",),
        ("department", "age_band"),
        ("level",),
        ("level", "age_band"),
        ("viewpoint",),
    ),
    ("layer", "unmoved", "cause", "age_band"): (
        ("layer",),
        ("unmoved",),
        ("unmoved", "age_band"),
        ("cause",),
    ),
    ("worksite", "gender", "job_family", "employment_type"): (
        ("worksite",),
        ("gender",),
        ("job_family",),
        ("employment_type",),
    ),
}
"""One pass over people each: the keys they are summed by, and the groupings that fold from those sums."""
SHARED_RULINGS = ("layer", "unmoved", "cause", "step", "level")


def cell_measures(
    people: pl.DataFrame, scales: Iterable[ScoredScale], rules: GroupRules
) -> tuple[Measure, ...]:
    """What the cells tell: scales, contribution, shares of groups, response rate.

    Scores of single items are left out until their reliability is known to carry them; a yes-or-no scale is
    a share. Measures that nobody has a value of are left out.
    """
    found = [
        Measure(scored.code, pl.col(scored.code) > 50, "share")
        if is_binary(scored)
        else Measure(scored.code, pl.col(scored.code), "score")
        for scored in scales
        if scored.scale.kind != "item"
    ]
    found.append(Measure("contribution", pl.col("contribution"), "value"))
    shares = [
        Measure(f"share.{ruling}.{group}", pl.col(ruling) == group, "share")
        for ruling in SHARED_RULINGS
        for group in rules.groups(ruling)
    ]
    counts = people.select(measure.value.count().alias(measure.name) for measure in [*found, *shares]).row(
        0, named=True
    )
    held = [measure for measure in [*found, *shares] if counts[measure.name] > 0]
    return (*held, Measure("response_rate", pl.col("answered"), "share"))


def group_cells(
    people: pl.DataFrame,
    measures: Sequence[Measure],
    above: pl.DataFrame,
    rules: GroupRules,
    pools: Pools | None = None,
) -> pl.DataFrame:
    """Cells of every grouping for everybody who answered, and of the viewpoints manager and employee.

    An organisation's cells hold those of the organisations below it; cells of departments are of its own
    departments. Which rows there are depends on who was asked, and, for pools alone, on who answered.

    Parameters
    ----------
    people
        Those asked, as `tazuna.measurement.population.population` gives them.
    measures
        As `cell_measures` gives them.
    above
        As `tazuna.measurement.units.organisations_above` gives it.
    rules
        The rules, whose groups all get a row.
    pools
        As `tazuna.measurement.pools.pools_of` gives them; they stand beside the departments in them.

    Returns
    -------
    pl.DataFrame
        Columns of `tazuna.disclosure.cell.CELL_SCHEMA`, nothing suppressed.
    """
    frames = []
    for cube, groupings in CUBES.items():
        held = [keys for keys in groupings if all(people[key].count() > 0 for key in keys)]
        if held:
            sums = unit_sums(people, cube, measures)
            for keys in held:
                by = folded(sums, keys)
                by = with_pools(by, pools) if pools and "department" in keys else by
                frames.append(cells_by(by, keys, measures, above, rules))
    return pl.concat(frames)


def cells_by(
    sums: pl.DataFrame,
    keys: tuple[str, ...],
    measures: Sequence[Measure],
    above: pl.DataFrame,
    rules: GroupRules,
) -> pl.DataFrame:
    """Cells of one grouping from sums by its keys, pooled upward unless the groups are departments."""
    if "department" not in keys:
        sums = pooled_upward(sums, above)
    grid = _every_group(sums, keys, rules)
    cells = grid.join(cell_sums(sums, keys, measures), on=[*PLACE, *keys], how="left", maintain_order="left")
    groups = [key for key in keys if key != "viewpoint"]
    labels = cells.select(
        *PLACE,
        "viewpoint" if "viewpoint" in keys else pl.lit("all").alias("viewpoint"),
        group_by=pl.lit("*".join(groups) or "all"),
        group=pl.concat_str(*groups, separator="|") if groups else pl.lit("all"),
    )
    return long_cells(labels, cells, measures)


def _every_group(sums: pl.DataFrame, keys: tuple[str, ...], rules: GroupRules) -> pl.DataFrame:
    """All combinations of groups at each place and wave: an empty group has a row like any other."""
    places = sums.select(PLACE).unique(maintain_order=True)

    def with_groups(grid: pl.DataFrame, key: str) -> pl.DataFrame:
        if key in rules.rulings:
            return grid.join(pl.DataFrame({key: rules.groups(key)}), how="cross")
        return grid.join(sums.select(*PLACE, key).unique().sort(key), on=PLACE, maintain_order="left_right")

    return reduce(with_groups, keys, places)


def long_cells(labels: pl.DataFrame, cells: pl.DataFrame, measures: Sequence[Measure]) -> pl.DataFrame:
    """One row a cell and measure.

    Parameters
    ----------
    labels
        ``organisation_id``, ``wave``, ``viewpoint``, ``group_by``, ``group``: shape (rows, 5).
    cells
        Sums of the same rows, as `tazuna.measurement.moments.cell_sums` gives them.
    measures
        The measures among the sums.
    """
    means = [measure for measure in measures if measure.kind != "share"]
    shares = [measure for measure in measures if measure.kind == "share"]
    sums = sums_of(cells, means)
    interval = mean_interval(sums)
    # A score cannot lie outside 0–100; contribution has its own range.
    limit = np.array([100.0 if measure.kind == "score" else np.inf for measure in means])
    floor = np.where(np.isinf(limit), -np.inf, 0.0)
    n, yes = (table(cells, shares, part) for part in ("n", "total"))
    share = wilson_interval(n, yes)
    return cell_frame(
        labels,
        [measure.name for measure in [*means, *shares]],
        np.hstack([sums.n, n]),
        np.hstack([interval.mean, share.mean]),
        np.hstack([np.clip(interval.lower, floor, limit), share.lower]),
        np.hstack([np.clip(interval.upper, floor, limit), share.upper]),
    )


def cell_frame(
    labels: pl.DataFrame | Sequence[tuple[str, ...]],
    names: Sequence[str],
    n: Floats,
    mean: Floats,
    lower: Floats,
    upper: Floats,
) -> pl.DataFrame:
    """Cells from arrays of shape (labels, names); NaN becomes null.

    Figures are rounded to a millionth: sums of squares over threads differ in their last bits from run to
    run, and the same study must give the same table.

    Parameters
    ----------
    labels
        ``organisation_id``, ``wave``, ``viewpoint``, ``group_by``, ``group`` of each row of the arrays.
    names
        Measure of each column of the arrays.
    n, mean, lower, upper
        The figures.
    """
    count = len(names)
    placed = pl.DataFrame(labels, schema=dict.fromkeys(KEYS[:-1], pl.String), orient="row")
    repeated = placed.select(pl.all().repeat_by(count).explode()) if count else placed.clear()
    figures = {"n": n, "mean": mean, "lower": lower, "upper": upper}
    return repeated.with_columns(
        pl.Series("measure", np.tile(np.array(names, dtype=object), placed.height), dtype=pl.String),
        *(pl.Series(name, np.round(values.ravel(), 6), nan_to_null=True) for name, values in figures.items()),
        suppressed=pl.lit(value=False),
    ).select(pl.col(name).cast(dtype) for name, dtype in CELL_SCHEMA.items())
