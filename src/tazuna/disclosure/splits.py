"""Splits (内訳) of numbers of people by shares: what tables with shares tell beyond tables of numbers.

A share times its denominator is the number of people of one group of a ruling at a position. With the shares
of all groups of the ruling, each table is told once more for each of these groups: departments by age band and
level, say, though no such table is published. A hidden number is the sum of what it splits into, and each of
those is bounded by its own table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import CROSSED, Floats, Integers, Relations


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the variables of a table are in its split: all positions before all remainders.

    Part 0 is the table, part g that of people in the g-th group.
    """

    positions: int
    remainders: int
    parts: int

    @property
    def variables(self) -> int:
        return self.parts * (self.positions + self.remainders)

    def of(self, variables: Integers, part: int) -> Integers:
        remainders = self.parts * self.positions + part * self.remainders - self.positions
        placed: Integers = variables + np.where(
            variables < self.positions, part * self.positions, remainders
        )
        return placed

    def rows(self, rows: sparse.csr_array, part: int) -> sparse.csr_array:
        shape = (rows.shape[0], self.variables)
        return sparse.csr_array((rows.data, self.of(rows.indices, part), rows.indptr), shape=shape)

    def ones(self, variables: Integers) -> sparse.csr_array:
        """One row for each row of ``variables``, which are the columns that hold a one; shape (rows, some)."""
        count, some = variables.shape
        ends = np.arange(count + 1) * some
        return sparse.csr_array(
            (np.ones(variables.size), variables.ravel(), ends), shape=(count, self.variables)
        )


def split(whole: Relations, ruling: str, groups: tuple[str, ...], own: Booleans, counted: Booleans) -> Relations:
    """The relations of a table and of what its numbers are split into.

    Parameters
    ----------
    whole
        What adds up to what among the P positions of the table.
    ruling, groups
        The ruling and its G groups.
    own
        Shape (P,): positions in tables by this ruling. They are not split, but are what others split into.
    counted
        Shape (P,): positions that have shares by this ruling.

    Returns
    -------
    Relations
        Over (1 + G) P positions: those of the table, then the same for each group. Only numbers of the table
        are secret.
    """
    table = whole.positions
    places = _Places(table.height, whole.variables - table.height, 1 + len(groups))
    # A remainder that only rows of the own tables calculate has no copies.
    in_own = np.concatenate([own, np.zeros(places.remainders)])
    kept = np.flatnonzero((whole.wholes + whole.parts) @ in_own == 0)
    rows = [np.arange(whole.wholes.shape[0]), *[kept] * len(groups)]
    known = np.flatnonzero(counted & ~own)
    copies = np.column_stack([places.of(known, part) for part in range(1, places.parts)])
    same, copy = _same_people(table, ruling, groups, own & counted, places)
    secret = np.zeros(places.variables, dtype=bool)
    secret[places.of(np.arange(whole.variables), 0)] = whole.secret
    # Whether a remainder is nobody is known of all people in it, not of those of one group.
    margins = np.repeat(np.arange(places.variables)[:, None], 2, axis=1)
    remainders = np.arange(places.positions, whole.variables)
    for part in range(places.parts):
        margins[places.of(remainders, part)] = places.of(whole.margins[remainders], 0)
    return Relations(
        pl.concat([table] * places.parts),
        sparse.vstack(
            [
                *(places.rows(whole.wholes[of], part) for part, of in enumerate(rows)),
                places.ones(known[:, None]),
                places.ones(same[:, None]),
            ],
            format="csr",
        ),
        sparse.vstack(
            [
                *(places.rows(whole.parts[of], part) for part, of in enumerate(rows)),
                places.ones(copies),
                places.ones(copy[:, None]),
            ],
            format="csr",
        ),
        _calculated(whole, places, kept),
        secret,
        margins,
    )


def _calculated(whole: Relations, places: _Places, kept: Integers) -> tuple[tuple[Integers, Integers], ...]:
    """How the remainders follow, in the split."""
    height = whole.wholes.shape[0]
    place = np.full(height, -1)
    place[kept] = np.arange(kept.size)
    steps = []
    for rows, variables in whole.remainders:
        held = place[rows] >= 0
        all_rows, all_variables = [rows], [places.of(variables, 0)]
        for part in range(1, places.parts):
            all_rows.append(height + (part - 1) * kept.size + place[rows[held]])
            all_variables.append(places.of(variables[held], part))
        steps.append((np.concatenate(all_rows), np.concatenate(all_variables)))
    return tuple(steps)


def _same_people(
    table: pl.DataFrame, ruling: str, groups: tuple[str, ...], own: Booleans, places: _Places
) -> tuple[Integers, Integers]:
    """Positions in the ruling's own tables, and the split ones of the same people: ``high|50+`` in a table of
    levels by age band, and the people of level ``high`` at the age band 50+.
    """
    at = {position: number for number, position in enumerate(table.rows())}
    found = []
    for number in np.flatnonzero(own).tolist():
        *where, group_by, label = table.row(number)
        group, _, other = label.rpartition("|") if CROSSED in group_by else (label, "", "all")
        by = group_by.removeprefix(ruling).removeprefix(CROSSED) or "all"
        place = at.get((*where, by, other))
        if place is not None and group in groups:
            found.append((number, places.of(np.array(place), 1 + groups.index(group)).item()))
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
