"""From all rows of an export to its table: header rows that the tool writes are set apart, nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from tazuna.errors import UnreadableSourceError
from tazuna.intake.grids import Grid, grid_of, table_of_grid
from tazuna.intake.headers import column_letter, normalise_heading
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.language import message


def top_rows(grid: Grid, count: int) -> list[list[str]]:
    """The first ``count`` rows as normalised text, "" where a cell is empty."""
    rows = grid.first(count).drop(LINE).rows()
    return [[normalise_heading(cell) if cell else "" for cell in row] for row in rows]


def cut_table(grid: Grid, name: str, source: str, header_rows: int = 1) -> tuple[RawTable, tuple[int, ...]]:
    """The responses below ``header_rows`` rows, with the first of these as headings; lines stay the file's.

    An empty record at the end, which some tools write, is no empty row; two questions may have one wording,
    and their columns are then numbered.

    Returns
    -------
    table, positions
        ``positions``: where each column of the table stands in the rows of ``grid``.

    Raises
    ------
    UnreadableSourceError
        There is no response in the file.
    """
    head, body = grid.first(1), grid.below(header_rows)
    columns = [column for column in head.columns if column != LINE]
    body = body.with_columns(pl.col(columns).cast(pl.String))
    while body.height and not any(body.select(columns).row(-1)):
        body = body.head(body.height - 1)
    if not body.height:
        raise _empty(source)
    head = _named(head, body, columns)
    fields = None
    if grid.fields is not None:
        fields = np.concatenate([grid.fields[:1], grid.fields[header_rows : header_rows + body.height]])
    cut = grid_of(pl.concat([head, body]), grid.first_column, fields, grid.error_cells)
    table = table_of_grid(cut, name, source, header_line=1)
    if table is None:
        raise _empty(source)
    kept = [i for i, column in enumerate(columns) if head[column][0] is not None]
    return replace(table, header_line=header_rows, duplicate_headers=()), tuple(kept)


def _named(head: pl.DataFrame, body: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The header with a letter over each column that has cells but no heading."""
    letters = [
        pl.lit(f"[{column_letter(index)}]").alias(column)
        for index, column in enumerate(columns)
        if not normalise_heading(head[column][0] or "") and body[column].null_count() < body.height
    ]
    return head.with_columns(letters)


def _empty(source: str) -> UnreadableSourceError:
    return UnreadableSourceError(
        message("{source} holds no response", source=source),
        message("Export the survey again, with all responses"),
    )
