"""Intervals against scipy and against formulas over people."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tazuna.measurement.intervals import Sums, mean_interval, wilson_interval


def sums_over(values: np.ndarray, department: np.ndarray) -> Sums:
    n = np.bincount(department).astype(float)
    total = np.bincount(department, values)
    n, total = n[n > 0], total[n > 0]
    parts = (values.size, values.sum(), values @ values, n.size, total @ total, total @ n, n @ n)
    return Sums(*(np.array([float(part)]) for part in parts))


def test_with_few_departments_the_interval_is_the_plain_t_interval():
    rng = np.random.default_rng(1)
    values = rng.normal(50, 15, 40)
    found = mean_interval(sums_over(values, rng.integers(0, 9, 40)))
    expected = stats.t.interval(0.95, 39, values.mean(), stats.sem(values))
    assert (found.lower[0], found.upper[0]) == pytest.approx(expected, abs=1e-9)


def test_from_ten_departments_on_the_interval_goes_by_department():
    rng = np.random.default_rng(2)
    department = np.arange(200) % 10
    values = rng.normal(50, 5, 200) + 10 * rng.normal(size=10)[department]
    mean = values.mean()
    by_department = np.array([(values[department == d] - mean).sum() for d in range(10)])
    error = np.sqrt(10 / 9 * (by_department**2).sum()) / 200
    found = mean_interval(sums_over(values, department))
    assert (found.upper - found.mean)[0] == pytest.approx(stats.t.ppf(0.975, 9) * error, abs=1e-9)
    assert (found.upper - found.mean)[0] > 2 * stats.sem(values)


def test_one_answer_has_a_mean_and_no_interval():
    found = mean_interval(sums_over(np.array([70.0]), np.array([0])))
    assert found.mean[0] == 70
    assert np.isnan(found.lower[0])
    assert np.isnan(found.upper[0])


def test_no_answer_has_no_mean():
    assert np.isnan(mean_interval(Sums(*(np.zeros(1),) * 7)).mean[0])


@pytest.mark.parametrize(("yes", "n"), [(0, 12), (1, 12), (30, 40), (40, 40)])
def test_shares_have_wilsons_interval(yes, n):
    expected = stats.binomtest(yes, n).proportion_ci(method="wilson")
    found = wilson_interval(np.array([float(n)]), np.array([float(yes)]))
    assert (found.lower[0], found.upper[0]) == pytest.approx(
        (100 * expected.low, 100 * expected.high), abs=1e-9
    )
