"""Large text files without quotation marks whose records all have the same number of fields.

They need no count for each record, and their columns of single digits (answers, mostly) no text in memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.intake.grids import Grid, with_lines

LARGE = 1 << 24
"""Bytes from which on a file is large."""
_PIECE = 1 << 24
_SAMPLED_RECORDS = 1_000
_DIGIT = r"^[0-9]$"


@dataclass(frozen=True, slots=True)
class EvenShape:
    """Number of records, and of fields of each of them."""

    records: int
    fields: int


def even_shape(text: bytes, separator: str, least: int = LARGE) -> EvenShape | None:
    """The shape of a text whose records all have as many fields as the first, two or more; else None.

    Parameters
    ----------
    text
        UTF-8 with LF line ends.
    separator
        One ASCII character.
    least
        Bytes that the text must have.
    """
    fields = text.count(separator.encode(), 0, text.find(b"\n") + 1) + 1
    if len(text) < least or fields == 1 or b'"' in text:
        return None
    record = separator.encode() * (fields - 1) + b"\n"
    others = bytes(set(range(256)) - set(record))
    records, open_marks = 0, b""
    for start in range(0, len(text), _PIECE):
        marks = open_marks + text[start : start + _PIECE].translate(None, others)
        whole, left = divmod(len(marks), fields)
        if marks != record * whole + record[:left]:
            return None
        records += whole
        open_marks = record[:left]
    if text.endswith(b"\n"):
        return EvenShape(records, fields)
    return EvenShape(records + 1, fields) if len(open_marks) == fields - 1 else None


def even_grid(text: bytes, separator: str, shape: EvenShape) -> Grid:
    """The grid of a text of this shape, parsed when its rows are asked for.

    Parameters
    ----------
    text, separator
        As in `even_shape`.
    shape
        As `even_shape` gave it.
    """

    def first(count: int) -> pl.DataFrame:
        return with_lines(_parsed(text, separator, [pl.String()] * shape.fields, rows=count))

    def below(row: int) -> pl.DataFrame:
        return with_lines(_digits_as_numbers(text, separator, shape, row), row + 1)

    return Grid(first, below, fields=np.full(shape.records, shape.fields, dtype=np.int64))


def _digits_as_numbers(text: bytes, separator: str, shape: EvenShape, skipped: int) -> pl.DataFrame:
    """All records but the ``skipped`` first; columns of single digits as UInt8 where that loses nothing.

    It loses nothing where the cells read, written out again, are as long as what was read: no number can be
    written shorter.
    """
    texts: list[pl.DataType] = [pl.String()] * shape.fields
    sample = _parsed(text, separator, texts, skipped, _SAMPLED_RECORDS)
    dtypes: list[pl.DataType] = [
        pl.UInt8() if column.count() and column.drop_nulls().str.contains(_DIGIT).all() else pl.String()
        for column in sample
    ]
    try:
        frame = _parsed(text, separator, dtypes, skipped)
    except pl.exceptions.ComputeError:
        return _parsed(text, separator, texts, skipped)
    records = shape.records - skipped
    marks = records * shape.fields - (not text.endswith(b"\n"))
    if _written_length(frame) + marks != len(text) - _start(text, skipped) or frame.height != records:
        return _parsed(text, separator, texts, skipped)
    return frame


def _start(text: bytes, skipped: int) -> int:
    """Offset of the record after ``skipped`` others."""
    start = 0
    for _ in range(skipped):
        start = text.find(b"\n", start) + 1 or len(text)
    return start


def _parsed(
    text: bytes, separator: str, dtypes: list[pl.DataType], skipped: int = 0, rows: int | None = None
) -> pl.DataFrame:
    return pl.read_csv(
        text,
        has_header=False,
        schema={str(index): dtype for index, dtype in enumerate(dtypes)},
        separator=separator,
        quote_char=None,
        infer_schema=False,
        skip_lines=skipped,
        n_rows=rows,
    )


def _written_length(frame: pl.DataFrame) -> int:
    """Bytes of all cells when written out."""

    def length(name: str, dtype: pl.DataType) -> pl.Expr:
        cells = pl.col(name)
        if dtype == pl.String:
            return cells.str.len_bytes().sum()
        return cells.count() + (cells > 9).sum() + (cells > 99).sum()

    lengths = frame.select(length(*column).cast(pl.Int64) for column in frame.schema.items())
    return int(lengths.sum_horizontal().sum())
