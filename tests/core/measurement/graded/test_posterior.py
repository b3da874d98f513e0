"""Scores of people: against a plain sum over the grid, and against the θ that made the answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.measurement.graded.information import form_error, item_information
from tazuna.measurement.graded.items import GradedItems, as_categories
from tazuna.measurement.graded.population import Populations, grid
from tazuna.measurement.graded.posterior import expected_scores, plausible_values

from .conftest import answers_of, made_items


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-1, 3), min_size=8, max_size=8))
def test_a_score_is_the_mean_of_the_posterior(answers: list[int]) -> None:
    questions, theta = made_items(), grid()
    chances = questions.chances(theta)
    weight = np.exp(-(theta**2) / 2)
    for question, answer in enumerate(answers):
        if answer >= 0:
            weight = weight * chances[question, answer]
    weight /= weight.sum()
    found = expected_scores(questions, np.array([answers], np.int8))
    assert found.score[0] == pytest.approx(weight @ theta, abs=1e-9)
    assert found.error[0] == pytest.approx(np.sqrt(weight @ theta**2 - (weight @ theta) ** 2), abs=1e-9)


def test_scores_are_right_on_average_and_their_errors_honest(questions: GradedItems) -> None:
    theta = np.random.default_rng(0).standard_normal(4000)
    given_answers = as_categories(answers_of(questions, theta), questions.levels)
    found = expected_scores(questions, given_answers)
    z = (found.score - theta) / found.error
    assert abs(z.mean()) < 0.06
    assert z.std() == pytest.approx(1, abs=0.05)
    assert found.reliability == pytest.approx(np.corrcoef(found.score, theta)[0, 1] ** 2, abs=0.03)


def test_plausible_values_keep_a_spread_that_expected_scores_lose(questions: GradedItems) -> None:
    shifted = 0.5 + 0.8 * np.random.default_rng(0).standard_normal(4000)
    given_answers = as_categories(answers_of(questions, shifted), questions.levels)
    population = Populations(np.array([0.5]), np.array([0.8]))
    values = plausible_values(questions, given_answers, 5, np.random.default_rng(1), population)
    assert values.shape == (5, 4000)
    assert values.mean() == pytest.approx(0.5, abs=0.04)
    assert values.std(axis=1).mean() == pytest.approx(0.8, abs=0.03)
    assert expected_scores(questions, given_answers, population).score.std() < 0.75


def test_nobody_to_score_gives_empty_scores(questions: GradedItems) -> None:
    nobody = np.empty((0, 8), np.int8)
    assert expected_scores(questions, nobody).score.shape == (0,)
    assert plausible_values(questions, nobody, 2, np.random.default_rng(0)).shape == (2, 0)


def test_information_is_the_variance_of_the_score(questions: GradedItems) -> None:
    theta, step = np.linspace(-2, 2, 9), 1e-5
    chances = questions.chances(theta)
    slope = (questions.chances(theta + step) - questions.chances(theta - step)) / (2 * step)
    assert item_information(questions, theta) == pytest.approx((slope**2 / chances).sum(axis=1), rel=1e-6)
    assert (form_error(questions, theta) < form_error(questions.only(("q0", "q1")), theta)).all()


def test_an_answer_that_is_no_level_is_refused(questions: GradedItems) -> None:
    with pytest.raises(ValueError, match="question 1"):
        as_categories(np.array([[1.0, 9.0]]), questions.levels[:2])
