"""Faults to read: lines for the screen, and every one of them in ``faults.csv`` and ``faults.xlsx``."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import xlsxwriter

from tazuna.intake.fault_table import FAULT_COLUMNS, FaultTable
from tazuna.language import Language, Translator, translator

SHOWN_A_KIND = 20
_SHEET_ROWS = 1_048_575
_WIDTHS = {
    "kind": 18,
    "table": 16,
    "file": 26,
    "line": 8,
    "column": 18,
    "value": 20,
    "expected": 52,
    "cure": 60,
}


def screen_lines(faults: FaultTable, language: Language, shown: int = SHOWN_A_KIND) -> list[str]:
    """One line a fault, ``shown`` of each kind, and how many more there are."""
    t = translator(language)
    lines = []
    for kind, count in faults.counts().items():
        lines += [fault.text(language) for fault in faults.head(kind, shown)]
        if count > shown:
            lines.append(t("… and {count} more of this kind ({kind})", count=f"{count - shown:,}", kind=kind))
    return lines


def write_faults(faults: FaultTable, folder: Path, language: Language) -> tuple[Path, ...]:
    """Write all faults, with expectation and cure in words.

    Parameters
    ----------
    folder
        Where to write; it exists.

    Returns
    -------
    tuple of Path
        ``faults.csv`` (UTF-8 without BOM) and ``faults.xlsx``; cells that a spreadsheet would take for a
        formula begin with an apostrophe in both.
    """
    frame = _guarded(faults.frame(language))
    csv, workbook = folder / "faults.csv", folder / "faults.xlsx"
    frame.write_csv(csv)
    _write_workbook(frame, workbook, translator(language))
    return csv, workbook


def _guarded(frame: pl.DataFrame) -> pl.DataFrame:
    texts = pl.col(pl.String)
    return frame.with_columns(
        pl.when(texts.str.contains(r"^[=+\-@\t\r]")).then(pl.lit("'") + texts).otherwise(texts).name.keep()
    )


def _headings(t: Translator) -> dict[str, str]:
    return {
        "kind": t("Kind"),
        "table": t("Table"),
        "file": t("File"),
        "line": t("Line"),
        "column": t("Column"),
        "value": t("Value"),
        "expected": t("Expected"),
        "cure": t("What to do"),
    }


def _write_workbook(frame: pl.DataFrame, path: Path, t: Translator) -> None:
    """A sheet for each million faults, with a frozen header, filters, widths and print titles."""
    headings = _headings(t)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for number, part in enumerate(frame.iter_slices(_SHEET_ROWS) if frame.height else [frame], start=1):
            sheet = book.add_worksheet(t("Faults") if number == 1 else f"{t('Faults')} {number}")
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, part.height, len(FAULT_COLUMNS) - 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            for place, name in enumerate(FAULT_COLUMNS):
                sheet.set_column(place, place, _WIDTHS[name], wrapped)
                sheet.write_string(0, place, headings[name], bold)
            for row, cells in enumerate(part.iter_rows(), start=1):
                for place, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, place, cell)
                    elif cell is not None:
                        sheet.write_number(row, place, cell)
