"""Rungs B to E on known truths: their words, their checks, and where they give no number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.evaluation.made_arrays import asked, change, comparison, cutoff, people, rollout

from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.naive import naive_comparison, outcome_deviation
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.rung_b import rung_b
from tazuna.evaluation.rung_c import rung_c
from tazuna.evaluation.rung_d import rung_d
from tazuna.evaluation.rung_e import rung_e

NAIVE = Estimate(1.0, 1.0, -1.0, 3.0, 0.3, 10, 10)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def effect_of(found: Effect | Refusal) -> Effect:
    assert isinstance(found, Effect), found
    return found


def refusal_of(found: Effect | Refusal) -> Refusal:
    assert isinstance(found, Refusal)
    return found


def checks(found: Effect) -> dict[str, bool | None]:
    return {one.code: one.held for one in found.assumptions}


class TestTheCutOff:
    def test_it_says_raised_near_the_cut_off_and_shows_the_corrected_estimate(self) -> None:
        found = effect_of(rung_b(asked(), cutoff(1), NAIVE))
        assert found.estimate.lower < 10 < found.estimate.upper
        assert "near the cut-off" in found.verdict.says.text("en")
        assert "合格ラインの近く" in found.verdict.says.text("ja")
        corrected = found.other_designs[0]
        assert corrected.rung == "B"
        assert isinstance(corrected.result, Estimate)
        assert corrected.result.estimate != found.estimate.estimate
        assert found.verdict.strength == "moderate"
        assert checks(found)["cutoff_alone"] is True
        assert found.balance is not None

    def test_an_effect_that_only_straight_lines_show_is_weak(self) -> None:
        arrays = cutoff(1)
        bent = 50 + 0.8 * np.sign(arrays.score) * np.sqrt(np.abs(arrays.score))
        y = bent + 0.5 * np.random.default_rng(3).normal(size=len(bent))
        found = effect_of(rung_b(asked(), replace(arrays, y=y), NAIVE))
        corrected = found.other_designs[0].result
        assert isinstance(corrected, Estimate)
        assert found.estimate.excludes_zero
        if not corrected.excludes_zero:
            assert found.verdict.strength == "weak"

    def test_fewer_than_twenty_a_side_give_no_number(self) -> None:
        assert refusal_of(rung_b(asked(), cutoff(1, n=50), NAIVE)).code == "too_few_near_cutoff"

    def test_exceptions_to_the_cut_off_give_no_number(self) -> None:
        arrays = cutoff(1)
        treated = arrays.treated.copy()
        treated[np.argmin(arrays.score)] = True
        assert refusal_of(rung_b(asked(), replace(arrays, treated=treated), NAIVE)).code == "not_sharp"


class TestTheStaggeredStart:
    def test_parallel_trends_allow_raised_under_that_condition(self) -> None:
        found = effect_of(rung_c(asked(), rollout(2), NAIVE, 15.0, rng()))
        assert found.estimate.lower < 5 < found.estimate.upper
        assert found.verdict.says.text("en").startswith("If trends were parallel, taking part raised")
        assert found.verdict.strength == "moderate"
        assert checks(found) == {"parallel_trends": True, "no_anticipation": None, "no_spillover": None}
        assert found.deviation == 15.0

    def test_trends_that_went_apart_before_give_no_number(self) -> None:
        refused = refusal_of(rung_c(asked(), rollout(1, drift=2.0), NAIVE, 15.0, rng()))
        assert refused.code == "trends_differ"
        assert "p = 0.0" in refused.text("en")

    def test_without_waves_before_the_start_trends_cannot_be_tested(self) -> None:
        arrays = rollout(1)
        panel = replace(arrays.panel, outcomes=arrays.panel.outcomes[:, 1:], periods=arrays.panel.periods[1:])
        refused = refusal_of(rung_c(asked(), replace(arrays, panel=panel), NAIVE, 15.0, rng()))
        assert refused.code == "no_pre_periods"

    def test_where_all_start_those_that_start_later_are_compared_with(self) -> None:
        arrays = rollout(5)
        starts = np.where(np.isinf(arrays.panel.starts), 4.0, arrays.panel.starts)
        outcomes = arrays.panel.outcomes.copy()
        outcomes[np.isinf(arrays.panel.starts), 4] += 5.0
        panel = replace(arrays.panel, starts=starts, outcomes=outcomes)
        found = effect_of(rung_c(asked(), replace(arrays, panel=panel), NAIVE, 15.0, rng()))
        assert "started later" in found.estimand.text("en")
        assert found.estimate.lower < 5 < found.estimate.upper

    def test_few_units_are_a_caution(self) -> None:
        found = effect_of(rung_c(asked(), rollout(1, units=14), NAIVE, 15.0, rng()))
        assert "few_clusters" in [caution.code for caution in found.cautions]


class TestTheComparison:
    def test_it_suggests_and_shows_how_strong_something_unmeasured_would_have_to_be(self) -> None:
        found = effect_of(rung_d(asked(), comparison(1), NAIVE, rng()))
        assert found.estimate.lower < 6 < found.estimate.upper
        assert "suggests that taking part raised" in found.verdict.says.text("en")
        assert found.robustness_value is not None
        assert 0 < found.robustness_value < 1
        assert found.balance is not None
        assert found.balance.is_reached
        held = checks(found)
        assert held["nothing_unmeasured"] is None
        assert held["balance"] is held["overlap"] is True

    def test_people_nobody_is_like_give_no_number(self) -> None:
        arrays = comparison(1, n=300)
        sure = (arrays.x[:, 0] > 50).astype(bool)
        refused = refusal_of(rung_d(asked(), replace(arrays, treated=sure), NAIVE, rng()))
        assert refused.code == "no_overlap"

    def test_groups_that_weights_do_not_make_alike_give_no_number(self) -> None:
        refused = refusal_of(rung_d(asked(), comparison(4, n=90, keenness=1.5), NAIVE, rng()))
        assert refused.code in ("no_balance", "no_overlap")
        assert refused.cure.text("ja")

    def test_all_treated_gives_no_number(self) -> None:
        arrays = comparison(1)
        everybody = np.ones_like(arrays.treated)
        assert (
            refusal_of(rung_d(asked(), replace(arrays, treated=everybody), NAIVE, rng())).code
            == "all_treated"
        )

    def test_collinear_covariates_are_named(self) -> None:
        arrays = comparison(1)
        x = np.column_stack([arrays.x, 2 * arrays.x[:, 0]])
        twice = replace(
            arrays, x=x, names=(*arrays.names, "twice"), labels=(*arrays.labels, arrays.labels[0])
        )
        refused = refusal_of(rung_d(asked(), twice, NAIVE, rng()))
        assert refused.code == "collinear_covariates"
        assert "twice" in refused.text("en")

    def test_few_departments_are_a_caution(self) -> None:
        arrays = comparison(1)
        found = effect_of(rung_d(asked(), replace(arrays, clusters=arrays.clusters % 4), NAIVE, rng()))
        assert "few_departments" in [caution.code for caution in found.cautions]


class TestTheChange:
    def test_it_says_changed_and_never_effect(self) -> None:
        found = effect_of(rung_e(asked(), change(1), NAIVE))
        said = found.verdict.says
        assert "changed by" in said.text("en")
        for word in ("effect", "raised", "効果", "上がり"):
            assert word not in said.text("en") + said.text("ja")
        assert found.verdict.strength == "none"
        assert "no_comparison" in [caution.code for caution in found.cautions]

    def test_people_of_one_department_are_a_caution(self) -> None:
        arrays = change(1)
        found = effect_of(rung_e(asked(), replace(arrays, clusters=np.zeros(200, dtype=np.int64)), NAIVE))
        assert "one_department" in [caution.code for caution in found.cautions]

    def test_fewer_than_ten_people_give_no_number(self) -> None:
        arrays = change(1, n=36)
        assert refusal_of(rung_e(asked(), arrays, NAIVE)).code == "too_few_people"

    def test_who_started_low_may_come_back_by_itself(self) -> None:
        arrays = change(1)
        before = np.where(arrays.group, arrays.before - 15, arrays.before)
        found = effect_of(rung_e(asked(), replace(arrays, before=before), NAIVE))
        assert checks(found)["no_return"] is False


def test_the_naive_comparison_says_who_is_missing() -> None:
    everybody = people(rng(), 50, np.ones(50, dtype=bool), 1.0)
    refused = naive_comparison(everybody)
    assert isinstance(refused, Refusal)
    assert refused.code == "all_treated"
    nobody = people(rng(), 50, np.zeros(50, dtype=bool), 1.0)
    refused = naive_comparison(nobody)
    assert isinstance(refused, Refusal)
    assert refused.code == "none_treated"
    assert outcome_deviation(everybody) == pytest.approx(everybody.outcome.y.std(ddof=1))
