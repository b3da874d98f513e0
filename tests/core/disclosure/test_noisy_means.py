"""Means with noise: how far they are off, and whether their intervals hold what they promise."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.disclosure.benchmark_rules import benchmark_rules
from tazuna.disclosure.discrete_noise import discrete_laplace_variance
from tazuna.disclosure.noisy_means import (
    HIGHEST,
    Noise,
    NoisyMean,
    PointSums,
    noise_variance,
    noisy_count,
    noisy_mean,
)

STEP = 25
"""Points of the 0–100 scale to one step of an answer from 1 to 5."""
DESIGN = [(1, 100, 0.06), (13, 100, 0.74), (13, 1000, 0.07)]
"""Figures, people and root mean squared error of a mean at ε = 1, in steps of an answer from 1 to 5."""


def error_of_design(figures: int, n: int) -> float:
    """A sum of answers from 1 to 5 with n known, so that one person moves it by 4: √2 · 4 · figures / n."""
    return math.sqrt(discrete_laplace_variance(Fraction(4 * figures))) / n


def our_error(figures: int, n: int, part: float, epsilon: Fraction = Fraction(1)) -> float:
    """Standard deviation that the noise gives to our mean, in steps of an answer."""
    noise = Noise(epsilon / figures, HIGHEST)
    return math.sqrt(noise_variance(noise.variance, part, n)) / STEP


@pytest.mark.parametrize(("figures", "n", "expected"), DESIGN)
def test_the_errors_that_the_size_rules_rest_on(figures: int, n: int, expected: float) -> None:
    assert error_of_design(figures, n) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("figures", "n", "expected"), DESIGN)
def test_two_noisy_sums_are_never_worse_than_one_with_known_n_and_half_way_better(
    figures: int, n: int, expected: float
) -> None:
    assert our_error(figures, n, 0.0) == pytest.approx(error_of_design(figures, n), rel=0.01)
    assert our_error(figures, n, 0.5) == pytest.approx(error_of_design(figures, n) / math.sqrt(2), rel=0.01)
    assert our_error(figures, n, 0.0) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("figures", "n", "draws"), [(1, 100, 300), (13, 1000, 300)])
def test_the_error_of_drawn_means_is_that_of_the_formula(figures: int, n: int, draws: int) -> None:
    bits = random.Random(5).getrandbits
    sums = PointSums(n, 40 * n)
    means = [noisy_mean(sums, Fraction(1, figures), bits) for _ in range(draws)]
    error = math.sqrt(sum((found.mean - 40) ** 2 for found in means if found) / draws) / STEP
    assert error == pytest.approx(our_error(figures, n, 0.4), rel=0.2)  # five standard errors


def test_a_full_table_with_the_sizes_paid_keeps_the_error_of_the_design_between_25_and_75_points() -> None:
    rules = benchmark_rules()
    left = rules.budget.limit - rules.size_cost
    people = rules.full_table.people
    assert our_error(rules.full_table.figures, people, 0.25, left) < error_of_design(13, 1000)
    assert our_error(1, 77, 0.25, left) < error_of_design(13, 1000)


def test_intervals_hold_the_true_mean_of_the_population_at_least_95_times_in_100() -> None:
    draw = random.Random(8)
    held = 0
    rounds = 300
    for _ in range(rounds):
        scores = [100 if draw.random() < 0.4 else 0 for _ in range(120)]  # as far apart as can be
        found = noisy_mean(PointSums(120, sum(scores)), Fraction(1, 2), draw.getrandbits)
        held += found is not None and found.lower <= 40 <= found.upper
    assert held / rounds > 0.93  # 0.95 less 1.6 standard errors


@settings(max_examples=40)
@given(
    st.integers(0, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, 100 * n))),
    st.sampled_from(["epsilon", "rho"]),
    st.integers(0, 2**32),
)
def test_whatever_is_drawn_lies_between_0_and_100(sums: tuple[int, int], unit, seed: int) -> None:
    found = noisy_mean(PointSums(*sums), Fraction(1, 5), random.Random(seed).getrandbits, unit)
    if isinstance(found, NoisyMean):
        assert 0 <= found.lower <= found.mean <= found.upper <= 100
        assert found.n >= 1


def test_one_person_moves_both_sums_by_100_points_together_whatever_the_score() -> None:
    for score in (0, 37, 100):
        with_one = PointSums(50, 2000) + PointSums(1, score)
        assert (with_one.reached - 2000) + (with_one.missed - 3000) == HIGHEST


def test_a_group_smaller_than_its_noise_has_no_mean() -> None:
    bits = random.Random(3).getrandbits
    found = [noisy_mean(PointSums(0, 0), Fraction(100), bits) for _ in range(30)]
    assert any(mean is None for mean in found)
    assert all(mean is None or mean.n >= 1 for mean in found)


def test_a_count_is_never_negative() -> None:
    bits = random.Random(2).getrandbits
    assert min(noisy_count(0, Fraction(1, 10), bits) for _ in range(30)) == 0


def test_sums_that_no_scores_have_are_refused() -> None:
    with pytest.raises(ValueError, match="101"):
        PointSums(1, 101)


def test_gaussian_noise_has_the_variance_of_its_share() -> None:
    assert Noise(Fraction(1, 2), 100, "rho").variance == 100**2
