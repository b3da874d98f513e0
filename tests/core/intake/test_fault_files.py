"""Faults on the screen and in files: all of them, in words, harmless to a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.core.intake.tables_in_text import check_text, faults_of

from tazuna.intake import fault_files
from tazuna.intake.fault_files import screen_lines, write_faults
from tazuna.intake.fault_table import FAULT_COLUMNS, FaultGroup, FaultTable
from tazuna.language import message


def many(count: int) -> FaultTable:
    rows = pl.DataFrame(
        {"line": range(2, count + 2), "value": ["=1+1"] * count, "nearest": ["regular"] * count}
    )
    group = FaultGroup(
        "unknown_code",
        "people",
        "people.csv",
        "employment_type",
        message("expected is one of {allowed}", allowed="regular, contract"),
        message("Did you mean {nearest}? Correct it, or map the word in study.toml under [values]"),
        rows,
    )
    return FaultTable((group,))


def test_the_screen_shows_twenty_of_a_kind_and_counts_the_rest() -> None:
    lines = screen_lines(many(1234), "ja")

    assert len(lines) == 21
    assert "1,214件" in lines[-1]
    assert screen_lines(many(20), "en")[-1].startswith("people.csv line 21")


def test_every_fault_is_written(tmp_path: Path) -> None:
    csv, workbook = write_faults(many(3000), tmp_path, "ja")

    assert not csv.read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pl.read_csv(csv, infer_schema=False)
    assert tuple(frame.columns) == FAULT_COLUMNS
    assert frame.height == 3000
    assert frame["value"].unique().to_list() == ["'=1+1"]
    assert "regular ではありませんか" in frame["cure"][0]
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    assert sheet.max_row == 3001
    assert sheet.freeze_panes == "A2"
    assert sheet["F2"].data_type == "s"
    assert [cell.value for cell in sheet[1]][3] == "行"


def test_more_faults_than_a_sheet_holds_are_counted_in_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fault_files, "WORKBOOK_FAULTS", 10)
    csv, workbook = write_faults(many(1500), tmp_path, "en")

    sheets = openpyxl.load_workbook(workbook).worksheets
    assert [sheet.max_row for sheet in sheets] == [12]
    assert sheets[0]["A12"].value == "… and 1,490 more: all of them are in faults.csv"
    assert pl.read_csv(csv, infer_schema=False).height == 1500


def test_places_in_sentences_are_filled_row_by_row() -> None:
    people = "person_id,grade\n1,3\n1,3\n2,3\n2,3\n"
    frame = faults_of(check_text({"people": people})).frame("en")

    assert [("line 2" in text, "line 4" in text) for text in frame["expected"]] == [
        (True, False),
        (False, True),
    ]


def test_no_faults_make_an_empty_file(tmp_path: Path) -> None:
    csv, _ = write_faults(FaultTable(), tmp_path, "en")

    assert csv.read_text(encoding="utf-8").strip() == ",".join(FAULT_COLUMNS)


def test_faults_read_like_a_sequence() -> None:
    faults = many(5)

    assert len(faults) == 5
    assert bool(faults)
    assert not FaultTable()
    assert faults.counts() == {"unknown_code": 5}
    assert [fault.line for fault in faults] == [2, 3, 4, 5, 6]
    assert [fault.line for fault in faults.head("unknown_code", 2)] == [2, 3]
    assert faults.head("bad_date") == ()
