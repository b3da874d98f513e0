"""A study in text becomes files: CSV in any encoding, workbooks, Parquet, one workbook or a zip."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from dataclasses import dataclass
from random import Random
from typing import Literal

import polars as pl
import xlsxwriter
from tests.properties.study_text import StudyText, TableText
from xlsxwriter.exceptions import OverlappingRange

Layout = Literal["text", "workbooks", "one workbook", "parquet"]
Separator = Literal[",", "\t", ";"]
LAYOUTS: tuple[Layout, ...] = ("text", "text", "text", "text", "workbooks", "one workbook", "parquet")
ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-be")


@dataclass(frozen=True)
class Format:
    """How a study is written: files, characters, separators, ends of lines, and whether in a zip."""

    layout: Layout = "text"
    encoding: str = "utf-8"
    separator: Separator = ","
    line_end: str = "\n"
    quote_all: bool = False
    zipped: bool = False


@dataclass
class Written:
    """Files by name; ``one_file``: the study is that file alone."""

    files: dict[str, bytes]
    one_file: str | None


def written(study: StudyText, form: Format, random: Random) -> Written:
    """The files of ``study``."""
    files = dict(study.files)
    if study.settings is not None:
        files["study.toml"] = study.settings.encode("utf-8", "surrogatepass")
    if form.layout == "one workbook":
        sheets = {study.names.get(name, name): table for name, table in study.tables.items()}
        settings = [[line] for line in (study.settings or "").splitlines()]
        if study.settings is not None:
            sheets["study.toml"] = TableText(settings[0] if settings else [""], settings[1:])
        return Written({"study.xlsx": _workbook(sheets)}, "study.xlsx")
    for name, table in study.tables.items():
        called = study.names.get(name, name)
        if form.layout == "workbooks":
            files[f"{called}.xlsx"] = _workbook({random.choice([name, "Sheet1", "名簿"]): table})
        elif form.layout == "parquet":
            files[f"{called}.parquet"] = _parquet(table, random)
        else:
            ending = "tsv" if form.separator == "\t" else "csv"
            files[f"{called}.{ending}"] = _text(table, form)
    if form.zipped:
        return Written({"study.zip": _zip(files, random)}, "study.zip")
    return Written(files, None)


def _text(table: TableText, form: Format) -> bytes:
    out = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=form.separator, lineterminator=form.line_end, quoting=quoting).writerows(
        table.lines()
    )
    text = out.getvalue()
    if form.encoding == "utf-16-be":
        return b"\xfe\xff" + text.encode("utf-16-be")
    try:
        return text.encode(form.encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")


def _workbook(sheets: dict[str, TableText]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        taken: set[str] = set()
        for name, table in sheets.items():
            title = "".join(c for c in name if c not in "[]:*?/\\'")[:31] or "x"
            if title.lower() in taken:
                continue
            taken.add(title.lower())
            sheet = book.add_worksheet(title)
            for line, row in enumerate(table.lines()):
                for column, cell in enumerate(row[:16_000]):
                    _write_cell(
                        sheet, line, column, cell[:32_000], typed=table.typed and line > len(table.above)
                    )
            for first, last, column in table.merged:
                top = len(table.above) + 1
                kept = (
                    table.rows[first][column]
                    if first < len(table.rows) and column < len(table.rows[first])
                    else ""
                )
                with contextlib.suppress(OverlappingRange):
                    sheet.merge_range(top + first, column, top + last, column, kept[:32_000])
    return out.getvalue()


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: str, *, typed: bool
) -> None:
    if cell.startswith("=") and len(cell) < 200:
        sheet.write_formula(line, column, cell, None, "#REF!" if len(cell) % 2 else "")
    elif typed and cell.isascii() and cell.isdecimal() and len(cell) < 15 and not cell.startswith("0"):
        sheet.write_number(line, column, int(cell))
    elif cell:
        sheet.write_string(line, column, cell)


def _parquet(table: TableText, random: Random) -> bytes:
    """Strings, or where a column allows it figures, dates, lists and other types that Parquet has."""
    header = [cell or f"c{i}" for i, cell in enumerate(dict.fromkeys(table.header))]
    rows = [[*row, *[""] * len(header)][: len(header)] for row in table.rows]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    for place in range(len(header)):
        if random.random() < 0.25:
            frame.replace_column(place, _typed(frame.to_series(place), random))
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def _typed(cells: pl.Series, random: Random) -> pl.Series:
    """The cells as some type of Parquet; under a name of our own, for polars reads ``*`` as every column."""
    cell = pl.col("cell")
    wanted = random.choice([pl.Int64, pl.Float64, pl.Float32, pl.UInt64, pl.Int8])
    changed = [
        cell.cast(wanted, strict=False),
        cell.cast(pl.Categorical),
        cell.cast(pl.Binary),
        cell.str.split("0"),
        pl.struct(cell),
        pl.lit(None),
        pl.lit(value=True),
        pl.lit(2**64 - 1, dtype=pl.UInt64),
        pl.lit(float("nan")),
        pl.lit(1e300),
        cell.str.to_date("%Y-%m-%d", strict=False),
        pl.lit("10:00").str.to_time("%H:%M"),
        pl.duration(days=3),
        cell.str.to_datetime("%Y-%m-%d", strict=False, time_zone="UTC", ambiguous="null"),
        cell.cast(pl.Decimal(30, 2), strict=False),
        pl.lit(b"\xff\xfe"),
        pl.lit([1, None, 2]),
    ]
    alone = pl.DataFrame({"cell": cells})
    return alone.with_columns(random.choice(changed).alias("cell"))["cell"].rename(cells.name)


def _zip(files: dict[str, bytes], random: Random) -> bytes:
    out = io.BytesIO()
    top = random.choice(["", "study/", "調査/"])
    method = random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(top + name, data)
    return out.getvalue()
