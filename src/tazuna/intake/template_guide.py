"""The first sheet of the workbook to fill in (使い方): what to do, and an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tazuna.intake.schema import Table
from tazuna.language import Language, translator

_EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "organisations": {"organisation_id": "C01", "name": "Aozora", "kind": "company"},
    "departments": {"department_id": "D01", "organisation_id": "C01", "name": "Sales"},
    "waves": {"wave": "2026", "opened_on": "2026-10-01", "closed_on": "2026-10-31", "k": "10"},
    "people": {
        "person_id": "000123",
        "organisation_id": "C01",
        "department": "D01",
        "birth_date": "1990-04-01",
        "hired_on": "2013-04-01",
        "employment_type": "regular",
        "status": "active",
    },
    "responses": {"person_id": "000123", "wave": "2026", "answered_at": "2026-10-02 09:30"},
    "company_answers": {
        "organisation_id": "C01",
        "respondent": "E01",
        "viewpoint": "executive",
        "wave": "2026",
    },
}


def write_guide(sheet: Worksheet, book: Workbook, tables: Sequence[Table], language: Language) -> None:
    """Write the guide: the steps, then an example of every sheet."""
    t = translator(language)
    title = book.add_format({"bold": True, "font_size": 16})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    cell = book.add_format({"border": 1, "num_format": "@"})
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 130, text)
    sheet.write_string(0, 0, t("How to fill in this workbook"), title)
    row = 2
    for number, step in enumerate(_steps(language), start=1):
        sheet.write_string(row, 0, f"{number}. {step}", text)
        row += 1
    row += 1
    sheet.write_string(row, 0, t("An example of each sheet (it is not read as data)"), bold)
    for table in tables:
        row += 1
        words = [
            f"{table.columns[name].label[language]}: {_shown(table, name, value, language)}"
            for name, value in _EXAMPLES[table.name].items()
        ]
        sheet.write_string(row, 0, f"{table.label[language]}: " + " / ".join(words), cell)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _shown(table: Table, column: str, value: str, language: Language) -> str:
    labels = {code.value: code.label[language] for code in table.columns[column].codes}
    return labels.get(value, value)


def _steps(language: Language) -> tuple[str, ...]:
    t = translator(language)
    return (
        t("Write one organisation, department, wave or person a line, below the headings of its sheet."),
        t("Orange headings are required; leave other cells empty where you do not know."),
        t("Codes keep their leading zeros: the columns are formatted as text. Paste with “values only”."),
        t("No names, e-mail addresses or other personal data are needed; do not add them."),
        t(
            "Answers: the number of the category, empty where a question was not answered. The wording is in "
            "the comment."
        ),
        t("A department that was reorganised stays in the list, with the code of its successor."),
        t("Do not delete the hidden sheet study.toml: it says which heading is which."),
        t("When it is filled in: tazuna check WORKBOOK.xlsx"),
    )
