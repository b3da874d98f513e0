"""Which group figures add up to which (加法関係): what whoever holds all tables can calculate with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from tazuna.disclosure.cell import KEYS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

POSITION = KEYS[:-1]
"""What says of whom a figure is: everything but the measure."""
ADDING_UP = ("all", "manager", "employee")
"""Viewpoints whose numbers of people add up; the others are statements in office and differences."""
CROSSED = "*"
OF_ANSWERS = ("level", "layer", "unmoved", "cause", "step")
"""Groupings by answers: of people without a group nobody knows who they are, so their number is no secret."""
_TOTAL = ("all", "all")


@dataclass(frozen=True, slots=True)
class Links:
    """What of the relations cannot be read from the labels of the cells.

    Parameters
    ----------
    parents
        Organisation → the organisation above it.
    pools
        (organisation, wave, pool) → the departments in it, as `tazuna.disclosure.pooling.pooled` gives them.
    deciding
        Ruling → the questions of which one answer alone puts a person in a group of it.
    """

    parents: Mapping[str, str] = field(default_factory=dict)
    pools: Mapping[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    deciding: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relations:
    """Sums that hold between numbers of people: the whole of each row equals the sum of its parts.

    Every grouping is completed by the people without a value of it (the remainder), so that each relation
    is an equation over numbers that are not negative. Remainders are in no table, but whoever subtracts has
    them.

    Parameters
    ----------
    positions
        Columns `POSITION`, P rows; variable v < P is the number of people at position v.
    wholes, parts
        Shape (R, V), 0 or 1: the one variable on the left of each equation, and those on the right.
    remainders
        In order of calculation: rows, and for each the variable of what is missing in it.
    secret
        Shape (V,): whether a small number is to be protected: all but remainders of groupings `OF_ANSWERS`,
        and what numbers split into by shares.
    margins
        Shape (V, 2): the remainders of the groupings that a remainder of a crossed table belongs to; where
        one of them is nobody, so is it, and everybody knows. Otherwise the variable itself.
    """

    positions: pl.DataFrame
    wholes: sparse.csr_array
    parts: sparse.csr_array
    remainders: tuple[tuple[Integers, Integers], ...]
    secret: NDArray[np.bool_]
    margins: Integers

    @property
    def signed(self) -> sparse.coo_array:
        """Wholes less parts, shape (R, V): zero for numbers that add up."""
        return (self.wholes - self.parts).tocoo()

    def unknown_remainders(self, counts: Floats) -> NDArray[np.bool_]:
        """Remainders of which it is not known that they are nobody; shape (V,), false for positions."""
        found: NDArray[np.bool_] = (counts[self.margins] > 0).all(axis=1) & (counts >= 0)
        found[: self.positions.height] = False
        return found

    @property
    def variables(self) -> int:
        """Number of positions and remainders."""
        return int(self.parts.shape[1])

    def with_remainders(self, counts: Floats) -> Floats:
        """Add the remainders to the numbers of people.

        Parameters
        ----------
        counts
            Shape (P, columns); NaN where there is no such figure.

        Returns
        -------
        Floats
            Shape (V, columns); NaN where something needed is missing.
        """
        full = np.zeros((self.variables, counts.shape[1]))
        full[: counts.shape[0]] = counts
        for rows, variables in self.remainders:
            full[variables] = 0.0
            full[variables] = self.wholes[rows] @ full - self.parts[rows] @ full
        return full


def relations(positions: pl.DataFrame, links: Links) -> Relations:
    """Find the relations among the positions of one release from their labels.

    Parameters
    ----------
    positions
        Columns `POSITION`, no row twice; viewpoints in `ADDING_UP`, no age curves.
    links
        What the labels do not tell.
    """
    rows = _Rows(positions.height)
    at = {position: number for number, position in enumerate(positions.rows())}
    places: defaultdict[tuple[str, str, str], dict[str, dict[str, int]]] = defaultdict(dict)
    for (organisation, wave, viewpoint, group_by, group), number in at.items():
        places[organisation, wave, viewpoint].setdefault(group_by, {})[group] = number
    for (organisation, wave, viewpoint), tables in places.items():
        total = at.get((organisation, wave, viewpoint, *_TOTAL))
        pools = {
            pool: members for (o, w, pool), members in links.pools.items() if (o, w) == (organisation, wave)
        }
        _relate_tables(rows, tables, total, pools)
    for organisation, wave in {place[:2] for place in places}:
        views = [at.get((organisation, wave, view, *_TOTAL)) for view in ADDING_UP]
        rows.add_group(views[0], views[1:])
    for parent, below in _below(links.parents).items():
        for position in positions.filter(organisation_id=parent).rows():
            if "department" not in position[3]:
                rows.add_group(at[position], [at.get((child, *position[1:])) for child in below])
    return rows.built(positions)


def _below(parents: Mapping[str, str]) -> dict[str, list[str]]:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for child, parent in sorted(parents.items()):
        below[parent].append(child)
    return below


def _relate_tables(
    rows: _Rows,
    tables: Mapping[str, Mapping[str, int]],
    total: int | None,
    pools: Mapping[str, tuple[str, ...]],
) -> None:
    """Relations inside the tables of one organisation, wave and viewpoint."""
    unknown = {}
    for group_by, groups in tables.items():
        if CROSSED in group_by or group_by == "all":
            continue
        own = {group: number for group, number in groups.items() if group not in pools}
        # Pools come first: what protects a small member is then hidden inside its pool.
        for pool, members in pools.items() if group_by == "department" else ():
            rows.add(groups[pool], [groups[member] for member in members])
        unknown[group_by] = rows.add_group(total, own.values(), secret=group_by not in OF_ANSWERS)
        if pools and group_by == "department":
            rows.add_coarser(total, groups, pools, unknown[group_by])
    for group_by, cells in tables.items():
        first, _, second = group_by.partition(CROSSED)
        if not second or first not in unknown or second not in unknown:
            continue
        split = {tuple(group.rsplit("|", 1)): number for group, number in cells.items()}
        in_pools = pools if first == "department" else {}
        margins = ((tables[first], unknown[first]), (tables[second], unknown[second]))
        _relate_crossed(rows, split, margins, in_pools, secret=first not in OF_ANSWERS)


def _relate_crossed(
    rows: _Rows,
    cells: Mapping[tuple[str, ...], int],
    margins: tuple[tuple[Mapping[str, int], int | None], tuple[Mapping[str, int], int | None]],
    pools: Mapping[str, tuple[str, ...]],
    *,
    secret: bool,
) -> None:
    """A table of two groupings adds up to both; people without a value of one are a row or column of it."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    columns: defaultdict[str, list[int]] = defaultdict(list)
    in_pools: defaultdict[str, list[int]] = defaultdict(list)
    for (line, column), number in cells.items():
        if line in pools:
            rows.add(number, [cells[member, column] for member in pools[line] if (member, column) in cells])
            in_pools[line].append(number)
            continue
        lines[line].append(number)
        columns[column].append(number)
    (of_line, no_line), (of_column, no_column) = margins
    if no_line is None or no_column is None:
        return
    left = {
        line: rows.add_group(of_line.get(line), numbers, of=(no_column,)) for line, numbers in lines.items()
    }
    for pool, numbers in in_pools.items():
        without = rows.add_group(of_line.get(pool), numbers, of=(no_column,))
        if without is not None:
            rows.add(without, [left.get(member) for member in pools[pool]])
    of_columns = [
        rows.add_group(of_column.get(column), numbers, of=(no_line,), secret=secret)
        for column, numbers in columns.items()
    ]
    for column, remainder in zip(columns, of_columns, strict=True) if pools else ():
        here = {line: number for (line, other), number in cells.items() if other == column}
        rows.add_coarser(of_column.get(column), here, pools, remainder)
    if any(remainder is not None for remainder in of_columns):
        corner = rows.add_group(no_line, of_columns, of=(no_line, no_column), step=1, secret=secret)
        rows.add(no_column, [*left.values(), corner])


