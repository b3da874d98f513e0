"""The bandwidth of Imbens & Kalyanaraman."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.evaluation.bandwidth import best_bandwidth, triangular


def bent(rng: np.random.Generator, n: int, curve: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    r = rng.uniform(-1, 1, n)
    return 0.5 * (r >= 0) + curve * r**2 * np.sign(r) + 0.5 * rng.normal(size=n), r


def test_it_comes_near_the_best_of_a_known_curve():
    """C_K [2σ²/(f·Δ²)]^(1/5) n^(-1/5) with σ² = .25, f = .5 and Δ = 16, less what the guard r takes."""
    y, r = bent(np.random.default_rng(1), 20_000)
    best = 3.4375 * (0.5 / (0.5 * 16**2)) ** 0.2 * 20_000**-0.2
    assert best_bandwidth(y, r) == pytest.approx(best, rel=0.15)


def test_more_people_make_it_narrower_and_less_curvature_wider():
    rng = np.random.default_rng(2)
    few, many = (best_bandwidth(*bent(rng, n)) for n in (300, 10_000))
    straight = best_bandwidth(*bent(rng, 10_000, curve=0.0))
    assert many < few
    assert many < straight <= 1


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 100), st.floats(0.01, 1000), st.floats(-50, 50))
def test_it_scales_with_the_score_and_not_with_the_outcome(unit, stretch, shift):
    y, r = bent(np.random.default_rng(3), 400)
    assert best_bandwidth(y * stretch + shift, r * unit) == pytest.approx(
        best_bandwidth(y, r) * unit, rel=1e-6
    )


def test_mirrored_scores_have_the_same_bandwidth():
    y, r = bent(np.random.default_rng(4), 400)
    assert best_bandwidth(y, -r) == pytest.approx(best_bandwidth(y, r), rel=1e-9)


def test_the_kernel_falls_to_zero_at_the_bandwidth():
    assert triangular(np.array([-3.0, -1.0, 0.0, 1.0, 2.0]), 2.0).tolist() == [0.0, 0.5, 1.0, 0.5, 0.0]
