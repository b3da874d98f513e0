"""Influence functions against leaving one out, and double robustness."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.two_by_two import TwoByTwo, two_by_two


def drawn(seed: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    treated = rng.random(n) < 1 / (1 + np.exp(-(x @ [-0.5, 0.8, -0.4])))
    change = x @ [[0.2, 1.0], [1.0, 0.5], [0.5, 0.0]] + rng.normal(size=(n, 2)) + 0.4 * treated[:, None]
    return change, treated, x


def estimated(*data: np.ndarray, method: str) -> TwoByTwo:
    found = two_by_two(*data, method)
    assert isinstance(found, TwoByTwo)
    return found


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_the_influence_of_a_unit_is_what_leaving_it_out_changes(method):
    change, treated, x = drawn(1, 400)
    full = estimated(change, treated, x, method=method)
    left_out = np.array(
        [
            estimated(*(np.delete(part, i, axis=0) for part in (change, treated, x)), method=method).att
            for i in range(60)
        ]
    )
    by_leaving_out = 399 * (full.att - left_out)
    assert full.influence.mean(axis=0) == pytest.approx([0, 0], abs=1e-9)
    # Leaving one of 400 out is a finite step, so the two agree to a few percent; a forgotten term is 20% off.
    error = np.linalg.norm(by_leaving_out - full.influence[:60]) / np.linalg.norm(full.influence[:60])
    assert error < 0.06


def test_doubly_robust_is_right_when_one_of_the_models_is_wrong():
    change, treated, x = drawn(2, 40_000)
    bent = np.column_stack([x, x[:, 1] ** 2])
    curved = change + 0.8 * x[:, 1:2] ** 2
    for shown, columns in ((curved, bent), (change, x), (curved, x)):
        found = estimated(shown, treated, columns, method="dr")
        # In the last case the regression is wrong and the logit right.
        assert found.att == pytest.approx([0.4, 0.4], abs=0.06)
    wrong = estimated(curved, treated, x, method="reg")
    assert abs(wrong.att - 0.4).min() > 0.06


def test_a_comparison_unit_that_was_almost_certain_to_start_is_refused():
    change, treated, x = drawn(3, 200)
    x[:, 1] += 12 * treated
    refusal = two_by_two(change, treated, x, "dr")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_overlap"
