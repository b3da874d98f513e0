"""Workbooks as companies have them."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH

from tazuna.errors import UnreadableSourceError
from tazuna.intake.raw_table import LINE, ErrorCell
from tazuna.intake.sources import read_table


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(rows: list[list[object]], title: str = "社員") -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.title = title
        for row in rows:
            sheet.append(row)

    return workbook(fill)


def test_cells_become_the_text_that_a_person_would_write() -> None:
    rows: list[list[object]] = [
        ["番号", "入社日", "時間", "在籍", "等級", "備考"],
        ["00123", dt.date(2018, 4, 1), 7.5, True, 12, "　名古屋\u00a0"],
        ["00124", "2018/4/1", 100000.0, False, 1e15, " "],
    ]
    (table,) = read_table(sheet_of(rows), "people.xlsx")
    assert table.name == "社員"
    assert table.source == "people.xlsx › 社員"
    assert table.frame.rows() == [
        ("00123", "2018-04-01 00:00:00", "7.5", "true", "12", "名古屋", 2),
        ("00124", "2018/4/1", "100000", "false", "1000000000000000", None, 3),
    ]


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, CALENDAR_MAC_1904])
@pytest.mark.parametrize("shown", ["yyyy/m/d", "[$-411]ggge年m月d日", "m月d日", "mm-dd-yy"])
def test_dates_are_dates_in_every_format_and_date_system(epoch: dt.datetime, shown: str) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.epoch = epoch
        book.active.append(["id", "入社日"])
        book.active.append(["p1", dt.date(2018, 4, 1)])
        book.active["B2"].number_format = shown

    (table,) = read_table(workbook(fill), "x.xlsx")
    assert table.frame["入社日"].to_list() == ["2018-04-01 00:00:00"]


def test_lines_are_excels_even_below_empty_rows_and_right_of_empty_columns() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet["C2"] = "2026年度 社員一覧"
        for column, heading in zip("CDE", ["社員番号", "氏名", "部署"], strict=True):
            sheet[f"{column}5"] = heading
        for line, row in ((6, ("1", "あ", "営業")), (9, ("2", "い", "総務")), (10, ("合計", None, "2名"))):
            for column, value in zip("CDE", row, strict=True):
                sheet[f"{column}{line}"] = value

    (table,) = read_table(workbook(fill), "x.xlsx")
    assert table.header_line == 5
    assert table.frame[LINE].to_list() == [6, 9]
    assert {n.kind: n.count for n in table.notices} == {"title_rows": 1, "empty_rows": 5, "totals_rows": 1}


def test_errors_and_formulas_without_a_value_are_named_by_cell() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("x")
    sheet.write_row(0, 0, ["id", "人数", "率"])
    sheet.write_row(1, 0, ["a"])
    sheet.write_formula(1, 1, "=1+1", None, 2)
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet.write_row(2, 0, ["b", "", 0.5])
    book.close()
    (table,) = read_table(out.getvalue(), "x.xlsx")
    assert table.frame["人数"].to_list() == ["2", None]
    assert table.error_cells == (ErrorCell(line=2, column="率", text="#DIV/0!"),)

    (table,) = read_table(sheet_of([["id", "n"], ["a", '=A2&"x"'], ["b", "3"]]), "x.xlsx")
    assert table.error_cells == (ErrorCell(line=2, column="n", text='=A2&"x"'),)


def test_a_cell_merged_over_rows_counts_in_each_and_a_merged_header_is_joined() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        for row in (
            ["部署", "氏名", None, "等級"],
            [None, "姓", "名", None],
            ["営業", "山田", "花子", 3],
            [None, "鈴木", "一郎", 4],
            ["総務", "佐藤", "次郎", 5],
        ):
            sheet.append(row)
        for merged in ("A1:A2", "B1:C1", "D1:D2", "A3:A4"):
            sheet.merge_cells(merged)

    (table,) = read_table(workbook(fill), "x.xlsx")
    assert table.columns == ("部署", "氏名 姓", "氏名 名", "等級")
    assert table.frame["部署"].to_list() == ["営業", "営業", "総務"]
    assert table.frame[LINE].to_list() == [3, 4, 5]
    assert ("merged_cells", 1) in [(notice.kind, notice.count) for notice in table.notices]


def test_hidden_sheets_are_read_and_sheets_of_prose_left_out_with_a_notice() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "はじめに"
        book.active["A1"] = "この表の使い方"
        book.active["A3"] = "下の表に書いてください。"
        hidden = book.create_sheet("organisations")
        hidden.append(["organisation_id", "name"])
        hidden.append(["c1", "手綱"])
        hidden.sheet_state = "hidden"
        book.create_sheet("空")

    (table,) = read_table(workbook(fill), "study.xlsx")
    assert table.name == "organisations"
    assert [(notice.kind, notice.count) for notice in table.notices] == [("no_table", 1)]
    assert "study.xlsx › はじめに" in table.notices[0].text("en")


def test_a_format_dragged_down_to_the_last_row_does_no_harm() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.append(["id", "n"])
        sheet.append(["a", 1])
        sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)

    (table,) = read_table(workbook(fill), "x.xlsx")
    assert table.frame.height == 1


def replaced(data: bytes, member: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return out.getvalue()


def bomb() -> bytes:
    return replaced(
        sheet_of([["id", "n"], ["a", 1]]), "xl/worksheets/sheet1.xml", b"<x>" + b" " * (120 << 20)
    )


def lying_bomb() -> bytes:
    data = bytearray(bomb())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(data).replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little"))


def far_corners() -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["A1"] = "id"
        book.active["XFD1048576"] = "far"

    return workbook(fill)


def old_excel(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(s.encode("utf-16-le") for s in streams)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bomb, "not opened"),
        (lying_bomb, "damaged"),
        (far_corners, "too large for a table"),
        (lambda: old_excel("EncryptedPackage"), "protected by a password"),
        (lambda: old_excel("Workbook"), r"old Excel workbook \(.xls\)"),
        (lambda: b"id,name\n1,a\n", "not an Excel workbook"),
        (lambda: b"", "empty file"),
        (lambda: sheet_of([["id", "n"]])[:-400], "damaged"),
        (lambda: replaced(sheet_of([["id", "n"]]), "xl/workbook.xml", b"<nothing"), "."),
        (lambda: replaced(sheet_of([["id", "n"]]), "xl/worksheets/sheet1.xml", b"\0\xff<<"), "."),
        (lambda: workbook(lambda book: None), "no row looks like the header"),
    ],
)
def test_what_is_no_safe_workbook_is_refused_within_two_seconds(make: Callable[[], bytes], said: str) -> None:
    data = make()
    started = time.process_time()
    with pytest.raises(UnreadableSourceError, match=said):
        read_table(data, "x.xlsx")
    assert time.process_time() - started < 2


@pytest.mark.parametrize("name", ["a.xls", "a.xlsm", "a.xlsb", "a.ods"])
def test_other_spreadsheets_are_named_with_the_cure(name: str) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        read_table(b"anything", name)
    assert ".xlsx" in caught.value.text("en")


GOOD = sheet_of([["id", "n", "d"], ["a", 1, dt.date(2020, 1, 1)], ["b", "=A1", True]])
PARTS = ["", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]
BLOWS = st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=4)), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PARTS), BLOWS)
def test_any_damage_gives_a_table_or_a_clear_refusal(part: str, blows: list[tuple[float, bytes]]) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        content = bytearray(archive.read(part) if part else GOOD)
    for place, blow in blows:
        at = int(place * len(content))
        content[at : at + len(blow)] = blow
    damaged = replaced(GOOD, part, bytes(content)) if part else bytes(content)
    with contextlib.suppress(UnreadableSourceError):
        read_table(damaged, "x.xlsx")
