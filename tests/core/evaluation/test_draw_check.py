"""Whether the draw decided alone: a fair draw passes, a draw that somebody touched does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.core.evaluation.made_arrays import lottery

from tazuna.evaluation.draw_check import draw_balance, draw_balance_p
from tazuna.evaluation.lottery_sample import lottery_sample


def test_fair_draws_pass_as_often_as_they_should() -> None:
    found = []
    for seed in range(60):
        arrays = lottery(seed, applicants=60, places=8, redraws=199)
        sample = lottery_sample(arrays)
        known = np.column_stack([arrays.covariates.x, arrays.outcome.baseline])[sample.rows]
        found.append(draw_balance_p(sample.offers, known, sample.plain_controls, None))
    assert None not in found
    low = sum(p <= 0.1 for p in found if p is not None)
    assert low <= 14  # Binomial(60, .1) exceeds 14 once in a thousand.


def test_places_for_the_keen_show() -> None:
    arrays = lottery(1, applicants=120, places=15, redraws=499)
    sample = lottery_sample(arrays)
    keen = sample.offers.offered + 0.3 * np.random.default_rng(1).normal(size=len(sample.y))
    p = draw_balance_p(sample.offers, keen[:, None], sample.plain_controls, None)
    assert p is not None
    assert p <= 0.01


def test_nothing_that_varies_cannot_be_tested() -> None:
    arrays = lottery(1, applicants=60, places=8, redraws=99)
    sample = lottery_sample(arrays)
    flat = np.ones((len(sample.y), 1))
    assert draw_balance_p(sample.offers, flat, sample.plain_controls, None) is None


def test_weighted_groups_stand_for_the_same_people_as_the_estimate() -> None:
    arrays = lottery(2, redraws=999)
    sample = lottery_sample(arrays)
    found = draw_balance(sample.offers, sample.offers.chance[:, None], ("chance",))
    assert abs(found.covariates[0].difference_after) < 0.2
    chance = sample.offers.chance
    target = np.average(chance, weights=chance * (1 - chance))
    assert abs(found.covariates[0].mean_treated_weighted - target) < 0.01


def test_missing_answers_and_refusals_to_consent_leave_the_sample() -> None:
    arrays = lottery(2, missing=0.2, redraws=99)
    consenting = np.arange(240) % 2 == 0
    sample = lottery_sample(replace(arrays, consenting=consenting))
    assert np.isfinite(sample.y).all()
    assert not sample.rows[~consenting].any()
