"""From a grid of cells to a table: title rows, empty rows and totals are set apart and counted, never lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tazuna.intake.faults import Notice
from tazuna.intake.headers import SEARCHED_ROWS, Header, column_names, find_header, letters_from
from tazuna.intake.raw_table import LINE, ErrorCell, RaggedRow, RawTable
from tazuna.language import Message, message

_TOTAL = re.compile(r"(合計|総計|総合計|小計|計|(grand ?|sub)?totals?|sum)[::]?")
_KEY_COLUMNS = 3
_WHITE = " \t\r\n\u3000\u00a0\u200b\ufeff\u2007\u202f"


@dataclass(frozen=True, slots=True)
class Grid:
    """All physical rows of a file or sheet.

    Parameters
    ----------
    frame
        String columns and ``__line__``; one row a physical row, empty ones included.
    first_column
        0-based spreadsheet column of the frame's first column.
    ragged
        Rows that the reader itself found ill-formed.
    error_cells
        Cells without a usable value; ``column`` is the spreadsheet's letter.
    """

    frame: pl.DataFrame
    first_column: int = 0
    ragged: tuple[RaggedRow, ...] = ()
    error_cells: tuple[ErrorCell, ...] = ()


def table_of_grid(
    grid: Grid,
    name: str,
    source: str,
    known_headers: frozenset[str] = frozenset(),
    header_line: int | None = None,
) -> RawTable | None:
    """The table in ``grid``, or None where no row looks like a header."""
    cells = grid.frame.drop(LINE)
    top = cells.head(SEARCHED_ROWS if header_line is None else header_line + 1).rows()
    rows = [[_trimmed(cell) for cell in row] for row in top]
    header = find_header(rows, known_headers, None if header_line is None else header_line - 1)
    if header is None:
        return None
    lines = grid.frame[LINE]
    body = _trim(grid.frame[header.last + 1 :])
    body, letters, unnamed = _kept_columns(body, header, letters_from(grid.first_column, cells.width))
    names, duplicates = column_names(header, letters)
    body = body.rename(dict(zip(body.drop(LINE).columns, names, strict=True)))
    filled = body.filter(~pl.all_horizontal(pl.col(names).is_null()))
    totals = _totals_at_end(filled, names)
    counts = {
        "title_rows": sum(any(row) for row in rows[: header.first]),
        "empty_rows": body.height - filled.height + sum(not any(row) for row in rows[: header.first]),
        "totals_rows": totals,
        "unnamed_columns": unnamed,
    }
    by_letter = dict(zip(letters, names, strict=True))
    return RawTable(
        name=unicodedata.normalize("NFKC", name),
        source=source,
        columns=names,
        frame=filled.head(filled.height - totals),
        notices=tuple(
            Notice(kind, name, source, count, _SAID[kind](source, count))
            for kind, count in counts.items()
            if count
        ),
        header_line=int(lines[header.last]),
        duplicate_headers=duplicates,
        ragged=grid.ragged,
        error_cells=tuple(
            ErrorCell(cell.line, by_letter.get(cell.column, f"[{cell.column}]"), cell.text)
            for cell in grid.error_cells
            if cell.line > lines[header.last]
        ),
    )


def _title_rows(source: str, count: int) -> Message:
    return message("{source}: {count} title rows above the header were skipped", source=source, count=count)


def _empty_rows(source: str, count: int) -> Message:
    return message("{source}: {count} empty rows were skipped", source=source, count=count)


def _totals_rows(source: str, count: int) -> Message:
    return message(
        "{source}: {count} totals rows at the end were not read as data", source=source, count=count
    )


def _unnamed_columns(source: str, count: int) -> Message:
    return message(
        "{source}: {count} columns have no heading; they are named after their letter, as [C]",
        source=source,
        count=count,
    )


_SAID = {
    "title_rows": _title_rows,
    "empty_rows": _empty_rows,
    "totals_rows": _totals_rows,
    "unnamed_columns": _unnamed_columns,
}


def _trimmed(cell: str | None) -> str | None:
    return (cell.strip(_WHITE) or None) if cell else None


def _trim(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells without white space around them; what is then empty becomes null."""
    trimmed = pl.col(pl.String).str.strip_chars(_WHITE)
    return frame.with_columns(pl.when(trimmed != "").then(trimmed))


def _kept_columns(
    body: pl.DataFrame, header: Header, letters: Sequence[str]
) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Columns with a heading or any value, their letters, and how many of them have no heading."""
    headings = [*header.names, *[None] * len(letters)]
    columns = body.drop(LINE).columns
    kept = [i for i, column in enumerate(columns) if headings[i] or body[column].null_count() < body.height]
    unnamed = sum(not headings[i] for i in kept)
    return body.select([columns[i] for i in kept] + [LINE]), tuple(letters[i] for i in kept), unnamed


def _totals_at_end(body: pl.DataFrame, names: Sequence[str]) -> int:
    """How many rows at the end are totals: the word stands in one of the first columns."""
    count = 0
    for row in reversed(body.select(names[:_KEY_COLUMNS]).tail(5).rows()):
        first = next((cell for cell in row if cell), "")
        if not _TOTAL.fullmatch("".join(unicodedata.normalize("NFKC", first).casefold().split())):
            break
        count += 1
    return count
