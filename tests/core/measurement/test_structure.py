"""One factor behind a scale: against the published omega and lavaan's fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.reliability import pairwise_moments
from tazuna.measurement.structure import structure_of


def test_bfi_neuroticism_has_its_omega_and_loadings(shared_data: Path) -> None:
    codes = [f"N{i}" for i in range(1, 6)]
    found = structure_of(pairwise_moments(pl.read_csv(shared_data / "bfi.csv"), codes))
    assert found is not None
    assert found.omega == pytest.approx(0.8190, abs=5e-4)
    # lavaan 0.6-14, cfa(sample.cov = cov(bfi[N1:N5], use = "pairwise"), sample.nobs = 2680).
    assert list(found.loadings.values()) == pytest.approx([0.8186, 0.8051, 0.7179, 0.5540, 0.5007], abs=1e-4)
    assert (found.fit.cfi, found.fit.srmr) == pytest.approx((0.92388, 0.05658), abs=1e-4)
    assert found.fit.df == 5


def test_two_factors_in_one_scale_show_in_the_fit() -> None:
    rng = np.random.default_rng(1)
    halves = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], 3000)
    answers = np.repeat(halves, 3, axis=1) + rng.standard_normal((3000, 6))
    found = structure_of(pairwise_moments(pl.DataFrame(answers), [f"column_{k}" for k in range(6)]))
    assert found is not None
    assert found.fit.rmsea > 0.1
    assert found.fit.cfi < 0.9


@pytest.mark.parametrize("people", [2, 8])
def test_too_few_people_have_no_structure(people: int) -> None:
    answers = np.random.default_rng(0).standard_normal((people, 3))
    assert structure_of(pairwise_moments(pl.DataFrame(answers), [f"column_{k}" for k in range(3)])) is None


def test_questions_that_do_not_go_together_have_none_or_a_small_omega() -> None:
    answers = np.random.default_rng(3).standard_normal((500, 4))
    found = structure_of(pairwise_moments(pl.DataFrame(answers), [f"column_{k}" for k in range(4)]))
    assert found is None or found.omega < 0.4


def test_a_constant_question_has_no_structure() -> None:
    frame = pl.DataFrame(np.random.default_rng(3).standard_normal((500, 3))).with_columns(
        column_1=pl.lit(3.0)
    )
    assert structure_of(pairwise_moments(frame, [f"column_{k}" for k in range(3)])) is None
