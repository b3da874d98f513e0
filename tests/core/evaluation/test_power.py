"""Sample sizes against published numbers, and detectable effects against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tazuna.evaluation.aggregation import Aggregate, aggregate
from tazuna.evaluation.power import (
    Plan,
    clusters_size,
    design_effect,
    discontinuity_mde,
    lottery_mde,
    lottery_rounds,
    lottery_v,
    two_arm_mde,
    two_arm_size,
)
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import Fit, least_squares
from tazuna.evaluation.staggered import GroupTime, Panel, group_time_effects
from tazuna.evaluation.staggered_power import staggered_mde


def value(plan: Plan | Refusal) -> float:
    assert isinstance(plan, Plan), plan
    return plan.value


@pytest.mark.parametrize(("effect", "people"), [(0.2, 393.4), (0.5, 63.77), (0.8, 25.52)])
def test_two_arms_need_as_many_people_as_in_cohen(effect, people):
    """R's pwr.t.test at 80% and 5%."""
    assert two_arm_size(effect).value == pytest.approx(people, abs=0.05)


def test_the_detectable_effect_turns_the_size_round():
    assert value(two_arm_mde(393.4057, 393.4057)) == pytest.approx(0.2, abs=1e-5)


def test_few_people_need_the_wider_t_distribution():
    plan = two_arm_mde(4, 4)
    critical = stats.t.ppf(0.975, 6)
    assert stats.nct.sf(critical, 6, value(plan) / np.sqrt(0.5)) == pytest.approx(0.8, abs=1e-3)


def test_a_very_large_effect_needs_the_fewest():
    assert two_arm_size(30.0).value == 2


def test_a_baseline_that_tells_half_of_the_variance_halves_the_people():
    assert two_arm_size(0.2, baseline_r=np.sqrt(0.5)).value == pytest.approx(393.4 / 2, abs=1)


def test_the_design_effect_of_departments_of_twenty():
    assert design_effect(20, 0.05) == pytest.approx(1.95)
    assert design_effect(20, 0.05, size_cv=0.5) == pytest.approx(2.2)


def test_clusters_of_one_person_are_people():
    assert clusters_size(0.2, 1, 0.3).value == pytest.approx(393.4, abs=0.05)


def test_clusters_are_simulated_to_have_the_power_promised():
    rng = np.random.default_rng(2)
    j = int(np.ceil(clusters_size(0.4, 10, 0.1).value))
    means = rng.normal(size=(4000, 2, j)) * np.sqrt(0.1) + rng.normal(size=(4000, 2, j)) * np.sqrt(0.9 / 10)
    p = stats.ttest_ind(means[:, 0] + 0.4, means[:, 1], axis=1).pvalue
    assert (p < 0.05).mean() == pytest.approx(0.81, abs=0.025)


@pytest.mark.parametrize(
    ("v", "plain", "with_baseline"), [(26, 0.55, 0.39), (12, 0.81, 0.58), (8, 0.99, 0.71), (16, 0.70, 0.50)]
)
def test_the_lottery_of_a_round_shows_what_its_information_allows(v, plain, with_baseline):
    assert value(lottery_mde(v)) == pytest.approx(plain, abs=0.005)
    assert value(lottery_mde(v, baseline_r=0.7)) == pytest.approx(with_baseline, abs=0.005)


def test_three_tenths_of_a_standard_deviation_take_two_rounds():
    assert lottery_v(0.3, baseline_r=0.7).value == pytest.approx(44, abs=0.5)
    plan = lottery_rounds(0.3, 23, baseline_r=0.7)
    assert value(plan) == pytest.approx(1.93, abs=0.005)
    assert plan.sentence.values["rounds"] == "2"


def test_a_draw_without_ties_is_refused_with_the_cure():
    for plan in (lottery_mde(0.0), lottery_rounds(0.3, 0.0)):
        assert isinstance(plan, Refusal)
        assert plan.code == "no_information"
        assert "段階" in plan.text("ja")


def test_a_cut_off_has_the_simulated_error_of_two_lines():
    rng = np.random.default_rng(3)
    found = []
    for _ in range(300):
        score = rng.uniform(-1, 1, 300)
        above = (score >= 0).astype(float)
        x = np.column_stack([np.ones(300), above, score, score * above])
        fit = least_squares(rng.normal(size=300), x, ["constant", "above", "slope", "bend"])
        assert isinstance(fit, Fit)
        found.append(fit.coefficient("above"))
    assert value(discontinuity_mde(150, 150)) / 2.81 == pytest.approx(np.std(found), rel=0.1)


def test_a_cut_off_with_nineteen_people_on_a_side_is_refused():
    refusal = discontinuity_mde(19, 80)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "too_few_at_cutoff"


def test_a_roll_out_has_the_error_that_its_schedule_promises():
    rng = np.random.default_rng(5)
    starts = np.repeat([3.0, 4.0, 6.0, np.inf], [60, 30, 50, 80])
    found = []
    for _ in range(200):
        y = np.sqrt(0.6) * rng.normal(size=(220, 1)) + np.sqrt(0.4) * rng.normal(size=(220, 6))
        panel = Panel(y, np.arange(1.0, 7.0), starts, np.empty((220, 0)))
        pairs = group_time_effects(panel, method="reg")
        assert isinstance(pairs, GroupTime)
        whole = aggregate(pairs, "simple", rng, draws=10)
        assert isinstance(whole, Aggregate)
        found.append(whole.overall.estimate)
    planned = staggered_mde({3: 60, 4: 30, 6: 50}, 80, 6, wave_r=0.6)
    assert value(planned) / 2.80 == pytest.approx(np.std(found), rel=0.12)


def test_a_roll_out_to_everybody_or_to_nobody_is_refused():
    everybody, nobody = staggered_mde({3: 60}, 0, 6, wave_r=0.6), staggered_mde({1: 60}, 40, 6, wave_r=0.6)
    assert isinstance(everybody, Refusal)
    assert everybody.code == "all_treated"
    assert isinstance(nobody, Refusal)
    assert nobody.code == "none_treated"


def test_answers_are_said_in_japanese():
    assert "394" in two_arm_size(0.2).sentence.text("ja")
    assert "標準偏差" in two_arm_size(0.2).sentence.text("ja")
