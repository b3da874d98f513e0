"""From a grid of cells to a table: titles, empty rows and totals are set apart and counted, never lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.intake.headers import (
    SEARCHED_ROWS,
    Header,
    column_letter,
    column_names,
    find_header,
)
from tazuna.intake.raw_table import LINE, ErrorCell, RaggedRow, RawTable, reading_notices

_TOTAL = re.compile(r"(合計|総計|総合計|小計|計|(grand|sub)?totals?|sum)[::]?")
_KEY_COLUMNS = 3
_MOST_TOTALS = 5
_RARE, _COMMON = 0.05, 0.5
_COLUMNS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """All physical rows of a file or sheet: empty ones included, as frames of `with_lines`.

    Parameters
    ----------
    first
        How many rows → that many of the first ones, as text.
    below
        Row index → that row and all below it. Of a large text file, columns that hold nothing but single
        digits there are UInt8.
    first_column
        0-based spreadsheet column of the frames' first column.
    fields
        int64, one a row: how many fields the record of a text file has; None for a workbook.
    error_cells
        Cells without a usable value; ``column`` is the spreadsheet's letter.
    merged
        Merged ranges as (first line, first column, last line, last column), columns 0-based.
    """

    first: Callable[[int], pl.DataFrame]
    below: Callable[[int], pl.DataFrame]
    first_column: int = 0
    fields: npt.NDArray[np.int64] | None = None
    error_cells: tuple[ErrorCell, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()


def grid_of(
    frame: pl.DataFrame,
    first_column: int = 0,
    fields: npt.NDArray[np.int64] | None = None,
    error_cells: tuple[ErrorCell, ...] = (),
    merged: tuple[tuple[int, int, int, int], ...] = (),
) -> Grid:
    """The grid whose rows are all in ``frame``, as of `with_lines`."""
    return Grid(frame.head, frame.slice, first_column, fields, error_cells, merged)


def with_lines(cells: pl.DataFrame, first_line: int = 1) -> pl.DataFrame:
    """Trim text (full-width and no-break spaces too), make blank cells null, and number the lines.

    Parameters
    ----------
    cells
        One row a physical row; it is used up, a few columns at a time, so that memory stays low.
    first_line
        The line of the first of them.
    """
    texts = cells.select(pl.selectors.string()).columns
    for start in range(0, len(texts), _COLUMNS_AT_ONCE):
        cells = cells.with_columns(_trimmed(name) for name in texts[start : start + _COLUMNS_AT_ONCE])
    lines = pl.int_range(first_line, first_line + cells.height, dtype=pl.Int64)
    return cells.with_columns(lines.alias(LINE))


def _trimmed(name: str) -> pl.Expr:
    trimmed = pl.col(name).str.strip_chars()
    return pl.when(trimmed.str.len_bytes() > 0).then(trimmed).alias(name)


def table_of_grid(
    grid: Grid,
    name: str,
    source: str,
    known_headers: frozenset[str] = frozenset(),
    header_line: int | None = None,
) -> RawTable | None:
    """The table in ``grid``, or None where no row looks like a header.

    Parameters
    ----------
    grid
        All cells; lines run from 1 without a gap.
    name, source
        As in `RawTable`.
    known_headers
        Normalised headings that make a header certain.
    header_line
        The line of the header where a person named it.
    """
    top = grid.first(SEARCHED_ROWS if header_line is None else header_line + 1).drop(LINE).rows()
    header = find_header(top, known_headers, None if header_line is None else header_line - 1)
    if header is None:
        return None
    body, filled_cells = _fill_merged(grid.below(header.last + 1), grid)
    edge = body.width - 1
    if grid.fields is not None:
        edge = max(len(header.names), int(grid.fields[header.first : header.last + 1].max()))
    ragged = _ragged(body, grid.fields, edge)
    body, headings, letters = _kept_columns(body, edge, header, grid.first_column)
    names, duplicates = column_names(headings, letters)
    body = body.rename(dict(zip(body.drop(LINE).columns, names, strict=True)))
    empty = body.select(pl.all_horizontal(pl.col(names).is_null())).to_series()
    filled = body.filter(~empty) if empty.any() else body
    totals = _totals_at_end(filled, names)
    data = filled.head(filled.height - totals)
    empty_above = sum(not any(row) for row in top[: header.first])
    last = int(data[LINE].max() or 0)  # type: ignore[arg-type]
    by_letter = dict(zip(letters, names, strict=True))
    return RawTable(
        name=unicodedata.normalize("NFKC", name),
        source=source,
        columns=names,
        frame=data,
        notices=reading_notices(
            name,
            source,
            title_rows=header.first - empty_above,
            empty_rows=body.height - filled.height + empty_above,
            totals_rows=totals,
            unnamed_columns=headings.count(None),
            merged_cells=filled_cells,
        ),
        header_line=header.last + 1,
        duplicate_headers=duplicates,
        ragged=tuple(row for row in ragged if row.line <= last),
        error_cells=tuple(
            ErrorCell(cell.line, by_letter.get(cell.column, f"[{cell.column}]"), cell.text)
            for cell in grid.error_cells
            if header.last + 1 < cell.line <= last or (cell.line > last and not totals)
        ),
    )


def _fill_merged(body: pl.DataFrame, grid: Grid) -> tuple[pl.DataFrame, int]:
    """The value of a cell merged over several rows, in each of them; and how many cells that filled."""
    if not body.height:
        return body, 0
    first_line = int(body[LINE][0])
    columns = [column for column in body.columns if column != LINE]
    rows: dict[str, list[int]] = {}
    values: dict[str, list[str]] = {}
    for line, left, last_line, right in grid.merged:
        start, stop = line - first_line, min(last_line - first_line + 1, body.height)
        index = left - grid.first_column
        if left != right or not (0 <= start < stop - 1 and 0 <= index < len(columns)):
            continue
        value = body[columns[index]][start]
        if value is not None:
            rows.setdefault(columns[index], []).extend(range(start + 1, stop))
            values.setdefault(columns[index], []).extend([value] * (stop - start - 1))
    filled = [body[column].clone().scatter(rows[column], values[column]) for column in rows]
    return body.with_columns(filled), sum(map(len, rows.values()))


def _ragged(body: pl.DataFrame, fields: npt.NDArray[np.int64] | None, edge: int) -> tuple[RaggedRow, ...]:
    """Records with content beyond the header, and records that break off where others do not.

    A writer that leaves out empty fields at the end makes many short records; a line broken in two by mistake
    makes a rare one, or two neighbours that together have the fields of one.
    """
    if fields is None or not body.height:
        return ()
    counts = fields[-body.height :]
    beyond = [column for column in body.columns if column != LINE][edge:]
    has_content = body.select(pl.any_horizontal(pl.col(beyond).is_not_null())).to_series() if beyond else None
    long = counts > max(edge, body.width - 1)
    if has_content is not None:
        long |= has_content.to_numpy()
    short = (counts > 0) & (counts < edge)
    halves = short[:-1] & short[1:] & (counts[:-1] + counts[1:] == edge + 1)
    broken = np.concatenate([halves, [False]]) | np.concatenate([[False], halves])
    wrong = long | (short & (broken | (short.mean() < _RARE)) & (short.mean() <= _COMMON))
    lines = body[LINE].to_numpy()
    return tuple(RaggedRow(int(lines[i]), int(counts[i]), edge) for i in np.flatnonzero(wrong))


def _kept_columns(
    body: pl.DataFrame, edge: int, header: Header, first_column: int
) -> tuple[pl.DataFrame, tuple[str | None, ...], tuple[str, ...]]:
    """Columns with a heading or any value, their headings and their letters."""
    columns = [column for column in body.columns if column != LINE][:edge]
    headings = [*header.names, *[None] * len(columns)]
    kept = [i for i, column in enumerate(columns) if headings[i] or body[column].null_count() < body.height]
    letters = tuple(column_letter(first_column + i) for i in kept)
    return body.select([columns[i] for i in kept] + [LINE]), tuple(headings[i] for i in kept), letters


def _totals_at_end(body: pl.DataFrame, names: Sequence[str]) -> int:
    """How many rows at the end are totals: the first filled of the first columns says so."""
    count = 0
    for row in reversed(body.select(names[:_KEY_COLUMNS]).tail(_MOST_TOTALS).rows()):
        first = next((str(cell) for cell in row if cell is not None), "")
        if not _TOTAL.fullmatch("".join(unicodedata.normalize("NFKC", first).casefold().split())):
            break
        count += 1
    return count
