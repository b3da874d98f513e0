"""Rules between the cells of a row, or between rows of one person: dates in order, ranks without gaps."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.words import BadCells, rows_mask
from tazuna.language import message


def ordered_dates(draft: Draft, pairs: Sequence[tuple[str, str]]) -> Draft:
    """Empty an end that lies before its start."""
    for start, end in pairs:
        if draft.has(start, end):
            before = (draft.frame[end] < draft.frame[start]).fill_null(value=False)
            starts = draft.frame[start].filter(before).cast(pl.String)
            bad = BadCells(
                "ends_before_starts",
                before,
                message("the end must not lie before the start ({start})"),
                message("Correct one of the two dates"),
                pl.DataFrame({"start": starts}),
            )
            draft = draft.without_cells(end, bad)
    return draft


def ranked_without_gaps(draft: Draft) -> Draft:
    """Applications: a person's ranks are 1, 2, 3, …; a repeated rank or a gap is named.

    Rows with a repeated rank are set aside but for the first. A gap is named once a person; the rows stay,
    since the order of the wishes is clear without it.
    """
    if not draft.has("person_id", "rank") or not draft.readable:
        return draft
    rows = draft.frame.select("person_id", "rank").with_row_index("row").filter(~draft.lost)
    again = rows.filter(~pl.struct("person_id", "rank").is_first_distinct())
    draft = draft.without_rows(
        "rank",
        BadCells(
            "rank_repeated",
            rows_mask(draft.frame.height, again["row"]),
            message("this person has this rank already"),
            message("Give each wish of a person a rank of its own: 1, 2, 3, …"),
        ),
    )
    placed = (
        rows.join(again, on="row", how="anti", maintain_order="left")
        .with_columns(place=pl.col("rank").rank("ordinal").over("person_id").cast(pl.Int64))
        .filter(pl.col("rank") != pl.col("place"))
    )
    gaps = placed.filter(pl.col("place") == pl.col("place").min().over("person_id"))
    return draft.marked(
        "rank",
        BadCells(
            "rank_gap",
            rows_mask(draft.frame.height, gaps["row"]),
            message("a rank before this one is missing for this person; expected here is {place}"),
            message("Number the wishes of a person 1, 2, 3, … without a gap"),
            gaps.select("place"),
        ),
    )
