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
    frame = frame.rename(dict(zip(columns, names, strict=True))).with_columns(
        pl.when(~blank).then(pl.col(pl.String))
    )
    return RawTable(
        name=unicodedata.normalize("NFKC", name),
        source=source,
        columns=names,
        frame=frame.with_columns(pl.int_range(2, frame.height + 2, dtype=pl.Int64).alias(LINE)),
        duplicate_headers=duplicates,
    )
