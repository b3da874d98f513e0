"""Values of an outcome (指標の値) by person and wave, with the day on which they were given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from tazuna.evaluation.arrays import Outcome
from tazuna.evaluation.labels import Label, column_label, label
from tazuna.measurement.scoring import ScoredScale, score_expression, scored_scales
from tazuna.study import Study

RATERS = ("register", "boss", "self", None)
"""Whose figure is taken where several rated: the least dependent on the person's own view first."""
_FIXED = ("person_id", "wave", "rater", "measured_on")
_LOW = {"left": label({"ja": "退職", "en": "Left the company"})}
"""Columns that the table contract names and of which less is wished for."""


@dataclass(frozen=True, slots=True)
class Source:
    """An outcome that a study has, and where its values are.

    Parameters
    ----------
    outcome
        Without rater; its own column's rater is chosen for two waves by `rater_for`.
    scored
        The scale; None for a column of the table outcomes.
    """

    outcome: Outcome
    scored: ScoredScale | None


def sources_of(study: Study) -> dict[str, Source]:
    """Every outcome of a study by its code: scales first, then columns of the table outcomes."""
    found = {
        scored.code: Source(
            Outcome(scored.code, label(scored.scale.label), "scale", scored.scale.better), scored
        )
        for scored in scored_scales(study.instruments, study.responses.columns)
    }
    table = study.table("outcomes")
    for name in table.columns if table is not None else ():
        if name not in _FIXED and name not in found:
            found[name] = Source(_column(name), None)
    return found


def outcome_values(study: Study, source: Source, waves: Collection[str] | None = None) -> pl.DataFrame:
    """The values of one outcome.

    Parameters
    ----------
    waves
        Only those; all where None.

    Returns
    -------
    pl.DataFrame
        person_id, wave, rater (String, null for scales), value (Float64, never null), day (Datetime: answered
        or measured; null where not recorded).
    """
    if source.scored is not None:
        table = study.responses
        moment = pl.col("answered_at") if "answered_at" in table.columns else pl.lit(None)
        value, rater = score_expression(source.scored), pl.lit(None)
    else:
        table = study.tables["outcomes"]
        moment = pl.col("measured_on") if "measured_on" in table.columns else pl.lit(None)
        value = _number(study, table, source.outcome.code)
        rater = pl.col("rater") if "rater" in table.columns else pl.lit(None)
    if waves is not None:
        table = table.filter(pl.col("wave").is_in(list(waves)))
    found = table.select(
        "person_id",
        "wave",
        rater.cast(pl.String).alias("rater"),
        value.alias("value"),
        moment.cast(pl.Datetime("us")).alias("day"),
    ).drop_nulls("value")
    asked = source.outcome.rater
    return found if asked is None else found.filter(pl.col("rater") == asked)


def rater_for(values: pl.DataFrame, waves: Collection[str]) -> tuple[str | None, tuple[str, ...]]:
    """Whose figures are used, and the other raters whose are not.

    One rater for everybody and both waves: the first of `RATERS` with figures at every wave of ``waves``
    that has any, else the first with figures at the last of them.
    """
    held = {
        (rater, wave) for rater, wave in values.select("rater", "wave").unique().iter_rows() if wave in waves
    }
    there = [wave for wave in waves if any(held_wave == wave for _, held_wave in held)]
    raters = [rater for rater in RATERS if any(held_rater == rater for held_rater, _ in held)]
    complete = [rater for rater in raters if all((rater, wave) in held for wave in there)]
    latest = [rater for rater in raters if there and (rater, there[-1]) in held]
    chosen = next(iter([*complete, *latest, *raters]), None)
    return chosen, tuple(str(rater) for rater in raters if rater != chosen)


def wave_days(study: Study) -> Mapping[str, tuple[date | None, date | None]]:
    """First and last day of each wave: as the table waves says, else as answers and outcomes are dated."""
    days: dict[str, tuple[date | None, date | None]] = {wave.wave: (None, None) for wave in study.waves}
    for table, first, last in (
        (study.table("outcomes"), "measured_on", "measured_on"),
        (study.responses, "answered_at", "answered_at"),
        (study.table("waves"), "opened_on", "closed_on"),
    ):
        if table is None or not {"wave"} <= set(table.columns) or not {first, last} & set(table.columns):
            continue
        given = {
            name: pl.col(name).cast(pl.Date) if name in table.columns else pl.lit(None, pl.Date)
            for name in (first, last)
        }
        found = table.group_by("wave").agg(given[first].min().alias("first"), given[last].max().alias("last"))
        for wave, opened, closed in found.iter_rows():
            before = days.get(wave, (None, None))
            days[wave] = (opened or before[0], closed or before[1])
    return days


def _column(name: str) -> Outcome:
    low = _LOW.get(name)
    shown: Label = low or column_label("outcomes", name)
    return Outcome(name, shown, "column", "unknown" if low is None else "low")


def _number(study: Study, table: pl.DataFrame, name: str) -> pl.Expr:
    """The column as a number; ordered text is 1, 2, … from the lowest."""
    if table.schema[name].is_numeric() or table.schema[name] == pl.Boolean:
        return pl.col(name).cast(pl.Float64)
    ranks = {text: float(rank) for rank, text in enumerate(study.orders.get(name, ()), start=1)}
    return pl.col(name).cast(pl.String).replace_strict(ranks, default=None, return_dtype=pl.Float64)
