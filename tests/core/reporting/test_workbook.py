"""The workbook: numbers as numbers, set up for printing, nothing that a spreadsheet would run."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import openpyxl
import polars as pl
from tests.core.reporting import made_study
from tests.core.reporting.conftest import Rendered, composed

from tazuna.reporting.workbook import sheet_name, write_workbook


def test_every_sheet_is_set_up_for_printing(plausible: Rendered) -> None:
    for sheet in openpyxl.load_workbook(plausible.book):
        assert sheet.print_area, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows
        assert sheet.freeze_panes


def test_there_is_a_sheet_for_page_one_and_for_every_section(plausible: Rendered) -> None:
    sections = sum(len(part.sections) for part in plausible.report.parts)
    names = openpyxl.load_workbook(plausible.book).sheetnames
    assert len(names) == sections + 1
    assert names[0] == "要点"
    assert all(len(name) <= 31 for name in names)


def test_scores_are_numbers(plausible: Rendered) -> None:
    sheet = openpyxl.load_workbook(plausible.book)["要点"]
    row = next(row for row in sheet.iter_rows() if [c.value for c in row[:2]] == ["総合", "社員"])
    assert [cell.value for cell in row[2:6]] == [420, 51.2, 49.2, 53.2]
    assert row[3].number_format == "0.0"


def test_a_protected_cell_is_written_and_hatched(plausible: Rendered) -> None:
    sheet = openpyxl.load_workbook(plausible.book)["2-1 部署 × 年代"]
    hidden = [cell for row in sheet.iter_rows() for cell in row if cell.value == "非表示"]
    assert hidden
    assert all(cell.fill.patternType == "lightUp" for cell in hidden)


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    study = made_study.study("=1+1")
    names = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "https://example.com", "部署"]
    departments = study.tables["departments"].with_columns(pl.Series("name", names))
    tables = {**study.tables, "departments": departments}
    write_workbook(composed(study=made_study.study("=1+1", tables=tables)), tmp_path / "report.xlsx")
    cells = [
        c for s in openpyxl.load_workbook(tmp_path / "report.xlsx") for row in s.iter_rows() for c in row
    ]
    assert {"=HYPERLINK", "+1"} <= {str(cell.value).partition("(")[0] for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f" and not cell.quotePrefix]
    with ZipFile(tmp_path / "report.xlsx") as parts:
        sheets = [parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]


def test_main_figures_have_a_chart_of_the_spreadsheet_itself(plausible: Rendered) -> None:
    with ZipFile(plausible.book) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 8


def test_properties_say_whose_report_it_is(plausible: Rendered) -> None:
    properties = openpyxl.load_workbook(plausible.book).properties
    assert properties.creator == "株式会社あおぞら"
    assert properties.created.date().isoformat() == "2026-11-20"


def test_the_same_report_gives_the_same_bytes(plausible: Rendered, tmp_path: Path) -> None:
    write_workbook(composed(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == plausible.book.read_bytes()


def test_section_titles_that_excel_forbids_become_sheet_names() -> None:
    taken: set[str] = set()
    assert sheet_name("A/B: [C]?*", taken) == "A B   C"
    assert sheet_name("a/b: [c]?*", taken) == "a b   c 2"
    assert len(sheet_name("長" * 40, taken)) == 31
