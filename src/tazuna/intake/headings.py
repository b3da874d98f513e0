"""Which column of a file is which of ours: by ``[columns.TABLE]``, else by our own exact name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.fault_table import FaultGroup
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.intake.schema import Column, Table, normalised
from tazuna.language import message

_CODE_SHAPE = re.compile(r"^([a-z_]+)\d")


@dataclass(frozen=True, slots=True)
class Headings:
    """``ours``: our column → column in the file; ``questions``: code → column; ``others``: the rest."""

    ours: Mapping[str, str]
    questions: Mapping[str, str]
    others: Mapping[str, str]


def match_headings(raw: RawTable, table: Table, named: Mapping[str, str], codes: Collection[str]) -> Headings:
    """Match the columns of ``raw``.

    Parameters
    ----------
    named
        ``[columns.TABLE]``: column in the file → our column, a question code, or a name for an attribute.
    codes
        Question codes that may be columns of this table.
    """
    targets = {normalised(source): target for source, target in named.items()}
    own = {normalised(name): name for name in table.columns}
    questions = {normalised(code): code for code in codes}
    ours: dict[str, str] = {}
    asked: dict[str, str] = {}
    others: dict[str, str] = {}
    mapped_first = sorted(raw.columns, key=lambda source: normalised(source) not in targets)
    for source in mapped_first:
        target = targets.get(normalised(source), source)
        column = own.get(normalised(target))
        code = questions.get(normalised(target))
        if column is not None and column not in ours:
            ours[column] = source
        elif column is None and code is not None and code not in asked:
            asked[code] = source
        else:
            others[target if column is None and code is None else source] = source
    return Headings(ours, asked, others)


def headed_draft(raw: RawTable, table: Table, headings: Headings) -> Draft:
    """The draft of ``raw`` before any cell is typed, with the faults of its header and of its shape."""
    ragged = pl.DataFrame(
        [(row.line, row.found, row.expected) for row in raw.ragged],
        schema={LINE: pl.Int64, "found": pl.Int64, "wanted": pl.Int64},
        orient="row",
    )
    cells = raw.frame.join(ragged, on=LINE, how="anti", maintain_order="left") if raw.ragged else raw.frame
    draft = Draft(
        table=table,
        source=raw.source,
        cells=cells,
        frame=cells.select(LINE),
        lost=pl.repeat(False, cells.height, eager=True),
        headers={**headings.ours, **headings.questions},
        notices=raw.notices,
        faults=_ragged_rows(ragged, table, raw.source),
        shapeless=raw.frame.height - cells.height,
    )
    known = {normalised(source) for source in draft.headers.values()}
    for header in raw.duplicate_headers:
        draft = draft.faulted(
            "duplicate_header",
            header,
            message("two columns have this heading"),
            message("Rename or remove one of them"),
            readable=normalised(header) not in known,
        )
    for column in table.columns.values():
        if (column.required or column.must_be_there) and column.name not in headings.ours:
            draft = _missing_column(draft, column, headings.others)
    return draft


def _missing_column(draft: Draft, column: Column, others: Mapping[str, str]) -> Draft:
    expected = message(
        "the column {column} ({label}) is missing", column=column.name, label=column.label["ja"]
    )
    nearest = nearest_heading(column, others)
    if nearest is None:
        cure = message(
            "Add the column, or name it in study.toml under [columns.{table}]; tazuna init helps",
            table=draft.table.name,
        )
    else:
        cure = message(
            'If “{nearest}” is that column, write "{nearest}" = "{column}" in study.toml under '
            "[columns.{table}]; tazuna init does that",
            nearest=nearest,
            column=column.name,
            table=draft.table.name,
        )
    return draft.faulted("missing_column", column.name, expected, cure)


def nearest_heading(column: Column, headings: Collection[str]) -> str | None:
    """The heading that is a known name of ``column``, else the most similar one, else None."""
    known = {normalised(name) for name in (column.name, *column.label.values(), *column.also)}
    for heading in headings:
        if normalised(heading) in known:
            return heading
    by_comparison = {normalised(heading): heading for heading in headings}
    for name in sorted(known):
        close = difflib.get_close_matches(name, by_comparison, n=1, cutoff=0.7)
        if close:
            return by_comparison[close[0]]
    return None


def looks_like_question(heading: str, codes: Collection[str]) -> bool:
    """Whether a column is written like a question code: the letters of a known code, then a figure."""
    shape = _CODE_SHAPE.match(normalised(heading))
    return shape is not None and any(
        known is not None and known[1] == shape[1]
        for known in (_CODE_SHAPE.match(c.casefold()) for c in codes)
    )


def _ragged_rows(ragged: pl.DataFrame, table: Table, source: str) -> tuple[FaultGroup, ...]:
    """Rows with more or fewer cells than the header: no cell of them can be trusted."""
    if ragged.is_empty():
        return ()
    rows = ragged.rename({LINE: "line"}).with_columns(value=pl.lit(None, pl.String))
    expected = message("the header has {wanted} columns, this row has {found} cells")
    cure = message("Look for a comma or quotation mark inside a cell, and put the cell in quotation marks")
    return (FaultGroup("ragged_row", table.name, source, None, expected, cure, rows, required=True),)
