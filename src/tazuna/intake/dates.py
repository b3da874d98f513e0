"""Dates and times (日付・日時) in the forms that companies write, from text to typed columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl
import yaml

from tazuna.intake.date_faults import unread_dates
from tazuna.intake.parsed import Parsed

FIRST_YEAR, LAST_YEAR = 1868, 2199
_WEEKDAY = r"\s*\([日月火水木金土](?:曜日?)?\)"
_DAY_AND_CLOCK = r"^(.*?[0-9日])(?:(?:T|\s+)((?:[0-9]|午|[aApP][mM]).*))?$"
_CLOCK = (
    r"(?i)^(午前|午後|am|pm)?\s*([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.[0-9]+)?)?\s*(午前|午後|am|pm)?"
    r"\s*(z|(?:gmt|utc)?(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?)$"
)
_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ISO_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-5][0-9]:[0-5][0-9]$"
_DAY_FORMS: Mapping[str, str] = {
    "iso": r"^([0-9]{4})-([0-9]{2})-([0-9]{2})$",
    "unpadded": r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$",
    "slashes": r"^([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})$",
    "dots": r"^([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})$",
    "eight_digits": r"^([0-9]{4})([0-9]{2})([0-9]{2})$",
    "japanese": r"^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日$",
}


@dataclass(frozen=True, slots=True)
class Era:
    """A Japanese era (元号): its letter in short forms, the calendar years of its first and last year."""

    name: str
    letter: str
    first: int
    last: int | None


@cache
def eras() -> tuple[Era, ...]:
    """The eras from 明治 on, from ``data/eras.yaml``."""
    data = yaml.safe_load(files("tazuna.intake").joinpath("data/eras.yaml").read_text("utf-8"))
    return tuple(Era(**era) for era in data["eras"])


def parse_dates(cells: pl.Series) -> Parsed:
    """Dates from text.

    Read are 2018-04-01, 2018-4-1, 2018/4/1, 2018.4.1, 20180401, 2018年4月1日, 平成30年4月1日 and H30.4.1
    (from 明治 to 令和, 元年 too): in full-width digits as well, with a weekday in brackets, or followed by a
    time of day, which is dropped.

    Parameters
    ----------
    cells
        String (or Date or Datetime, which are taken over), any length.

    Returns
    -------
    Parsed
        ``values`` of Date. ``forms`` counts ``unpadded``, ``slashes``, ``dots``, ``eight_digits``,
        ``japanese``, ``era``, ``excel_date`` (a date cell of a workbook) and ``time_dropped``. Reasons of
        ``unread``: as `unread_dates`.

    Examples
    --------
    >>> parse_dates(pl.Series(["平成30年4月1日", "H30.4.1", "２０１８/4/1"])).values.to_list()
    [datetime.date(2018, 4, 1), datetime.date(2018, 4, 1), datetime.date(2018, 4, 1)]
    """
    if cells.dtype.is_temporal():
        return Parsed(cells.cast(pl.Date))
    days = _all_in_form(cells, _ISO_DAY, pl.Date(), "%Y-%m-%d")
    if days is not None:
        return Parsed(days)
    timed = pl.col("clock").is_not_null()
    midnight = (pl.col("form") == "iso") & (pl.col("clock") == "00:00:00")
    distinct = _read_distinct(cells).with_columns(
        pl.when(~timed | pl.col("seconds").is_not_null()).then("day").alias("value"),
        pl.when(midnight)
        .then(pl.lit("excel_date"))
        .when(timed)
        .then(pl.lit("time_dropped"))
        .otherwise("form")
        .alias("form"),
    )
    return _joined_back(cells, distinct)


def parse_datetimes(cells: pl.Series, timezone: str = "Asia/Tokyo") -> Parsed:
    """Dates with a time of day from text, as wall-clock time in ``timezone``.

    Read is any form of `parse_dates` followed by ``12:30``, ``12:30:05``, ``2:12:54 午後`` or ``14時30分``,
    each perhaps with ``Z``, ``+09:00`` or ``GMT+9``; without a zone it is ``timezone``'s time. A bare date is
    its midnight; fractions of a second are dropped.

    Parameters
    ----------
    cells
        String (or Date or Datetime, which are taken over), any length.
    timezone
        IANA name.

    Returns
    -------
    Parsed
        ``values`` of Datetime (microseconds, without a zone); ``forms`` and reasons as in `parse_dates`.
    """
    if cells.dtype.is_temporal():
        aware = isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone is not None
        local = cells.dt.convert_time_zone(timezone).dt.replace_time_zone(None) if aware else cells
        return Parsed(local.cast(pl.Datetime("us")))
    moments = _all_in_form(cells, _ISO_MOMENT, pl.Datetime("us"), "%Y-%m-%dT%H:%M:%S")
    if moments is not None:
        return Parsed(moments)
    day = pl.col("day").cast(pl.Datetime("us"))
    moment = day + pl.duration(seconds="seconds")
    elsewhere = (moment - pl.duration(minutes="offset")).dt.replace_time_zone("UTC")
    distinct = _read_distinct(cells).with_columns(
        pl.when(pl.col("clock").is_null())
        .then(day)
        .when(pl.col("offset").is_null())
        .then(moment)
        .otherwise(elsewhere.dt.convert_time_zone(timezone).dt.replace_time_zone(None))
        .alias("value")
    )
    return _joined_back(cells, distinct)


def _all_in_form(cells: pl.Series, pattern: str, dtype: pl.Date | pl.Datetime, form: str) -> pl.Series | None:
    """The cells of a column that is in the contract's own form throughout; None where one cell is not."""
    given = cells.drop_nulls()
    if cells.dtype != pl.String or not given.str.contains(pattern).all():
        return None
    values = cells.str.strptime(dtype, form, strict=False)
    readable = values.count() == given.len() and values.dt.year().is_between(FIRST_YEAR, LAST_YEAR).all()
    return values if readable else None


