"""Maximum likelihood of the chance of taking part."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.public_data import columns, nsw

from tazuna.evaluation.logit import Logit, logit
from tazuna.evaluation.refusal import Refusal


def test_the_score_is_zero_and_the_covariance_is_its_derivative():
    people = nsw()
    x = np.column_stack([np.ones(445), columns(people, "age educ black nodegree re74")])
    d = people["treat"].to_numpy().astype(float)
    found = logit(d, x)
    assert isinstance(found, Logit)
    score = (x.T @ (d - found.chances)) / np.abs(x).sum(axis=0)
    assert score == pytest.approx(np.zeros(6), abs=1e-10)
    spread = found.chances * (1 - found.chances)
    assert np.linalg.inv((x.T * spread) @ x) == pytest.approx(found.inverse, rel=1e-5)


def test_one_binary_covariate_gives_the_log_odds():
    x = np.column_stack([np.ones(100), np.arange(100) < 40])
    d = (np.arange(100) % 4 == 0) | (np.arange(100) % 10 == 1)
    found = logit(d.astype(float), x.astype(float))
    assert isinstance(found, Logit)
    shares = d[:40].mean(), d[40:].mean()
    odds = [np.log(share / (1 - share)) for share in shares]
    assert found.coefficients == pytest.approx([odds[1], odds[0] - odds[1]])
    assert found.predict(np.array([[1.0, 1.0]])) == pytest.approx([shares[0]])


def test_covariates_that_tell_the_sides_apart_are_refused():
    x = np.column_stack([np.ones(50), np.arange(50.0)])
    refusal = logit((np.arange(50) >= 25).astype(float), x)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_overlap"
