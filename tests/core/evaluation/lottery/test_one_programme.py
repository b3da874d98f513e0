"""One programme against what people get instead of it, and against no place."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.lottery.two_programmes import two_programmes

from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.lottery.draws import Draws, Offers
from tazuna.evaluation.lottery.one_programme import effect_against_no_place, fallback_mix
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.lottery.two_exposures import two_exposures
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.studentised import studentised

FIRST = np.array([True, False])


def against_no_place(y, program, elsewhere):
    return effect_against_no_place(y, program, elsewhere, *main_controls(program.chance))


def test_the_mix_is_where_each_person_goes_in_redraws_without_the_programme():
    held = np.array([[0, 1, -1], [0, -1, 2], [1, 0, -1], [2, 0, 1], [1, 2, -1]], dtype=np.int32)
    draws = Draws(np.arange(3), np.zeros(3, np.int64), ("r",), ("a", "b", "c"), held[0], held)
    mix = fallback_mix(draws, np.array([True, False, False]), np.ones(3, bool))
    # Persons 0 and 1: p = 2/5 each; without a: b, c, b and b, none, c. Person 2 is never at risk.
    assert mix == pytest.approx({"b": 3 / 6, "c": 2 / 6, "": 1 / 6})
    assert list(mix) == ["b", "c", ""]
    only_second = fallback_mix(draws, np.array([True, False, False]), np.array([False, True, False]))
    assert only_second == pytest.approx({"": 1 / 3, "b": 1 / 3, "c": 1 / 3})


def test_the_mix_weights_people_by_their_chance_both_ways():
    made = two_programmes(8, people=40, draws=150)
    draws = made.draws(0)
    rows = np.arange(40) % 3 > 0
    chance = made.first.mean(axis=0)
    expected = {"": 0.0, "second": 0.0}
    total = 0.0
    for person in np.flatnonzero(rows & (chance > 0) & (chance < 1)):
        missed = draws.redrawn[~made.first[:, person], person]
        weight = chance[person] * (1 - chance[person])
        expected["second"] += weight * (missed == 1).mean()
        expected[""] += weight * (missed == -1).mean()
        total += weight
    mix = fallback_mix(draws, FIRST, rows)
    assert mix == pytest.approx({name: share / total for name, share in expected.items()})
    assert sum(mix.values()) == pytest.approx(1)


def test_nobody_at_risk_has_no_mix():
    held = np.zeros((4, 3), dtype=np.int32)
    draws = Draws(np.arange(3), np.zeros(3, np.int64), ("r",), ("a", "b"), held[0], held)
    assert fallback_mix(draws, FIRST, np.ones(3, bool)) == {}


def test_against_no_place_is_right_where_the_programme_alone_mixes_in_the_others():
    made = two_programmes(6, people=400, draws=200)
    y = made.without / 20 + 1.0 * made.first[3] + 4.0 * made.second[3]
    program, elsewhere = made.offers(3)
    alone = lottery_effect(y, program, *main_controls(program.chance))
    assert isinstance(alone, LotteryEffect)
    mix = fallback_mix(made.draws(3), FIRST, program.at_risk)
    assert alone.estimate.estimate == pytest.approx(1.0 - 4.0 * mix["second"], abs=0.25)
    found = against_no_place(y, program, elsewhere)
    assert isinstance(found, Estimate)
    assert found.estimate == pytest.approx(1.0, abs=0.25)
    assert found.lower < 1.0 < found.upper
    assert found.inference == "redraws"
    assert found.n_comparison == (~made.first[3] & ~made.second[3]).sum()


def test_a_programme_without_effect_is_rejected_in_at_most_5_of_100_and_far_more_often_by_itself():
    """Others raise the outcome by half a deviation, which the programme's own test takes for its effect."""
    made = two_programmes(1, people=120, draws=1000)
    rng = np.random.default_rng(7)
    lotteries = rng.choice(1000, 100, replace=False)
    without = made.without + 6 * rng.normal(size=(100, 120))
    y = without + 0.5 * without.std() * made.second[lotteries]
    # Each lottery is one of the redraws, so one table holds all statistics of the programme by itself.
    controls = main_controls(made.first.mean(axis=0))[0]
    alone = np.abs(studentised(y.T, made.first, controls).statistics)
    naive = ((alone >= alone[lotteries, np.arange(100)]).mean(axis=0) <= 0.05).mean()
    ours = np.mean([p_value(made, number, of) <= 0.05 for number, of in zip(lotteries, y, strict=True)])
    # Three Monte-Carlo errors: .05 + 3·√(.05·.95/100) = .115.
    assert ours <= 0.115
    assert naive >= 0.08
    assert naive > 2 * ours


def p_value(made, number, y):
    return two_exposures(
        y,
        (made.first[number], made.second[number]),
        lambda part: (made.first[part], made.second[part]),
        len(made.first),
        made.controls,
    ).p_value()


def test_without_other_places_it_is_the_effect_of_the_offer_itself():
    made = two_programmes(4, people=60, draws=200)
    program, _ = made.offers(0)
    nothing = Offers(np.zeros(60, bool), np.zeros_like(made.second))
    plain = lottery_effect(made.without, program, *main_controls(program.chance))
    assert isinstance(plain, LotteryEffect)
    assert against_no_place(made.without, program, nothing) == plain.estimate


def test_where_everybody_else_gets_another_place_there_is_no_number():
    made = two_programmes(4, people=60, draws=200)
    program, _ = made.offers(0)
    found = against_no_place(made.without, program, Offers(~program.offered, ~program.redrawn))
    assert isinstance(found, Refusal)
    assert found.code == "nobody_without_place"


def test_too_little_information_beside_the_others_is_refused():
    made = two_programmes(4, people=24, draws=300)
    found = against_no_place(made.without, *made.offers(5))
    assert isinstance(found, Refusal)
    assert found.code == "places_move_together"


def test_a_draw_of_no_place_of_the_programme_is_refused():
    made = two_programmes(4, people=60, draws=200)
    program, elsewhere = made.offers(0)
    found = against_no_place(made.without, Offers(np.zeros(60, bool), program.redrawn), elsewhere)
    assert isinstance(found, Refusal)
    assert found.code == "nobody_offered"