def _read_distinct(cells: pl.Series) -> pl.DataFrame:
    """One row a distinct text: ``text``, ``plain``, ``day``, ``form``, ``clock``, ``seconds``, ``offset``."""
    plain = (
        pl.col("text")
        .str.normalize("NFKC")
        .str.strip_chars()
        .str.replace_all(r"([年月])\s+([0-9])", "${1}${2}")
        .str.replace(_WEEKDAY, "")
    )
    distinct = pl.DataFrame({"text": cells.cast(pl.String)}).unique().drop_nulls().with_columns(plain=plain)
    distinct = distinct.filter(pl.col("plain") != "").with_columns(
        written=pl.col("plain").str.extract(_DAY_AND_CLOCK, 1),
        clock=pl.col("plain").str.extract(_DAY_AND_CLOCK, 2),
    )
    return _with_clock(distinct.join(_days(distinct["written"]), on="written", how="left"))


def _days(written: pl.Series) -> pl.DataFrame:
    """``form`` and ``day`` of every text in a known form; ``day`` is null where there is none."""
    texts = written.unique().drop_nulls().to_frame("written")
    found = [
        texts.with_columns(_groups(pattern, "year", "month", "date")).with_columns(form=pl.lit(form))
        for form, pattern in _DAY_FORMS.items()
    ]
    every = pl.concat([*(days.drop_nulls("year") for days in found), _era_days(texts)])
    every = every.unique("written", keep="first", maintain_order=True)
    plausible = pl.col("year").is_between(FIRST_YEAR, LAST_YEAR)
    day = pl.format("{}-{}-{}", "year", "month", "date").str.to_date("%Y-%m-%d", strict=False)
    return every.select("written", "form", pl.when(plausible).then(day).alias("day"))


