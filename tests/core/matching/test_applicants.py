"""Applicants as they were when they applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from tests.core.matching.small_round import consents, small_study

from tazuna.matching.applicants import AGE_BANDS, day_of_round, people_of_round, wave_of_day
from tazuna.measurement.group_rules import group_rules
from tazuna.study import Wave

WAVES = tuple(Wave(str(year), str(year), year, year, 10) for year in (2024, 2025, 2026))


def test_the_day_of_a_round_is_that_of_the_last_consent_else_of_the_first_start() -> None:
    tables = small_study(
        applications={"consented_at": consents(True, False, False, False, False, False)}
    ).tables
    assert day_of_round(tables["applications"], tables["programs"]) == date(2026, 9, 1)
    unconsented = tables["applications"].drop("consented_at")
    assert day_of_round(unconsented, tables["programs"]) == date(2026, 10, 1)
    assert day_of_round(unconsented, tables["programs"].drop("starts_on")) is None


@pytest.mark.parametrize(
    ("day", "wave"),
    [(date(2025, 3, 1), "2024"), (date(2025, 6, 1), "2025"), (date(2020, 1, 1), "2024"), (None, "2026")],
)
def test_the_wave_is_the_last_that_had_opened(day: date | None, wave: str) -> None:
    study = small_study()
    opened = pl.DataFrame(
        {"wave": ["2024", "2025", "2026"], "opened_on": [date(2024, 5, 1), date(2025, 5, 1), None]}
    )
    study = replace(study, waves=WAVES, tables={**study.tables, "waves": opened})
    assert wave_of_day(study, day) == wave


def test_without_dates_of_opening_the_years_tell_the_wave() -> None:
    study = replace(small_study(), waves=WAVES)
    assert wave_of_day(study, date(2025, 1, 15)) == "2025"
    assert wave_of_day(replace(study, waves=()), date(2025, 1, 15)) is None


def test_a_band_that_the_file_gives_stays() -> None:
    study = small_study(people={"age_band": ["40代", None, None]})
    people = people_of_round(study, pl.Series(["ann", "bo", "cy"]), None, 2026)
    assert people["age_band"].to_list() == ["40代", "20-34", None]


def test_the_bands_are_those_of_the_groups_of_the_measurement() -> None:
    bands = group_rules().rulings["age_band"]
    assert [ruling.group for ruling in bands] == [name for _, name in AGE_BANDS]
    study = small_study(people={"birth_year": [1992, 1991, 1976]})
    people = people_of_round(study, pl.Series(["ann", "bo", "cy"]), None, 2026)
    assert people.select("age", "age_band").rows() == [(34, "20-34"), (35, "35-49"), (50, "50+")]
