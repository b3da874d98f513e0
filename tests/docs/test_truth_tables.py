"""The page on lotteries with a known effect shows the results beside it, and they keep the targets."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest
from tests.properties import lottery_truth, one_kind_of_place
from tests.properties.truth_results import SIZE, Cell, Row, cells_of, missed, read

from docs.markdown_pages import DOCS
from tazuna.language import LANGUAGES, Language


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """``docs/make_truth_tables.py``."""
    found = importlib.util.spec_from_file_location("make_truth_tables", DOCS / "make_truth_tables.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["make_truth_tables"] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read(lottery_truth.RESULTS)


@pytest.fixture(scope="module")
def cells(rows: list[Row]) -> list[Cell]:
    return cells_of(rows)


def test_every_cell_has_its_lotteries_and_keeps_the_targets(cells: list[Cell]) -> None:
    rounds = lottery_truth.ROUNDS
    assert len(cells) == sum(len(case.effects) for case in lottery_truth.CASES)
    assert {(cell.lotteries, cell.redraws) for cell in cells} == {
        (rounds * lottery_truth.LOTTERIES, rounds * lottery_truth.REDRAWS)
    }
    assert {str(cell): missed(cell) for cell in cells if missed(cell)} == {}


def test_programmes_without_an_effect_are_judged_beside_the_others() -> None:
    rows = one_kind_of_place.read(one_kind_of_place.RESULTS)
    assert len(rows) == one_kind_of_place.ROUNDS
    total = sum(row.lotteries for row in rows)
    assert total == one_kind_of_place.ROUNDS * one_kind_of_place.LOTTERIES
    most = SIZE[1]
    assert sum(row.beside_rejects for row in rows) / total <= most
    assert sum(row.alone_rejects for row in rows) / total > most


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_results(script: ModuleType, rows: list[Row], language: Language) -> None:
    page = DOCS / "explanation" / f"does-the-draw-tell-the-truth{script.SUFFIX[language]}"
    text = page.read_text("utf-8")
    idle = script.written_idle(one_kind_of_place.read(one_kind_of_place.RESULTS), language)
    assert script.put(script.put(text, "tables", script.written(rows, language)), "idle", idle) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_have_a_mark_for_every_comparison(
    script: ModuleType, cells: list[Cell], language: Language
) -> None:
    equal = [cell for cell in cells if cell.effect and not cell.spread]
    errors = script.errors_figure(cells, language)["layer"][2]["data"]["values"]
    assert len(errors) == 3 * len(equal)
    panels = script.coverage_figure(cells, language)["concat"]
    assert sum(len(panel["layer"][3]["data"]["values"]) for panel in panels) == len(cells)
