"""The posterior over all areas against sums over a fine grid of all areas, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tazuna.measurement.adaptive.bank import Bank
from tazuna.measurement.adaptive.contents import AdaptiveError, Content
from tazuna.measurement.adaptive.posterior import area_posterior, area_scores
from tazuna.measurement.graded.items import Answers, Floats
from tazuna.measurement.graded.posterior import expected_scores

from .made_banks import made_bank, people_of

APPROXIMATION = 0.005
"""What replacing a likelihood by a normal curve may cost, in deviations of θ."""


@pytest.fixture(scope="module")
def two_areas() -> Bank:
    contents = tuple(
        Content(f"{area}{number}", f"{area}{number % 2}", area, (1, 2, 3, 4, 5))
        for area in "ab"
        for number in range(6)
    )
    return made_bank(contents, correlation=0.6, seed=4)


def by_brute_force(bank: Bank, given: Answers) -> tuple[Floats, Floats]:
    """Means and deviations of two areas by summing over 241 × 241 points."""
    theta = np.linspace(-6, 6, 241)
    table = np.log(bank.items.chances(theta))
    inverse = np.linalg.inv(bank.correlations)
    x, y = np.meshgrid(theta, theta, indexing="ij")
    prior = -(inverse[0, 0] * x**2 + 2 * inverse[0, 1] * x * y + inverse[1, 1] * y**2) / 2
    means, deviations = [], []
    for person in given:
        own = [
            sum(table[j, k] for j, k in enumerate(person) if k >= 0 and bank.area_at[j] == area) + 0 * theta
            for area in (0, 1)
        ]
        weights = np.exp(prior + own[0][:, None] + own[1][None, :])
        weights /= weights.sum()
        mean = np.array([(weights * x).sum(), (weights * y).sum()])
        square = np.array([(weights * x**2).sum(), (weights * y**2).sum()])
        means.append(mean)
        deviations.append(np.sqrt(square - mean**2))
    return np.array(means), np.array(deviations)


def test_means_and_errors_are_those_of_a_sum_over_both_areas(two_areas: Bank) -> None:
    _, complete = people_of(two_areas, 30)
    shown = np.random.default_rng(0).random(complete.shape) < 0.4
    given = np.where(shown, complete, -1).astype(np.int8)
    extreme = np.array([[4] * 6 + [-1] * 6, [0] * 12, [4] * 6 + [0] * 6, [-1] * 11 + [0]], np.int8)
    given = np.concatenate([given, extreme])
    means, errors = by_brute_force(two_areas, given)
    found = area_posterior(two_areas, given)
    assert np.abs(found.means - means).max() < APPROXIMATION
    assert np.abs(found.errors - errors).max() < APPROXIMATION


def test_without_answers_the_posterior_is_the_population(profile: Bank) -> None:
    found = area_posterior(profile, np.full((1, 39), -1, np.int8))
    assert found.means == pytest.approx(np.zeros((1, 5)))
    assert found.covariances[0] == pytest.approx(profile.correlations)


def test_unrelated_areas_are_scored_as_by_themselves(two_areas: Bank) -> None:
    bank = replace(two_areas, correlations=np.eye(2))
    _, complete = people_of(bank, 50)
    found = area_posterior(bank, complete)
    for area, columns in enumerate((slice(0, 6), slice(6, 12))):
        alone = expected_scores(bank.items.only(bank.items.codes[columns]), complete[:, columns].copy())
        assert found.means[:, area] == pytest.approx(alone.score, abs=1e-6)
        assert found.errors[:, area] == pytest.approx(alone.error, abs=1e-6)


def test_answers_on_one_area_tell_of_the_other(two_areas: Bank) -> None:
    given = np.array([[4] * 6 + [-1] * 6], np.int8)
    found = area_posterior(two_areas, given)
    assert found.means[0, 1] == pytest.approx(0.6 * found.means[0, 0])
    assert found.errors[0, 1] == pytest.approx(np.sqrt(1 - 0.36 + 0.36 * found.errors[0, 0] ** 2))


def test_a_person_is_scored_alike_alone_and_among_many(profile: Bank) -> None:
    _, complete = people_of(profile, 5000)
    answers = complete + 1.0
    together, alone = area_scores(profile, answers), area_scores(profile, answers[[4321]])
    assert together.score[4321] == pytest.approx(alone.score[0], abs=1e-9)
    assert together.error.shape == (5000, 5)


def test_nobody_has_no_scores(profile: Bank) -> None:
    assert area_scores(profile, np.empty((0, 39))).score.shape == (0, 5)


def test_scores_by_an_uncalibrated_bank_are_refused(profile: Bank) -> None:
    few = replace(profile, provenance=replace(profile.provenance, people=499))
    with pytest.raises(AdaptiveError, match="499"):
        area_scores(few, np.ones((1, 39)))
