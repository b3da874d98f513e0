"""The threshold and what it does not touch."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna.disclosure.threshold import ThresholdError, check_thresholds, emptied, too_small


def cell(n: int | None, viewpoint: str = "all", wave: str = "w1", **more: object) -> pl.DataFrame:
    row = {
        "organisation_id": "A",
        "wave": wave,
        "viewpoint": viewpoint,
        "group_by": "department",
        "group": "D1",
        "measure": "co",
        "n": n,
        "mean": 50.0,
        "lower": 40.0,
        "upper": 60.0,
        "suppressed": False,
    }
    return pl.DataFrame([row | more], schema=dict(CELL_SCHEMA))


def suppress(cells: pl.DataFrame, k: dict[str, int]) -> pl.DataFrame:
    return emptied(cells, cells.select(pl.col("suppressed") | too_small(k)).to_series())


def shown(cells: pl.DataFrame, k: int = 10) -> tuple:
    return suppress(cells, {"w1": k}).row(0)[6:]


def test_a_cell_of_ten_is_shown():
    assert shown(cell(10)) == (10, 50.0, 40.0, 60.0, False)


def test_a_cell_of_nine_is_hidden_with_its_number():
    assert shown(cell(9)) == (None, None, None, None, True)


def test_an_empty_cell_looks_like_any_hidden_cell():
    assert shown(cell(0, mean=None, lower=None, upper=None)) == shown(cell(9))


def test_a_cell_of_unknown_size_is_hidden():
    assert shown(cell(None)) == (None, None, None, None, True)


def test_a_cell_of_a_wave_without_a_threshold_is_hidden():
    assert shown(cell(500, wave="w9")) == (None, None, None, None, True)


def test_what_was_hidden_before_stays_hidden():
    assert shown(cell(500, suppressed=True)) == (None, None, None, None, True)


@pytest.mark.parametrize("viewpoint", ["executive", "hr"])
def test_a_statement_in_office_by_one_person_is_shown(viewpoint):
    assert shown(cell(1, viewpoint)) == (1, 50.0, 40.0, 60.0, False)


@pytest.mark.parametrize(
    "viewpoint", ["executive-employee", "hr-employee", "manager-employee", "manager", "employee"]
)
def test_a_gap_to_nine_employees_is_hidden(viewpoint):
    assert shown(cell(9, viewpoint))[-1] is True


def test_each_wave_has_its_own_threshold():
    cells = pl.concat([cell(7, wave="w1"), cell(7, wave="w2")])
    assert suppress(cells, {"w1": 10, "w2": 5})["suppressed"].to_list() == [True, False]


def test_a_threshold_of_four_is_refused_with_the_floor():
    with pytest.raises(ThresholdError, match="floor of 5") as refused:
        check_thresholds({"w1": 10, "w2": 4})
    assert "w2" in refused.value.text("ja")
