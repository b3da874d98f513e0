"""The three views and the annex, whole and with parts missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.reporting import made_study
from tests.core.reporting.conftest import TODAY, Rendered, composed, told
from tests.core.reporting.made_study import Row

from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.measurement.comparing import Comparability
from tazuna.measurement.factor.verdict import Invariance
from tazuna.reporting.content import Figure, Missing, Paragraph, Part, Report, Section, Table
from tazuna.reporting.figures.heat_map import heat_map_figures
from tazuna.reporting.figures.trend import trend_figure
from tazuna.reporting.management import management_report
from tazuna.reporting.material import Material
from tazuna.reporting.sections.annex import annex
from tazuna.reporting.sections.executive import executive_part
from tazuna.reporting.sections.individual import individual_part
from tazuna.reporting.sections.organisation import organisation_part


def section(report: Report, code: str) -> Section:
    return next(s for part in report.parts for s in part.sections if s.code == code)


def test_the_frame_is_management_organisation_individual_and_annex(plausible: Rendered) -> None:
    assert [part.title for part in plausible.report.parts] == ["経営視点", "組織視点", "個人視点", "資料"]


def test_nothing_is_missing_where_everything_is_there(plausible: Rendered) -> None:
    blocks = [b for part in plausible.report.parts for s in part.sections for b in s.blocks]
    assert not [block for block in blocks if isinstance(block, Missing)]


@pytest.mark.parametrize(
    ("part", "code", "drop"),
    [
        (executive_part, "gaps", lambda row: row["measure"].startswith("gap.")),
        (executive_part, "trend", lambda row: row["wave"] == "W1"),
        (executive_part, "contribution", lambda row: row["measure"] == "contribution"),
        (executive_part, "age", lambda row: "age_curve" in row["group_by"]),
        (organisation_part, "heat-map", lambda row: "department" in row["group_by"]),
        (organisation_part, "layers", lambda row: row["measure"].startswith("share.layer.")),
        (organisation_part, "unmoved", lambda row: row["measure"].startswith("share.unmoved.")),
        (organisation_part, "needs", lambda row: row["group_by"] == "unmoved"),
        (organisation_part, "causes", lambda row: row["measure"].startswith("share.cause.")),
        (individual_part, "profile", lambda row: row["measure"].startswith("co")),
        (individual_part, "steps", lambda row: row["measure"].startswith("share.step.")),
        (individual_part, "reasons", lambda row: row["measure"].startswith("dist.")),
        (individual_part, "outcomes", lambda row: row["measure"] in made_study.OUTCOMES),
        (annex, "sample", lambda row: row["measure"] == "response_rate"),
    ],
)
def test_a_section_without_its_data_says_what_is_missing_why_it_matters_and_how_to_supply_it(
    part: Callable[[Material], Part], code: str, drop: Callable[[Row], bool]
) -> None:
    rows = [row for row in made_study.plausible_cells() if not drop(row)]
    sections = part(told(made_study.figures(rows))).sections
    blocks = next(section for section in sections if section.code == code).blocks
    missing = [block for block in blocks if isinstance(block, Missing)]
    assert len(missing) == 1
    assert all((missing[0].what, missing[0].why, missing[0].how))
    assert "保護" not in missing[0].what


@pytest.mark.parametrize(
    ("code", "groupings"),
    [
        ("gaps", ["管理職と社員"]),
        ("trend", ["調査回どうし"]),
        ("age", ["年代どうし"]),
        ("heat-map", ["部署どうし", "年代どうし"]),
        ("profile", ["年代どうし"]),
        ("outcomes", ["年代どうし"]),
    ],
)
def test_beside_every_comparison_of_scales_stands_whether_they_may_be_compared(
    plausible: Rendered, code: str, groupings: list[str]
) -> None:
    said = [block.text for block in section(plausible.report, code).blocks if isinstance(block, Paragraph)]
    for grouping in groupings:
        assert f"{grouping}：設問が同じように働いているかは検定していません（" in "".join(said)


def test_a_question_that_works_differently_between_departments_is_named_beside_the_map() -> None:
    says = message("q works differently")
    found = Invariance(("D01", "D02"), (300, 300), (), ("ms3",), (), "comparable_in_part", says)
    alike = Invariance(("20-34", "50+"), (300, 300), (), (), (), "comparable", says)
    compared = (Comparability("ms", "department", found), Comparability("ms", "age_band", alike))
    figures = replace(made_study.figures(), comparability=compared)
    blocks = section(composed(figures), "heat-map").blocks
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert said[-2].startswith("部署どうし：比べるときは注意してください。")
    assert "ms3" in said[-2]
    assert said[-1].startswith("年代どうし：この比較では設問が同じように働いています")


def test_sixty_departments_fill_four_figures_in_order_of_their_score() -> None:
    rows = made_study.plausible_cells(60)
    figures = heat_map_figures(told(made_study.figures(rows), made_study.study(departments=60)))
    assert [len(figure.table.rows) for figure in figures] == [16, 16, 16, 12]
    scores = [row[1] for figure in figures for row in figure.table.rows]
    assert scores == sorted(scores, reverse=True)


def test_more_departments_than_figures_can_hold_are_all_in_the_table() -> None:
    rows = made_study.plausible_cells(99)
    heat_map = organisation_part(told(made_study.figures(rows), made_study.study(departments=99))).sections[0]
    blocks = heat_map.blocks
    table = next(block for block in blocks if isinstance(block, Table))
    assert len(table.rows) == 99
    assert len([block for block in blocks if isinstance(block, Figure)]) == 4


def test_two_departments_of_one_name_stay_two_rows() -> None:
    study = made_study.study()
    departments = study.tables["departments"].with_columns(pl.lit("同じ名前の部").alias("name"))
    study = made_study.study(tables={**study.tables, "departments": departments})
    figure = heat_map_figures(told(study=study))[0]
    assert len({row["name"] for row in figure.spec["concat"][0]["layer"][0]["data"]["values"]}) == 6


def test_a_comparison_of_waves_is_never_called_an_effect(plausible: Rendered) -> None:
    blocks = section(plausible.report, "trend").blocks
    assert not [block for block in blocks if "効果" in str(block)]


def test_every_figure_has_a_table_an_alternative_and_its_method(plausible: Rendered) -> None:
    figures = plausible.report.figures
    assert len(figures) >= 12
    assert all(figure.table.rows and figure.alternative and figure.notes for figure in figures)
    assert len({figure.code for figure in figures}) == len(figures)


def test_a_trend_without_the_total_draws_and_tells_the_views_that_are_shown() -> None:
    rows = [row for row in made_study.plausible_cells() if row["measure"] not in ("ms", "ms_see")]
    figure = trend_figure(told(made_study.figures(rows), language="en"))
    assert figure is not None
    panels = [panel["title"]["text"] for panel in figure.spec["concat"]]
    assert panels == ["Provision of opportunities", "Groundwork"]
    assert "Provision of opportunities Executives: " in figure.alternative
    assert "Groundwork Employees: " in figure.alternative
    assert "Total" not in figure.alternative


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(st.sets(st.sampled_from(sorted({row["measure"] for row in made_study.plausible_cells()})), min_size=1))
def test_whatever_is_answered_every_drawing_is_told_in_words(answered: set[str]) -> None:
    rows = [row for row in made_study.plausible_cells() if row["measure"] in answered]
    told_in_words = [figure.alternative for figure in composed(made_study.figures(rows)).figures]
    assert all(words.strip() for words in told_in_words)


def test_every_row_of_a_table_has_a_value_for_each_column(plausible: Rendered) -> None:
    blocks = [b for part in plausible.report.parts for s in part.sections for b in s.blocks]
    tables = [b for b in blocks if isinstance(b, Table)] + [f.table for f in plausible.report.figures]
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


def test_reliability_gives_alpha_with_its_interval(plausible: Rendered) -> None:
    table = next(b for b in section(plausible.report, "reliability").blocks if isinstance(b, Table))
    assert ("活用実感", 2, 440, 0.79, 0.77, 0.81, None, "2026年度調査") in [
        tuple(round(v, 6) if isinstance(v, float) else v for v in row) for row in table.rows
    ]


def test_an_unknown_organisation_is_named_in_the_error() -> None:
    with pytest.raises(StudyError, match="O9"):
        management_report(made_study.study(), made_study.figures(), "O9", "ja", today=TODAY)
