"""Keys (キー): duplicates within a table, and values that are not found in the table to which they point."""

from __future__ import annotations

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.raw_table import LINE
from tazuna.intake.words import BadCells, compared, rows_mask
from tazuna.language import message


def unique_keys(draft: Draft) -> Draft:
    """Set aside every row whose key an earlier row has; the fault names both lines."""
    key = [column for column in draft.table.key if draft.has(column)]
    if not key or not draft.readable:
        return draft
    rows = draft.frame.select(pl.struct(key).alias("key"), LINE).with_row_index("row").filter(~draft.lost)
    again = rows.filter(~pl.col("key").is_first_distinct())
    if again.is_empty():
        return draft
    first = rows.unique("key", keep="first").select("key", pl.col(LINE).alias("first_line"))
    again = again.join(first, on="key", how="left", nulls_equal=True, maintain_order="left")
    bad = BadCells(
        "duplicate_key",
        rows_mask(draft.frame.height, again["row"]),
        message("the key ({key}) must be unique, and line {first_line} has it already", key=", ".join(key)),
        message("Keep one of the two rows, or correct the key"),
        again.select("first_line"),
    )
    return draft.without_rows(key[0], bad)


def joined(draft: Draft, column: str, target: Draft, *, skip_faulty: bool) -> Draft:
    """Name the cells of ``column`` that are in no row of the table that they point to.

    Without ``skip_faulty`` a row that was set aside there counts as being there, since its fault is named
    already.
    """
    join = draft.table.columns[column].join
    if join is None or not draft.readable or not target.has(join.column):
        return draft
    bound = draft.frame[column].is_not_null()
    if join.unless is not None and draft.has(join.unless[0]):
        bound = bound & (draft.frame[join.unless[0]] != join.unless[1]).fill_null(value=True)
    keys = target.frame[join.column]
    bad = not_joining(draft.frame[column], bound, keys, f"{join.table}.{join.column}")
    if skip_faulty and target.lost.any():
        gone = keys.filter(target.lost).unique()
        gone = gone.filter(~gone.is_in(keys.filter(~target.lost).implode()))
        mask = bound & draft.frame[column].is_in(gone.implode())
        expected = message("the row of {table} with this key was itself set aside", table=join.table)
        bad.append(BadCells("key_does_not_join", mask, expected, message("Correct that row first")))
    return draft.without(column, *bad)


def not_joining(cells: pl.Series, bound: pl.Series, keys: pl.Series, target: str) -> list[BadCells]:
    """The cells of ``bound`` rows without a partner in ``keys``, apart by the reason that could be found."""
    known = keys.drop_nulls().unique()
    lost = bound & ~cells.is_in(known.implode())
    if not lost.any():
        return []
    expected = message("this value is not in {target}", target=target)
    found: list[BadCells] = []
    zeros = message(
        "With leading zeros it joins as {nearest}: the zeros were lost or added, usually in Excel; save the "
        "column as text"
    )
    spelling = message("It joins as {nearest} when case, width and spaces are ignored: write it that way")
    for shorten, cure in ((_without_zeros, zeros), (compared, spelling)):
        partners = pl.DataFrame({"short": shorten(known), "nearest": known}).unique("short", keep="none")
        nearest = pl.DataFrame({"short": shorten(cells)}).join(
            partners, on="short", how="left", maintain_order="left"
        )["nearest"]
        mask = lost & nearest.is_not_null()
        if mask.any():
            details = pl.DataFrame({"nearest": nearest.filter(mask)})
            found.append(BadCells("key_does_not_join", mask, expected, cure, details))
            lost = lost & ~mask
    if lost.any():
        cure = message("Correct it, or add the missing row to {table}", table=target.split(".")[0])
        found.append(BadCells("key_does_not_join", lost, expected, cure))
    return found


def _without_zeros(cells: pl.Series) -> pl.Series:
    return cells.str.replace(r"^0+(\d)", "$1")
