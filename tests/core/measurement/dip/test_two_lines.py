"""The test of a dip on curves with and without one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tazuna.language import LANGUAGES
from tazuna.measurement.dip.finding import age_sums
from tazuna.measurement.dip.two_lines import DipError, TwoLines, two_lines
from tazuna.measurement.graded.items import Floats

Curve = Callable[[Floats], Floats]
SPREAD = 18.0


def outcome_of(curve: Curve, seed: int, n: int = 600, departments: int = 1, between: float = 0.0) -> TwoLines:
    """People of 22 to 64 whose mean follows the curve."""
    rng = np.random.default_rng(seed)
    age = rng.integers(22, 65, n).astype(float)
    unit = rng.integers(0, departments, n)
    score = curve(age) + SPREAD * rng.standard_normal(n) + between * rng.standard_normal(departments)[unit]
    return two_lines(age_sums(age, score, unit.astype(float)))


def dipping(depth: float) -> Curve:
    """Lowest at 38, by ``depth`` under either end."""
    return lambda age: 50 + depth * np.where(age < 38, (38 - age) / 16, (age - 38) / 26)


NO_DIP = {
    "flat": lambda age: 50 + 0 * age,
    "rising": lambda age: 50 + 0.3 * (age - 22),
    "falling, then flat": lambda age: 50 + np.maximum(0, 0.8 * (38 - age)),
    "flat, then rising": lambda age: 50 + np.maximum(0, 0.8 * (age - 38)),
    "a hump": lambda age: 50 - 0.02 * (age - 43) ** 2,
}


@pytest.mark.parametrize("curve", NO_DIP.values(), ids=NO_DIP.keys())
@pytest.mark.parametrize(("departments", "between"), [(1, 0.0), (20, 3.0)])
def test_a_curve_without_a_dip_seldom_shows_one(curve: Curve, departments: int, between: float) -> None:
    found = [outcome_of(curve, seed, 600, departments, between).is_dip for seed in range(40)]
    assert np.mean(found) <= 0.12  # 5% and two standard errors of forty tries


def test_a_quadratic_term_without_a_dip_is_not_enough() -> None:
    """Where a mean falls ever more slowly a quadratic curve turns up again; two lines do not."""
    rng = np.random.default_rng(0)
    age = rng.integers(22, 65, 4000).astype(float)
    score = 60 - 12 * np.log(age - 20) + SPREAD * rng.standard_normal(4000)
    assert np.polyfit(age, score, 2)[0] > 0
    assert not two_lines(age_sums(age, score, np.zeros(4000))).is_dip


def test_a_deep_dip_is_found_near_its_age() -> None:
    found = [outcome_of(dipping(16.0), seed) for seed in range(40)]
    assert np.mean([test.is_dip for test in found]) > 0.9
    assert np.median([test.age for test in found]) == pytest.approx(38, abs=3)
    assert found[0].before.upper < 0 < found[0].after.lower


def test_the_smallest_dip_that_is_found_is_found_four_times_in_five_or_more() -> None:
    depth = float(np.median([outcome_of(dipping(11.0), seed).smallest_found for seed in range(20)]))
    found = [outcome_of(dipping(depth), seed).is_dip for seed in range(60)]
    assert 0.72 <= np.mean(found) <= 0.98


def test_more_people_see_smaller_dips() -> None:
    few, many = (outcome_of(dipping(8.0), 1, n).smallest_found for n in (400, 6400))
    assert many == pytest.approx(few / 4, rel=0.4)


def test_the_slopes_are_those_of_regression_over_people() -> None:
    rng = np.random.default_rng(3)
    age = rng.integers(22, 65, 300).astype(float)
    score = dipping(10.0)(age) + 5 * rng.standard_normal(300)
    found = two_lines(age_sums(age, score, np.zeros(300)))
    late = age > found.age
    for line, part in ((found.before, ~late), (found.after, late)):
        assert line.slope == pytest.approx(10 * np.polyfit(age[part], score[part], 1)[0], rel=1e-9)


def test_scores_without_any_spread_show_nothing() -> None:
    age = np.repeat(np.arange(20.0, 60.0), 5)
    found = two_lines(age_sums(age, np.full(age.size, 50.0), np.zeros(age.size)))
    assert not found.is_dip


@pytest.mark.parametrize(("n", "ages"), [(99, 30), (400, 9)])
def test_too_few_people_or_ages_are_refused(n: int, ages: int) -> None:
    age = 20.0 + np.arange(n) % ages
    with pytest.raises(DipError, match="too few") as refused:
        two_lines(age_sums(age, age, np.zeros(n)))
    assert all(refused.value.text(language) for language in LANGUAGES)
