"""Quartiles that are a mixture of all values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.mstats import hdquantiles

from tazuna.disclosure.noisy_means import NoisyMean
from tazuna.disclosure.smooth_quartiles import QUARTILES, quartile_weights, smooth_quartile


def found(mean: float, std_error: float = 1.0) -> NoisyMean:
    return NoisyMean(500, mean, mean - 2, mean + 2, std_error)


@given(st.lists(st.floats(0, 100), min_size=6, max_size=40), st.sampled_from(sorted(QUARTILES)))
def test_quartiles_are_those_of_harrell_and_davis(means: list[float], quartile: str) -> None:
    part = QUARTILES[quartile]  # type: ignore[index]
    theirs = float(hdquantiles(means, prob=[part])[0])
    assert smooth_quartile([found(mean) for mean in means], part).value == pytest.approx(theirs, abs=0.51)


@pytest.mark.parametrize("count", [6, 7, 12, 40])
def test_no_company_weighs_more_than_four_tenths(count: int) -> None:
    for part in QUARTILES.values():
        weights = quartile_weights(count, part)
        assert weights.sum() == pytest.approx(1)
        assert weights.max() < 0.4


def test_the_interval_grows_with_the_noise_and_stays_between_0_and_100() -> None:
    narrow = smooth_quartile([found(50 + n) for n in range(8)], 0.5)
    wide = smooth_quartile([found(50 + n, 400.0) for n in range(8)], 0.5)
    assert (wide.lower, wide.upper) == (0, 100)
    assert 0 < narrow.upper - narrow.lower < 6
