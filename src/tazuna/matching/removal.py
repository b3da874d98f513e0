"""Pairs that cannot be placed (対象外): why, each with one reason, the first that applies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tazuna.errors import StudyError
from tazuna.language import Message, message
from tazuna.matching.eligibility import people_columns

REASONS: Mapping[str, Message] = {
    "left": message("has left the organisation"),
    "no_consent": message("has not consented to this application"),
    "declined": message("the host declined after the interview"),
    "own_company": message("a programme of the person's own company, in mutual side work"),
    "not_eligible": message("does not meet the programme's condition, or it is not known whether they do"),
    "hours": message("has fewer hours a week than the programme takes"),
    "hours_of_round": message("the programme takes more hours a week than the round allows"),
    "travel": message("the programme is in a prefecture to which the person does not travel"),
}
"""Code → why a pair was removed, in the order in which they are tried."""


def first_reason(
    pairs: pl.DataFrame, people: pl.DataFrame, orders: Mapping[str, tuple[str, ...]], most_hours: float | None
) -> pl.Series:
    """The code of the first reason to remove each pair; null where it is feasible.

    Parameters
    ----------
    pairs
        One row a pair of the round, with the columns of applications, programmes, priorities and people
        that the reasons need; absent ones give no reason. ``applicant`` is the row of ``people``.
    people
        One row an applicant.
    orders
        Ordered text columns, lowest first.
    most_hours
        Most hours a week that the round allows.
    """
    given = set(pairs.columns)
    checks: dict[str, pl.Expr] = {}
    if "status" in given:
        checks["left"] = pl.col("status") == "left"
    if "consented_at" in given:
        checks["no_consent"] = pl.col("consented_at").is_null()
    if "eligible" in given:
        checks["declined"] = ~pl.col("eligible")
    checks["own_company"] = (pl.col("kind") == "mutual_side_work") & (pl.col("sender") == pl.col("host"))
    checks["not_eligible"] = ~_meets(pairs, people, orders)
    if {"hours_available", "hours_per_week"} <= given:
        checks["hours"] = _hours(pairs) < pl.col("hours_per_week")
    if "hours_per_week" in given and most_hours is not None:
        checks["hours_of_round"] = pl.col("hours_per_week") > most_hours
    if {"travel_prefectures", "place", "program_prefecture"} <= given:
        checks["travel"] = _too_far()
    reason = pl.lit(None, pl.String)
    for code in reversed(tuple(REASONS)):
        if code in checks:
            reason = pl.when(checks[code].fill_null(value=False)).then(pl.lit(code)).otherwise(reason)
    return pairs.select(reason.alias("reason")).to_series()


def _meets(pairs: pl.DataFrame, people: pl.DataFrame, orders: Mapping[str, tuple[str, ...]]) -> pl.Expr:
    """Whether the person is known to meet the programme's condition; each text is understood once."""
    if "eligibility" not in pairs.columns:
        return pl.lit(value=True)
    asked = (
        pairs.select("applicant", "program_id", "eligibility").with_row_index("row").drop_nulls("eligibility")
    )
    columns = people_columns(people, orders)
    meets = np.ones(pairs.height, np.bool_)
    for same in asked.partition_by("eligibility", maintain_order=True):
        place = message("Table programs, {program}, eligibility", program=same["program_id"][0])
        known = columns.condition(same["eligibility"][0], place).fill_null(value=False)
        meets[same["row"].to_numpy()] = people[same["applicant"]].select(known).to_series().to_numpy()
    return pl.lit(pl.Series(meets))


def _hours(pairs: pl.DataFrame) -> pl.Expr:
    """Hours that a person has; an attribute, so that its cells are still text."""
    hours = pl.col("hours_available").cast(pl.String).str.normalize("NFKC").cast(pl.Float64, strict=False)
    odd = pairs.filter(pl.col("hours_available").is_not_null() & hours.is_null()).head(1)
    for person, found in odd.select("person_id", "hours_available").iter_rows():
        raise StudyError(
            message(
                "Column hours_available, {person}: “{found}” is not a number of hours.",
                person=person,
                found=found,
            ),
            message("Write the hours a week as a number, such as 5, or leave the cell empty."),
        )
    return hours


def _too_far() -> pl.Expr:
    """On site, wholly or in part, in a prefecture that the person did not name; no names mean no limit."""
    there = pl.col("travel_prefectures").str.normalize("NFKC").str.split(";")
    there = there.list.eval(pl.element().str.strip_chars())
    on_site = pl.col("place").is_in(["onsite", "mixed"])
    return on_site & ~there.list.contains(pl.col("program_prefecture").str.normalize("NFKC"))
