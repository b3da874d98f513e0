"""Why a text is not a date (読めない日付), and how to write it instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tazuna.intake.parsed import Unread
from tazuna.language import Message, message

_WRITE = message("Write it as 2018-04-01")
_EXCEL_ORIGIN = pl.date(1899, 12, 30)
_SMALL_DATE = r"^([0-9]{1,2})([/.-])([0-9]{1,2})[/.-]([0-9]{4})$"


@dataclass(frozen=True, slots=True)
class Reason:
    """One way in which a text is not a date: a pattern (the first that fits counts) and what to say."""

    pattern: str
    expected: Message
    cure: Message = _WRITE


def _reasons(era_names: Sequence[tuple[str, str]]) -> Mapping[str, Reason]:
    names = "|".join(name for name, _ in era_names)
    return {
        "serial_number": Reason(
            r"^[1-9][0-9]{4}(?:\.[0-9]+)?$",
            message("a date is expected; this looks like Excel's serial number for {date}"),
            message("Format the column as a date in Excel and save the file again, or write {date}"),
        ),
        "ambiguous": Reason(_SMALL_DATE, message("the year must come first; this could mean {possible}")),
        "two_digit_year": Reason(
            r"^'?[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{1,2}$",
            message("a year of four digits or with its era is expected"),
            message("Write it as 2018-04-01 or H30.4.1"),
        ),
        "era_year": Reason(
            rf"(?i)^(?:{names})\s*(?:元|[0-9]+)\D+[0-9]+\D+[0-9]+日?$",
            message("the era has no such year, or there is no such day"),
        ),
        "impossible_day": Reason(
            r"^[0-9]{4}([-/.年])[0-9]{1,2}[-/.月][0-9]{1,2}日?$|^[0-9]{8}$",
            message("there is no such day in the calendar"),
        ),
        "day_missing": Reason(
            r"^[0-9]{4}(?:[-/.年][0-9]{1,2}月?|[0-9]{2})?年?$", message("year, month and day are expected")
        ),
        "not_a_date": Reason("", message("a date is expected")),
    }


def unread_dates(texts: pl.Series, era_names: Sequence[tuple[str, str]]) -> tuple[Unread, ...]:
    """Sort texts that are not dates by reason.

    Parameters
    ----------
    texts
        NFKC text where a cell could not be read, else null.
    era_names
        Pairs (name or letter as written, name).

    Returns
    -------
    tuple of Unread
        Reasons ``serial_number`` (with its ``date``), ``ambiguous`` (with the ``possible`` readings),
        ``two_digit_year``, ``era_year``, ``impossible_day``, ``day_missing`` and ``not_a_date``.
    """
    left = texts.is_not_null()
    if not left.any():
        return ()
    found = []
    for name, reason in _reasons(era_names).items():
        mask = left & texts.str.contains(reason.pattern).fill_null(False)
        if mask.any():
            details = _DETAILS[name](texts.filter(mask)) if name in _DETAILS else None
            found.append(Unread(name, mask, reason.expected, reason.cure, details))
            left = left & ~mask
    return tuple(found)


def _serial_dates(texts: pl.Series) -> pl.DataFrame:
    days = texts.cast(pl.Float64).floor().cast(pl.Int64).to_frame("days")
    return days.select((_EXCEL_ORIGIN + pl.duration(days="days")).cast(pl.String).alias("date"))


def _possible_dates(texts: pl.Series) -> pl.DataFrame:
    """Day first and month first, as far as there is such a day."""
    parts = texts.to_frame("text").select(
        pl.col("text").str.extract(_SMALL_DATE, group).alias(name)
        for group, name in ((1, "first"), (3, "second"), (4, "year"))
    )
    readings = [
        pl.format("{}-{}-{}", "year", *order).str.to_date("%Y-%m-%d", strict=False).cast(pl.String)
        for order in (("first", "second"), ("second", "first"))
    ]
    possible = pl.concat_list(readings).list.drop_nulls().list.unique(maintain_order=True).list.join(" / ")
    return parts.select(pl.when(possible != "").then(possible).otherwise(pl.lit("-")).alias("possible"))


_DETAILS = {"serial_number": _serial_dates, "ambiguous": _possible_dates}
