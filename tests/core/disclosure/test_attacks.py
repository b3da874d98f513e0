"""A release withstands attacks that the threshold alone does not."""

from __future__ import annotations

import polars as pl
import pytest
from tests.core.disclosure.attacks import (
    ANSWERED,
    WITH_MS,
    narrowest,
    recovered_exactly,
    sums_recovered,
    what_is_known,
)
from tests.core.disclosure.made_companies import LINKS, WAVES, Company, K, cells_of, company

from tazuna.disclosure.cell import FIGURES, KEYS
from tazuna.disclosure.release import Release, release_cells
from tazuna.disclosure.threshold import emptied, too_small

THRESHOLDS = dict.fromkeys(WAVES, K)
ATTACKED = range(6)
"""Groups of companies attacked in every run; 200 in a soak."""
AT_A_TIME = 6
"""Hidden numbers of each table that are bounded in every run."""


def released(made: Company) -> Release:
    return release_cells(made.cells, THRESHOLDS, LINKS)


def by_threshold_only(cells: pl.DataFrame) -> pl.DataFrame:
    return emptied(cells, cells.select(too_small(THRESHOLDS)).to_series())


def exact_recoveries(shown: pl.DataFrame, cells: pl.DataFrame) -> int:
    return sum(
        recovered_exactly(what_is_known(shown, cells, wave, measures), K)
        for wave in WAVES
        for measures in (ANSWERED, WITH_MS)
    )


@pytest.mark.parametrize("seed", ATTACKED)
def test_no_small_cell_is_recovered_or_known_within_the_protection_interval(seed):
    made = company(seed)
    shown = released(made).cells
    assert exact_recoveries(shown, made.cells) == 0
    assert sum(sums_recovered(shown, made.cells, wave, K) for wave in WAVES) == 0
    for measures in (ANSWERED, WITH_MS):
        assert narrowest(what_is_known(shown, made.cells, "w1", measures), K, AT_A_TIME) >= K


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200))
def test_two_hundred_companies_withstand_the_attacks(seed):
    made = company(seed)
    shown = released(made).cells
    assert exact_recoveries(shown, made.cells) == 0
    for wave in WAVES:
        assert sums_recovered(shown, made.cells, wave, K) == 0
        for measures in (ANSWERED, WITH_MS):
            assert narrowest(what_is_known(shown, made.cells, wave, measures), K) >= K


@pytest.mark.parametrize("seed", ATTACKED)
def test_the_same_attacks_succeed_where_only_the_threshold_protects(seed):
    made = company(seed)
    shown = by_threshold_only(made.cells)
    assert exact_recoveries(shown, made.cells) > 0
    assert sum(sums_recovered(shown, made.cells, wave, K) for wave in WAVES) > 0


def test_somebody_who_withdraws_is_not_told_by_two_releases_of_a_wave():
    made = company(1)
    first = release_cells(made.cells.filter(wave="w1"), THRESHOLDS, LINKS)
    without_one = cells_of(made.people.filter(pl.int_range(pl.len()) != 3))
    second = release_cells(without_one, THRESHOLDS, LINKS, earlier=[first]).cells
    again = first.cells.join(second, on=list(KEYS), suffix="_again")
    assert again.height == first.cells.height
    for figure in (*FIGURES, "suppressed"):
        assert again[figure].equals(again[f"{figure}_again"].alias(figure))
    assert not second.filter(wave="w2")["suppressed"].all()


def test_a_table_that_was_not_released_with_its_wave_is_never_shown():
    made = company(2)
    some = made.cells.filter(pl.col("group_by") != "department*age_band", wave="w1")
    later = release_cells(
        made.cells.filter(wave="w1"), THRESHOLDS, LINKS, [release_cells(some, THRESHOLDS, LINKS)]
    )
    assert later.cells.filter(group_by="department*age_band")["suppressed"].all()


def test_the_same_figures_hide_the_same_cells_and_others_may_not():
    made = company(3)
    assert released(made).cells.equals(released(made).cells)
    assert released(made).sha256 == released(made).sha256


def test_the_audit_says_how_many_and_never_which():
    release = released(company(4))
    assert release.audit.primary + release.audit.complementary == release.hidden
    assert release.audit.narrowest is not None
    assert release.audit.narrowest >= K
