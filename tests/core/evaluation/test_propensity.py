"""Chances and expected outcomes learned on other people."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.comparison_groups import trained_and_surveyed, volunteers

from tazuna.evaluation.folds import draw_folds
from tazuna.evaluation.logit import Logit, logit
from tazuna.evaluation.propensity import cross_fitted_chances, cross_fitted_outcomes


def test_chances_are_those_of_a_logistic_regression_on_the_other_folds():
    people = volunteers(np.random.default_rng(1), 400)
    folds = draw_folds(people.treated, np.random.default_rng(2))
    found = cross_fitted_chances(people.treated, people.x, folds)
    columns = np.column_stack([np.ones(400), people.x])
    for fold in range(5):
        held = folds == fold
        other = logit(people.treated[~held].astype(float), columns[~held])
        assert isinstance(other, Logit)
        assert found[held] == pytest.approx(other.predict(columns[held]), abs=1e-6)


def test_outcomes_are_those_of_least_squares_on_one_side_of_the_other_folds():
    people = volunteers(np.random.default_rng(1), 400)
    folds = draw_folds(people.treated, np.random.default_rng(2))
    found = cross_fitted_outcomes(people.y, ~people.treated, people.x, folds)
    columns = np.column_stack([np.ones(400), people.x])
    for fold in range(5):
        learn = (folds != fold) & ~people.treated
        beta = np.linalg.lstsq(columns[learn], people.y[learn], rcond=None)[0]
        assert found[folds == fold] == pytest.approx(columns[folds == fold] @ beta, abs=1e-6)


def test_a_column_that_tells_for_certain_gives_chances_near_zero_and_one_not_a_crash():
    x = np.arange(100.0)[:, None]
    treated = x[:, 0] >= 50
    found = cross_fitted_chances(treated, x, np.arange(100) % 5)
    assert found[:45].max() < 0.01
    assert found[55:].min() > 0.99


def test_very_different_groups_do_not_make_the_steps_run_away():
    people = trained_and_surveyed("u74 u75")
    folds = draw_folds(people.treated, np.random.default_rng(3))
    chances = cross_fitted_chances(people.treated, people.x, folds)
    # The mean chance is the share treated, as in every logistic regression with a constant.
    assert chances.mean() == pytest.approx(people.treated.mean(), rel=0.02)
    assert chances[people.treated].mean() > 30 * chances[~people.treated].mean()


def test_a_column_that_does_not_vary_outside_a_fold_changes_nothing_else():
    people = volunteers(np.random.default_rng(4), 200)
    folds = draw_folds(people.treated, np.random.default_rng(5))
    rare = np.zeros(200)
    rare[np.flatnonzero(folds == 0)[:3]] = 1.0
    held = (folds == 0) & (rare == 0)
    plain = cross_fitted_outcomes(people.y, ~people.treated, people.x, folds)
    found = cross_fitted_outcomes(people.y, ~people.treated, np.column_stack([people.x, rare]), folds)
    assert found[held] == pytest.approx(plain[held], abs=1e-5)
