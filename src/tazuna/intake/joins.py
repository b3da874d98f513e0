"""Keys (キー): duplicates within a table, and values that are not found in the table to which they point."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.raw_table import LINE
from tazuna.intake.schema import Join
from tazuna.intake.threads import in_threads
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


def joined(draft: Draft, drafts: Mapping[str, Draft], *, skip_faulty: bool) -> Draft:
    """Name the cells that are in no row of the table to which their column points.

    Without ``skip_faulty`` a row that was set aside there counts as being there, since its fault is named
    already.

    Parameters
    ----------
    drafts
        All tables by name; a column that points to none of them is not judged.
    """
    if not draft.readable:
        return draft
    joins = [
        (column.name, column.join)
        for column in draft.table.columns.values()
        if column.join is not None
        and draft.has(column.name)
        and column.join.table in drafts
        and drafts[column.join.table].has(column.join.column)
    ]
    without_partner = in_threads(
        lambda found: _without_partner(draft, *found, drafts), joins, rows=draft.frame.height
    )
    for (column, join), bad in zip(joins, without_partner, strict=True):
        target = draft if join.table == draft.table.name else drafts[join.table]
        set_aside = _set_aside_there(draft, column, join, target) if skip_faulty and target.lost.any() else []
        draft = draft.without(column, *bad, *set_aside)
    return draft


def _bound(draft: Draft, column: str, join: Join) -> pl.Series:
    """Rows that must have a partner."""
    bound = draft.frame[column].is_not_null()
    if join.unless is None or not draft.has(join.unless[0]):
        return bound
    return bound & (draft.frame[join.unless[0]] != join.unless[1]).fill_null(value=True)


def _without_partner(draft: Draft, column: str, join: Join, drafts: Mapping[str, Draft]) -> list[BadCells]:
    keys = drafts[join.table].frame[join.column]
    return not_joining(draft.frame[column], _bound(draft, column, join), keys, f"{join.table}.{join.column}")


def _set_aside_there(draft: Draft, column: str, join: Join, target: Draft) -> list[BadCells]:
    """The cells whose every partner was set aside."""
    keys = target.frame[join.column]
    gone = keys.filter(target.lost).unique()
    gone = gone.filter(~gone.is_in(keys.filter(~target.lost).implode()))
    mask = _bound(draft, column, join) & draft.frame[column].is_in(gone.implode())
    expected = message("the row of {table} with this key was itself set aside", table=join.table)
    return [BadCells("key_does_not_join", mask, expected, message("Correct that row first"))]


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
