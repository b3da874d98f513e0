"""Scores of single people, from which standard errors come, against differences of their log-likelihood."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.measurement.graded.items import Floats, GradedItems
from tazuna.measurement.graded.posterior import posterior_blocks
from tazuna.measurement.graded.std_errors import std_errors

from .conftest import answers_of, made_items

STEP = 1e-5


def _uneven() -> GradedItems:
    """Three questions of four categories and one of two."""
    whole = made_items(4)
    intercepts = whole.intercepts.copy()
    intercepts[3, 1:] = np.nan
    return GradedItems(whole.codes, (*whole.levels[:3], (1, 2)), whole.slopes, intercepts)


def _log_likelihoods(items: GradedItems, given: np.ndarray) -> Floats:
    """Of each person, straight from the definition over the same grid."""
    theta = np.linspace(-6, 6, 61)
    weight = np.exp(-(theta**2) / 2)
    chances = items.chances(theta)
    joint = np.tile(weight / weight.sum(), (len(given), 1))
    for column in range(given.shape[1]):
        answered = given[:, column] >= 0
        joint[answered] *= chances[column, given[answered, column]]
    return np.asarray(np.log(joint.sum(axis=1)))


def test_standard_errors_are_those_of_numerical_scores() -> None:
    items = _uneven()
    rng = np.random.default_rng(8)
    whole = made_items(4)
    given = (answers_of(whole, rng.standard_normal(800)) - 1).astype(np.int8)
    given[:, 3] = given[:, 3] >= 2
    given[rng.random(given.shape) < 0.2] = -1
    parameters = np.column_stack([items.slopes, items.intercepts])
    own = np.isfinite(parameters)
    scores = []
    for place in np.argwhere(own):
        sides = []
        for sign in (1, -1):
            moved = parameters.copy()
            moved[tuple(place)] += sign * STEP
            sides.append(
                _log_likelihoods(GradedItems(items.codes, items.levels, moved[:, 0], moved[:, 1:]), given)
            )
        scores.append((sides[0] - sides[1]) / (2 * STEP))
    together = np.array(scores)
    expected = np.sqrt(np.diag(np.linalg.inv(together @ together.T)))
    found = std_errors(items, given)
    assert found[own] == pytest.approx(expected, rel=1e-6)
    assert np.isnan(found[~own]).all()


def test_a_posterior_far_from_the_middle_keeps_its_shape() -> None:
    items = made_items(40)
    highest = np.full((1, 40), 3, np.int8)
    posterior = next(posterior_blocks(items, highest))[1][0]
    theta = np.linspace(-6, 6, 61)
    joint = np.exp(-(theta**2) / 2) * items.chances(theta)[:, 3].prod(axis=0)
    assert posterior == pytest.approx(joint / joint.sum(), rel=1e-9, abs=1e-15)
