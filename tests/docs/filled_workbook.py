"""A workbook filled in as a person does who pastes a block of the documentation into Excel."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

AS_TEXT = "@"
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def paste(book: Path, place: str, text: str) -> None:
    """Paste lines of tab-separated cells, with the first at ``place`` (``Sheet!A4``), and save.

    As in Excel, what looks like a date or a number becomes one, unless the cell is formatted as text.
    """
    name, _, corner = place.rpartition("!")
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[name]
    first = sheet[corner]
    for down, line in enumerate(text.splitlines()):
        for right, cell in enumerate(line.split("\t")):
            if cell:
                target = sheet.cell(first.row + down, first.column + right)
                format_before = _format(sheet, target.column)
                target.value = cell if format_before == AS_TEXT else typed(cell)
                target.number_format = format_before
    workbook.save(book)


def typed(cell: str) -> str | int | datetime.date:
    """What Excel makes of typed text; a day that does not exist stays text."""
    if cell.isdecimal():
        return int(cell)
    if DATE.fullmatch(cell):
        try:
            return datetime.date(*(int(part) for part in cell.split("-")))
        except ValueError:
            return cell
    return cell


def _format(sheet: Worksheet, column: int) -> str:
    """The format of a column; neighbours with the same one share an entry."""
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= column <= dimension.max:
            return str(dimension.number_format)
    return "General"
