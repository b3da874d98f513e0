"""Keys (キー): duplicates within a table, and values that are not found in the table to which they point."""

from __future__ import annotations

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.raw_table import LINE
from tazuna.intake.words import BadCells, compared
from tazuna.language import message


def unique_keys(draft: Draft) -> Draft:
    """Set aside every row whose key an earlier row has; the fault names both lines."""
    key = [column for column in draft.table.key if draft.has(column)]
    if not key or not draft.readable:
        return draft
    again = ~draft.frame.select(pl.struct(key).is_first_distinct()).to_series()
    if not again.any():
        return draft
    first = draft.frame.group_by(key, maintain_order=True).agg(pl.col(LINE).first().alias("first_line"))
    lines = draft.frame.filter(again).join(first, on=key, how="left", nulls_equal=True, maintain_order="left")
    bad = BadCells(
        "duplicate_key",
        again,
        message("the key ({key}) must be unique, and line {first_line} has it already", key=", ".join(key)),
        message("Keep one of the two rows, or correct the key"),
        lines.select("first_line"),
    )
    return draft.without_rows(key[0], bad)


def joined(draft: Draft, column: str, keys: pl.Series, standing: pl.Series | None = None) -> Draft:
    """Name the cells of ``column`` that are in no row of the other table.

    Parameters
    ----------
    keys
        All values of the other table's column.
    standing
        Those of rows that were not set aside, where set-aside rows are left out (``--skip-faulty``).
    """
    facts = draft.table.columns[column]
    join = facts.join
    if join is None or not draft.readable:
        return draft
    bound = draft.frame[column].is_not_null()
    if join.unless is not None and draft.has(join.unless[0]):
        bound = bound & (draft.frame[join.unless[0]] != join.unless[1]).fill_null(value=True)
    for bad in not_joining(draft.frame[column], bound, keys, f"{join.table}.{join.column}"):
        draft = _remove(draft, column, bad, required=facts.required)
        if facts.required:
            return joined(draft, column, keys, standing)
        bound = bound & ~bad.mask
    if standing is None:
        return draft
    gone = bound & ~draft.frame[column].is_in(standing.unique().implode())
    bad = BadCells(
        "key_does_not_join",
        gone,
        message("the row of {table} with this key was itself set aside", table=join.table),
        message("Correct that row first"),
    )
    return _remove(draft, column, bad, required=facts.required)


def _remove(draft: Draft, column: str, bad: BadCells, *, required: bool) -> Draft:
    return draft.without_rows(column, bad) if required else draft.without_cells(column, bad)


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
