"""From the text of a table to typed columns, by the schema, with every cell that does not fit its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.fault_table import FaultGroup
from tazuna.intake.figures import as_dates, as_moments, as_numbers
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.intake.schema import Column
from tazuna.intake.words import (
    BadCells,
    Typed,
    as_codes,
    as_identifiers,
    as_list,
    as_one_of,
    as_text,
    as_yes_no,
    mapped_values,
)
from tazuna.language import message


@dataclass(frozen=True, slots=True)
class ValueWords:
    """What study.toml says of the values of a table: ``words`` by column, and the ``orders`` of text columns."""

    words: Mapping[str, Mapping[str, str]]
    orders: Mapping[str, tuple[str, ...]]
    timezone: str = "Asia/Tokyo"


def typed_cells(cells: pl.Series, column: Column, words: ValueWords) -> Typed:
    """The cells of one column with the type that the schema wants."""
    if column.name in words.orders:
        return as_one_of(cells, words.orders[column.name])
    match column.type:
        case "id" | "wave":
            return as_identifiers(cells)
        case "code":
            return as_codes(cells, column.codes)
        case "date":
            return as_dates(cells)
        case "moment":
            return as_moments(cells, words.timezone)
        case "number" | "whole":
            return as_numbers(cells, whole=column.type == "whole", low=column.low, high=column.high)
        case "yes_no":
            return as_yes_no(cells)
        case "list":
            return as_list(cells)
        case "text" | "birth":
            return Typed(as_text(cells))


def typed_draft(draft: Draft, raw: RawTable, ours: Mapping[str, str], words: ValueWords) -> Draft:
    """The draft with a typed column for each of ``ours`` (our column → column in the file).

    Cells that cannot be read are named; the row is set aside where the column is required, else the cell is emptied.
    Identifying columns and the raw forms of birth are left out.
    """
    columns: list[pl.Series] = [raw.frame[LINE]]
    lost = pl.repeat(False, raw.frame.height, eager=True)
    found: list[FaultGroup] = []
    emptied = 0
    notices: dict[str, int] = {}
    for name, source in ours.items():
        column = draft.table.columns[name]
        if column.identifying or column.type == "birth":
            continue
        cells = raw.frame[source]
        if name in words.words:
            cells = mapped_values(cells, words.words[name])
        typed = typed_cells(cells, column, words)
        bad = typed.bad
        if column.required:
            bad = (*bad, *_missing_values(raw, cells, source))
        for cells_like in bad:
            value = as_text(raw.frame[source])
            found.append(draft.group(source, cells_like, raw.frame[LINE], value, required=column.required))
            if column.required:
                lost = lost | cells_like.mask
            else:
                emptied += int(cells_like.mask.sum())
        for kind, count in typed.normalised:
            notices[kind] = notices.get(kind, 0) + count
        columns.append(typed.values.alias(name))
    frame = pl.DataFrame(columns)
    keys = {
        c.name: c
        for c in columns
        if c.name in draft.table.columns and draft.table.columns[c.name].type in ("id", "wave")
    }
    typed_whole = replace(
        draft,
        frame=frame.filter(~lost),
        keys=keys,
        faults=(*draft.faults, *found),
        emptied=draft.emptied + emptied,
    )
    return _with_notices(typed_whole, notices)


def _missing_values(raw: RawTable, cells: pl.Series, source: str) -> tuple[BadCells, ...]:
    error_lines = [cell.line for cell in raw.error_cells if cell.column == source]
    missing = as_text(cells).is_null() if cells.dtype == pl.String else cells.is_null()
    if error_lines:
        missing = missing & ~raw.frame[LINE].is_in(error_lines)
    if not missing.any():
        return ()
    return (
        BadCells(
            "missing_value",
            missing,
            message("a value is required here"),
            message("Fill in the cell, or remove the row"),
        ),
    )


def error_cells(draft: Draft, raw: RawTable, ours: Mapping[str, str]) -> Draft:
    """Cells with an error such as #REF!, or a formula that was never calculated.

    In a required column the row is set aside; elsewhere the cell is empty.
    """
    by_source = {source: name for name, source in ours.items()}
    for source in dict.fromkeys(cell.column for cell in raw.error_cells):
        texts = {cell.line: cell.text for cell in raw.error_cells if cell.column == source}
        name = by_source.get(source)
        lines = raw.frame[LINE]
        bad = BadCells(
            "error_cell",
            lines.is_in(list(texts)),
            message("the cell holds an error or a formula without a result"),
            message("Calculate and save the workbook again, or write the value"),
        )
        shown = lines.replace_strict(texts, default=None, return_dtype=pl.String)
        required = (
            name is not None and draft.table.columns[name].required if name in draft.table.columns else False
        )
        group = draft.group(source, bad, lines, shown, required=required)
        draft = replace(
            draft,
            faults=(*draft.faults, group),
            emptied=draft.emptied + (0 if required else group.rows.height),
            frame=draft.frame.filter(~pl.col(LINE).is_in(list(texts))) if required else draft.frame,
        )
    return draft


def _with_notices(draft: Draft, counts: Mapping[str, int]) -> Draft:
    for kind, count in counts.items():
        if kind == "date_form":
            said = message(
                "{source}: {count} dates in other forms (such as 2018/4/1 or 平成30年4月1日) were read as dates",
                source=draft.source,
                count=count,
            )
        else:
            said = message(
                "{source}: {count} cells with full-width characters were read as half-width",
                source=draft.source,
                count=count,
            )
        draft = draft.noticed(kind, count, said)
    return draft
