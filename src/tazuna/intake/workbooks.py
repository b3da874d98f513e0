"""Excel workbooks (.xlsx): one grid of text cells a sheet, lines as Excel numbers them."""

from __future__ import annotations

import fastexcel
import polars as pl

from tazuna.intake.grids import Grid, grid_of, with_lines
from tazuna.intake.workbook_parts import SheetParts, broken_archive, examine_workbook


def read_workbook_grids(data: bytes, source: str) -> tuple[tuple[str, Grid], ...]:
    """Sheet name and grid of every sheet that has cells with content, hidden sheets too.

    Numbers are text as a person writes them (``12``, ``12.5``), booleans ``true`` and ``false``, date cells
    ``2018-04-01 00:00:00`` whatever their display format and date system.

    Parameters
    ----------
    data
        The whole file.
    source
        The file as a person sees it.

    Raises
    ------
    UnreadableSourceError
        As `examine_workbook`.
    """
    parts = examine_workbook(data, source)
    try:
        reader = fastexcel.read_excel(data)
        sheets = [(name, _frame(reader, name)) for name in reader.sheet_names]
    except fastexcel.FastExcelError as error:
        raise broken_archive(source) from error
    nothing = SheetParts((), ())
    return tuple(
        (name, grid_of(frame, first_column, error_cells=examined.error_cells, merged=examined.merged))
        for name, (first_column, frame) in sheets
        if frame is not None and (examined := parts.get(name, nothing))
    )


def _frame(reader: fastexcel.ExcelReader, name: str) -> tuple[int, pl.DataFrame | None]:
    """The 0-based column where the sheet's cells begin, and its cells; None where it has none."""
    sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    if not sheet.width:
        return 0, None
    return sheet.selected_columns[0].absolute_index, with_lines(pl.DataFrame(sheet))
