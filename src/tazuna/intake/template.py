"""The workbook to fill in (記入用ブック): a sheet a table, drop-downs in words, and its settings inside.

The words and headings of the workbook are the schema's labels. A hidden sheet ``study.toml`` says which of
our columns and codes they are, so that the filled workbook is a study as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tazuna.intake.answers import AskedQuestion
from tazuna.intake.new_round import new_round_lines
from tazuna.intake.schema import Column, Table, schema
from tazuna.intake.template_guide import write_guide
from tazuna.intake.toml_text import toml_line, toml_table
from tazuna.language import Language, translator

TEMPLATE_TABLES = ("organisations", "departments", "waves", "people", "responses", "company_answers")
HEADER_ROW = 2
FILLED_ROWS = 5000
LEFT_OUT = {
    "people": ("birth_year", "age", "age_band", "name", "kana", "email"),
    "responses": ("instrument", "language"),
}


@dataclass(frozen=True, slots=True)
class _Formats:
    title: Format
    note: Format
    required: Format
    optional: Format
    question: Format
    text: Format
    date: Format
    moment: Format
    plain: Format


def write_template(
    path: Path,
    language: Language,
    questions: Mapping[str, AskedQuestion],
    company_questions: Mapping[str, AskedQuestion],
) -> None:
    """Write the workbook to fill in.

    Parameters
    ----------
    path
        The .xlsx file to write; an existing one is replaced.
    questions, company_questions
        By code, in the order of their columns; each heading is the code, its comment the wording.
    """
    t = translator(language)
    tables = [schema()[name] for name in TEMPLATE_TABLES]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": t("Study workbook")})
        formats = _formats(book)
        write_guide(book.add_worksheet(t("How to use")), book, tables, language)
        for table in tables:
            asked = {"responses": questions, "company_answers": company_questions}.get(table.name, {})
            sheet = book.add_worksheet(sheet_name(table, language))
            _write_table(sheet, table, asked, formats, language)
        settings = book.add_worksheet("study.toml")
        for row, line in enumerate(template_settings(tables, language).splitlines()):
            settings.write_string(row, 0, line)
        settings.hide()


def sheet_name(table: Table, language: Language) -> str:
    """The sheet of ``table``: its label."""
    return table.label[language]


def template_columns(table: Table) -> tuple[Column, ...]:
    """The columns of ``table`` that the template asks for."""
    return tuple(c for c in table.columns.values() if c.name not in LEFT_OUT.get(table.name, ()))


def template_settings(tables: Sequence[Table], language: Language) -> str:
    """The ``study.toml`` that makes the headings and words of the template ours."""
    t = translator(language)
    lines = ['schema = "tazuna/study/1"', toml_line("title", t("Study"))]
    lines += toml_table("tables", {table.name: sheet_name(table, language) for table in tables})
    for table in tables:
        columns = template_columns(table)
        lines += toml_table(
            f"columns.{table.name}", {column.label[language]: column.name for column in columns}
        )
        for column in columns:
            if column.codes:
                words = {code.label[language]: code.value for code in column.codes}
                lines += toml_table(f"values.{table.name}.{column.name}", words)
    lines += new_round_lines(language)
    return "\n".join(lines) + "\n"


def _formats(book: Workbook) -> _Formats:
    head = {"bold": True, "border": 1, "text_wrap": True, "valign": "top"}
    return _Formats(
        title=book.add_format({"bold": True, "font_size": 14}),
        note=book.add_format({"font_color": "#44546A"}),
        required=book.add_format({**head, "bg_color": "#FCE4D6"}),
        optional=book.add_format({**head, "bg_color": "#E8EEF4"}),
        question=book.add_format({**head, "bg_color": "#E2EFDA"}),
        text=book.add_format({"num_format": "@"}),
        date=book.add_format({"num_format": "yyyy-mm-dd"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        plain=book.add_format(),
    )


def _write_table(
    sheet: Worksheet, table: Table, asked: Mapping[str, AskedQuestion], formats: _Formats, language: Language
) -> None:
    t = translator(language)
    columns = template_columns(table)
    sheet.write_string(
        0,
        0,
        t("{table}: fill in from line {line}", table=table.label[language], line=HEADER_ROW + 2),
        formats.title,
    )
    sheet.write_string(
        1, 0, t("Orange headings are required. Explanations: point at a heading."), formats.note
    )
    for place, column in enumerate(columns):
        sheet.set_column(
            place, place, max(12, 2 * len(column.label[language]) + 2), _cell_format(column, formats)
        )
        heading = formats.required if column.required else formats.optional
        sheet.write_string(HEADER_ROW, place, column.label[language], heading)
        sheet.write_comment(HEADER_ROW, place, *_comment(_explanation(column, language)))
        _restrict(sheet, place, column, language)
    for place, question in enumerate(asked.values(), start=len(columns)):
        sheet.set_column(place, place, 9)
        sheet.write_string(HEADER_ROW, place, question.code, formats.question)
        company = table.other_columns == "company_questions"
        words = _question_words(question, language, company=company)
        sheet.write_comment(HEADER_ROW, place, *_comment(words))
        _restrict_answers(sheet, place, question, language)
    last = len(columns) + len(asked) - 1
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(HEADER_ROW)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, HEADER_ROW + 40, min(last, 15))


def _comment(words: str) -> tuple[str, dict[str, int]]:
    """The words, and a box that shows them all."""
    lines = sum(1 + len(line.encode("utf-8")) // 36 for line in words.splitlines())
    return words, {"width": 260, "height": 24 + 17 * lines, "font_size": 9}


def _cell_format(column: Column, formats: _Formats) -> Format:
    if column.type in ("id", "wave") or column.name == "department":
        return formats.text
    if column.type == "date" or column.name == "birth_date":
        return formats.date
    return formats.moment if column.type == "moment" else formats.plain


def _explanation(column: Column, language: Language) -> str:
    t = translator(language)
    lines = [column.label[language] + (t(" (required)") if column.required else "")]
    if column.codes and column.type != "yes_no":
        lines.append(t("One of: {words}", words=", ".join(code.label[language] for code in column.codes)))
    elif column.type == "date" or column.name == "birth_date":
        lines.append(t("A date, such as 2018-04-01"))
    elif column.type == "moment":
        lines.append(t("A date and time, such as 2018-04-01 09:30"))
    elif column.type == "yes_no":
        lines.append(t("Yes or no"))
    elif column.type == "list":
        lines.append(t("Several are separated by ;"))
    elif column.type in ("number", "whole"):
        lines.append(t("A number"))
    if column.join is not None:
        lines.append(t("As on the sheet {sheet}", sheet=schema()[column.join.table].label[language]))
    lines.append(f"[{column.name}]")
    return "\n".join(lines)


def _restrict(sheet: Worksheet, place: int, column: Column, language: Language) -> None:
    t = translator(language)
    words = [code.label[language] for code in column.codes]
    if not words:
        return
    rule = {
        "validate": "list",
        "source": words,
        "error_type": "stop" if column.type != "text" else "information",
        "error_title": t("Not in the list"),
        "error_message": t("Please choose from the list."),
    }
    sheet.data_validation(HEADER_ROW + 1, place, HEADER_ROW + FILLED_ROWS, place, rule)


def _question_words(question: AskedQuestion, language: Language, *, company: bool) -> str:
    wording = question.company_wording if company and question.company_wording else question.wording
    labels = (question.categories or {}).get(language, ())
    choices = [f"{value} {label}" for value, label in zip(question.values, labels, strict=False)]
    return "\n".join([wording.get(language) or next(iter(wording.values())), *choices])


def _restrict_answers(sheet: Worksheet, place: int, question: AskedQuestion, language: Language) -> None:
    t = translator(language)
    rule = {
        "validate": "list",
        "source": [str(value) for value in question.values],
        "error_title": t("Not in the list"),
        "error_message": t("Please choose from the list."),
    }
    sheet.data_validation(HEADER_ROW + 1, place, HEADER_ROW + FILLED_ROWS, place, rule)
