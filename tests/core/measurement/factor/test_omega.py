"""Omega against R's psych and against what was built in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tazuna.measurement.factor.fit import fit_ml
from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.factor.omega import omega, one_factor_omega

from .conftest import values

REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")


@pytest.mark.parametrize(
    ("scale", "published"), [("A", 0.7229), ("C", 0.7312), ("E", 0.7640), ("N", 0.8190), ("O", 0.6168)]
)
def test_bfi_has_the_published_omega(personality: pl.DataFrame, scale: str, published: float) -> None:
    keyed = personality.with_columns((7 - pl.col(name)).alias(name) for name in REVERSED)
    own = [f"{scale}{i}" for i in range(1, 6)]
    correlations = pd.DataFrame(values(keyed.select(own))).corr().to_numpy()
    assert one_factor_omega(correlations).total == pytest.approx(published, abs=1e-4)


def test_two_questions_have_no_omega() -> None:
    with pytest.raises(FactorError):
        one_factor_omega(np.array([[1.0, 0.5], [0.5, 1.0]]))


def test_equal_correlations_make_omega_the_spearman_brown_formula() -> None:
    correlations = np.full((4, 4), 0.4) + np.diag(np.full(4, 0.6))
    assert one_factor_omega(correlations).total == pytest.approx(4 * 0.4 / (1 + 3 * 0.4), abs=1e-6)


def test_a_general_factor_and_its_groups_come_back() -> None:
    rng = np.random.default_rng(0)
    n, general = 20_000, rng.standard_normal(20_000)
    answers = np.column_stack(
        [
            0.6 * general + 0.5 * own + rng.standard_normal(n) * np.sqrt(1 - 0.61)
            for own in (rng.standard_normal(n) for _ in range(3))
            for _ in range(4)
        ]
    )
    names = [f"q{k}" for k in range(12)]
    text = f"g =~ {' + '.join(names)}\n" + "\n".join(
        f"s{b} =~ " + " + ".join(names[4 * b : 4 * b + 4]) for b in range(3)
    )
    fit = fit_ml([answers], names, parse_model(text, orthogonal=True))
    found = omega(fit, "g")
    whole = (12 * 0.6) ** 2 + 3 * (4 * 0.5) ** 2 + 12 * 0.39
    assert found.total == pytest.approx(1 - 12 * 0.39 / whole, abs=0.01)
    assert found.hierarchical == pytest.approx((12 * 0.6) ** 2 / whole, abs=0.02)
