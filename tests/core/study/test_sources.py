"""What counts as a table of a study: the sheets of a template that are filled in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tazuna.errors import StudyError
from tazuna.study.folder import open_study
from tazuna.study.template import write_template

FIRST_LINE = 4


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    write_template(path, "en")
    return path


def fill(book: Path, **sheets: list[str]) -> None:
    workbook = openpyxl.load_workbook(book)
    for name, cells in sheets.items():
        for column, cell in enumerate(cells, start=1):
            workbook[name].cell(FIRST_LINE, column, cell)
    workbook.save(book)


def test_sheets_that_are_not_required_may_stay_empty(book: Path) -> None:
    fill(book, Organisations=["C01", "Aozora", "Company"], People=["0001", "", "C01"])
    study = open_study(book)
    assert not study.faults
    assert set(study.tables) == {"organisations", "people"}


@pytest.mark.parametrize("filled", [{}, {"Organisations": ["C01", "Aozora", "Company"]}])
def test_a_required_sheet_that_is_empty_is_named_with_the_line_to_begin_at(
    book: Path, filled: dict[str, list[str]]
) -> None:
    fill(book, **filled)
    with pytest.raises(StudyError, match="is not filled in yet") as caught:
        open_study(book)
    assert ("People" if filled else "Organisations") in caught.value.text("en")
    assert f"line {FIRST_LINE}" in caught.value.text("en")
