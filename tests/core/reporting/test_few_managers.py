"""With few managers a figure of the employees alone would tell of them: everybody stands in their place."""

from __future__ import annotations

import json

import pytest
from tests.core.reporting import made_study
from tests.core.reporting.conftest import composed, front

from tazuna.measurement.overview import StudyFigures
from tazuna.reporting.content import Figure, Paragraph, Report, Section

FEW, EVERYBODY = 6, 444


def with_few_managers(*waves: str) -> StudyFigures:
    """Six managers at these waves, whose figures nobody may read."""
    people = {
        "manager": {"n": FEW, "mean": made_study.SECRET},
        "employee": {"n": EVERYBODY - FEW},
        "manager-employee": {"n": FEW, "mean": made_study.SECRET},
    }
    rows = [
        row | people.get(row["viewpoint"], {}) if row["wave"] in waves else row
        for row in made_study.plausible_cells()
    ]
    return made_study.figures(rows)


@pytest.fixture(scope="module")
def report() -> Report:
    return composed(with_few_managers("W1", "W2"))


def section(report: Report, code: str) -> Section:
    return next(each for part in report.parts for each in part.sections if each.code == code)


def drawn(report: Report, code: str) -> Figure:
    return next(figure for figure in report.figures if figure.code == code)


def test_the_employees_are_hidden_with_the_managers() -> None:
    cells = with_few_managers("W2").release.cells.filter(measure="ms", wave="W2", group_by="all")
    hidden = set(cells.filter("suppressed")["viewpoint"])
    assert hidden == {"manager", "employee"}


def test_the_first_sentence_compares_with_everybody() -> None:
    said = front(with_few_managers("W2")).sentences[0].text
    assert said == "経営は72点、回答者全体は52点、差20点［16〜24］。"


def test_with_enough_managers_the_employees_speak_for_themselves() -> None:
    assert "回答者全体" not in front().sentences[0].text


def test_without_the_company_side_the_score_of_everybody_is_told() -> None:
    rows = [
        row | {"n": FEW} if row["viewpoint"] == "manager" else row
        for row in made_study.plausible_cells()
        if row["viewpoint"] not in ("executive", "hr") and not row["measure"].startswith("gap.")
    ]
    figures = made_study.figures(
        [row | {"n": 438} if row["viewpoint"] == "employee" else row for row in rows]
    )
    assert front(figures).sentences[0].text.startswith("回答者全体は52点")


def test_the_gaps_are_those_to_everybody_and_the_section_says_so(report: Report) -> None:
    assert drawn(report, "gaps").title == "回答者全体のスコアとの差（点）"
    said = [block.text for block in section(report, "gaps").blocks if isinstance(block, Paragraph)]
    assert any("社員だけの値は表示していません" in text for text in said)
    assert any(text.startswith("経営と回答者全体の差") for text in said)


def test_the_score_and_the_trend_show_everybody(report: Report) -> None:
    for code in ("score", "trend"):
        names = {row[1] for row in drawn(report, code).table.rows}
        assert "回答者全体" in names
    said = [block.text for block in section(report, "trend").blocks if isinstance(block, Paragraph)]
    assert said[0].startswith("回答者全体の総合スコアは")


def test_a_wave_with_few_managers_makes_the_whole_trend_one_of_everybody() -> None:
    one_wave = composed(with_few_managers("W1"))
    trend = [block.text for block in section(one_wave, "trend").blocks if isinstance(block, Paragraph)]
    assert trend[0].startswith("回答者全体の総合スコアは")
    gaps = [block.text for block in section(one_wave, "gaps").blocks if isinstance(block, Paragraph)]
    assert gaps[0].startswith("経営と社員の差")


def test_nothing_of_the_managers_is_in_the_figures(report: Report) -> None:
    assert "7313" not in json.dumps([figure.spec for figure in report.figures])
