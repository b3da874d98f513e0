"""Shares by department and by age band tell no hidden number of people when they are taken together."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.core.disclosure.attacks import ANSWERED, narrowest, recovered_exactly, what_is_known
from tests.core.disclosure.linked_attacks import linked_measures
from tests.core.disclosure.made_companies import LINKS, WAVES, K, cells_of, company

from tazuna.disclosure import shares
from tazuna.disclosure.joint import RESPONSE_RATE
from tazuna.disclosure.release import release_cells

THRESHOLDS = dict.fromkeys(WAVES, K)
BOUNDED_BEFORE = [(11, "w2"), (39, "w1"), (100, "w1")]
"""Made-up groups of companies in which shares bounded a hidden number within 7 to 9."""
BLOCK = {("A0", "20-34"): 8, ("A0", "35-49"): 12, ("A1", "20-34"): 12, ("A1", "35-49"): 8}


def cells_of_two_departments(level_of: dict[tuple[str, str], list[str]]) -> pl.DataFrame:
    """Two departments by two age bands, everybody answered; without tables of levels, only shares."""
    people = [
        {"department": department, "age_band": band, "level": level}
        for (department, band), levels in level_of.items()
        for level in levels
    ]
    everybody = pl.DataFrame(people).with_columns(
        organisation_id=pl.lit("A"),
        wave=pl.lit("w1"),
        viewpoint=pl.lit("employee"),
        answered=pl.lit(value=True),
        co=pl.lit(50),
        ms=pl.lit(50),
    )
    return cells_of(everybody).filter(~pl.col("group_by").str.contains("level"))


@pytest.mark.parametrize(("seed", "wave"), BOUNDED_BEFORE)
def test_no_hidden_number_is_bounded_within_k_by_shares(seed: int, wave: str) -> None:
    made = company(seed)
    released = release_cells(made.cells, THRESHOLDS, LINKS).cells
    assert narrowest(what_is_known(released, made.cells, wave, ANSWERED), K) >= K


def test_shares_leave_room_for_a_second_measure() -> None:
    made = company(113)
    released = release_cells(made.cells, THRESHOLDS, LINKS).cells
    assert narrowest(linked_measures(released, made.cells, "w2"), K, 10) >= K


def test_departments_of_one_level_each_do_not_tell_a_hidden_number() -> None:
    only = {at: ["high" if at[0] == "A0" else "low"] * count for at, count in BLOCK.items()}
    cells = cells_of_two_departments(only)
    released = release_cells(cells, THRESHOLDS, LINKS).cells
    known = what_is_known(released, cells, "w1", ANSWERED)
    assert recovered_exactly(known, K) == 0
    assert narrowest(known, K) >= K
    # By itself each table is harmless: somebody who has all of its shares learns nothing of the other.
    small = cells["group_by"] == "department*age_band"
    means = released.filter(~small, pl.col("measure").is_in(["co", RESPONSE_RATE]))
    assert not means["suppressed"].any()


def test_where_shares_stay_too_telling_none_is_shown_and_the_rest_is_released(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = company(39)
    as_ever = shares.hide_more

    def too_narrow(*arguments: Any) -> tuple[Any, Any]:
        found, narrowest_of_all = as_ever(*arguments)
        return found, narrowest_of_all * 0.0

    monkeypatch.setattr(shares, "hide_more", too_narrow)
    released = release_cells(made.cells, THRESHOLDS, LINKS).cells
    of_shares = pl.col("measure").str.starts_with("share.level.")
    protected = released.filter(of_shares)
    assert protected.height
    assert protected["suppressed"].all()
    assert not released.filter(~of_shares)["suppressed"].all()
