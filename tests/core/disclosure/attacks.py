"""Attacks on a release, written from the published rows alone and sharing no code with what they attack.

The attacker knows k, the rules of hiding, the organisation and that groupings are complete, and thinks of the
people as unknown numbers: how many there are in each department, age band, level and side. Every published
number is a sum of some of these (over several measures: who answered has a score and a level).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linprog
from tests.core.disclosure.made_companies import BANDS, LEVELS, SIDES, TOP

PRIME = 2_147_483_629
Vectors = NDArray[np.int64]
ANSWERED, WITH_MS = ("response_rate", "co", "share.level"), ("ms",)


@dataclass(frozen=True, slots=True)
class Known:
    """Published sums over unknown numbers of people, and the hidden ones that the attacker wants.

    Parameters
    ----------
    sums, values
        Shape (published, unknowns) of 0 and 1, and what they add up to.
    wanted, truth
        The same of hidden cells; the truth is used only to judge the attack.
    """

    sums: Vectors
    values: Vectors
    wanted: Vectors
    truth: Vectors


def unknowns(departments: list[str]) -> list[tuple[str, str, str, str]]:
    """All combinations of department, age band, level (or none) and side."""
    return list(product(departments, BANDS, (*LEVELS, ""), SIDES))


def members(row: dict, atoms: list[tuple[str, str, str, str]]) -> Vectors:
    """Which unknown numbers a cell of this label adds up."""
    firm, view = row["organisation_id"], row["viewpoint"]
    group = dict(zip(row["group_by"].split("*"), row["group"].rsplit("|", 1), strict=False))
    chosen = [
        (firm == TOP or department.startswith(firm))
        and view in ("all", side)
        and group.get("department", department) == department
        and group.get("age_band", band) == band
        and group.get("level", level) == level
        for department, band, level, side in atoms
    ]
    return np.array(chosen, dtype=np.int64)


def what_is_known(released: pl.DataFrame, true: pl.DataFrame, wave: str, measures: tuple[str, ...]) -> Known:
    """Everything that one wave's release tells of those who answered, or of those with the score ``ms``."""
    departments = sorted(true.filter(group_by="department")["group"].unique().to_list())
    atoms = unknowns(departments)
    levels = np.array([atom[2] for atom in atoms])
    sums, values, wanted, truth = [], [], [], []
    mine = pl.col("measure").str.starts_with(measures[0])
    for measure in measures[1:]:
        mine = mine | pl.col("measure").str.starts_with(measure)
    rows = zip(
        released.filter(mine, wave=wave).iter_rows(named=True),
        true.filter(mine, wave=wave).iter_rows(named=True),
        strict=True,
    )
    for row, unprotected in rows:
        counts = list(_counts(unprotected, members(row, atoms), levels))
        if row["suppressed"]:
            wanted.append(counts[0][0])
            truth.append(counts[0][1])
        else:
            sums += [which for which, _ in counts]
            values += [count for _, count in counts]
    if measures == ANSWERED:  # Whoever answered has a level in these companies.
        sums.append((levels == "").astype(np.int64))
        values.append(0)
    return Known(*(np.array(part, dtype=np.int64) for part in (sums, values, wanted, truth)))


def _counts(row: dict, vector: Vectors, levels: NDArray[np.str_]) -> Iterator[tuple[Vectors, int]]:
    """What a row counts: those who answered of a response rate, else n, and the people of a share."""
    yes = round((row["mean"] or 0.0) * row["n"] / 100)
    yield vector, yes if row["measure"] == "response_rate" else row["n"]
    if row["measure"].startswith("share.level."):
        yield vector * (levels == row["measure"].split(".")[2]), yes


def recovered_exactly(known: Known, small: int) -> int:
    """How many hidden numbers below ``small`` are combinations of published ones, modulo a prime."""
    table, pivots = _eliminated(known.sums % PRIME)
    found = 0
    for vector, count in zip(known.wanted, known.truth, strict=True):
        if 0 < count < small:
            rest = vector % PRIME
            for line, pivot in zip(table, pivots, strict=True):
                if rest[pivot]:
                    rest = (rest - rest[pivot] * line) % PRIME
            found += not rest.any()
    return found


def _eliminated(table: Vectors) -> tuple[list[Vectors], list[int]]:
    lines: list[Vectors] = []
    pivots: list[int] = []
    for vector in np.unique(table, axis=0):
        rest = vector.copy()
        for line, pivot in zip(lines, pivots, strict=True):
            if rest[pivot]:
                rest = (rest - rest[pivot] * line) % PRIME
        if rest.any():
            pivot = int(np.flatnonzero(rest)[0])
            lines.append(rest * pow(int(rest[pivot]), -1, PRIME) % PRIME)
            pivots.append(pivot)
    return lines, pivots


def narrowest(known: Known, small: int, targets: int | None = None) -> float:
    """The least range in which a hidden number below ``small`` is known; numbers of people are whole.

    Parameters
    ----------
    targets
        How many hidden numbers are attacked; None for all.
    """
    least = np.inf
    sums, first = np.unique(known.sums, axis=0, return_index=True)
    wanted, at = np.unique(known.wanted, axis=0, return_index=True)
    chosen = np.flatnonzero((known.truth[at] > 0) & (known.truth[at] < small))
    for target in wanted[np.random.default_rng(0).permutation(chosen)[:targets]]:
        low, high = (
            sign * linprog(sign * target, A_eq=sums, b_eq=known.values[first], bounds=(0, None)).fun
            for sign in (1, -1)
        )
        # Whoever knows that this cell is hidden for being small, which nothing tells, knows no more than k.
        least = min(least, np.floor(high + 1e-6) - np.ceil(low - 1e-6))
    return float(least)


def sums_recovered(released: pl.DataFrame, true: pl.DataFrame, wave: str, small: int) -> int:
    """How many hidden sums of scores (n × mean, a whole number here) follow from those shown."""
    known = what_is_known(released, true, wave, ("co",))
    totals = true.filter(measure="co", wave=wave).with_columns(
        total=(pl.col("n") * pl.col("mean").fill_null(0.0)).round().cast(pl.Int64),
        hidden=released.filter(measure="co", wave=wave)["suppressed"],
    )
    shown = totals.filter(~pl.col("hidden"))["total"].to_numpy()
    hidden = totals.filter("hidden")["total"].to_numpy()
    table = np.column_stack([known.sums, shown])
    lines, pivots = _eliminated(table % PRIME)
    found = 0
    for vector, count, total in zip(known.wanted, known.truth, hidden, strict=True):
        if not 0 < count < small:
            continue
        rest = np.append(vector, 0) % PRIME
        for line, pivot in zip(lines, pivots, strict=True):
            if pivot < rest.size - 1 and rest[pivot]:
                rest = (rest - rest[pivot] * line) % PRIME
        found += not rest[:-1].any() and int(-rest[-1] % PRIME) == total
    return found
