"""The age curve against weighted regression over people."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tazuna.measurement.age_curve import AgeSums, curve_cells, smooth
from tazuna.measurement.cells import cell_measures
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people, scored_scales
from tazuna.measurement.units import organisations_above


def sums_of(age: np.ndarray, score: np.ndarray, department: np.ndarray) -> AgeSums:
    ages, place = np.unique(age, return_inverse=True)
    shape = (department.max() + 1, ages.size)
    n, total, squares = np.zeros((3, *shape))
    np.add.at(n, (department, place), 1)
    np.add.at(total, (department, place), score)
    np.add.at(squares, (department, place), score**2)
    return AgeSums(ages.astype(float), n, total, squares)


def regression_over_people(age, score, department, at, bandwidth, *, clustered):
    """Value and half interval from the weighted least squares of single people."""
    inside = np.abs(age - at) < bandwidth
    d, y, unit = (age - at)[inside].astype(float), score[inside], department[inside]
    w = (1 - (np.abs(d) / bandwidth) ** 3) ** 3
    x = np.column_stack([np.ones_like(d), d])
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    beta = bread @ x.T @ (w * y)
    influence = (w * (y - x @ beta))[:, None] * x @ bread
    if clustered:
        groups = np.unique(unit)
        by_unit = np.array([influence[unit == group].sum(axis=0) for group in groups])
        variance, freedom = (by_unit[:, 0] ** 2).sum() * groups.size / (groups.size - 1), groups.size - 1
    else:
        variance, freedom = (influence[:, 0] ** 2).sum() * d.size / (d.size - 2), d.size - 2
    return d.size, beta[0], stats.t.ppf(0.975, freedom) * np.sqrt(variance)


@pytest.mark.parametrize("departments", [4, 15])
def test_the_curve_equals_regression_over_people(departments):
    rng = np.random.default_rng(departments)
    age = rng.integers(20, 65, 800)
    department = rng.integers(0, departments, 800)
    score = 60 - 0.05 * (age - 40) ** 2 + rng.normal(0, 5 + age / 10)
    at = np.array([22.0, 35.0, 50.0, 63.0])
    curve = smooth(sums_of(age, score, department), at, bandwidth=8.0)
    for place, point in enumerate(at):
        n, value, half = regression_over_people(
            age, score, department, point, 8.0, clustered=departments >= 10
        )
        assert curve.n[place] == n
        assert curve.mean[place] == pytest.approx(value, abs=1e-9)
        assert curve.upper[place] - curve.mean[place] == pytest.approx(half, rel=1e-9)


def test_a_straight_line_stays_straight():
    age = np.repeat(np.arange(20, 61), 3)
    curve = smooth(sums_of(age, 10.0 + age, np.zeros(age.size, dtype=int)), np.arange(20.0, 61.0))
    assert curve.mean == pytest.approx(10.0 + np.arange(20.0, 61.0), abs=1e-9)
    assert curve.upper - curve.lower == pytest.approx(0.0, abs=1e-4)


def test_a_window_with_one_age_has_no_value():
    curve = smooth(
        sums_of(np.full(20, 30), np.full(20, 5.0), np.zeros(20, dtype=int)), np.array([30.0, 45.0])
    )
    assert np.isnan(curve.mean).all()
    assert curve.n.tolist() == [20, 0]


@pytest.fixture(scope="module")
def people(random_study) -> pl.DataFrame:
    return population(random_study, score_people(random_study), group_rules()).filter("asked")


@pytest.fixture(scope="module")
def cells(random_study, people) -> pl.DataFrame:
    scales = scored_scales(random_study.instruments, random_study.responses.columns)
    return curve_cells(
        people, cell_measures(people, scales, group_rules()), organisations_above(random_study)
    )


@pytest.mark.parametrize(("group_by", "level"), [("age_curve", None), ("level*age_curve", "high")])
def test_cells_hold_the_curve_of_those_whose_age_is_known(people, cells, group_by, level):
    here = people.filter(pl.col("wave") == "w1", pl.col("organisation_id") == "B").drop_nulls(["age", "used"])
    here = here if level is None else here.filter(pl.col("level") == level)
    department = np.zeros(here.height, dtype=int)
    expected = smooth(sums_of(here["age"].to_numpy(), here["used"].to_numpy(), department), np.array([40.0]))
    row = cells.filter(
        pl.col("organisation_id") == "B",
        pl.col("wave") == "w1",
        pl.col("measure") == "used",
        pl.col("group_by") == group_by,
        pl.col("group") == "|".join([*([level] if level else []), "40"]),
    ).row(0, named=True)
    assert row["n"] == expected.n[0]
    assert row["mean"] == pytest.approx(expected.mean[0], abs=1e-6)
    assert row["lower"] == pytest.approx(expected.lower[0], abs=1e-6)


def test_people_without_an_age_or_a_level_are_in_no_curve(people, cells):
    assert people["age"].null_count() and people["level"].null_count()
    assert cells["mean"].null_count() < cells.height / 10
    by_level = cells.filter(pl.col("group_by") == "level*age_curve")
    assert set(by_level["group"].str.split("|").list.first()) == {"low", "middle", "high"}
