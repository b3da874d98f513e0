"""The applicants (応募者) as they were when they applied: which wave's row, what age, whose people."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from tazuna.study import Study

AGE_BANDS = ((34, "20-34"), (49, "35-49"), (None, "50+"))
"""Up to which age, and the band, as the groups of the measurement."""


def day_of_round(applications: pl.DataFrame, programs: pl.DataFrame) -> date | None:
    """The day as of which applicants are taken: the last consent, else the first start; None: not known.

    Parameters
    ----------
    applications, programs
        Those of the round.
    """
    for table, column, latest in ((applications, "consented_at", True), (programs, "starts_on", False)):
        if column in table.columns:
            found = table[column].max() if latest else table[column].min()
            if isinstance(found, datetime):
                return found.date()
            if isinstance(found, date):
                return found
    return None


def wave_of_day(study: Study, day: date | None) -> str | None:
    """The last wave that had opened by ``day``, else the first; without a day the last wave."""
    if not study.waves:
        return None
    if day is None:
        return study.waves[-1].wave
    opened: dict[str, date] = {}
    table = study.table("waves")
    if table is not None and "opened_on" in table.columns:
        opened = dict(table.select("wave", "opened_on").drop_nulls().iter_rows())
    begun = [
        wave.wave
        for wave in study.waves
        if (opened[wave.wave] <= day if wave.wave in opened else (wave.year or day.year) <= day.year)
    ]
    return begun[-1] if begun else study.waves[0].wave


def people_of_round(study: Study, persons: pl.Series, wave: str | None, year: int | None) -> pl.DataFrame:
    """One row a person in the order of ``persons``: everything known as of the wave, age and organisation.

    Parameters
    ----------
    persons
        Ids without repetition.
    wave
        People have a row of it, one without a wave, or else their last row of another wave.
    year
        Calendar year of the ages: it less the year of birth, as in the measurement.

    Returns
    -------
    pl.DataFrame
        The columns of ``people`` without ``wave``, and ``age`` (Int64; null where unknown), ``age_band`` and
        ``sender`` (String: the home organisation, else the organisation).
    """
    people = study.tables["people"].filter(pl.col("person_id").is_in(persons.implode()))
    if "wave" in people.columns:
        people = _as_of(people, study, wave)
    people = persons.to_frame("person_id").join(people, on="person_id", how="left", maintain_order="left")
    return people.with_columns(_age(people, year)).with_columns(_band(people), _sender(people))


def _as_of(people: pl.DataFrame, study: Study, wave: str | None) -> pl.DataFrame:
    """Each person's row of ``wave``, else one without a wave, else of the nearest wave before, or after."""
    order = [known.wave for known in study.waves]
    here = order.index(wave) if wave in order else len(order)
    distance = {name: here - at if at <= here else len(order) + at for at, name in enumerate(order)}
    preference = pl.col("wave").replace_strict(distance, default=None, return_dtype=pl.Float64)
    return (
        people.with_columns(preference.fill_null(0.5).alias("__distance__"))
        .sort("__distance__", maintain_order=True)
        .unique("person_id", keep="first", maintain_order=True)
        .drop("__distance__", "wave")
    )


def _age(people: pl.DataFrame, year: int | None) -> pl.Expr:
    if "birth_year" not in people.columns:
        return pl.lit(None, pl.Int64).alias("age")
    return (pl.lit(year, pl.Int64) - pl.col("birth_year").cast(pl.Int64)).alias("age")


def _band(people: pl.DataFrame) -> pl.Expr:
    age = pl.col("age")
    band = pl.lit(AGE_BANDS[-1][1])
    for up_to, name in reversed(AGE_BANDS[:-1]):
        band = pl.when(age <= up_to).then(pl.lit(name)).otherwise(band)
    derived = pl.when(age.is_not_null()).then(band)
    given = pl.col("age_band") if "age_band" in people.columns else pl.lit(None, pl.String)
    return pl.coalesce(given, derived).alias("age_band")


def _sender(people: pl.DataFrame) -> pl.Expr:
    given = [name for name in ("home_organisation_id", "organisation_id") if name in people.columns]
    return pl.coalesce(*given, pl.lit(None, pl.String)).alias("sender")
