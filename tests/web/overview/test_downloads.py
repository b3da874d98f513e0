"""Tables as files: safe in a spreadsheet, nothing rounded."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from tazuna_web.overview.contents import HIDDEN
from tazuna_web.overview.downloads import table_file

MEAN = 0.1 + 0.2


def table(*rows: list[Any]) -> dict[str, Any]:
    columns = [{"label": "部署", "kind": "text"}, {"label": "点", "kind": "score"}]
    return {"block": "table", "code": "t", "caption": "表", "columns": columns, "rows": list(rows)}


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("words", ["=1+1", "+81", "-x", "@SUM(A1)", "\tx"])
def test_a_text_that_looks_like_a_formula_is_guarded(words: str) -> None:
    made = table([words, 1.0])
    assert csv_rows(table_file(made, "ja", "csv"))[1][0] == f"'{words}"
    cell = openpyxl.load_workbook(io.BytesIO(table_file(made, "ja", "xlsx"))).active["A2"]  # type: ignore[index]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_a_negative_number_stays_a_number() -> None:
    made = table(["営業", -3.25])
    assert csv_rows(table_file(made, "ja", "csv"))[1][1] == "-3.25"
    assert openpyxl.load_workbook(io.BytesIO(table_file(made, "ja", "xlsx"))).active["B2"].value == -3.25  # type: ignore[index]


def test_csv_keeps_every_digit() -> None:
    assert float(csv_rows(table_file(table(["営業", MEAN]), "ja", "csv"))[1][1]) == MEAN


@pytest.mark.parametrize(("language", "words"), [("ja", "非表示"), ("en", "not shown")])
def test_a_protected_cell_says_so_in_the_readers_language(language: Any, words: str) -> None:
    made = table(["営業", HIDDEN])
    assert csv_rows(table_file(made, language, "csv"))[1][1] == words
    assert openpyxl.load_workbook(io.BytesIO(table_file(made, language, "xlsx"))).active["B2"].value == words  # type: ignore[index]


def test_a_figure_that_does_not_exist_is_empty() -> None:
    assert csv_rows(table_file(table(["営業", None]), "ja", "csv"))[1][1] == ""
