"""A release withstands attacks that the threshold alone does not."""

from __future__ import annotations

import polars as pl
import pytest
from tests.core.disclosure.attack_outcomes import outcome
from tests.core.disclosure.made_companies import LINKS, WAVES, Company, K, cells_of, company

from tazuna.disclosure.cell import FIGURES, KEYS
from tazuna.disclosure.release import Release, release_cells
from tazuna.disclosure.threshold import emptied, too_small

THRESHOLDS = dict.fromkeys(WAVES, K)
ATTACKED = range(20)
"""Groups of companies attacked in every run; `tests.properties.release_attacks` attacks 200 in a soak."""
AT_A_TIME = 2
"""Hidden numbers of each table that are bounded in every run."""
ALSO_UNPROTECTED = range(2)
"""Groups of companies on which the same attacks are seen to succeed."""


def released(made: Company) -> Release:
    return release_cells(made.cells, THRESHOLDS, LINKS)


@pytest.mark.parametrize("seed", ATTACKED)
def test_no_small_number_is_recovered_or_known_within_the_protection_interval(seed):
    made = company(seed)
    wave = WAVES[seed % 2]
    found = outcome(made, released(made).cells, waves=[wave], targets=AT_A_TIME)
    assert found.exact == dict.fromkeys(found.exact, 0)
    assert min(found.narrowest.values()) >= K


@pytest.mark.parametrize("seed", ALSO_UNPROTECTED)
def test_each_attack_succeeds_where_only_the_threshold_protects(seed):
    made = company(seed)
    shown = emptied(made.cells, made.cells.select(too_small(THRESHOLDS)).to_series())
    found = outcome(made, shown, waves=WAVES, targets=5, all_small=True)
    assert min(found.exact.values()) > 0
    assert max(found.narrowest.values()) < K


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
