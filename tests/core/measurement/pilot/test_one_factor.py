"""One factor with the pairs that share more, against R's lavaan 0.6-14 on public data.

bfi N: ``cfa("N =~ N1+N2+N3+N4+N5; N1 ~~ N2", bfi, ordered=TRUE, std.lv=TRUE)``, ``standardizedSolution``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tazuna.errors import TazunaError
from tazuna.intake.sources import open_source
from tazuna.measurement.item_table import item_table
from tazuna.measurement.pilot.one_factor import OneFactor, one_factor

LOADINGS = (0.700, 0.677, 0.858, 0.658, 0.588)
RESIDUAL = 0.551


def test_the_pair_that_says_the_same_is_found_and_the_others_are_as_lavaan_has_them(
    shared_data: Path,
) -> None:
    raw = open_source(shared_data / "bfi.csv")[0]
    answers = item_table(raw, [f"N{k}" for k in range(1, 6)]).answers
    found = one_factor(answers, ordered=True, residual=0.3)
    assert isinstance(found, OneFactor)
    assert [loading.value for loading in found.loadings] == pytest.approx(LOADINGS, abs=0.002)
    assert [loading.std_error for loading in found.loadings] == pytest.approx(
        (0.013, 0.013, 0.010, 0.013, 0.015), abs=0.001
    )
    (pair,) = found.pairs
    assert (pair.first, pair.second) == (0, 1)
    assert pair.residual == pytest.approx(RESIDUAL, abs=0.002)


def test_measurements_are_fitted_by_maximum_likelihood() -> None:
    rng = np.random.default_rng(3)
    loadings = np.array([0.9, 0.7, 0.6, 0.5])
    values = rng.standard_normal((4000, 1)) * loadings + rng.standard_normal((4000, 4)) * np.sqrt(
        1 - loadings**2
    )
    found = one_factor(-values, ordered=False, residual=0.3)
    assert isinstance(found, OneFactor)
    assert [loading.value for loading in found.loadings] == pytest.approx(loadings, abs=0.04)
    assert not found.pairs


def test_a_model_that_must_not_be_read_is_refused() -> None:
    # By one factor the first question would have 0.8² / 0.4 = 160% of its variance in common.
    correlations = np.array([[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]])
    values = np.random.default_rng(1).multivariate_normal(np.zeros(3), correlations, 500)
    found = one_factor(values, ordered=False, residual=0.3)
    assert isinstance(found, TazunaError)
    assert "variance" in found.text("en")
