"""The one door: what comes out of it is protected however it was made."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.disclosure.cell import CELL_SCHEMA, FIGURES, STATEMENTS_IN_OFFICE
from tazuna.disclosure.release import Audit, DisclosureError, Release, release_cells
from tazuna.disclosure.threshold import ThresholdError

UNAUDITED = Audit(0, 0, None)
VIEWPOINTS = ["all", "manager", "employee", "executive", "hr", "executive-employee"]
score = st.one_of(st.none(), st.floats(0, 100))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "organisation_id": st.sampled_from("AB"),
            "wave": st.sampled_from(["w1", "w2"]),
            "viewpoint": st.sampled_from(VIEWPOINTS),
            "group_by": st.just("department"),
            "group": st.sampled_from(["D1", "D2"]),
            "measure": st.sampled_from(["co", "gap.ms", "share.layer.practice"]),
            "n": st.one_of(st.none(), st.integers(0, 40)),
            "mean": score,
            "lower": score,
            "upper": score,
            "suppressed": st.booleans(),
        }
    ),
    max_size=30,
)


def table(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(CELL_SCHEMA))


@settings(deadline=None, max_examples=40)
@given(rows=rows, first=st.integers(5, 30), second=st.integers(5, 30))
def test_no_figure_of_fewer_than_k_people_ever_leaves(rows, first, second):
    k = {"w1": first, "w2": second}
    release = release_cells(table(rows), k)
    assert release.cells.height == len(rows)
    assert release.shown + release.hidden == len(rows)
    for before, after in zip(rows, release.cells.iter_rows(named=True), strict=True):
        if after["suppressed"]:
            assert all(after[figure] is None for figure in FIGURES)
        else:
            assert {name: after[name] for name in FIGURES} == {name: before[name] for name in FIGURES}
            assert before["viewpoint"] in STATEMENTS_IN_OFFICE or before["n"] >= k[before["wave"]]


@given(rows=rows.filter(bool))
def test_a_release_made_by_hand_is_checked_like_any_other(rows):
    k = {"w1": 10, "w2": 10}
    cells = table([row | {"suppressed": False} for row in rows])
    protected = cells.filter(pl.col("viewpoint").is_in(STATEMENTS_IN_OFFICE).not_())
    has_figure = pl.any_horizontal(pl.col(figure).is_not_null() for figure in FIGURES)
    if protected.filter(has_figure & (pl.col("n").fill_null(0) < 10)).is_empty():
        assert Release(cells, k, UNAUDITED).hidden == 0
    else:
        with pytest.raises(ThresholdError, match="about to be shown"):
            Release(cells, k, UNAUDITED)


def test_a_hidden_row_that_kept_its_number_is_refused():
    row = dict.fromkeys(CELL_SCHEMA) | {"wave": "w1", "viewpoint": "all", "n": 50, "suppressed": True}
    with pytest.raises(ThresholdError):
        Release(table([row]), {"w1": 10}, UNAUDITED)


def test_a_table_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="columns"):
        Release(table([]).with_columns(reason=pl.lit("small")), {"w1": 10}, UNAUDITED)


def test_k_below_the_floor_is_refused():
    with pytest.raises(ThresholdError):
        release_cells(table([]), {"w1": 4})


def test_a_wave_without_a_threshold_is_refused():
    row = dict.fromkeys(CELL_SCHEMA) | {"wave": "w1", "viewpoint": "all", "suppressed": False}
    with pytest.raises(ThresholdError, match="w1"):
        release_cells(table([row]), {"w2": 10})


def test_the_thresholds_of_a_release_cannot_be_changed_afterwards():
    k = {"w1": 10}
    release = release_cells(table([]), k)
    k["w1"] = 5
    assert release.k["w1"] == 10
    with pytest.raises(TypeError):
        release.k["w1"] = 5  # type: ignore[index]


def test_a_release_of_which_a_hidden_number_is_known_too_well_is_refused():
    with pytest.raises(DisclosureError, match="fewer than k people"):
        Release(table([]), {"w1": 10}, Audit(1, 0, 4.0))
