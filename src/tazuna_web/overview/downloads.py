"""A figure's table as a file: XLSX, and CSV with the mark that Excel needs to read it as UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from tazuna.language import Language, translator
from tazuna.reporting.content import ColumnKind
from tazuna.reporting.widths import shown_width

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TableFormat = Literal["xlsx", "csv"]
TABLE_FORMATS: tuple[TableFormat, ...] = ("xlsx", "csv")
CONTENT_TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_FORMATS: dict[ColumnKind, str] = {
    "count": "#,##0",
    "score": "0.0",
    "percent": '0.0"%"',
    "coefficient": "0.000",
}
_HIDDEN_LOOK = {"align": "right", "font_color": "#595959", "pattern": 14, "fg_color": "#b3b3b3"}
_WIDEST = 48


def table_file(table: dict[str, Any], language: Language, form: TableFormat) -> bytes:
    """The table of an edition's content in one of the two formats.

    Numbers are written unrounded; texts that a spreadsheet would take for a formula are guarded.
    """
    writers: dict[TableFormat, Callable[[dict[str, Any], Language], bytes]] = {"xlsx": _xlsx, "csv": _csv}
    return writers[form](table, language)


def _csv(table: dict[str, Any], language: Language) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_guarded(column["label"]) for column in table["columns"]])
    for row in table["rows"]:
        writer.writerow([_csv_value(value, language) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


def _csv_value(value: Any, language: Language) -> str:
    if isinstance(value, dict):
        return translator(language)("not shown")
    if value is None:
        return ""
    return _guarded(value) if isinstance(value, str) else repr(value)


def _guarded(words: str) -> str:
    return f"'{words}" if words.startswith(_FORMULA_SIGNS) else words


def _xlsx(table: dict[str, Any], language: Language) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        sheet = workbook.add_worksheet()
        header = workbook.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        quoted = workbook.add_format({"quote_prefix": True})
        hidden = workbook.add_format(_HIDDEN_LOOK)
        numbers = {kind: workbook.add_format({"num_format": form}) for kind, form in _NUMBER_FORMATS.items()}
        sheet.write_row(0, 0, [column["label"] for column in table["columns"]], header)
        for line, place, value in _values(table):
            if isinstance(value, dict):
                sheet.write_string(line, place, translator(language)("not shown"), hidden)
            elif isinstance(value, str):
                sheet.write_string(line, place, value, quoted if value.startswith(_FORMULA_SIGNS) else None)
            else:
                sheet.write_number(line, place, value, numbers.get(table["columns"][place]["kind"]))
        for place, width in enumerate(_widths(table)):
            sheet.set_column(place, place, width)
        _set_up_for_print(sheet)
    return buffer.getvalue()


def _values(table: dict[str, Any]) -> Iterator[tuple[int, int, Any]]:
    """Line and column in the sheet of every value that there is."""
    for line, row in enumerate(table["rows"], start=1):
        for place, value in enumerate(row):
            if value is not None:
                yield line, place, value


def _set_up_for_print(sheet: Worksheet) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _widths(table: dict[str, Any]) -> list[int]:
    """Column widths by their longest text, a full-width character counting two."""
    return [
        min(
            max([10, shown_width(column["label"]), *(shown_width(t) for t in _texts(table, place))]) + 2,
            _WIDEST,
        )
        for place, column in enumerate(table["columns"])
    ]


def _texts(table: dict[str, Any], place: int) -> list[str]:
    return [row[place] for row in table["rows"] if isinstance(row[place], str)]
