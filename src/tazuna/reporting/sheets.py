"""One sheet of the workbook, written from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tazuna.language import Translator, translator
from tazuna.reporting import palette
from tazuna.reporting.content import ColumnKind, Figure, Mark, Missing, Report, Table, Value
from tazuna.reporting.native_charts import native_chart
from tazuna.reporting.widths import shown_width

_NUMBER_FORMATS: dict[ColumnKind, str] = {
    "count": "#,##0",
    "score": "0.0",
    "percent": '0.0"%"',
    "coefficient": "0.000",
}
_FONT = "BIZ UDPGothic"
_TEXT_COLUMNS = 8
"""Running text is laid over this many columns at least."""
_WIDEST, _NARROWEST = 44, 11
_CHART_ROWS = 18
_ROWS_A_PAGE = 32
_HEADING_HEIGHT = 26
_LINE_HEIGHT = 16
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of a workbook."""

    heading: Format
    text: Format
    bold: Format
    quiet: Format
    caption: Format
    header: Format
    number_header: Format
    cell: Format
    guarded: Format
    hidden: Format
    absent: Format
    missing: Format
    numbers: dict[ColumnKind, Format]

    @classmethod
    def of(cls, workbook: Workbook) -> Styles:
        """The formats, made in ``workbook``."""
        base: dict[str, Any] = {
            "font_name": _FONT,
            "font_size": 10.5,
            "valign": "top",
            "font_color": palette.INK,
        }
        boxed = base | {"bottom": 1, "bottom_color": palette.LINE}
        wrapped = base | {"text_wrap": True}
        head = boxed | {"bold": True, "text_wrap": True, "bg_color": palette.ACCENT_GROUND}
        head |= {"bottom": 2, "bottom_color": palette.ACCENT}

        def made(properties: dict[str, Any], **more: Any) -> Format:
            return workbook.add_format(properties | more)

        return cls(
            heading=made(base, bold=True, font_size=15, font_color=palette.ACCENT),
            text=made(wrapped),
            bold=made(wrapped, bold=True),
            quiet=made(wrapped, font_size=9, font_color=palette.QUIET_INK),
            caption=made(base, bold=True),
            header=made(head),
            number_header=made(head, align="right"),
            cell=made(boxed, text_wrap=True),
            guarded=made(boxed, text_wrap=True, quote_prefix=True),
            hidden=made(boxed, align="right", pattern=14, fg_color=palette.LINE, bg_color=palette.GROUND),
            absent=made(boxed, align="right", font_color=palette.QUIET_INK),
            missing=made(wrapped, border=4, border_color=palette.LINE),
            numbers={kind: made(boxed, num_format=form) for kind, form in _NUMBER_FORMATS.items()},
        )


