"""Ten linked tables of a company, as reports show them: eight groupings, two of them crossed with age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import sparse
from scipy.optimize import linprog

from tazuna.disclosure.cell import CELL_SCHEMA

Cell = tuple[str, str]
"""Grouping and group."""
Line = tuple[Cell, tuple[Cell, ...]]
"""A cell and those that it is the sum of."""
K = 10
WAVE = {"w1": K}
DEPARTMENT_SIZE = 25
GROUPINGS = {
    "department": 0,
    "age_band": 3,
    "gender": 3,
    "worksite": 4,
    "job_family": 8,
    "employment_type": 5,
    "level": 3,
    "layer": 3,
}
"""Grouping → number of groups; of departments there are as many as the company is large."""
TABLES = (*((grouping,) for grouping in GROUPINGS), ("department", "age_band"), ("level", "age_band"))
MEASURES = {"response_rate": 1.0, "co": 0.7, "ms": 0.55}
"""Measure → share of those asked who are behind it."""


def people(count: int) -> pl.DataFrame:
    """The groups of everybody: departments of very different size, and groups of which some are rare."""
    rng = np.random.default_rng(count)
    departments = max(4, count // DEPARTMENT_SIZE)
    columns = {}
    for grouping, groups in GROUPINGS.items():
        number = groups or departments
        share = rng.lognormal(0, 0.7, number) if grouping == "department" else 0.5 ** np.arange(number)
        drawn = rng.choice(number, count, p=share / share.sum())
        columns[grouping] = [f"{grouping[0].upper()}{group:04d}" for group in drawn.tolist()]
    answered = rng.random(count)
    return pl.DataFrame(columns).with_columns(answered=answered, score=rng.integers(0, 101, count))


def cells(everybody: pl.DataFrame) -> pl.DataFrame:
    """All cells of the ten tables with their margins and the total, also those of nobody."""
    frames = [_table(everybody, keys) for keys in ((), *TABLES)]
    return pl.concat(frames).select(pl.col(name).cast(kind) for name, kind in CELL_SCHEMA.items())


def _table(everybody: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    grid = pl.DataFrame({"all": ["all"]})
    for key in keys:
        grid = grid.join(everybody.select(pl.col(key).unique().sort()), how="cross")
    by = [*keys] or ["all"]
    frames = []
    for measure, share in MEASURES.items():
        behind = everybody.filter(pl.col("answered") < share).with_columns(all=pl.lit("all"))
        value = 100 * (pl.col("answered") < MEASURES["co"]) if measure == "response_rate" else pl.col("score")
        counted = behind.group_by(by).agg(n=pl.len(), mean=value.mean())
        frames.append(
            grid.join(counted, on=by, how="left").select(
                organisation_id=pl.lit("A"),
                wave=pl.lit("w1"),
                viewpoint=pl.lit("all"),
                group_by=pl.lit("*".join(keys) or "all"),
                group=pl.concat_str(by, separator="|"),
                measure=pl.lit(measure),
                n=pl.col("n").fill_null(0),
                mean="mean",
                lower="mean",
                upper="mean",
                suppressed=pl.lit(value=False),
            )
        )
    return pl.concat(frames)


def lines(counts: Mapping[Cell, int]) -> list[Line]:
    """Every sum of the tables: the total and the margins, each with its parts."""
    parts: defaultdict[Cell, defaultdict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for grouping, group in counts:
        if grouping == "all":
            continue
        first, _, second = grouping.partition("*")
        if not second:
            parts["all", "all"][grouping].append((grouping, group))
            continue
        one, other = group.split("|")
        parts[first, one][grouping].append((grouping, group))
        parts[second, other][grouping].append((grouping, group))
    return [(whole, tuple(row)) for whole, tables in parts.items() for row in tables.values()]


def next_smallest(counts: Mapping[Cell, int]) -> set[Cell]:
    """The rule of thumb: hide what is below `K`, and where one part of a shown sum is hidden alone the next
    smallest part as well, until none is alone.
    """
    hidden = {cell for cell, n in counts.items() if n < K}
    sums, waiting = lines(counts), True
    while waiting:
        waiting = False
        for whole, parts in sums:
            shown = [part for part in parts if part not in hidden]
            if whole not in hidden and len(parts) - len(shown) == 1 and shown:
                hidden.add(min(shown, key=counts.__getitem__))
                waiting = True
    return hidden


def known_within(counts: Mapping[Cell, int], hidden: set[Cell], tried: int) -> int:
    """How many of some hidden cells of 1 to k-1 people are known within k to whoever adds up the rest."""
    at = {cell: number for number, cell in enumerate(sorted(hidden))}
    rows, columns, signs, values = [], [], [], []
    for whole, parts in lines(counts):
        unknown = [(part, 1.0) for part in parts if part in at]
        if whole in at:
            unknown.append((whole, -1.0))
        if not unknown:
            continue
        shown = sum(counts[part] for part in parts if part not in at)
        values.append((0 if whole in at else counts[whole]) - shown)
        for cell, sign in unknown:
            rows.append(len(values) - 1)
            columns.append(at[cell])
            signs.append(sign)
    sums = sparse.csr_array((signs, (rows, columns)), shape=(len(values), len(at)))
    small = [cell for cell in at if 0 < counts[cell] < K]
    known = 0
    for target in np.random.default_rng(1).permutation(len(small))[:tried]:
        reward = np.zeros(len(at))
        reward[at[small[target]]] = 1.0
        ends = [
            linprog(sign * reward, A_eq=sums, b_eq=values, bounds=(0, None), method="highs").fun
            for sign in (1, -1)
        ]
        known += -ends[1] - ends[0] < K - 1e-6
    return known
