"""CSV and TSV files: one grid of text cells, a line number a record."""

from __future__ import annotations

import polars as pl

from tazuna.intake.grids import Grid
from tazuna.intake.raw_table import LINE


def read_text_grid(data: bytes, source: str) -> Grid:
    """All records of a delimited text file."""
    del source
    head = data[:65536]
    separator = max(b",\t;", key=lambda sign: head.count(bytes([sign])))
    width = max(line.count(bytes([separator])) for line in data.splitlines()) + 1
    padded = bytes([separator]) * (width - 1) + b"\n" + data
    frame = pl.read_csv(
        padded,
        has_header=False,
        schema={str(i): pl.String for i in range(width)},
        separator=chr(separator),
        infer_schema=False,
    )[1:]
    return Grid(frame.with_row_index(LINE, 1).with_columns(pl.col(LINE).cast(pl.Int64)))
