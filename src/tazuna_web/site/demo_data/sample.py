"""The simulated consortium, moved in time so that its last wave is open today."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tazuna.simulation.consortium import Consortium, simulate

COMPANIES, WAVES, SEED = 3, 3, 7
OPEN_FOR_DAYS, OPEN_SINCE_DAYS = 20, 16
ANSWERED_SHARE = 0.6
SMALL_DEPARTMENT_ANSWERS = 8
"""So many of one small department of each company have answered the open wave: too few to be shown."""
ASKED_AT_MOST = 40
"""That department is the largest of those where so many are asked: large enough to be shown before."""
FISCAL_YEAR_STARTS = 4


@dataclass(frozen=True, slots=True)
class Period:
    """When a wave opened and when it closes, or closed."""

    code: str
    fiscal_year: int
    opened_on: datetime.date
    closes_on: datetime.date
    open: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """What the demo begins with.

    Parameters
    ----------
    tables
        Table name → frame with the columns of the table contract; ``responses`` has ``answered_on`` (a date).
    truth
        What the simulator built in, with the waves named as in ``periods``.
    periods
        The waves, earliest first; the last one is open.
    """

    tables: Mapping[str, pl.DataFrame]
    truth: Mapping[str, object]
    periods: tuple[Period, ...]


def sample_of(today: datetime.date, *, people: int) -> Sample:
    """The sample as it stands on ``today``: two waves closed, the third answered by about six in ten."""
    return in_time(simulate(people=people, companies=COMPANIES, waves=WAVES, seed=SEED), today)


def in_time(consortium: Consortium, today: datetime.date) -> Sample:
    """The consortium with every year moved, so that its last wave is open on ``today`` and answered in part.

    Years of birth move by as much as the waves, so that ages stay what the simulator made them.
    """
    simulated = consortium.tables["waves"].sort("opened_on").rows(named=True)
    periods = tuple(
        _period(today, ago=len(simulated) - 1 - place, is_last=place == len(simulated) - 1)
        for place in range(len(simulated))
    )
    codes = {wave["wave"]: period.code for wave, period in zip(simulated, periods, strict=True)}
    later = {
        wave["wave"]: p.opened_on - wave["opened_on"] for wave, p in zip(simulated, periods, strict=True)
    }
    years = today.year - simulated[-1]["opened_on"].year
    fiscal_years = periods[-1].fiscal_year - simulated[-1]["fiscal_year"]
    tables = dict(consortium.tables)
    tables["responses"] = tables["responses"].with_columns(
        (
            pl.col("answered_at").dt.date()
            + pl.col("wave").replace_strict(later, return_dtype=pl.Duration("us"))
        ).alias("answered_on")
    )
    tables = {
        name: frame.with_columns(pl.col("wave").replace(codes)) if "wave" in frame.columns else frame
        for name, frame in tables.items()
    }
    tables["people"] = tables["people"].with_columns(pl.col("birth_year") + years)
    tables["departments"] = tables["departments"].with_columns(
        pl.col("starts_on", "ends_on").dt.offset_by(f"{fiscal_years}y")
    )
    tables["responses"] = _answered_so_far(tables["responses"], tables["people"], periods[-1].code, today)
    truth = {name: _with_waves_named(part, codes) for name, part in consortium.truth.items()}
    return Sample(tables, truth, periods)


def _period(today: datetime.date, *, ago: int, is_last: bool) -> Period:
    reference = _years_before(today, ago)
    closes_in = OPEN_FOR_DAYS - OPEN_SINCE_DAYS if is_last else 0
    closes_on = reference + datetime.timedelta(days=closes_in)
    fiscal_year = fiscal_year_of(reference)
    opened_on = closes_on - datetime.timedelta(days=OPEN_FOR_DAYS)
    return Period(f"fy{fiscal_year}", fiscal_year, opened_on, closes_on, is_last)


def fiscal_year_of(day: datetime.date) -> int:
    """The fiscal year (年度), which begins in April."""
    return day.year if day.month >= FISCAL_YEAR_STARTS else day.year - 1


def _years_before(day: datetime.date, years: int) -> datetime.date:
    leap_day_lost = day.month == 2 and day.day == 29 and years % 4 != 0
    return day.replace(year=day.year - years, day=28 if leap_day_lost else day.day)


def _answered_so_far(
    responses: pl.DataFrame, people: pl.DataFrame, wave: str, today: datetime.date
) -> pl.DataFrame:
    """All answers of the earlier waves; of the open one the earliest, of `ANSWERED_SHARE` of those asked."""
    asked = people.filter(pl.col("wave") == wave).select("person_id", "wave", "organisation_id", "department")
    sizes = asked.group_by("organisation_id", "department").len().sort("len", "department")
    late = sizes.filter(pl.col("len") <= ASKED_AT_MOST)
    small = late.unique("organisation_id", keep="last", maintain_order=True)["department"]
    answered = responses.join(asked, on=["person_id", "wave"], how="inner").sort("answered_at", "person_id")
    in_department = pl.int_range(pl.len()).over("department")
    in_company = pl.int_range(pl.len()).over("organisation_id")
    most = asked.group_by("organisation_id").agg(
        (pl.len() * ANSWERED_SHARE).round().cast(pl.Int64).alias("most")
    )
    early = (
        answered.filter(
            ~pl.col("department").is_in(small.to_list()) | (in_department < SMALL_DEPARTMENT_ANSWERS)
        )
        .join(most, on="organisation_id")
        .filter(in_company < pl.col("most"))
        .with_columns(pl.min_horizontal("answered_on", pl.lit(today)))
        .select(responses.columns)
    )
    return pl.concat([responses.filter(pl.col("wave") != wave), early])


def _with_waves_named(found: object, codes: Mapping[str, str]) -> object:
    """The same structure with every wave code replaced."""
    if isinstance(found, Mapping):
        return {
            _with_waves_named(key, codes): _with_waves_named(value, codes) for key, value in found.items()
        }
    if isinstance(found, list | tuple):
        return [_with_waves_named(value, codes) for value in found]
    return codes.get(found, found) if isinstance(found, str) else found
