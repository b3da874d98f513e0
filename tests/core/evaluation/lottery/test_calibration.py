"""The comparison group held against the lottery on the same people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tazuna.evaluation.effect import Calibration
from tazuna.evaluation.folds import draw_folds
from tazuna.evaluation.lottery.calibration import calibration
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.refusal import Refusal


@dataclass
class Crowded:
    """Keen people choose the programme that fewer want, so they get places more often."""

    keen: np.ndarray
    redrawn: np.ndarray
    noise: np.ndarray

    def y(self, number: int, effect: float = 3.0) -> np.ndarray:
        return 50 + 5 * self.keen + self.noise + effect * self.redrawn[number]

    def offers(self, number: int) -> Offers:
        return Offers(self.redrawn[number], self.redrawn)

    def folds(self, number: int) -> np.ndarray:
        return draw_folds(self.redrawn[number], np.random.default_rng(number))


def crowded(seed: int, people: int = 240, draws: int = 150) -> Crowded:
    rng = np.random.default_rng(seed)
    keen = rng.normal(size=people)
    easy = keen + rng.normal(size=people) > 0
    redrawn = np.zeros((draws, people), bool)
    for rows, share in ((np.flatnonzero(easy), 0.65), (np.flatnonzero(~easy), 0.25)):
        lots = rng.random((draws, len(rows))).argsort(axis=1).argsort(axis=1)
        redrawn[:, rows] = lots < share * len(rows)
    return Crowded(keen, redrawn, 4 * rng.normal(size=people))


def calibrated(made, number, x, clusters=None):
    found = calibration(
        made.y(number),
        made.offers(number),
        x[:, None],
        ("x",),
        folds=made.folds(number),
        baseline=made.keen,
        clusters=clusters,
    )
    assert isinstance(found, Calibration)
    return found


def test_a_comparison_that_knows_what_matters_agrees_and_one_that_does_not_is_too_high():
    made = crowded(1, people=400)
    unrelated = np.random.default_rng(5).normal(size=400)
    knowing = [calibrated(made, number, made.keen).difference for number in range(12)]
    blind = [calibrated(made, number, unrelated).difference for number in range(12)]
    assert abs(np.mean([found.estimate for found in knowing])) < 0.3
    assert np.mean([found.estimate for found in blind]) > 1.0
    assert sum(found.lower <= 0 <= found.upper for found in knowing) >= 10
    assert sum(found.lower > 0 for found in blind) >= 8


def test_the_difference_is_that_of_the_two_estimates_and_its_error_theirs_together():
    made = crowded(2)
    found = calibrated(made, 3, made.keen)
    assert found.difference.estimate == pytest.approx(found.adjusted.estimate - found.lottery.estimate)
    # Both use the same answers, so they go up and down together.
    apart = np.hypot(found.adjusted.std_error, found.lottery.std_error)
    assert found.difference.std_error < 0.7 * apart
    assert found.difference.inference == "normal"


def test_its_error_is_the_spread_over_draws():
    made = crowded(3, people=120, draws=100)
    unrelated = np.random.default_rng(6).normal(size=120)
    found = [calibrated(made, number, unrelated).difference for number in range(40)]
    spread = np.std([part.estimate for part in found], ddof=1)
    told = np.mean([part.std_error for part in found])
    # The draw alone varies here, and the standard error also allows for other people.
    assert 0.8 * spread < told < 2.5 * spread


def test_both_speak_of_the_same_people():
    made = crowded(4)
    found = calibrated(made, 0, made.keen)
    assert found.lottery.n_treated == found.adjusted.n_treated
    assert found.lottery.n_comparison == found.adjusted.n_comparison


def test_where_the_overlap_keeps_everybody_the_lottery_is_the_main_estimate():
    made = crowded(5)
    unrelated = np.random.default_rng(7).normal(size=240)
    found = calibrated(made, 1, unrelated)
    assert found.lottery.n_treated + found.lottery.n_comparison == 240
    offers = made.offers(1)
    main = lottery_effect(made.y(1), offers, *main_controls(offers.chance, None, made.keen))
    assert isinstance(main, LotteryEffect)
    assert found.lottery == main.estimate


def test_too_few_people_for_the_comparison_are_refused():
    made = crowded(6, people=16)
    found = calibration(made.y(0), made.offers(0), made.keen[:, None], ("keen",), folds=made.folds(0))
    assert isinstance(found, Refusal)
