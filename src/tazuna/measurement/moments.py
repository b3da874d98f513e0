"""Sums by department, then by group: the only pass over people that group figures need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from tazuna.measurement.intervals import Floats, Sums

PLACE = ("organisation_id", "wave")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is summed over people: a column, or a yes-or-no expression over columns.

    Parameters
    ----------
    name
        As in the cells' column ``measure``.
    value
        Expression over a population; Boolean for a share, else numeric. Null = does not count.
    kind
        score (mean, 0–100), value (mean on its own scale), share (percent of people).
    """

    name: str
    value: pl.Expr
    kind: Literal["score", "value", "share"]


def unit_sums(people: pl.DataFrame, keys: Sequence[str], measures: Sequence[Measure]) -> pl.DataFrame:
    """Sums of every measure by organisation, wave, department and the groups of ``keys``.

    Returns
    -------
    pl.DataFrame
        ``organisation_id``, ``wave``, ``unit``, keys (all String but numeric keys), and ``NAME|n``,
        ``NAME|total``, ``NAME|squares`` for each measure. A null key stands for people without a value of it.
    """
    sums: list[pl.Expr] = []
    for measure in measures:
        value = measure.value if measure.kind == "share" else measure.value.cast(pl.Float64)
        sums.append(value.count().cast(pl.Float64).alias(f"{measure.name}|n"))
        sums.append(value.sum().cast(pl.Float64).alias(f"{measure.name}|total"))
        if measure.kind != "share":
            sums.append(value.dot(value).alias(f"{measure.name}|squares"))
    by_unit = people.lazy().group_by(*PLACE, "unit", *keys).agg(sums).collect(engine="streaming")
    return by_unit.with_columns(pl.col(pl.Categorical).cast(pl.String))


def folded(sums: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """The same sums by fewer keys; people without a value of a key are left out."""
    by = [*PLACE, "unit", *keys]
    return sums.drop_nulls(list(keys)).group_by(by).agg(pl.selectors.contains("|").sum())


def pooled_upward(sums: pl.DataFrame, above: pl.DataFrame) -> pl.DataFrame:
    """The same sums once for each organisation and for every organisation above it; units stay apart."""
    own_units = pl.concat_str("organisation_id", "unit", separator="\x1f")
    pooled = sums.with_columns(own_units.alias("unit")).join(above, on="organisation_id")
    return pooled.with_columns(pl.col("above").alias("organisation_id")).drop("above")


def cell_sums(sums: pl.DataFrame, keys: Sequence[str], measures: Sequence[Measure]) -> pl.DataFrame:
    """Sum over departments: what `sums_of` reads, one row an organisation, wave and group."""
    columns: list[pl.Expr] = []
    for measure in measures:
        n, total = pl.col(f"{measure.name}|n"), pl.col(f"{measure.name}|total")
        columns += [n.sum(), total.sum()]
        if measure.kind != "share":
            columns += [
                pl.col(f"{measure.name}|squares").sum(),
                (n > 0).sum().cast(pl.Float64).alias(f"{measure.name}|clusters"),
                total.dot(total).alias(f"{measure.name}|total_squared"),
                total.dot(n).alias(f"{measure.name}|total_by_n"),
                n.dot(n).alias(f"{measure.name}|n_squared"),
            ]
    return sums.group_by(*PLACE, *keys).agg(columns)


def table(cells: pl.DataFrame, measures: Sequence[Measure], part: str) -> Floats:
    """One part of the sums as an array of shape (rows of ``cells``, measures); a missing row counts as 0."""
    if not measures:
        return np.zeros((cells.height, 0))
    return cells.select(pl.col(f"{measure.name}|{part}").fill_null(0.0) for measure in measures).to_numpy()


def sums_of(cells: pl.DataFrame, measures: Sequence[Measure]) -> Sums:
    """The sums of measures that are means, as arrays of shape (rows of ``cells``, measures)."""
    return Sums(*(table(cells, measures, part) for part in Sums.__slots__))
