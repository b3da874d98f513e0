"""People as they were before the start (開始前の属性), and what was answered too late to count as before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import polars as pl

from tazuna.evaluation.arrays import Asked
from tazuna.evaluation.outcome_values import wave_days
from tazuna.measurement.units import current_units
from tazuna.study import Study


def people_before(study: Study, asked: Asked, begin: datetime | None) -> pl.DataFrame:
    """One row a person whom the table people knows before the start.

    Of each person the row of the wave before, else one without a wave, else of the nearest wave that had
    opened by the start and comes before the wave after.

    Returns
    -------
    pl.DataFrame
        The columns of ``people`` without ``wave``, ``unit`` (today's department) and ``as_of`` (the wave).
    """
    people = study.tables["people"]
    if "wave" not in people.columns:
        people = people.with_columns(wave=pl.lit(None, pl.String))
    order = _nearest_first(study, asked, begin)
    distance = pl.col("wave").replace_strict(order, default=None, return_dtype=pl.Float64)
    rows = (
        people.with_columns(__distance__=pl.when(pl.col("wave").is_null()).then(0.5).otherwise(distance))
        .drop_nulls("__distance__")
        .sort("__distance__", "person_id", maintain_order=True)
        .unique("person_id", keep="first", maintain_order=True)
        .rename({"wave": "as_of"})
        .drop("__distance__")
    )
    if "department" not in rows.columns:
        return rows.with_columns(unit=pl.lit(None, pl.String))
    units = current_units(study)
    joined = rows.join(units, on="department", how="left", maintain_order="left")
    return joined.with_columns(unit=pl.coalesce("unit", "department"))


def _nearest_first(study: Study, asked: Asked, begin: datetime | None) -> Mapping[str, float]:
    """Wave → 0 for the wave before, 1, 2, … for others from before the start, the nearest first."""
    order = [wave.wave for wave in study.waves]
    question = asked.question
    days = wave_days(study)
    earlier = order[: order.index(question.after)]
    if begin is not None:
        opened = {wave: days[wave][0] for wave in earlier}
        earlier = [wave for wave in earlier if (day := opened[wave]) is None or day <= begin.date()]
    here = order.index(question.before) if question.before else 0
    nearest = sorted(earlier, key=lambda wave: abs(order.index(wave) - here))
    ranked = {
        wave: float(at) for at, wave in enumerate((w for w in nearest if w != question.before), start=1)
    }
    return {question.before: 0.0, **ranked} if question.before else ranked


def is_late(study: Study, wave: str, begin: datetime | None) -> pl.Expr:
    """Whether ``day``, or else the wave's last day, is after the start or the publication."""
    if begin is None:
        return pl.lit(value=False)
    return (_day(wave_days(study)[wave][1], time.max) > begin).fill_null(value=False)


def is_early(study: Study, wave: str, begin: datetime | None) -> pl.Expr:
    """Whether ``day``, or else the wave's first day, is not after the start or the publication."""
    if begin is None:
        return pl.lit(value=False)
    return (_day(wave_days(study)[wave][0], time.min) <= begin).fill_null(value=False)


def _day(otherwise: date | None, at: time) -> pl.Expr:
    moment = None if otherwise is None else datetime.combine(otherwise, at)
    return pl.col("day").fill_null(pl.lit(moment, pl.Datetime("us")))


def begin_of(asked: Asked, published: datetime | None) -> datetime | None:
    """The moment up to which a baseline counts: the publication of the draw, else the eve of the start."""
    if published is not None:
        return published
    if asked.starts_on is None:
        return None
    return datetime.combine(asked.starts_on, time.min) - timedelta(microseconds=1)
