"""CSV and TSV files: one grid of text cells; a record is one line of the spreadsheet, however long."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.errors import UnreadableSourceError
from tazuna.intake.encodings import as_utf8
from tazuna.intake.even_text import even_grid, even_shape
from tazuna.intake.grids import Grid, grid_of, with_lines
from tazuna.intake.headers import SEARCHED_ROWS
from tazuna.intake.records import count_fields, likely_separator
from tazuna.language import message

MOST_COLUMNS = 16_384
MOST_CELLS = 300_000_000
_MOST_SPARE_CELLS = 5_000_000
_BATCH = 20_000


def read_text_grid(data: bytes, source: str) -> Grid:
    """All records of a delimited text file, whose encoding and separator are detected.

    Polars reads it where every quotation mark stands in its place; otherwise Python's ``csv`` does, slower.
    A large file of even records is read as `tazuna.intake.even_text` says.

    Parameters
    ----------
    data
        The whole file.
    source
        The file as a person sees it.

    Raises
    ------
    UnreadableSourceError
        Empty, binary, undecodable, too large, or a quotation mark that is never closed.
    """
    text = as_utf8(data, source)
    del data
    separator = likely_separator(text)
    shape = even_shape(text, separator)
    if shape is not None:
        _refuse_too_large(shape.records, shape.fields, source)
        return even_grid(text, separator, shape)
    records = count_fields(text, separator)
    fields = records.fields if records.clean else _fields_one_by_one(text, separator, source)
    width = _width(fields, source)
    frame = _parsed(text, separator, width) if records.clean else None
    if frame is None or frame.height != fields.size:
        frame = _parsed_one_by_one(text, separator, width, source)
    if b'="' in text:
        frame = _without_formula_armour(frame)
    del text
    return grid_of(with_lines(frame), fields=fields)


def _width(fields: npt.NDArray[np.int64], source: str) -> int:
    """Columns to read: a single overlong record must not widen a million others."""
    filled = fields[fields > 0]
    usual = int(np.bincount(np.minimum(filled, MOST_COLUMNS + 1)).argmax())
    width = max(usual, int(fields[:SEARCHED_ROWS].max()))
    if (int(fields.max()) - width) * fields.size <= _MOST_SPARE_CELLS:
        width = int(fields.max())
    _refuse_too_large(fields.size, width, source)
    return width


def _refuse_too_large(rows: int, columns: int, source: str) -> None:
    if columns > MOST_COLUMNS or columns * rows > MOST_CELLS:
        raise UnreadableSourceError(
            message(
                "{source} is too large for a table: {rows} lines, {columns} columns",
                source=source,
                rows=rows,
                columns=columns,
            ),
            message("Split it into several files, or save it as Parquet"),
        )


def _columns(width: int) -> dict[str, type[pl.String]]:
    return {str(index): pl.String for index in range(width)}


def _parsed(text: bytes, separator: str, width: int) -> pl.DataFrame | None:
    """By Polars; the line of bare separators in front fixes the number of columns."""
    try:
        return pl.read_csv(
            (separator * (width - 1) + "\n").encode() + text,
            has_header=False,
            schema=_columns(width),
            separator=separator,
            infer_schema=False,
            truncate_ragged_lines=True,
        )[1:]
    except pl.exceptions.ComputeError:
        return None


def _rows(text: bytes, separator: str, source: str) -> Iterator[list[str]]:
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    reader = csv.reader(io.StringIO(text.decode(), newline=""), delimiter=separator, strict=True)
    line = 0
    try:
        for row in reader:
            line += 1
            yield row
    except csv.Error as error:
        raise UnreadableSourceError(
            message(
                '{source} line {line}: a quotation mark (") is not closed or stands inside a cell',
                source=source,
                line=line + 1,
            ),
            message('Write a quotation mark inside a cell twice (""), or save the file again from Excel'),
        ) from error


def _fields_one_by_one(text: bytes, separator: str, source: str) -> npt.NDArray[np.int64]:
    return np.fromiter((len(row) for row in _rows(text, separator, source)), dtype=np.int64)


def _parsed_one_by_one(text: bytes, separator: str, width: int, source: str) -> pl.DataFrame:
    """By Python's ``csv``, in batches so that memory stays low."""
    spare = [""] * width
    rows = _rows(text, separator, source)
    frames = []
    while batch := [[*row, *spare][:width] for row in islice(rows, _BATCH)]:
        frames.append(pl.DataFrame(batch, schema=_columns(width), orient="row"))
    return pl.concat(frames)


def _without_formula_armour(frame: pl.DataFrame) -> pl.DataFrame:
    """``="00123"``, the usual way to keep Excel from eating zeros, is the text 00123."""
    return frame.with_columns(pl.col(pl.String).str.replace(r'^="([^"]*)"$', "${1}"))
