"""Parquet files: columns keep their types; lines count as if a header stood in line 1."""

from __future__ import annotations

import io
import unicodedata

import polars as pl

from tazuna.errors import UnreadableSourceError
from tazuna.intake.headers import column_letter, column_names, normalise_heading
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.intake.text_files import MOST_CELLS
from tazuna.intake.workbook_parts import broken_archive
from tazuna.language import message


def read_parquet_table(data: bytes, name: str, source: str) -> RawTable:
    """The table of a Parquet file.

    Raises
    ------
    UnreadableSourceError
        Damaged, or it unpacks to more than 300 million cells (known from its footer before anything is read).
    """
    try:
        lazy = pl.scan_parquet(io.BytesIO(data))
        columns = lazy.collect_schema().names()
        rows = lazy.select(pl.len()).collect().item()
        if rows * len(columns) > MOST_CELLS:
            raise UnreadableSourceError(
                message(
                    "{source} is too large for a table: {rows} lines, {columns} columns",
                    source=source,
                    rows=rows,
                    columns=len(columns),
                ),
                message("Split it into several files"),
            )
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise broken_archive(source) from error
    headings = [normalise_heading(column) or None for column in columns]
    names, duplicates = column_names(headings, [column_letter(i) for i in range(len(headings))])
    blank = pl.col(pl.String).str.strip_chars() == ""
    frame = frame.rename(dict(zip(columns, names, strict=True)))
    frame = pl.DataFrame([_as_cells(column, source) for column in frame]).with_columns(
        pl.when(~blank).then(pl.col(pl.String))
    )
    return RawTable(
        name=unicodedata.normalize("NFKC", name),
        source=source,
        columns=names,
        frame=frame.with_columns(pl.int_range(2, frame.height + 2, dtype=pl.Int64).alias(LINE)),
        duplicate_headers=duplicates,
    )


def _as_cells(column: pl.Series, source: str) -> pl.Series:
    """The column as text, whole numbers within 64 bits, figures, booleans, dates or moments."""
    kind = column.dtype
    if kind in (pl.String, pl.Boolean, pl.Date) or kind.is_float() or isinstance(kind, pl.Datetime):
        return column
    if kind.is_integer():
        whole = column.cast(pl.Int64, strict=False)
        return whole if whole.null_count() == column.null_count() else column.cast(pl.String)
    try:
        if isinstance(kind, pl.List):
            return column.cast(pl.List(pl.String)).list.join(";", ignore_nulls=True)
        if kind.is_nested():
            raise pl.exceptions.InvalidOperationError("a value of several parts is no cell")
        return column.cast(pl.String)
    except pl.exceptions.PolarsError as error:
        raise UnreadableSourceError(
            message(
                "{source} {heading}: values of the type {type} are no cells of a table",
                source=source,
                heading=column.name,
                type=str(kind),
            ),
            message("Write that column as text, or leave it out"),
        ) from error
