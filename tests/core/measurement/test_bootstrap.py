"""Resampling from sums and counts does what resampling of departments and people does."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.measurement.bootstrap import (
    REPLICATES,
    generator_for,
    percentile_interval,
    resample_departments,
    resample_people,
)


def test_each_organisation_and_wave_has_a_stream_of_its_own_that_only_the_seed_changes():
    def first(*place):
        return generator_for(*place).random()

    assert first(1, "A", "w1") == first(1, "A", "w1")
    others = {first(2, "A", "w1"), first(1, "B", "w1"), first(1, "A", "w2"), first(1, "Aw", "1")}
    assert len(others | {first(1, "A", "w1")}) == 5


def test_resampled_people_vary_as_the_mean_of_so_many_people_varies():
    rng = np.random.default_rng(0)
    people = rng.integers(0, 5, 300) * 25.0
    values, counts = np.unique(people, return_counts=True)
    side = resample_people(values, counts.astype(float), rng)
    assert side.n[0] == 300
    assert side.mean[0] == pytest.approx(people.mean())
    assert side.replicates.shape == (REPLICATES, 1)
    # The error of a standard deviation from 2,000 draws is 1.6%; four of them.
    assert side.replicates.std() == pytest.approx(people.std() / np.sqrt(300), rel=0.065)


def test_one_person_alone_is_fixed():
    side = resample_people(np.array([72.0]), np.array([1.0]), np.random.default_rng(0))
    assert set(side.replicates[:, 0]) == {72.0}


def test_nobody_has_no_mean():
    side = resample_people(np.array([]), np.array([]), np.random.default_rng(0))
    assert side.n[0] == 0
    assert np.isnan(side.mean[0])
    assert np.isnan(percentile_interval(side.replicates)[0][0])


def test_departments_are_drawn_whole_and_together_for_both_sides():
    n = np.array([[10.0], [30.0], [20.0]])
    total = n * np.array([[10.0], [50.0], [90.0]])
    first, second = resample_departments(((n, total), (n, total + 7 * n)), np.random.default_rng(3))
    assert first.replicates + 7 == pytest.approx(second.replicates)
    possible = set()
    for draw in np.ndindex(3, 3, 3):
        drawn = np.array(draw)
        possible.add(round(float(total[drawn].sum() / n[drawn].sum()), 9))
    assert {round(value, 9) for value in first.replicates[:, 0].tolist()} == possible


def test_blocks_of_draws_make_up_all_replicates(monkeypatch):
    monkeypatch.setattr("tazuna.measurement.bootstrap._NUMBERS_AT_ONCE", 700)
    side = resample_people(np.array([0.0, 100.0, 50.0]), np.array([5.0, 5.0, 1.0]), np.random.default_rng(1))
    assert side.replicates.shape == (REPLICATES, 1)
