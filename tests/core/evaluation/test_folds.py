"""Who is left out together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.evaluation.folds import draw_folds


@given(st.lists(st.booleans(), min_size=10, max_size=80), st.integers(0, 1000), st.integers(2, 6))
def test_folds_are_of_nearly_equal_size_with_nearly_equal_shares(flags, seed, count):
    treated = np.array(flags)
    folds = draw_folds(treated, np.random.default_rng(seed), count=count)
    for who in (treated, ~treated, np.ones(len(treated), dtype=bool)):
        sizes = np.bincount(folds[who], minlength=count)
        assert np.ptp(sizes) <= 1


def test_clusters_stay_whole():
    clusters = np.repeat(np.arange(30) * 7, 4)
    folds = draw_folds(np.arange(120) % 2 == 0, np.random.default_rng(1), clusters=clusters)
    assert all(len(set(folds[clusters == cluster])) == 1 for cluster in np.unique(clusters))
    assert np.bincount(folds).tolist() == [24] * 5


def test_the_same_seed_gives_the_same_folds_and_another_does_not():
    treated = np.arange(50) < 20
    first, again, other = (draw_folds(treated, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_one_fold_leaves_nobody_to_learn_from():
    with pytest.raises(ValueError, match="at least two"):
        draw_folds(np.arange(9) < 4, np.random.default_rng(1), count=1)
