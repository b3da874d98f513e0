"""Splits (内訳) of numbers of people by shares: what tables with shares tell beyond tables of numbers.

A share times its denominator is the number of people of one group of a ruling at a position. With the
shares of all groups of the ruling, each table is told once more for each of these groups: departments by age
band and level, say, though no such table is published. A hidden number is the sum of what it splits into, and
each of those is bounded by its own table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import CROSSED, Integers, Relations


@dataclass(frozen=True, slots=True)
class Split:
    """How the numbers of a table of P positions are split by one ruling.

    Parameters
    ----------
    ruling, groups
        The ruling and its G groups.
    own
        Shape (P,): positions in tables by this ruling. They are not split, but are what others split into.
    counted
        Shape (P,): positions that have shares by this ruling.
    """

    ruling: str
    groups: tuple[str, ...]
    own: Booleans
    counted: Booleans


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the variables of a table are in its splits: all positions of all parts before all remainders."""

    positions: int
    remainders: int
    parts: int

    @property
    def variables(self) -> int:
        return self.parts * (self.positions + self.remainders)

    def of(self, variables: Integers, part: int) -> Integers:
        remainders = self.parts * self.positions + part * self.remainders - self.positions
        placed: Integers = variables + np.where(variables < self.positions, part * self.positions, remainders)
        return placed

    def rows(self, rows: sparse.csr_array, part: int) -> sparse.csr_array:
        shape = (rows.shape[0], self.variables)
        return sparse.csr_array((rows.data, self.of(rows.indices, part), rows.indptr), shape=shape)

    def ones(self, variables: Integers) -> sparse.csr_array:
        """Rows with a one for each of the variables that are in the same row here."""
        count, some = variables.shape
        rows = (np.ones(variables.size), variables.ravel(), np.arange(count + 1) * some)
        return sparse.csr_array(rows, shape=(count, self.variables))


def split_relations(whole: Relations, splits: Sequence[Split]) -> Relations:
    """The relations of a table, once for each way of splitting it, and of what its numbers split into.

    Parameters
    ----------
    whole
        What adds up to what among the P positions of the table.
    splits
        The rulings.

    Returns
    -------
    Relations
        Over parts of P positions each: for every ruling the table itself, then the same for each of the
        ruling's groups. Only numbers of the table itself are secret.
    """
    table = whole.positions
    parts = sum(1 + len(one.groups) for one in splits)
    places = _Places(table.height, whole.variables - table.height, parts)
    wholes, summed = [], []
    steps: list[tuple[list[Integers], list[Integers]]] = [([], []) for _ in whole.remainders]
    secret = np.zeros(places.variables, dtype=bool)
    margins = np.repeat(np.arange(places.variables)[:, None], 2, axis=1)
    remainders = np.arange(places.positions, whole.variables)
    height = first = 0
    for one in splits:
        in_own = np.concatenate([one.own, np.zeros(places.remainders)])
        all_rows = np.arange(whole.wholes.shape[0])
        kept = np.flatnonzero((whole.wholes + whole.parts) @ in_own == 0)
        secret[places.of(np.arange(whole.variables), first)] = whole.secret
        for part in range(first, first + 1 + len(one.groups)):
            rows = all_rows if part == first else kept
            wholes.append(places.rows(whole.wholes[rows], part))
            summed.append(places.rows(whole.parts[rows], part))
            # Whether a remainder is nobody is known of all people in it, not of those of one group.
            margins[places.of(remainders, part)] = places.of(whole.margins[remainders], first)
            place = np.full(all_rows.size, -1)
            place[rows] = height + np.arange(rows.size)
            # A remainder that only rows of the ruling's own tables calculate is none of a single group.
            for (of_rows, variables), step in zip(whole.remainders, steps, strict=True):
                held = place[of_rows] >= 0
                step[0].append(place[of_rows[held]])
                step[1].append(places.of(variables[held], part))
            height += rows.size
        of_groups = range(first + 1, first + 1 + len(one.groups))
        known = np.flatnonzero(one.counted & ~one.own)
        same, copy = _same_people(table, one, places, first)
        wholes += [places.ones(places.of(known, first)[:, None]), places.ones(same[:, None])]
        summed.append(places.ones(np.column_stack([places.of(known, part) for part in of_groups])))
        summed.append(places.ones(copy[:, None]))
        height += known.size + same.size
        first = of_groups.stop
    return Relations(
        pl.concat([table] * parts),
        sparse.vstack(wholes, format="csr"),
        sparse.vstack(summed, format="csr"),
        tuple((np.concatenate(rows), np.concatenate(variables)) for rows, variables in steps),
        secret,
        margins,
    )


def _same_people(table: pl.DataFrame, one: Split, places: _Places, first: int) -> tuple[Integers, Integers]:
    """Positions in the ruling's own tables, and the split ones of the same people: ``high|50+`` in a table of
    levels by age band, and the people of level ``high`` at the age band 50+.
    """
    at = {position: number for number, position in enumerate(table.rows())}
    found = []
    for number in np.flatnonzero(one.own & one.counted).tolist():
        *where, group_by, label = table.row(number)
        group, _, other = label.rpartition("|") if CROSSED in group_by else (label, "", "all")
        by = group_by.removeprefix(one.ruling).removeprefix(CROSSED) or "all"
        place = at.get((*where, by, other))
        if place is not None and group in one.groups:
            found.append((number, place, first + 1 + one.groups.index(group)))
    numbers, wheres, parts = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return places.of(numbers, first), wheres + parts * places.positions
