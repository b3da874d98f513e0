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


def ranked_without_gaps(draft: Draft, programs: Draft | None) -> Draft:
    """Applications: a person's ranks in a round are 1, 2, 3, …; a repeated rank or a gap is named.

    Rows with a repeated rank are set aside but for the first. A gap is named once a person; the rows stay,
    since the order of the wishes is clear without it.
    """
    if not draft.has("person_id", "rank") or not draft.readable:
        return draft
    rows = _with_round(draft, programs).with_row_index("row").filter(~draft.lost)
    again = rows.filter(~pl.struct("person_id", "round", "rank").is_first_distinct())
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
        .with_columns(place=pl.col("rank").rank("ordinal").over("person_id", "round").cast(pl.Int64))
        .filter(pl.col("rank") != pl.col("place"))
    )
    gaps = placed.filter(pl.col("place") == pl.col("place").min().over("person_id", "round"))
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


def _with_round(applications: Draft, programs: Draft | None) -> pl.DataFrame:
    """``person_id``, ``round``, ``rank`` of each application; a study without rounds is one round."""
    ranked = applications.frame.select("person_id", "program_id", "rank")
    if programs is None or not programs.has("program_id", "round"):
        return ranked.select("person_id", pl.lit("").alias("round"), "rank")
    rounds = programs.sound.select("program_id", "round").unique("program_id", keep="first")
    found = ranked.join(rounds, on="program_id", how="left", maintain_order="left")
    return found.select("person_id", pl.col("round").fill_null(""), "rank")
