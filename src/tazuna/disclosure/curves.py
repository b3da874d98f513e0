"""Age curves (年齢曲線) under protection: their windows overlap one another and the age bands.

A window that reaches into a hidden age band would tell of it. A curve with a point of fewer than k people is
hidden whole, since the points beside it differ from it by single years of age, and never alone, since the
curves of all levels add up to the curve of everybody.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from tazuna.disclosure.cell import KEYS
from tazuna.disclosure.relations import CROSSED

CURVE, BAND, LEVEL = "age_curve", "age_band", "level"
REACH = 7
"""Years on each side that a point's window holds: it counts people less than 8 years away."""

_BAND = re.compile(r"(\d+)(-\d+|\+)")

Of = tuple[str, str, str, str]
"""Organisation, wave, viewpoint, measure."""


def hidden_curves(cells: pl.DataFrame, hidden: pl.Series) -> pl.Series:
    """Points of curves to be hidden, for the hidden rows of other tables and points of fewer than k people.

    Parameters
    ----------
    cells
        Columns as `tazuna.disclosure.cell.CELL_SCHEMA`.
    hidden
        Boolean, one a row.

    Returns
    -------
    pl.Series
        Boolean, one a row; false for rows that are no points of a curve.
    """
    rows = cells.with_row_index("row").with_columns(hidden=hidden)
    bands, gone = _hidden_elsewhere(rows)
    points: defaultdict[Of, list[tuple[str, int, int, int]]] = defaultdict(list)
    curves = rows.filter(pl.col("group_by").str.ends_with(CURVE))
    for row, organisation, wave, view, group_by, group, measure, n, unseen in curves.select(
        "row", *KEYS, "n", "hidden"
    ).iter_rows():
        of, (level, year) = (organisation, wave, view, measure), _level_of(group_by, group)
        points[of].append((level, int(year), row, n or 0))
        if unseen:
            gone[of].add(level)
    found = np.zeros(cells.height, dtype=bool)
    for of, at in points.items():
        whole = _never_alone(gone[of], at)
        for level, age, row, _ in at:
            reaches = (low <= age + REACH and age - REACH <= high for low, high in bands[(*of, level)])
            found[row] = level in whole or any(reaches)
    return pl.Series(found)


def _hidden_elsewhere(
    rows: pl.DataFrame,
) -> tuple[defaultdict[tuple[str, ...], list[tuple[float, float]]], defaultdict[Of, set[str]]]:
    """Hidden age bands of each curve as first and last year, and levels that are hidden as a whole."""
    ends = _years(rows.filter(group_by=BAND)["group"].unique().to_list())
    bands: defaultdict[tuple[str, ...], list[tuple[float, float]]] = defaultdict(list)
    gone: defaultdict[Of, set[str]] = defaultdict(set)
    tables = ["all", BAND, LEVEL, LEVEL + CROSSED + BAND]
    hidden = rows.filter("hidden", pl.col("group_by").is_in(tables))
    for organisation, wave, view, group_by, group, measure in hidden.select(KEYS).iter_rows():
        of = (organisation, wave, view, measure)
        if group_by in ("all", LEVEL):
            gone[of].add(group if group_by == LEVEL else "")
        else:
            level, band = _level_of(group_by, group)
            bands[(*of, level)].append(ends.get(band, (-math.inf, math.inf)))
    return bands, gone


def _never_alone(gone: set[str], points: Iterable[tuple[str, int, int, int]]) -> set[str]:
    """The curves to be hidden whole: with that of everybody all, with that of one level a second."""
    people: defaultdict[str, int] = defaultdict(int)
    for level, _, _, n in points:
        people[level] += n
    if "" in gone:
        return set(people)
    others = sorted((level for level in people if level and level not in gone), key=people.__getitem__)
    return gone | set(others[:1]) if len(gone) == 1 else gone


def _level_of(group_by: str, group: str) -> tuple[str, str]:
    """Level (empty = everybody) and the rest of a group's label."""
    level, _, rest = group.rpartition("|")
    return (level, rest) if CROSSED in group_by else ("", group)


def _years(bands: Iterable[str]) -> Mapping[str, tuple[float, float]]:
    """First and last year of each age band like ``35-49`` or ``50+``; the first and the last are open."""
    first = {band: float(found[1]) for band in bands if (found := _BAND.fullmatch(band))}
    ordered = sorted(first, key=first.__getitem__)
    after = [*(first[band] - 1 for band in ordered[1:]), math.inf]
    return {
        band: (first[band] if number else -math.inf, after[number]) for number, band in enumerate(ordered)
    }
