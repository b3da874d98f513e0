"""Faults to read: lines for the screen, all of them in ``faults.csv``, and a workbook to work through."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tazuna.intake.fault_table import FAULT_COLUMNS, FaultTable
from tazuna.language import Language, Translator, translator

SHOWN_A_KIND = 20
WORKBOOK_FAULTS = 50_000
"""More than anybody mends by hand; a workbook of a million takes minutes to write, and a sheet ends there."""
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
    """Write the faults, with expectation and cure in words.

    Parameters
    ----------
    folder
        Where to write; it exists.

    Returns
    -------
    tuple of Path
        ``faults.csv`` (UTF-8 without BOM) with all of them, and ``faults.xlsx`` with the first
        `WORKBOOK_FAULTS`; cells that a spreadsheet would take for a formula begin with an apostrophe in both.
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
    """One sheet with a frozen header, filters, widths and print titles."""
    import xlsxwriter  # loads slowly, and a sound study writes no faults

    headings = _headings(t)
    part = frame.head(WORKBOOK_FAULTS)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(t("Faults"))
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
        if rest := frame.height - part.height:
            said = t("… and {count} more: all of them are in {file}", count=f"{rest:,}", file="faults.csv")
            sheet.write_string(part.height + 1, 0, said)
