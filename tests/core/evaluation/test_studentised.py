"""Many assignments at once give what one regression each gives."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.evaluation.regression import Fit, least_squares
from tazuna.evaluation.studentised import studentised


@pytest.mark.parametrize("kind", ["hc2", "hc3", "cr1"])
@pytest.mark.parametrize("weighted", [False, True])
def test_each_assignment_gives_the_numbers_of_its_own_regression(kind, weighted):
    rng = np.random.default_rng(8)
    n = 70
    controls = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    outcomes = controls @ rng.normal(size=(3, 2)) + rng.standard_t(4, size=(n, 2))
    assignments = (rng.random((5, n)) < 0.4).astype(float) - 0.4
    clusters = rng.integers(9, size=n)
    weights = rng.uniform(0.5, 2, n) if weighted else None
    many = studentised(outcomes, assignments, controls, covariance=kind, clusters=clusters, weights=weights)
    for row, d in enumerate(assignments):
        for column, y in enumerate(outcomes.T):
            one = least_squares(
                y,
                np.column_stack([controls, d]),
                list("abcd"),
                covariance=kind,
                clusters=clusters,
                weights=weights,
            )
            assert isinstance(one, Fit)
            assert many.coefficients[row, column] == pytest.approx(one.coefficient("d"))
            assert many.std_errors[row, column] == pytest.approx(one.std_error("d"))


def test_an_assignment_that_the_controls_explain_gives_nothing():
    rng = np.random.default_rng(1)
    controls = np.ones((20, 1))
    found = studentised(rng.normal(size=(20, 1)), np.ones((1, 20)), controls)
    assert np.isnan(found.statistics).all()
