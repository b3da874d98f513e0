"""Figures of an effect: every estimate with its interval, arrows where there is no end, words and a table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.core.reporting.made_effects import BARE, BEFORE_AFTER, EFFECTS, LOTTERY, UNBOUNDED

from tazuna.evaluation.balance import Balance
from tazuna.language import LANGUAGES, Language
from tazuna.reporting.content import Figure
from tazuna.reporting.drawing import draw
from tazuna.reporting.effect_report import effect_report
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_balance import balance_figure
from tazuna.reporting.figures.effect_bounds import bounds_figure
from tazuna.reporting.figures.effect_calibration import calibration_figure
from tazuna.reporting.figures.effect_dose import dose_figure
from tazuna.reporting.figures.effect_estimate import estimate_figure
from tazuna.reporting.figures.effect_outcomes import outcomes_figure
from tazuna.reporting.figures.effect_subgroups import subgroups_figure

TODAY = date(2026, 11, 21)
ENGLISH = EffectWords(LOTTERY, "en")
OPTIONAL = (
    balance_figure,
    bounds_figure,
    calibration_figure,
    dose_figure,
    outcomes_figure,
    subgroups_figure,
)


def rows_of(spec: Any) -> Iterator[dict[str, Any]]:
    """Every row of data anywhere in a specification."""
    if isinstance(spec, dict):
        if "values" in spec and isinstance(spec["values"], list):
            yield from (row for row in spec["values"] if isinstance(row, dict))
        for part in spec.values():
            yield from rows_of(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from rows_of(part)


def marks_of(figure: Figure) -> dict[str, dict[str, Any]]:
    """Rows with an estimate by their names."""
    return {str(row["name"]): row for row in rows_of(figure.spec) if "mean" in row}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["unbounded", "crowded"])
def test_every_figure_draws_and_has_words_and_numbers(name: str, language: Language) -> None:
    report = effect_report(EFFECTS[name], language, title="", today=TODAY)
    for figure in report.figures:
        assert draw(figure).startswith("<svg")
        assert figure.table.rows
        assert "inf" not in figure.alternative
        assert "nan" not in str(figure.table.rows)


def test_the_designs_stand_beside_this_one_and_the_plain_difference_last() -> None:
    figure = estimate_figure(ENGLISH)
    assert [row[0] for row in figure.table.rows] == [
        "This evaluation: Draw",
        "Of taking part",
        "Adjusted comparison",
        "Before and after",
        "Plain difference, not an effect",
    ]
    assert figure.table.rows[0][1:5] == ("+6.2", "+1.4", "+11.0", "+0.31")
    marks = marks_of(figure)
    assert (marks["This evaluation: Draw"]["lower"], marks["This evaluation: Draw"]["upper"]) == (1.4, 11.0)
    assert len({mark["shape"] for mark in marks.values()}) == 3


def test_an_end_that_is_missing_becomes_an_arrow_and_a_word() -> None:
    figure = estimate_figure(EffectWords(UNBOUNDED, "en"))
    marks = marks_of(figure)
    main, part = marks["This evaluation: Draw"], marks["Of taking part"]
    assert (main["left"], main["right"]) == (False, True)
    assert (part["left"], part["right"]) == (True, True)
    assert all(math.isfinite(mark[end]) for mark in marks.values() for end in ("lower", "upper"))
    assert "no limit" in figure.table.rows[0]
    assert any("arrow" in note for note in figure.notes)
    assert not any("arrow" in note for note in estimate_figure(ENGLISH).notes)


def test_what_the_effect_lacks_has_no_figure() -> None:
    bare = EffectWords(replace(BARE, dose=None, per_hour=None), "en")
    assert [build(bare) for build in OPTIONAL] == [None] * len(OPTIONAL)
    assert [row[0] for row in estimate_figure(EffectWords(BEFORE_AFTER, "en")).table.rows] == [
        "This evaluation: Before and after"
    ]


def test_bounds_are_a_bar_within_their_interval() -> None:
    figure = bounds_figure(ENGLISH)
    assert figure is not None
    bar = marks_of(figure)["Those who answer with or\nwithout a place"]
    assert (bar["lower"], bar["from"], bar["to"], bar["upper"]) == (-0.6, 4.1, 7.9, 12.5)
    assert figure.table.rows[1][1:4] == ("+4.1 to +7.9", "−0.6", "+12.5")


def test_a_covariate_without_a_difference_has_its_name_and_its_row_in_the_table_but_no_mark() -> None:
    assert LOTTERY.balance is not None
    unknown = replace(LOTTERY.balance.covariates[0], difference_before=math.nan, difference_after=math.nan)
    found = Balance((unknown, *LOTTERY.balance.covariates[1:]), 1.0, 1.0)
    figure = balance_figure(EffectWords(replace(LOTTERY, balance=found), "en"))
    assert figure is not None
    assert all(row.get("name") != unknown.covariate for row in rows_of(figure.spec))
    assert unknown.covariate in str(figure.spec)
    assert figure.table.rows[0][3] is None


def test_the_line_of_hours_begins_at_nothing_and_ends_at_the_most_hours() -> None:
    figure = dose_figure(ENGLISH)
    assert figure is not None
    assert LOTTERY.dose is not None
    line = [row for row in rows_of(figure.spec) if "effect" in row]
    assert (line[0]["hours"], line[0]["effect"]) == (0.0, 0.0)
    assert line[-1]["hours"] == LOTTERY.dose.most_hours
    assert line[-1]["effect"] == pytest.approx(0.19 * 72)


def test_a_band_without_an_end_stays_inside_the_figure() -> None:
    figure = dose_figure(EffectWords(UNBOUNDED, "en"))
    assert figure is not None
    band = [row for row in rows_of(figure.spec) if "effect" in row]
    assert all(math.isfinite(row[end]) for row in band for end in ("lower", "upper"))
    assert any("beyond the figure" in note for note in figure.notes)
    assert figure.table.rows[-1][2:] == ("no limit", "no limit")


def test_further_outcomes_show_the_p_value_that_allows_for_their_number() -> None:
    figure = outcomes_figure(ENGLISH)
    assert figure is not None
    assert [row[5] for row in figure.table.rows] == ["0.012", "0.19", "0.83"]
