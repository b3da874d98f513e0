"""Scores nudged across a cut-off."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.evaluation.score_density import DensityJump, density_jump


def scores(rng: np.random.Generator, n: int, grid: float = 0.0, nudged: float = 0.0) -> np.ndarray:
    distance = rng.normal(0, 10, n) - 3
    distance = np.round(distance / grid) * grid if grid else distance
    return np.where((distance < 0) & (distance > -2) & (rng.random(n) < nudged), distance + 2, distance)


@pytest.mark.parametrize("grid", [0.0, 0.1, 1.0])
def test_honest_scores_rarely_look_nudged(grid):
    rng = np.random.default_rng(1)
    found = [density_jump(scores(rng, 600, grid)) for _ in range(200)]
    alarms = np.mean([one.p_value < 0.05 for one in found if one is not None])
    # Three binomial deviations about 5% of 200, and the test's own coarseness on a grid.
    assert alarms < 0.11
    assert sum(one is None for one in found) < 20


def test_nudged_scores_are_found_with_the_right_sign():
    found = density_jump(scores(np.random.default_rng(2), 800, nudged=0.6))
    assert isinstance(found, DensityJump)
    assert found.p_value < 0.001
    assert found.log_difference > 0


def test_the_jump_of_a_known_step_is_found():
    """Twice as many on each stretch above as below: ln 2."""
    rng = np.random.default_rng(3)
    n = 20_000
    distance = np.where(rng.random(n) < 2 / 3, rng.uniform(0, 1, n), rng.uniform(-1, 0, n))
    found = density_jump(distance)
    assert isinstance(found, DensityJump)
    assert found.log_difference == pytest.approx(np.log(2), abs=4 * found.std_error)


def test_the_unit_of_the_score_does_not_matter():
    distance = scores(np.random.default_rng(4), 500)
    one, other = density_jump(distance), density_jump(distance * 100)
    assert isinstance(one, DensityJump)
    assert isinstance(other, DensityJump)
    assert other.log_difference == pytest.approx(one.log_difference)
    assert other.p_value == pytest.approx(one.p_value)


@pytest.mark.parametrize("distance", [np.zeros(50), np.repeat([-2.0, -1.0, 0.0, 1.0], 20), np.arange(40.0)])
def test_too_few_different_scores_say_nothing(distance):
    assert density_jump(distance) is None
