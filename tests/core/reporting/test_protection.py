"""No figure of a protected cell leaves by any of the three formats."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from zipfile import ZipFile

import polars as pl
import pytest
from tests.core.reporting import made_study
from tests.core.reporting.conftest import Rendered, told

from tazuna.disclosure.threshold import emptied
from tazuna.reporting.content import Figure, Mark, Missing
from tazuna.reporting.figures.age_curve import age_curve_figure
from tazuna.reporting.figures.heat_map import heat_map_figures

_SECRET = re.compile(r"(?<![\d.])7,?313(?!\d)")


@pytest.fixture(params=["protected", "plausible"])
def report(request: pytest.FixtureRequest) -> Rendered:
    """All cells protected, and some of them; the protected figures are 7,313.25 throughout."""
    found: Rendered = request.getfixturevalue(request.param)
    return found


def test_no_figure_of_a_protected_cell_is_in_the_page(report: Rendered) -> None:
    assert not _SECRET.search(report.page)


def test_no_figure_of_a_protected_cell_is_in_the_specifications(report: Rendered) -> None:
    assert not _SECRET.search(json.dumps([figure.spec for figure in report.report.figures]))


def test_no_figure_of_a_protected_cell_is_in_the_document(report: Rendered) -> None:
    text = "\n".join(report.pages())
    assert "非表示" in text
    assert not _SECRET.search(text)


def test_no_figure_of_a_protected_cell_is_in_the_workbook(report: Rendered) -> None:
    assert "非表示" in report.values()
    with ZipFile(report.book) as parts:
        assert not [
            name for name in parts.namelist() if _SECRET.search(parts.read(name).decode("utf-8", "replace"))
        ]


def test_the_size_of_a_protected_group_is_not_told_either(protected: Rendered) -> None:
    assert 4 not in [value for value in protected.values() if isinstance(value, int)]


def test_a_protected_cell_is_marked_and_hatched_in_the_heat_map() -> None:
    figure = heat_map_figures(told())[0]
    hidden = [value for row in figure.table.rows for value in row if value is Mark.HIDDEN]
    assert hidden
    assert "url(#hatch)" in json.dumps(figure.spec)
    assert "保護のため非表示" in json.dumps(figure.spec, ensure_ascii=False)


def test_a_line_never_bridges_a_protected_age() -> None:
    figures = made_study.figures()
    cells = figures.release.cells
    gone = (
        cells["suppressed"]
        | cells.select((pl.col("group_by") == "age_curve") & (pl.col("group") == "40")).to_series()
    )
    figure = age_curve_figure(
        told(replace(figures, release=replace(figures.release, cells=emptied(cells, gone))))
    )
    assert figure is not None
    everybody = figure.spec["concat"][0]["layer"][1]["data"]["values"]
    pieces = {row["age"]: row["piece"] for row in everybody}
    assert 40 not in pieces
    assert pieces[39] != pieces[41]


def test_sections_whose_groups_are_all_protected_say_so(protected: Rendered) -> None:
    blocks = [
        block for part in protected.report.parts[:3] for section in part.sections for block in section.blocks
    ]
    assert not [block for block in blocks if isinstance(block, Figure)]
    said = [block.what for block in blocks if isinstance(block, Missing)]
    assert said
    assert set(said) == {"少人数の保護のため表示しません。"}


def test_the_report_says_that_hidden_figures_cannot_be_calculated(plausible: Rendered) -> None:
    assert "そこから計算できてしまう値は表示しません" in plausible.page