class _Rows:
    """Relations while they are gathered."""

    def __init__(self, positions: int) -> None:
        self.variables = positions
        self.rows = 0
        self.whole: list[int] = []
        self.part: list[int] = []
        self.part_row: list[int] = []
        self.open: list[int] = []
        self.margins: dict[int, tuple[int, int]] = {}
        self.steps: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])

    def add(self, whole: int, parts: Iterable[int | None]) -> None:
        """The whole is exactly the sum of its parts."""
        self.whole.append(whole)
        held = [part for part in parts if part is not None]
        self.part += held
        self.part_row += [self.rows] * len(held)
        self.rows += 1

    def add_coarser(
        self,
        whole: int | None,
        groups: Mapping[str, int],
        pools: Mapping[str, tuple[str, ...]],
        remainder: int | None,
    ) -> None:
        """The whole is the sum of the pools, of the groups in none, and of the remainder."""
        inside = {member for pool in pools if pool in groups for member in pools[pool]}
        if whole is not None and remainder is not None and inside:
            self.add(whole, [*(groups[group] for group in groups if group not in inside), remainder])

    def add_group(
        self,
        whole: int | None,
        parts: Iterable[int | None],
        *,
        of: Sequence[int] = (),
        step: int = 0,
        secret: bool = True,
    ) -> int | None:
        """The whole is the sum of its parts and a remainder, whose variable is returned."""
        held = [part for part in parts if part is not None]
        if whole is None or not held:
            return None
        remainder = self.variables
        self.variables += 1
        if of:
            self.margins[remainder] = (of[0], of[-1])
        if not secret:
            self.open.append(remainder)
        self.steps[step].append((self.rows, remainder))
        self.add(whole, [*held, remainder])
        return remainder

    def built(self, positions: pl.DataFrame) -> Relations:
        shape = (self.rows, self.variables)
        ones = np.ones(len(self.part))
        secret = np.ones(self.variables, dtype=bool)
        secret[self.open] = False
        margins = np.repeat(np.arange(self.variables)[:, None], 2, axis=1)
        for remainder, of in self.margins.items():
            margins[remainder] = of
        return Relations(
            positions,
            sparse.csr_array((np.ones(self.rows), (np.arange(self.rows), self.whole)), shape=shape),
            sparse.csr_array((ones, (self.part_row, self.part)), shape=shape),
            tuple(
                (np.array([row for row, _ in step], np.int64), np.array([v for _, v in step], np.int64))
                for step in self.steps
                if step
            ),
            secret,
            margins,
        )
