"""Estimates beside the simulator's truth."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from core.reporting.made_study import ORGANISATION, cell, figures, plausible_cells, study
from tazuna.language import Language
from tazuna.reporting.content import Mark
from tazuna.reporting.drawing import draw
from tazuna.reporting.figures.answer_check import AnswerCheck, answer_check
from tazuna.reporting.management import material

WHO = {"organisation_id": ORGANISATION, "wave": "W2"}
TRUTH: list[dict[str, Any]] = [
    {**WHO, "group_by": "viewpoint", "group": "employee", "people": 600, "ms": 52.0, "ms_see": 60.0},
    {**WHO, "group_by": "viewpoint", "group": "manager", "people": 40, "ms": 57.0},
    {**WHO, "group_by": "age_band", "group": "20-34", "people": 150, "co": 51.0},
    {**WHO, "wave": "W1", "group_by": "viewpoint", "group": "employee", "people": 600, "ms": 12.0},
    {**WHO, "organisation_id": "O2", "group_by": "viewpoint", "group": "employee", "people": 600, "ms": 13.0},
]


def check(
    rows: list[dict[str, Any]] | None = None,
    truth: list[dict[str, Any]] | None = None,
    language: Language = "en",
) -> AnswerCheck:
    found = material(study(), figures(rows), ORGANISATION, language, date(2026, 11, 20))
    return answer_check(found, TRUTH if truth is None else truth)


def rows_of(checked: AnswerCheck, code: str) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    figure = next(figure for figure in checked.figures if figure.code == code)
    return {(row[0], row[1]): row[2:] for row in figure.table.rows}


def test_an_interval_that_reaches_the_truth_holds_it() -> None:
    rows = rows_of(check(), "answer-check-views")
    assert rows["Total", "Employees"] == (420, 51.2, 49.2, 53.2, 52.0, "it does")
    assert rows["Total", "Managers"][-2:] == (57.0, "it does")


def test_an_interval_beside_the_truth_does_not() -> None:
    assert [row[-1] for row in rows_of(check(), "answer-check-views").values()].count("it does not") == 1


def test_held_and_judged_are_counted_over_all_figures() -> None:
    checked = check()
    assert (checked.held, checked.judged) == (3, 4)


@pytest.mark.parametrize("truth", [52.0 - 2.8, 51.2 + 2.0])
def test_the_ends_belong_to_the_interval(truth: float) -> None:
    only = [{**WHO, "group_by": "viewpoint", "group": "employee", "people": 600, "ms": round(truth, 1)}]
    assert check(truth=only).held == 1


def test_other_waves_and_organisations_are_not_compared() -> None:
    assert 12.0 not in [row[-2] for row in rows_of(check(), "answer-check-views").values()]
    assert 13.0 not in [row[-2] for row in rows_of(check(), "answer-check-views").values()]


def test_a_protected_group_shows_neither_estimate_nor_truth() -> None:
    rows = [
        cell("co", 50.0, 40, group_by="department", group="D01"),
        cell("co", 61.7, 9, group_by="department", group="D02"),
    ]
    truth = [
        {**WHO, "group_by": "department", "group": group, "people": 50, "co": 61.25}
        for group in ("D01", "D02")
    ]
    checked = check(rows, truth)
    hidden = rows_of(checked, "answer-check-departments")[checked.figures[0].table.rows[1][:2]]
    assert hidden == (Mark.HIDDEN,) * 4 + (None, None)
    assert checked.judged == 1
    drawn = draw(checked.figures[0])
    assert "not shown" in drawn
    assert "61.7" not in drawn


def test_without_anything_to_show_there_is_no_figure() -> None:
    assert check([cell("response_rate", 70.0, 600)]) == AnswerCheck(0, 0, ())


def test_without_truth_nothing_is_judged() -> None:
    assert check(truth=[]).judged == 0


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_figure_is_drawn_and_told_in_words(language: Language) -> None:
    checked = check(plausible_cells(), language=language)
    assert [figure.code for figure in checked.figures] == [
        f"answer-check-{part}" for part in ("views", "age", "departments")
    ]
    for figure in checked.figures:
        assert draw(figure).startswith("<svg")
        assert figure.title not in figure.alternative
        assert re.search(r"\d", figure.alternative)
    assert ("真値" if language == "ja" else "truth") in checked.figures[0].alternative
