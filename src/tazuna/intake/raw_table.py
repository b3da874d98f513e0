"""A table as it stands in a file (生の表): every cell as text, every row with the line that a person sees."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tazuna.intake.faults import Notice
from tazuna.language import message

LINE = "__line__"


@dataclass(frozen=True, slots=True)
class RaggedRow:
    """A row whose number of cells does not fit the header: ``found`` cells, ``expected`` as in the header."""

    line: int
    found: int
    expected: int


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A workbook cell without a usable value: an error such as ``#REF!``, or a formula never calculated."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of a file, before anything is known about its meaning.

    Parameters
    ----------
    name
        File stem or sheet name, NFKC-normalised.
    source
        The place as a person sees it: the file name, or ``file.xlsx › sheet``.
    columns
        Headings in the file's order, NFKC-normalised and trimmed; a repeated heading has ``(2)``, ``(3)`` …
        after it, a column without a heading is called by its letter, as ``[C]``.
    frame
        One row a data row: ``columns`` as String (null = empty; typed where the file is Parquet, UInt8 where
        a column of a large text file holds nothing but single digits) and ``__line__`` (Int64), the line in
        the spreadsheet. Date cells of a workbook are text such as ``2018-04-01 00:00:00``.
    notices
        What was set apart or normalised while reading, with counts.
    header_line
        Line of the (last) header row; 1 where nothing stands above it.
    ragged
        Rows with more cells than the header, or with implausibly few; they are in ``frame``, cut to size.
    duplicate_headers
        Headings that occur more than once, each named once.
    error_cells
        Workbook cells that hold an error or a formula without a stored value; null in ``frame``.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    frame: pl.DataFrame
    notices: tuple[Notice, ...] = ()
    header_line: int = 1
    ragged: tuple[RaggedRow, ...] = ()
    duplicate_headers: tuple[str, ...] = ()
    error_cells: tuple[ErrorCell, ...] = ()


def reading_notices(
    name: str,
    source: str,
    *,
    title_rows: int = 0,
    empty_rows: int = 0,
    totals_rows: int = 0,
    unnamed_columns: int = 0,
    merged_cells: int = 0,
) -> tuple[Notice, ...]:
    """One notice for each kind that occurred."""
    said = {
        "title_rows": (
            title_rows,
            message(
                "{source}: title rows above the header, skipped: {count}", source=source, count=title_rows
            ),
        ),
        "empty_rows": (
            empty_rows,
            message("{source}: empty rows, skipped: {count}", source=source, count=empty_rows),
        ),
        "totals_rows": (
            totals_rows,
            message(
                "{source}: totals rows at the end, not read as data: {count}",
                source=source,
                count=totals_rows,
            ),
        ),
        "unnamed_columns": (
            unnamed_columns,
            message(
                "{source}: columns without a heading, called by their letter: {count}",
                source=source,
                count=unnamed_columns,
            ),
        ),
        "merged_cells": (
            merged_cells,
            message(
                "{source}: cells filled from a cell merged over several rows: {count}",
                source=source,
                count=merged_cells,
            ),
        ),
    }
    return tuple(Notice(kind, name, source, count, words) for kind, (count, words) in said.items() if count)
