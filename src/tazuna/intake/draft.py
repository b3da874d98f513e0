"""A table while it is being checked: typed rows, and what every rule found so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from tazuna.intake.fault_table import FaultGroup
from tazuna.intake.faults import Notice
from tazuna.intake.raw_table import LINE
from tazuna.intake.schema import Table
from tazuna.intake.words import BadCells
from tazuna.language import Message


@dataclass(frozen=True, slots=True)
class Draft:
    """One table on its way from text to a table of the study.

    Parameters
    ----------
    table, source
        What it is, and where it stands.
    rows_in_file
        Data rows of the file; ``frame.height`` of them are left, the others were set aside.
    frame
        The typed columns and `LINE`.
    headers
        Our column → the column as the file names it.
    keys
        Identifier columns with all values of the file, those of rows set aside included: a row elsewhere that points
        to one of them does not break a second rule.
    readable
        False where a required column is missing: no rows can be judged.
    emptied
        Cells emptied because an optional value was bad.
    """

    table: Table
    source: str
    rows_in_file: int
    frame: pl.DataFrame
    headers: Mapping[str, str]
    keys: Mapping[str, pl.Series]
    faults: tuple[FaultGroup, ...] = ()
    notices: tuple[Notice, ...] = ()
    readable: bool = True
    emptied: int = 0

    @property
    def set_aside(self) -> int:
        """Rows of the file that are not in ``frame``."""
        return self.rows_in_file - self.frame.height

    def has(self, *columns: str) -> bool:
        """Whether all ``columns`` are there."""
        return set(columns) <= set(self.frame.columns)

    def noticed(self, kind: str, count: int, said: Message) -> Draft:
        """With one more notice."""
        notice = Notice(kind, self.table.name, self.source, count, said)
        return replace(self, notices=(*self.notices, notice))

    def faulted(
        self,
        kind: str,
        column: str | None,
        expected: Message,
        cure: Message,
        *,
        value: str | None = None,
        readable: bool = False,
    ) -> Draft:
        """With one fault of the whole table (no line); ``readable`` where its rows can be judged all the same."""
        rows = pl.DataFrame({"line": [None], "value": [value]}, schema={"line": pl.Int64, "value": pl.String})
        group = FaultGroup(kind, self.table.name, self.source, column, expected, cure, rows, not readable)
        return replace(self, faults=(*self.faults, group), readable=self.readable and readable)

    def without_cells(self, column: str, bad: BadCells, shown: pl.Series | None = None) -> Draft:
        """With the cells of ``bad`` named as faults and emptied.

        ``shown`` is what the file says in the column, where ``frame`` does not hold it any more.
        """
        if not bad.mask.any():
            return self
        marked = self._marked(column, bad, shown, required=False)
        emptied = pl.when(bad.mask).then(None).otherwise(pl.col(column)).alias(column)
        return replace(
            marked, frame=self.frame.with_columns(emptied), emptied=self.emptied + int(bad.mask.sum())
        )

    def without_rows(self, column: str | None, bad: BadCells, shown: pl.Series | None = None) -> Draft:
        """With the rows of ``bad`` named as faults and set aside."""
        if not bad.mask.any():
            return self
        marked = self._marked(column, bad, shown, required=True)
        return replace(marked, frame=self.frame.filter(~bad.mask))

    def with_fault(self, column: str, bad: BadCells) -> Draft:
        """With the cells of ``bad`` named as faults, and left as they are."""
        return self._marked(column, bad, None, required=False) if bad.mask.any() else self

    def _marked(self, column: str | None, bad: BadCells, shown: pl.Series | None, *, required: bool) -> Draft:
        value = shown if shown is not None else self.shown(column)
        header = None if column is None else self.headers.get(column, column)
        group = self.group(header, bad, self.frame[LINE], value, required=required)
        return replace(self, faults=(*self.faults, group))

    def group(
        self, header: str | None, bad: BadCells, lines: pl.Series, value: pl.Series, *, required: bool
    ) -> FaultGroup:
        """The faults of ``bad`` at ``lines``, shown as ``value``; nothing is changed."""
        rows = pl.DataFrame({"line": lines, "value": value}).filter(bad.mask)
        if bad.details is not None:
            rows = pl.concat([rows, bad.details], how="horizontal")
        return FaultGroup(
            bad.kind, self.table.name, self.source, header, bad.expected, bad.cure, rows, required
        )

    def shown(self, column: str | None) -> pl.Series:
        """The cells of ``column`` as text for a fault's value."""
        if column is None:
            return pl.Series([None] * self.frame.height, dtype=pl.String)
        cells = self.frame[column]
        return (cells.list.join(";") if cells.dtype == pl.List else cells).cast(pl.String)
