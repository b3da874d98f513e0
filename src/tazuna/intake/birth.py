"""Age (年齢): dates of birth, years of birth, ages and age bands are reduced to a year at intake."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.figures import as_dates, as_numbers
from tazuna.intake.typed import with_normalised
from tazuna.intake.words import BadCells, Typed, as_identifiers
from tazuna.language import Message, message

YOUNGEST, OLDEST = 10, 110
FIRST_YEAR = 1880
LAST_YEAR = 2100


def reduced_to_year(
    draft: Draft, ours: Mapping[str, str], year_of_wave: Mapping[str, int], year: int | None
) -> Draft:
    """People with ``birth_year`` (Int64) and, where given, ``age_band``; what was more exact is left out.

    The first of birth_date, birth_year and age that a row has counts.

    Parameters
    ----------
    year_of_wave
        Calendar year in which the ages of a wave hold.
    year
        The same for rows without a wave.
    """
    given = [name for name in ("birth_date", "birth_year", "age") if name in ours]
    years: list[pl.Series] = []
    for name in given:
        cells = draft.cells[ours[name]]
        if name == "birth_date":
            typed = _years_of_dates(cells)
        elif name == "birth_year":
            typed = as_numbers(cells, whole=True, low=FIRST_YEAR, high=LAST_YEAR)
        else:
            typed, draft = _years_of_ages(draft, cells, year_of_wave, year)
        draft = draft.without_cells(name, *typed.bad)
        draft = with_normalised(draft, ours[name], typed)
        years.append(typed.values.alias(name))
    if "age_band" in ours:
        draft = draft.with_columns(as_identifiers(draft.cells[ours["age_band"]]).values.alias("age_band"))
    if given:
        return draft.with_columns(
            pl.DataFrame(years).select(pl.coalesce(given).alias("birth_year")).to_series()
        )
    if "age_band" in ours:
        unknown = pl.repeat(None, draft.frame.height, dtype=pl.Int64, eager=True)
        return draft.with_columns(unknown.alias("birth_year"))
    return draft


def _years_of_dates(cells: pl.Series) -> Typed:
    typed = as_dates(cells)
    years = typed.values.dt.year().cast(pl.Int64)
    odd = ((years < FIRST_YEAR) | (years > LAST_YEAR)).fill_null(value=False)
    bad = typed.bad
    if odd.any():
        bad = (*bad, BadCells("bad_age", odd, *_bad_age()))
    return Typed(years.set(odd, None), bad, typed.normalised)


def _years_of_ages(
    draft: Draft, cells: pl.Series, year_of_wave: Mapping[str, int], year: int | None
) -> tuple[Typed, Draft]:
    typed = as_numbers(cells, whole=True)
    ages = typed.values
    written_as_year = ages.is_between(FIRST_YEAR, LAST_YEAR).fill_null(value=False)
    odd = (~ages.is_between(YOUNGEST, OLDEST) & ~written_as_year).fill_null(value=False)
    as_of = _year_of_rows(draft, year_of_wave, year)
    years = (as_of - ages).zip_with(~written_as_year, ages).set(odd, None)
    bad = typed.bad if not odd.any() else (*typed.bad, BadCells("bad_age", odd, *_bad_age()))
    if written_as_year.any():
        count = int(written_as_year.sum())
        draft = draft.noticed(
            "year_as_age",
            count,
            message(
                "{source}: years of birth in the age column, read as such: {count}",
                source=draft.source,
                count=count,
            ),
        )
    undated = ages.is_not_null() & ~odd & ~written_as_year & as_of.is_null()
    if undated.any():
        count = int(undated.sum())
        draft = draft.noticed(
            "age_without_year",
            count,
            message(
                "{source}: ages that could not be used, since no date says when they held: {count}; give the "
                "waves opened_on or closed_on",
                source=draft.source,
                count=count,
            ),
        )
    return Typed(years, bad, typed.normalised), draft


def _bad_age() -> tuple[Message, Message]:
    return (
        message(
            "expected is an age from {youngest} to {oldest}, or a year of birth",
            youngest=YOUNGEST,
            oldest=OLDEST,
        ),
        message("Correct it, or empty the cell"),
    )


def _year_of_rows(draft: Draft, year_of_wave: Mapping[str, int], year: int | None) -> pl.Series:
    without_wave = pl.repeat(year, draft.frame.height, dtype=pl.Int64, eager=True)
    if not draft.has("wave"):
        return without_wave
    waves = draft.frame["wave"]
    as_of = waves.replace_strict(dict(year_of_wave), default=None, return_dtype=pl.Int64)
    return as_of.zip_with(waves.is_not_null(), without_wave)
