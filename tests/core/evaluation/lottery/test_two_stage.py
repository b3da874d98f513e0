"""The effect of taking part and of an hour: two-stage least squares, bounded as far as the draw allows."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.lottery.made_lotteries import made

from tazuna.evaluation.effect import FirstStage
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.lottery.two_stage import TwoStage, first_stage, two_stage_effect
from tazuna.evaluation.refusal import Refusal

EFFECT = 5.0


@pytest.fixture
def lottery():
    """Outcome, who took part, offers, controls and names: four of five with an offer take it up."""
    market = made(4, people=120)
    offers = market.offers(market.draws[0])
    willing = np.random.default_rng(1).random(len(market.without)) < 0.8
    part = offers.offered & willing
    controls, names = main_controls(offers.chance)
    return market.without + EFFECT * part, part, offers, controls, names


def computed(y, exposure, *rest, **options) -> TwoStage:
    found = two_stage_effect(y, exposure * 1.0, *rest, **options)
    assert isinstance(found, TwoStage), found
    return found


def test_the_estimate_is_two_stage_least_squares(lottery):
    """By its textbook formula: Z'(Y - Xb) = 0 with the offer as instrument, HC2 of the second stage."""
    y, part, offers, controls, names = lottery
    found = computed(y, part, offers, controls, names)
    z, x = (np.column_stack([controls, column]).astype(float) for column in (offers.offered, part))
    b = np.linalg.solve(z.T @ x, z.T @ y)
    residual = y - x @ b
    leverage = np.einsum("ij,jk,ik->i", z, np.linalg.inv(z.T @ z), z)
    bread = np.linalg.inv(z.T @ x)
    covariance = bread @ (z.T * (residual**2 / (1 - leverage))) @ z @ bread.T
    assert found.estimate.estimate == pytest.approx(b[-1])
    assert found.estimate.std_error == pytest.approx(covariance[-1, -1] ** 0.5)


def test_it_is_the_effect_of_the_offer_over_what_the_offer_moves(lottery):
    y, part, offers, controls, names = lottery
    of_offer = lottery_effect(y, offers, controls, names)
    assert isinstance(of_offer, LotteryEffect)
    found = computed(y, part, offers, controls, names)
    assert found.estimate.estimate == pytest.approx(of_offer.estimate.estimate / found.moved)
    assert found.estimate.p_value == pytest.approx(of_offer.estimate.p_value)
    stage = first_stage(part, offers, controls, names)
    assert isinstance(stage, FirstStage)
    assert stage.estimate.estimate == pytest.approx(found.moved)
    assert stage.offered_share == pytest.approx(part[offers.offered].mean())
    assert stage.not_offered_share == 0


def test_an_hour_has_its_share_of_the_effect(lottery):
    """If everybody puts in 20 hours, an hour has a twentieth of the effect of taking part, ends included."""
    y, part, *rest = lottery
    whole, hour = computed(y, part, *rest).estimate, computed(y, part * 20, *rest).estimate
    assert (hour.estimate, hour.lower, hour.upper) == pytest.approx(
        (whole.estimate / 20, whole.lower / 20, whole.upper / 20)
    )


def test_over_many_lotteries_the_interval_of_taking_part_covers_its_effect():
    """Keener people also take up more; some without an offer get in later."""
    market = made(6, draws=300)
    controls, names = main_controls(market.draws.mean(axis=0))
    rng = np.random.default_rng(3)
    takes_up = rng.random(len(market.keen)) < 0.6 + 0.2 * (market.keen > 0)
    gets_in_anyway = takes_up & (rng.random(len(market.keen)) < 0.15)
    found, covered = [], []
    for drawn in market.draws[:120]:
        part = np.where(drawn, takes_up, gets_in_anyway)
        y = market.without + EFFECT * part
        one = computed(y, part, market.offers(drawn), controls, names)
        found.append(one.estimate.estimate)
        covered.append(one.inversion.p_value(EFFECT) > 0.05)
    assert abs(np.median(found) - EFFECT) < 4 * np.std(found) / len(found) ** 0.5
    assert 0.89 <= np.mean(covered) <= 0.99


def test_an_offer_that_hardly_moves_anybody_leaves_the_effect_unbounded():
    market = made(4)
    offers = market.offers(market.draws[0])
    rng = np.random.default_rng(13)
    part = rng.random(len(market.keen)) < 0.35 + 0.1 * offers.offered
    controls, names = main_controls(offers.chance)
    found = computed(market.without, part, offers, controls, names).estimate
    assert (found.lower, found.upper) == (-np.inf, np.inf)
    assert not found.is_bounded
    stage = first_stage(part, offers, controls, names)
    assert isinstance(stage, FirstStage)
    assert stage.estimate.p_value > 0.05
    assert stage.estimate.estimate > 0


def test_where_exactly_those_with_an_offer_take_part_the_first_stage_has_no_error(lottery):
    y, _, offers, controls, names = lottery
    stage = first_stage(offers.offered, offers, controls, names)
    assert isinstance(stage, FirstStage)
    assert (stage.estimate.estimate, stage.estimate.lower, stage.estimate.upper) == (1, 1, 1)
    # The draw itself is the first of the redraws here.
    assert stage.estimate.p_value == pytest.approx(2 / 601)
    of_offer = lottery_effect(y, offers, controls, names)
    assert isinstance(of_offer, LotteryEffect)
    assert computed(y, offers.offered, offers, controls, names).estimate == of_offer.estimate


def test_people_in_two_rounds_are_clusters():
    market = made(2, rounds=2)
    offers = market.offers(market.draws[0])
    controls, names = main_controls(offers.chance, market.round)
    part = offers.offered & (market.keen > -1)
    rows = computed(market.without, part, offers, controls, names).estimate
    people = computed(market.without, part, offers, controls, names, clusters=market.person).estimate
    assert people.estimate == pytest.approx(rows.estimate)
    assert people.std_error != pytest.approx(rows.std_error, rel=1e-6)


def test_nobody_or_everybody_taking_part_is_refused(lottery):
    y, _, *rest = lottery
    for share, code in ((0, "none_treated"), (1, "all_treated")):
        alike = np.full(len(y), share)
        effect, stage = two_stage_effect(y, alike * 1.0, *rest), first_stage(alike > 0, *rest)
        assert isinstance(effect, Refusal)
        assert isinstance(stage, Refusal)
        assert effect.code == stage.code == code


def test_an_offer_that_moves_nobody_upwards_is_refused(lottery):
    y, part, *rest = lottery
    found = two_stage_effect(y, 1.0 - part, *rest)
    assert isinstance(found, Refusal)
    assert found.code == "offer_moves_nothing"
    assert "当選" in found.text("ja")


def test_an_outcome_computed_from_the_hours_is_refused(lottery):
    _, part, offers, controls, names = lottery
    hours = part * np.arange(1.0, len(part) + 1)
    found = two_stage_effect(3 + 2 * hours, hours, offers, controls, names)
    assert isinstance(found, Refusal)
    assert found.code == "perfect_fit"


def test_what_the_effect_of_the_offer_refuses_is_refused_here_too(lottery):
    y, part, offers, controls, names = lottery
    found = two_stage_effect(np.full(len(y), 3.0), part * 1.0, offers, controls, names)
    assert isinstance(found, Refusal)
    assert found.code == "constant_outcome"
