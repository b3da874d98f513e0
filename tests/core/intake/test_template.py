"""The workbook to fill in is a study as soon as it is filled in."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tazuna.intake.schema import normalised, schema
from tazuna.intake.template import HEADER_ROW, TEMPLATE_TABLES, sheet_name, template_columns
from tazuna.language import LANGUAGES, Language
from tazuna.study.folder import open_study
from tazuna.study.template import write_template

FILLED = {
    "organisations": {"organisation_id": "01", "name": "手綱", "kind": "company"},
    "departments": {"department_id": "007", "organisation_id": "01", "name": "営業"},
    "waves": {"wave": "2026", "closed_on": date(2026, 10, 31)},
    "people": {
        "person_id": "000123",
        "organisation_id": "01",
        "department": "007",
        "birth_date": date(1990, 4, 1),
        "gender": "female",
        "employment_type": "part_time",
        "status": "seconded_in",
        "is_manager": "true",
    },
    "responses": {
        "person_id": "000123",
        "wave": "2026",
        "answered_at": datetime(2026, 10, 2, 9, 30),  # noqa: DTZ001
        "ms1": 4,
        "co1a1": "2",
    },
    "company_answers": {
        "organisation_id": "01",
        "respondent": "E1",
        "viewpoint": "hr",
        "wave": "2026",
        "ms1": 5,
    },
}


def filled(path: Path, language: Language) -> Path:
    """The template with one row a sheet, coded cells in the words of the drop-downs."""
    write_template(path, language)
    book = openpyxl.load_workbook(path)
    for name, cells in FILLED.items():
        table = schema()[name]
        sheet = book[sheet_name(table, language)]
        places = {cell.value: cell.column for cell in sheet[HEADER_ROW + 1]}
        for column, value in cells.items():
            known = table.columns.get(column)
            words = {code.value: code.label[language] for code in known.codes} if known else {}
            heading = known.label[language] if known else column
            sheet.cell(HEADER_ROW + 2, places[heading]).value = words.get(value, value)
    book.save(path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_template_opens_without_a_fault(tmp_path: Path, language: Language) -> None:
    study = open_study(filled(tmp_path / "記入.xlsx", language))

    assert list(study.faults) == []
    person = study.tables["people"].row(0, named=True)
    assert person["person_id"] == "000123"
    assert person["department"] == "007"
    assert (person["gender"], person["employment_type"], person["status"]) == (
        "female",
        "part_time",
        "seconded_in",
    )
    assert (person["is_manager"], person["birth_year"]) == (True, 1990)
    assert study.responses.select("ms1", "co1a1").row(0) == (4, 2)
    assert study.tables["company_answers"]["viewpoint"].to_list() == ["hr"]


def test_optional_columns_left_empty_are_not_there(tmp_path: Path) -> None:
    assert "contribution" not in open_study(filled(tmp_path / "a.xlsx", "ja")).tables["people"].columns


def test_an_unknown_word_in_the_template_is_named_by_its_line(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", "ja")
    book = openpyxl.load_workbook(path)
    sheet = book["社員"]
    places = {cell.value: cell.column for cell in sheet[HEADER_ROW + 1]}
    sheet.cell(HEADER_ROW + 2, places["雇用形態"]).value = "業務委託"
    book.save(path)

    fault = next(iter(open_study(path).faults))
    assert (fault.kind, fault.line, fault.column, fault.value) == ("unknown_code", 4, "雇用形態", "業務委託")


@pytest.mark.parametrize("language", LANGUAGES)
def test_coded_columns_have_drop_downs_and_id_columns_are_text(tmp_path: Path, language: Language) -> None:
    write_template(tmp_path / "a.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    people = schema()["people"]
    sheet = book[sheet_name(people, language)]
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    label = people.columns["employment_type"].codes[0].label[language]

    assert any(label in source for source in lists)
    assert sheet.column_dimensions["A"].width > 8
    heading = sheet.cell(HEADER_ROW + 1, 1)
    assert heading.comment is not None
    assert book["study.toml"].sheet_state == "hidden"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", TEMPLATE_TABLES)
def test_headings_and_words_of_a_sheet_are_unique(table: str, language: Language) -> None:
    columns = template_columns(schema()[table])
    headings = [normalised(column.label[language]) for column in columns]
    assert len(headings) == len(set(headings))
    for column in columns:
        words = [normalised(code.label[language]) for code in column.codes]
        assert len(words) == len(set(words))
        assert len(",".join(words)) < 255
