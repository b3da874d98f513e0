"""Rung C as arrays (部署・会社のパネル): mean outcomes of departments or companies over waves."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from tazuna.evaluation.arrays import Asked, PanelArrays
from tazuna.evaluation.asked import outcome_source
from tazuna.evaluation.estimate import Floats
from tazuna.evaluation.outcome_values import outcome_values, wave_days
from tazuna.evaluation.refusal import Refusal, everybody_treated, nobody_treated
from tazuna.evaluation.roll_out import RollOut, roll_out
from tazuna.evaluation.staggered import Panel
from tazuna.evaluation.taking_part import refusing
from tazuna.intake.faults import listed
from tazuna.language import message
from tazuna.measurement.units import current_units
from tazuna.study import Study

FEWEST_ANSWERS = 5
"""Of a unit at a wave, below which its mean is chance and counts as missing."""
_FEWEST_WAVES = 2


def panel_arrays(study: Study, asked: Asked) -> PanelArrays | Refusal:
    """Units over the waves up to the one after, with the first wave that each answered after its start.

    A unit that started while a wave was being answered counts as started from the next one. Answers of people
    who did not consent to evaluation are not used.

    Returns
    -------
    PanelArrays or Refusal
        Refused are ``no_roll_out``, ``wave_missing`` (fewer than two waves with the outcome),
        ``wave_dates_missing``, ``too_few_answers``, ``no_wave_before_start``, ``none_treated`` and
        ``all_treated``.
    """
    found = roll_out(study, asked)
    if isinstance(found, Refusal):
        return found
    order = [wave.wave for wave in study.waves]
    values = outcome_values(
        study, outcome_source(study, asked.outcome), order[: order.index(asked.question.after) + 1]
    )
    waves = [wave for wave in order if wave in set(values["wave"])]
    opened = _opened(study, waves)
    if isinstance(opened, Refusal):
        return opened
    without = refusing(study)
    if without is not None:
        values = values.filter(~pl.col("person_id").is_in(without[0].implode()))
    means = _means(study, values, waves, found)
    if not means.height:
        return _too_few_answers()
    units = means["unit"].unique().sort().to_list()
    outcomes, people = _table(means, units, waves)
    starts = _starts(found, units, opened)
    refused = _fault(starts)
    if refused is not None:
        return refused
    return PanelArrays(
        panel=Panel(
            outcomes=outcomes,
            periods=np.arange(len(waves), dtype=np.float64),
            starts=starts,
            covariates=np.empty((len(units), 0)),
        ),
        level=found.level,
        units=tuple(units),
        waves=tuple(waves),
        people=people.astype(np.int64),
        cautions=(*asked.cautions, *found.cautions),
    )


def _opened(study: Study, waves: list[str]) -> list[date] | Refusal:
    """First day of each wave."""
    if len(waves) < _FEWEST_WAVES:
        return Refusal(
            "wave_missing",
            message(
                "The outcome was measured at {count} wave only, and a roll-out needs two.", count=len(waves)
            ),
            message("Measure it at another wave, or choose an outcome that was asked before."),
        )
    days = wave_days(study)
    known = [day for wave in waves if (day := days[wave][0]) is not None]
    if len(known) == len(waves):
        return known
    missing = [wave for wave in waves if days[wave][0] is None]
    return Refusal(
        "wave_dates_missing",
        message("The days of these waves are not known: {waves}", waves=listed(missing)),
        message("Fill in opened_on in the table waves, so that starts can be placed between them."),
    )


def _means(study: Study, values: pl.DataFrame, waves: list[str], found: RollOut) -> pl.DataFrame:
    """unit, wave, mean and people, where enough answered."""
    places = []
    for wave in waves:
        people = study.people_at(wave)
        if found.level == "organisation":
            people = people.select("person_id", unit="organisation_id")
        elif "department" in people.columns:
            people = people.join(current_units(study), on="department", how="left")
            people = people.select("person_id", unit=pl.coalesce("unit", "department"))
        else:
            people = people.select("person_id", unit=pl.lit(None, pl.String))
        places.append(people.with_columns(wave=pl.lit(wave)))
    return (
        values.unique(["person_id", "wave"], keep="first", maintain_order=True)
        .join(pl.concat(places).drop_nulls("unit"), on=["person_id", "wave"])
        .group_by("unit", "wave")
        .agg(mean=pl.col("value").mean(), people=pl.len())
        .filter(pl.col("people") >= FEWEST_ANSWERS)
    )


def _table(means: pl.DataFrame, units: list[str], waves: list[str]) -> tuple[Floats, Floats]:
    """Means (NaN: missing) and people, a row a unit and a column a wave."""
    row = means["unit"].replace_strict(units, range(len(units)), return_dtype=pl.Int64).to_numpy()
    column = means["wave"].replace_strict(waves, range(len(waves)), return_dtype=pl.Int64).to_numpy()
    outcomes, people = np.full((len(units), len(waves)), np.nan), np.zeros((len(units), len(waves)))
    outcomes[row, column], people[row, column] = means["mean"].to_numpy(), means["people"].to_numpy()
    return outcomes, people


def _starts(found: RollOut, units: list[str], opened: list[date]) -> Floats:
    """Number of the first wave that a unit answered after its start; infinite where there is none."""
    given = pl.DataFrame({"unit": units}, schema={"unit": pl.String}).join(
        found.starts, on="unit", how="left", maintain_order="left"
    )
    days = given["started_on"].to_physical().cast(pl.Float64).fill_null(float("inf")).to_numpy()
    first = np.searchsorted(pl.Series(opened).to_physical().to_numpy(), days).astype(np.float64)
    return np.where(first < len(opened), first, np.inf)


def _fault(starts: Floats) -> Refusal | None:
    if not np.isfinite(starts).any():
        return nobody_treated()
    if (starts == 0).sum() == np.isfinite(starts).sum():
        return Refusal(
            "no_wave_before_start",
            message("Everybody who started had started before the first wave with the outcome."),
            message("Add an earlier wave, or evaluate units that start later."),
        )
    later = starts[starts > 0]
    return everybody_treated() if len(np.unique(later)) == 1 and np.isfinite(later).all() else None


def _too_few_answers() -> Refusal:
    return Refusal(
        "too_few_answers",
        message(
            "No department or company has {count} answers at any wave, so no mean can be followed.",
            count=FEWEST_ANSWERS,
        ),
        message("Put small departments together, or evaluate people instead of departments."),
    )
