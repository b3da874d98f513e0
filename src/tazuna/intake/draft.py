"""A table while it is being checked: typed rows, and what every rule found so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from tazuna.intake.fault_table import FaultGroup
from tazuna.intake.faults import Notice
from tazuna.intake.raw_table import LINE
from tazuna.intake.schema import Table
from tazuna.intake.words import BadCells, as_text
from tazuna.language import Message

_LONGEST_KEPT = 1_000
"""Characters of a faulty cell that are kept: a spreadsheet's cell takes 32,767."""


def _cut_to_size(value: pl.Expr) -> pl.Expr:
    longer = value.str.len_bytes() > _LONGEST_KEPT
    return pl.when(longer).then(value.str.slice(0, _LONGEST_KEPT) + "…").otherwise(value).alias("value")


@dataclass(frozen=True, slots=True)
class Draft:
    """One table on its way from text to a table of the study.

    Rows that a rule sets aside stay in ``frame`` until the end, so that every fault of a row is named at
    once.

    Parameters
    ----------
    table, source
        What it is, and where it stands.
    cells
        The file's rows as text, row by row beside ``frame``: what a fault shows.
    frame
        The typed columns and `LINE`.
    lost
        True for the rows of ``frame`` that are set aside.
    headers
        Our column → the column as the file names it.
    readable
        False where a required column is missing: no rows can be judged.
    shapeless
        Rows of the file left out from the start, since they do not have the header's shape.
    """

    table: Table
    source: str
    cells: pl.DataFrame
    frame: pl.DataFrame
    lost: pl.Series
    headers: Mapping[str, str]
    faults: tuple[FaultGroup, ...] = ()
    notices: tuple[Notice, ...] = ()
    readable: bool = True
    shapeless: int = 0

    @property
    def sound(self) -> pl.DataFrame:
        """The rows that are not set aside, with `LINE`; none where the table cannot be read."""
        return self.frame.filter(~self.lost) if self.readable else self.frame.clear()

    @property
    def rows_in_file(self) -> int:
        """Data rows of the file, faulty ones included."""
        return self.frame.height + self.shapeless

    @property
    def emptied(self) -> int:
        """Cells of sound rows that were emptied because an optional value was bad."""
        gone = self.frame[LINE].filter(self.lost)
        return sum(
            int((~group.rows["line"].is_in(gone.implode())).sum())
            for group in self.faults
            if group.emptied and self.readable
        )

    def has(self, *columns: str) -> bool:
        """Whether all ``columns`` are there."""
        return set(columns) <= set(self.frame.columns)

    def with_columns(self, *columns: pl.Series) -> Draft:
        """With columns added or replaced."""
        return replace(self, frame=self.frame.with_columns(columns))

    def noticed(self, kind: str, count: int, said: Message) -> Draft:
        """With one more notice."""
        notice = Notice(kind, self.table.name, self.source, count, said)
        return replace(self, notices=(*self.notices, notice))

    def faulted(
        self, kind: str, header: str, expected: Message, cure: Message, *, readable: bool = False
    ) -> Draft:
        """With one fault of a whole column; ``readable`` where the rows can be judged all the same."""
        rows = pl.DataFrame({"line": [None], "value": [None]}, schema={"line": pl.Int64, "value": pl.String})
        group = FaultGroup(
            kind, self.table.name, self.source, header, expected, cure, rows, required=not readable
        )
        return replace(self, faults=(*self.faults, group), readable=self.readable and readable)

    def without_cells(self, column: str, *found: BadCells) -> Draft:
        """With the cells of every one of ``found`` named as faults and emptied."""
        draft = self
        for bad in found:
            draft = draft.marked(column, bad, emptied=True)
        if column not in self.frame.columns or not found:
            return draft
        bad_cells = pl.any_horizontal([bad.mask for bad in found])
        return draft.with_columns(
            draft.frame.select(pl.when(~bad_cells).then(pl.col(column)).alias(column))[column]
        )

    def without_rows(self, column: str | None, *found: BadCells) -> Draft:
        """With the rows of every one of ``found`` named as faults and set aside."""
        draft = self
        for bad in found:
            marked = draft.marked(column, bad, required=True)
            draft = replace(marked, lost=marked.lost | bad.mask)
        return draft

    def without(self, column: str, *found: BadCells) -> Draft:
        """`without_rows` where ``column`` is required, else `without_cells`."""
        known = self.table.columns.get(column)
        required = known is not None and known.required
        return self.without_rows(column, *found) if required else self.without_cells(column, *found)

    def marked(
        self, column: str | None, bad: BadCells, *, required: bool = False, emptied: bool = False
    ) -> Draft:
        """With ``bad`` named as faults, and nothing else changed."""
        if not bad.mask.any():
            return self
        header = None if column is None else self.headers.get(column, column)
        shown = (
            as_text(self.cells[header])
            if header in self.cells.columns
            else pl.repeat(None, self.frame.height, dtype=pl.String, eager=True)
        )
        if bad.shown is not None:
            shown = bad.shown
        rows = pl.DataFrame({"line": self.frame[LINE], "value": shown}).filter(bad.mask)
        rows = rows.with_columns(_cut_to_size(pl.col("value")))
        if bad.details is not None:
            rows = pl.concat([rows, bad.details], how="horizontal")
        group = FaultGroup(
            bad.kind, self.table.name, self.source, header, bad.expected, bad.cure, rows, required, emptied
        )
        return replace(self, faults=(*self.faults, group))
