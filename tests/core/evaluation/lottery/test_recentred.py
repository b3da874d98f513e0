"""The effect of an offer: right on lotteries with a known effect, and refused where the draw shows none."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.lottery.made_lotteries import made

from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import Fit, least_squares

EFFECT = 4.0


def computed(y, offers, controls, names, **options) -> LotteryEffect:
    found = lottery_effect(y, offers, controls, names, **options)
    assert isinstance(found, LotteryEffect), found
    return found


def refused(y, offers, controls, names, **options) -> Refusal:
    found = lottery_effect(y, offers, controls, names, **options)
    assert isinstance(found, Refusal), found
    return found


@pytest.fixture
def lottery():
    market = made(1)
    offers = market.offers(market.draws[0])
    return market.without + EFFECT * offers.offered, offers, *main_controls(offers.chance)


def test_the_estimate_is_the_coefficient_of_the_offer_beside_the_chance(lottery):
    y, offers, controls, names = lottery
    found = computed(y, offers, controls, names).estimate
    fit = least_squares(y, np.column_stack([controls, offers.offered]), [*names, "offer"])
    assert isinstance(fit, Fit)
    assert found.estimate == pytest.approx(fit.coefficient("offer"))
    assert found.std_error == pytest.approx(fit.std_error("offer"))
    assert found.inference == "redraws"
    assert (found.n_treated, found.n_comparison) == (int(offers.offered.sum()), int((~offers.offered).sum()))


def test_the_p_value_counts_redraws_at_least_as_far_out(lottery):
    found = computed(*lottery)
    as_far = (np.abs(found.redrawn) >= abs(found.statistic) * (1 - 1e-9)).sum()
    assert found.estimate.p_value == pytest.approx((1 + as_far) / 601)
    assert found.statistic == pytest.approx(found.estimate.estimate / found.estimate.std_error)
    assert found.redraws == 600


def test_the_information_is_the_variance_of_the_draw(lottery):
    y, offers, controls, names = lottery
    found = computed(y, offers, controls, names)
    assert found.v == pytest.approx(offers.redrawn.var(axis=0).sum())
    assert found.n_eff == pytest.approx(4 * found.v)
    spread = y[~offers.offered].std(ddof=1)
    assert found.deviation == pytest.approx(spread)
    assert found.mde == pytest.approx(2.8016 * found.residual_deviation / spread / found.v**0.5, rel=1e-4)


@pytest.mark.parametrize("rounds", [1, 2])
def test_over_many_lotteries_the_effect_is_found_though_the_keen_choose_crowded_programmes(rounds):
    """Every row of the redraws stands once for the draw; people in two rounds are clusters."""
    market = made(3, rounds=rounds, draws=300)
    chance = market.draws.mean(axis=0)
    controls, names = main_controls(chance, market.round, market.keen)
    found, naive, covered = [], [], []
    for drawn in market.draws[:150]:
        y = market.without + EFFECT * drawn
        one = computed(y, market.offers(drawn), controls, names, clusters=market.person)
        found.append(one.estimate.estimate)
        covered.append(one.inversion.p_value(EFFECT) > 0.05)
        naive.append(y[drawn].mean() - y[~drawn].mean())
    spread = np.std(found) / len(found) ** 0.5
    assert abs(np.mean(found) - EFFECT) < 3.5 * spread
    assert np.mean(naive) < EFFECT - 10 * spread
    assert 0.89 <= np.mean(covered) <= 0.99


def test_two_rounds_pooled_weigh_each_by_its_information():
    """Without controls beyond chance and round, and few people twice, near the V-weighted mean."""
    market = made(7, people=200, rounds=2)
    drawn = market.draws[5]
    y = market.without + EFFECT * drawn
    offers = market.offers(drawn)
    controls, names = main_controls(offers.chance, market.round)
    pooled = computed(y, offers, controls, names, clusters=market.person)
    parts = []
    for number in (0, 1):
        rows = market.round == number
        own = offers.among(rows)
        parts.append(computed(y[rows], own, *main_controls(own.chance)))
    v = np.array([part.v for part in parts])
    assert pooled.v == pytest.approx(v.sum())
    weighted = v @ [part.estimate.estimate for part in parts] / v.sum()
    assert pooled.estimate.estimate == pytest.approx(weighted, abs=0.2 * pooled.estimate.std_error)
    assert pooled.estimate.std_error < min(part.estimate.std_error for part in parts)


def test_people_in_two_rounds_are_clusters_and_others_are_rows():
    market = made(2, rounds=2)
    offers = market.offers(market.draws[0])
    controls, names = main_controls(offers.chance, market.round)
    by_person = computed(market.without, offers, controls, names, clusters=market.person)
    once = computed(market.without, offers, controls, names, clusters=np.arange(len(market.person)))
    plain = computed(market.without, offers, controls, names)
    assert once.estimate == plain.estimate
    assert by_person.estimate.estimate == pytest.approx(plain.estimate.estimate)
    assert by_person.estimate.std_error != pytest.approx(plain.estimate.std_error, rel=1e-6)


def test_a_baseline_makes_the_estimate_sharper(lottery):
    market = made(1)
    offers = lottery[1]
    with_baseline = computed(lottery[0], offers, *main_controls(offers.chance, None, market.keen))
    assert with_baseline.estimate.std_error < 0.8 * computed(*lottery).estimate.std_error


def test_the_controls_name_their_columns():
    chance = np.array([0.2, 0.4, 0.2, 0.4, 0.3])
    before = np.array([1.0, np.nan, 3.0, 8.0, np.nan])
    controls, names = main_controls(chance, np.array([0, 0, 1, 1, 1]), before)
    assert names == ("(constant)", "chance", "round 2", "outcome before", "outcome before missing")
    assert controls[:, 3].tolist() == [1, 4, 3, 8, 4]
    assert controls[:, 4].tolist() == [0, 1, 0, 0, 1]


def test_controls_that_add_nothing_are_left_out():
    flat = np.full(6, 0.5)
    assert main_controls(flat)[1] == ("(constant)",)
    rounds = np.array([0, 0, 0, 1, 1, 1])
    chance_of_round = np.where(rounds, 0.6, 0.2)
    assert main_controls(chance_of_round, rounds)[1] == ("(constant)", "chance")
    assert main_controls(flat, None, np.arange(6.0))[1] == ("(constant)", "outcome before")
    assert main_controls(flat, None, np.full(6, np.nan))[1] == ("(constant)",)


def test_a_draw_that_decides_about_nobody_is_refused(lottery):
    y, offers, controls, names = lottery
    sure = Offers(offers.offered, np.tile(offers.offered, (600, 1)))
    assert refused(y, sure, controls, names).code == "nobody_at_risk"
    none = np.zeros(len(y), bool)
    nobody = offers.among(none)
    assert refused(y[none], nobody, controls[none], names).code == "nobody_at_risk"


def test_an_empty_side_is_refused(lottery):
    y, offers, controls, names = lottery
    out, rest = Offers(~offers.offered & False, offers.redrawn), Offers(offers.offered | True, offers.redrawn)
    assert refused(y, out, controls, names).code == "nobody_offered"
    assert refused(y, rest, controls, names).code == "everybody_offered"


def test_a_side_of_one_is_refused(lottery):
    y, offers, controls, names = lottery
    alone = np.zeros(len(y), bool)
    alone[3] = True
    assert refused(y, Offers(alone, offers.redrawn), controls, names).code == "one_unit_decides"


def test_outcome_and_controls_that_say_nothing_are_refused(lottery):
    y, offers, controls, names = lottery
    assert refused(np.full(len(y), 7.0), offers, controls, names).code == "constant_outcome"
    twice = np.column_stack([controls, controls[:, 1] * 2])
    told = refused(y, offers, twice, [*names, "again"])
    assert told.code == "collinear_covariates"
    assert "again" in told.text("en")
    same = np.column_stack([controls, offers.offered])
    assert "(offer)" in refused(y, offers, same, [*names, "place"]).text("en")
    with_gap = np.where(np.arange(len(y)) == 2, np.nan, y)
    assert refused(with_gap, offers, controls, names).code == "missing_values"


def test_too_few_people_are_refused(lottery):
    y, offers, controls, names = lottery
    few = np.zeros(len(y), bool)
    few[[np.flatnonzero(offers.offered)[0], *np.flatnonzero(~offers.offered)[:2]]] = True
    assert refused(y[few], offers.among(few), controls[few], names).code == "too_few_people"


def test_every_refusal_speaks_japanese(lottery):
    y, offers, controls, names = lottery
    out = Offers(~offers.offered & False, offers.redrawn)
    assert "当選" in refused(y, out, controls, names).text("ja")
