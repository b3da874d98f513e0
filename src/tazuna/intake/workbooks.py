"""Excel workbooks (.xlsx): one grid a sheet, lines as Excel numbers them."""

from __future__ import annotations

import fastexcel
import polars as pl

from tazuna.intake.grids import Grid
from tazuna.intake.raw_table import LINE


def read_workbook_grids(data: bytes, source: str) -> tuple[tuple[str, Grid], ...]:
    """Sheet name and grid of every sheet with cells."""
    del source
    reader = fastexcel.read_excel(data)
    grids = []
    for name in reader.sheet_names:
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if not sheet.width:
            continue
        first_column = sheet.selected_columns[0].absolute_index
        frame = pl.DataFrame(sheet).with_row_index(LINE, 1).with_columns(pl.col(LINE).cast(pl.Int64))
        grids.append((name, Grid(frame, first_column)))
    return tuple(grids)
