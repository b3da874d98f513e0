"""From the text of a table to typed columns, by the schema, with every cell that does not fit its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.figures import as_dates, as_moments, as_numbers, as_numbers_or_marks, as_yes_no
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.intake.schema import Column
from tazuna.intake.threads import in_threads
from tazuna.intake.words import (
    BadCells,
    NormalisedKind,
    Typed,
    as_codes,
    as_identifiers,
    as_list,
    as_one_of,
    as_text,
    mapped_values,
)
from tazuna.language import Message, message


@dataclass(frozen=True, slots=True)
class ValueWords:
    """What study.toml says of the values of a table.

    ``words``: column → {value in the file: our value}; ``orders``: ordered text columns, lowest first.
    """

    words: Mapping[str, Mapping[str, str]]
    orders: Mapping[str, tuple[str, ...]]
    timezone: str = "Asia/Tokyo"


def typed_cells(cells: pl.Series, column: Column, words: ValueWords) -> Typed:
    """The cells of one column with the type that the schema wants."""
    if column.name in words.words:
        cells = mapped_values(cells, words.words[column.name])
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
        case "ordered":
            return as_numbers_or_marks(cells)
        case "text" | "birth":
            return Typed(as_text(cells))


def typed_draft(draft: Draft, raw: RawTable, ours: Mapping[str, str], words: ValueWords) -> Draft:
    """The draft with a typed column for each of ``ours`` (our column → column in the file).

    Cells that cannot be read are named; the row is set aside where the column is required, else the cell is
    emptied. Identifying columns and the raw forms of birth are left out.
    """
    draft = _error_cells(draft, raw, {source: name for name, source in ours.items()})
    for name, typed in _all_typed(draft, ours, words).items():
        column, source = draft.table.columns[name], ours[name]
        draft = draft.with_columns(typed.values.alias(name)).without(name, *typed.bad)
        if column.required and typed.values.null_count():
            draft = draft.without_rows(name, *_missing_values(draft, raw, source))
        draft = with_normalised(draft, source, typed)
        if column.type == "ordered" and name not in words.orders and typed.values.dtype == pl.String:
            draft = _without_order(draft, source, name, typed.values)
    return draft


def _all_typed(draft: Draft, ours: Mapping[str, str], words: ValueWords) -> dict[str, Typed]:
    """The typed cells of each column that is kept, several columns at once."""
    table = draft.table.columns
    kept = [name for name in ours if not table[name].identifying and table[name].type != "birth"]
    typed = in_threads(
        lambda name: typed_cells(draft.cells[ours[name]], table[name], words), kept, rows=draft.cells.height
    )
    return dict(zip(kept, typed, strict=True))


def _without_order(draft: Draft, source: str, name: str, marks: pl.Series) -> Draft:
    found = marks.drop_nulls().unique().sort()
    said = message(
        "{source} {heading}: the order of {words} is not known; write {column} = [lowest, …, highest] in "
        "study.toml under [orders]",
        source=draft.source,
        heading=source,
        words=", ".join(found.head(8)),
        column=name,
    )
    return draft.noticed("no_order", found.len(), said)


def _missing_values(draft: Draft, raw: RawTable, source: str) -> tuple[BadCells, ...]:
    error_lines = [cell.line for cell in raw.error_cells if cell.column == source]
    missing = as_text(draft.cells[source]).is_null() & ~draft.frame[LINE].is_in(error_lines)
    if not missing.any():
        return ()
    expected, cure = message("a value is required here"), message("Fill in the cell, or remove the row")
    return (BadCells("missing_value", missing, expected, cure),)


def _error_cells(draft: Draft, raw: RawTable, ours: Mapping[str, str]) -> Draft:
    """Cells with an error such as #REF!, or a formula that was never calculated."""
    lines = draft.frame[LINE]
    for source in dict.fromkeys(cell.column for cell in raw.error_cells):
        texts = {cell.line: cell.text for cell in raw.error_cells if cell.column == source}
        bad = BadCells(
            "error_cell",
            lines.is_in(list(texts)),
            message("the cell holds an error or a formula without a result"),
            message("Calculate and save the workbook again, or write the value"),
            shown=lines.replace_strict(texts, default=None, return_dtype=pl.String),
        )
        draft = draft.without(ours.get(source, source), bad)
    return draft


def with_normalised(draft: Draft, heading: str, typed: Typed) -> Draft:
    """The draft with a notice for each way in which cells of the column were normalised."""
    for kind, count in typed.normalised:
        draft = draft.noticed(kind, count, _said(kind, draft.source, heading, count))
    return draft


def _said(kind: NormalisedKind, source: str, heading: str, count: int) -> Message:
    if kind == "date_form":
        return message(
            "{source} {heading}: dates in other forms (such as 2018/4/1 or 平成30年4月1日), read as dates: "
            "{count}",
            source=source,
            heading=heading,
            count=count,
        )
    if kind == "number_form":
        return message(
            "{source} {heading}: numbers in other forms (such as 1,234 or ▲5), read as numbers: {count}",
            source=source,
            heading=heading,
            count=count,
        )
    return message(
        "{source} {heading}: cells in full-width characters, read as half-width ones: {count}",
        source=source,
        heading=heading,
        count=count,
    )