@dataclass(slots=True)
class SheetWriter:
    """Writes downwards and remembers what printing needs: the last row, column widths, headers."""

    workbook: Workbook
    sheet: Worksheet
    styles: Styles
    t: Translator
    row: int = 0
    widths: dict[int, int] = field(default_factory=dict)
    headers: list[int] = field(default_factory=list)
    texts: list[tuple[int, str, Format]] = field(default_factory=list)
    names: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    wrapping: list[tuple[int, int, str]] = field(default_factory=list)

    @classmethod
    def begin(cls, workbook: Workbook, name: str, styles: Styles, report: Report) -> SheetWriter:
        """A new sheet, A4 landscape, one page wide."""
        sheet = workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        ampersand = str.maketrans({"&": "&&"})
        organisation, wave = report.organisation.translate(ampersand), report.wave.translate(ampersand)
        sheet.set_header(f"&L{organisation[:80]} {wave[:40]}&R{report.handling}")
        sheet.set_footer(f"&L{report.today.isoformat()}&C&A&R&P / &N")
        return cls(workbook, sheet, styles, translator(report.language))

    def heading(self, words: str) -> None:
        """The sheet's title."""
        self.sheet.write_string(self.row, 0, words, self.styles.heading)
        self.sheet.set_row(self.row, _HEADING_HEIGHT)
        self.row += 1

    def text(self, words: str, *, bold: bool = False, quiet: bool = False) -> None:
        """Running text over the width of the sheet."""
        style = self.styles.bold if bold else self.styles.quiet if quiet else self.styles.text
        self.texts.append((self.row, words, style))
        self.row += 1

    def missing(self, block: Missing) -> None:
        """What is missing, why it matters and how to supply it."""
        for words in (block.what, block.why, block.how):
            self.texts.append((self.row, words, self.styles.missing))
            self.row += 1

    def figure(self, figure: Figure) -> None:
        """The figure's numbers, its notes, and a chart where a spreadsheet can draw one.

        The chart stands below where it fits on the first printed page, else beside the table, outside what is
        printed: Excel keeps no page breaks on a sheet that is fitted to the width of a page.
        """
        top = self.table(figure.table)
        for note in figure.notes:
            self.text(note, quiet=True)
        if figure.native is not None:
            chart = native_chart(self.workbook, figure, self.sheet.get_name(), top)
            if chart is not None:
                options = {"description": figure.alternative, "object_position": 1}
                if self.row + _CHART_ROWS <= _ROWS_A_PAGE:
                    self.sheet.insert_chart(self.row, 0, chart, options)
                    self.row += _CHART_ROWS
                else:
                    beside = max(len(figure.table.columns), _TEXT_COLUMNS) + 1
                    self.sheet.insert_chart(top - 1, beside, chart, options)
        self.row += 1

    def table(self, table: Table) -> int:
        """Caption, header and rows; returns the 0-based row of the first body row."""
        self.row += 1
        self.sheet.write_string(self.row, 0, table.caption, self.styles.caption)
        header = self.row + 1
        self.headers.append(header)
        for place, column in enumerate(table.columns):
            self._widen(place, column.label)
            style = self.styles.header if column.kind == "text" else self.styles.number_header
            self.sheet.write_string(header, place, column.label, style)
        self.names.append((header, tuple(column.label for column in table.columns)))
        for offset, values in enumerate(table.rows, start=1):
            for place, value in enumerate(values):
                self._value(header + offset, place, value, table.columns[place].kind)
                if isinstance(value, str):
                    self.wrapping.append((header + offset, place, value))
        self._mark_as_table(table, header)
        for place in table.shaded:
            if table.rows:
                self.sheet.conditional_format(
                    header + 1,
                    place,
                    header + len(table.rows),
                    place,
                    {"type": "2_color_scale", "min_color": palette.GROUND, "max_color": palette.BLUES[2]},
                )
        self.row = header + len(table.rows) + 1
        return header + 1

    def finish(self) -> None:
        """Set widths, running text, print area, repeated header and frozen panes."""
        last_column = max([_TEXT_COLUMNS - 1, *self.widths])
        widths = [min(max(self.widths.get(c, 0) + 2, _NARROWEST), _WIDEST) for c in range(last_column + 1)]
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        for row, words, style in self.texts:
            self.sheet.merge_range(row, 0, row, last_column, "", style)
            self.sheet.write_string(row, 0, words, style)
            lines = sum(-(-max(shown_width(line), 1) // (sum(widths) - 6)) for line in words.split("\n"))
            self.sheet.set_row(row, _LINE_HEIGHT * lines + 2)
        self._set_row_heights(widths)
        self.sheet.print_area(0, 0, max(self.row - 1, 0), last_column)
        header = self.headers[0] if len(self.headers) == 1 else 0
        self.sheet.repeat_rows(header)
        self.sheet.freeze_panes(header + 1, 1 if len(self.headers) == 1 else 0)

    def _mark_as_table(self, table: Table, header: int) -> None:
        """Tell spreadsheet and screen reader which row heads the numbers; headings must differ for that."""
        labels = [column.label for column in table.columns]
        if table.rows and all(labels) and len({label.lower() for label in labels}) == len(labels):
            columns = [
                {
                    "header": column.label,
                    "header_format": self.styles.header
                    if column.kind == "text"
                    else self.styles.number_header,
                }
                for column in table.columns
            ]
            options = {"columns": columns, "style": None, "autofilter": False, "description": table.caption}
            self.sheet.add_table(header, 0, header + len(table.rows), len(labels) - 1, options)

    def _set_row_heights(self, widths: list[int]) -> None:
        """Room for every line of a wrapped cell: not every program that opens the file works it out."""
        cells = self.wrapping + [
            (row, place, label) for row, labels in self.names for place, label in enumerate(labels)
        ]
        lines: dict[int, int] = {}
        for row, place, words in cells:
            needed = -(-max(shown_width(words), 1) // max(widths[place] - 1, 1))
            lines[row] = max(lines.get(row, 1), needed)
        for row, count in lines.items():
            if count > 1:
                self.sheet.set_row(row, _LINE_HEIGHT * count + 2)

    def _value(self, row: int, place: int, value: Value, kind: ColumnKind) -> None:
        if isinstance(value, Mark):
            self.sheet.write_string(row, place, self.t("not shown"), self.styles.hidden)
        elif value is None:
            self.sheet.write_string(row, place, "–", self.styles.absent)
        elif isinstance(value, str):
            self._widen(place, value)
            guarded = value.startswith(_FORMULA_SIGNS)
            self.sheet.write_string(row, place, value, self.styles.guarded if guarded else self.styles.cell)
        else:
            self.sheet.write_number(row, place, value, self.styles.numbers.get(kind, self.styles.cell))

    def _widen(self, place: int, words: str) -> None:
        self.widths[place] = max(self.widths.get(place, 0), shown_width(words))
