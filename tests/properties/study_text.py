"""A study as plain text before it is written: what the generator knows, whatever a reader makes of it."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from random import Random

Row = list[str]


@dataclass
class TableText:
    """One table: rows above the header, the header, the data rows, and rows of totals below them."""

    header: Row
    rows: list[Row]
    above: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """Cells to merge in a workbook: (first data row, last data row, column)."""
    typed: bool = False
    """Whether a workbook holds figures and dates as such rather than as text."""

    def line_of(self, row: Row) -> int:
        """The line at which a person sees ``row`` (this very list) in the file."""
        place = next(i for i, other in enumerate(self.rows) if other is row)
        return len(self.above) + 2 + place

    def data_rows(self) -> int:
        """How many rows a reader must account for: those with anything in them."""
        return sum(any(cell.strip() for cell in row) for row in self.rows)

    def may_end_in_totals(self) -> bool:
        """Whether the last rows hold a word for totals, so that they may be taken for such."""
        last = [row for row in self.rows if any(cell.strip() for cell in row)][-5:]
        return any("計" in cell or "total" in cell.lower() for row in last for cell in row if len(cell) < 20)

    def lines(self) -> list[Row]:
        """All rows of the file."""
        return [*self.above, self.header, *self.rows, *self.below]


@dataclass(frozen=True)
class Place:
    """Where a single known damage must be named; ``line`` None for a fault of a whole column."""

    kinds: tuple[str, ...]
    table: str
    row: Row | None
    column: str | None


@dataclass
class StudyText:
    """A study folder in the making.

    ``uncertain`` names the tables whose rows cannot be counted without doubt after what was done to them,
    ``names`` the tables that were given another file or sheet name.
    """

    tables: dict[str, TableText]
    settings: str | None
    files: dict[str, bytes] = field(default_factory=dict)
    uncertain: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    headings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Table → {our column: its heading in the file}, where it differs."""

    def copied(self) -> StudyText:
        """An independent copy, so that a good study is never changed."""
        return copy.deepcopy(self)

    def column(self, table: str, name: str) -> int | None:
        """Position of our column ``name``; None where the table or the column is missing."""
        if table not in self.tables:
            return None
        heading = self.headings.get(table, {}).get(name, name)
        header = self.tables[table].header
        return header.index(heading) if heading in header else None

    def some_table(self, random: Random) -> tuple[str, TableText]:
        """One of the tables."""
        name = random.choice(sorted(self.tables))
        return name, self.tables[name]