def _era_days(texts: pl.DataFrame) -> pl.DataFrame:
    """Days counted in the years of an era; of a year that the era does not have, ``year`` is 0."""
    known = pl.DataFrame(
        [(name, era.first, era.last or LAST_YEAR) for era in eras() for name in (era.name, era.letter)],
        schema={"era": pl.String, "first": pl.Int64, "last": pl.Int64},
        orient="row",
    )
    names = "|".join(known["era"])
    pattern = (
        rf"(?i)^(?:{names})\s*(?:元|[0-9]{{1,2}})(?:年|[./-])([0-9]{{1,2}})(?:月|[./-])([0-9]{{1,2}})日?$"
    )
    year = (
        pl.col("written")
        .str.extract(rf"(?i)^(?:{names})\s*(元|[0-9]{{1,2}})")
        .replace("元", "1")
        .cast(pl.Int64)
    )
    calendar_year = pl.col("first") + pl.col("nth") - 1
    return (
        texts.with_columns(_groups(pattern, "month", "date"))
        .drop_nulls("month")
        .with_columns(era=pl.col("written").str.extract(rf"(?i)^({names})").str.to_uppercase(), nth=year)
        .join(known, on="era", how="left")
        .select(
            "written",
            pl.when((pl.col("nth") > 0) & (calendar_year <= pl.col("last")))
            .then(calendar_year)
            .otherwise(0)
            .alias("year"),
            "month",
            "date",
            pl.lit("era").alias("form"),
        )
    )


def _groups(pattern: str, *names: str) -> list[pl.Expr]:
    """The groups of ``pattern`` in the written day as whole numbers."""
    return [
        pl.col("written").str.extract(pattern, group).cast(pl.Int64).alias(name)
        for group, name in enumerate(names, start=1)
    ]


def _with_clock(distinct: pl.DataFrame) -> pl.DataFrame:
    """``seconds`` of the day and ``offset`` in minutes from UTC; null where absent or wrong."""
    clock = pl.col("clock").str.replace_all("[時分]", ":").str.replace("秒", "").str.replace(r":(\s*)$", "$1")
    clock = pl.when(pl.col("clock").str.contains(r"^\S*[0-9]+時$")).then(clock + ":00").otherwise(clock)
    distinct = distinct.with_columns(time=clock)
    time = pl.col("time")
    half = pl.coalesce(time.str.extract(_CLOCK, 1), time.str.extract(_CLOCK, 5)).str.to_lowercase()
    hour, minute, second = (time.str.extract(_CLOCK, group).cast(pl.Int64) for group in (2, 3, 4))
    afternoon = half.is_in(["午後", "pm"]).fill_null(False)
    hour = pl.when(half.is_null()).then(hour).otherwise(hour % 12 + 12 * afternoon.cast(pl.Int64))
    zone = time.str.extract(_CLOCK, 6).str.to_lowercase()
    hours, minutes = (
        zone.str.extract(r"[+-]([0-9]{1,2}):?([0-9]{2})?$", group).cast(pl.Int64) for group in (1, 2)
    )
    sign = pl.when(zone.str.contains("-", literal=True)).then(-1).otherwise(1)
    possible = (hour < 24) & (minute < 60) & (second.fill_null(0) < 60)
    return distinct.with_columns(
        seconds=pl.when(possible).then(hour * 3600 + minute * 60 + second.fill_null(0)),
        offset=pl.when(zone != "").then(sign * (hours.fill_null(0) * 60 + minutes.fill_null(0))),
    )


def _joined_back(cells: pl.Series, distinct: pl.DataFrame) -> Parsed:
    """From one row a distinct text to one value a cell."""
    read = (
        cells.cast(pl.String)
        .to_frame("text")
        .join(distinct.select("text", "plain", "form", "value"), on="text", how="left", maintain_order="left")
    )
    counts = read.filter(pl.col("value").is_not_null() & (pl.col("form") != "iso")).group_by("form").len()
    unread = read.select(pl.when(pl.col("value").is_null()).then("plain").alias("plain"))["plain"]
    return Parsed(
        values=read["value"].alias(cells.name),
        forms=dict(sorted(counts.iter_rows())),
        unread=unread_dates(unread, [(name, era.name) for era in eras() for name in (era.name, era.letter)]),
    )
