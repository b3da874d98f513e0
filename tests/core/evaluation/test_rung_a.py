"""The lottery rung on draws with a known truth, and where it gives no number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.evaluation.made_arrays import asked, lottery

from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.rung_a import SIDE_FLOOR, V_FLOOR, rung_a

NONE = Refusal("x", asked().outcome.label, asked().outcome.label)


def found(arrays, question=None, **more) -> Effect | Refusal:
    return rung_a(question or asked(), arrays, NONE, np.random.default_rng(1), **more)


@pytest.fixture(scope="module")
def strong() -> Effect:
    effect = found(lottery(5, missing=0.1), effect_of_interest=0.1)
    assert isinstance(effect, Effect)
    return effect


def test_a_draw_with_much_information_finds_the_effect_and_says_raised(strong):
    assert strong.estimate.lower < 0.9 * 8 < strong.estimate.upper
    assert strong.estimate.excludes_zero
    assert strong.estimate.inference == "redraws"
    assert "Getting a place raised engagement by" in strong.verdict.says.text("en")
    assert strong.verdict.says.text("en").endswith("That is a change for the better.")
    assert strong.verdict.strength == "strong"


def test_the_information_goes_with_the_analysis_sample(strong):
    arrays = lottery(5, missing=0.1)
    chance = arrays.offers.chance[arrays.analysed]
    assert strong.v == pytest.approx((chance * (1 - chance)).sum())
    assert strong.n_eff == pytest.approx(4 * strong.v)
    assert strong.n_at_risk == int(arrays.offers.at_risk.sum())
    assert strong.estimate.n_treated + strong.estimate.n_comparison == int(arrays.analysed.sum())


def test_taking_part_and_an_hour_of_it_have_more_effect_than_the_offer(strong):
    assert isinstance(strong.participation, Estimate)
    assert strong.participation.estimate > strong.estimate.estimate
    assert isinstance(strong.per_hour, Estimate)
    assert strong.per_hour.estimate == pytest.approx(strong.participation.estimate / 40)
    assert strong.first_stage is not None
    assert 0.8 < strong.first_stage.estimate.estimate < 1
    assert strong.dose is not None
    assert strong.dose.most_hours == 40


def test_who_did_not_answer_is_counted_by_arm_with_bounds(strong):
    assert strong.attrition is not None
    assert strong.attrition.answered_treated < strong.attrition.asked_treated
    assert strong.attrition.lower_bound <= strong.attrition.upper_bound


def test_each_assumption_says_how_it_was_checked_in_both_languages(strong):
    codes = [one.code for one in strong.assumptions]
    assert codes == [
        *("chances_known", "draw_decided", "alike_response", "no_spillover", "only_by_taking_part")
    ]
    assert strong.assumptions[0].held is True
    assert strong.assumptions[-1].held is None
    for one in strong.assumptions:
        assert one.check.text("ja") != one.check.text("en")


def test_the_draw_is_looked_at_in_parts_and_by_people(strong):
    assert {part.group for part in strong.subgroups} == {"volunteered", "nominated"}
    assert strong.at_risk[0].characteristic == "baseline"
    assert strong.balance is not None
    assert strong.calibration is not None


def test_rounds_and_places_are_counted_until_an_effect_shows(strong):
    assert strong.needed is not None
    assert strong.needed.effect == 0.1
    assert strong.needed.v > strong.v
    assert strong.needed.rounds == int(np.ceil(strong.needed.v / strong.v))
    assert strong.needed.places > 0
    assert strong.rounds_needed == 1
    assert strong.places_needed == 0


def test_a_modifier_from_after_the_draw_is_refused_with_the_reason():
    effect = found(lottery(3), modifiers=("entry", "hours", "tie"))
    assert isinstance(effect, Effect)
    assert {part.modifier for part in effect.subgroups} == {"entry"}
    codes = [caution.code for caution in effect.cautions]
    assert "modifier_after_draw" in codes
    assert "modifier_not_recorded" in codes


def test_registered_modifiers_come_first_and_are_marked():
    effect = found(lottery(3), modifiers=(), preregistered=("entry",))
    assert isinstance(effect, Effect)
    assert all(part.preregistered for part in effect.subgroups)
    assert len(effect.subgroups) == 2


def test_a_small_draw_says_so_beside_the_comparison():
    arrays = lottery(5, applicants=36, places=6, effect=8.0)
    beside = Estimate(3.2, 1.0, 1.2, 5.2, 0.002, 20, 30)
    effect = found(arrays, beside=beside)
    assert isinstance(effect, Effect)
    assert effect.v < 12
    said = effect.verdict.says.text("en")
    assert said.startswith("The draw is too small to say what a place did to engagement")
    assert "a comparison of similar people suggests +3.2 points (95% interval 1.2 to 5.2)" in said
    assert effect.verdict.strength == "weak"
    for word in ("raised", "lowered"):
        assert word not in said


def test_below_the_floors_there_is_no_number():
    refused = found(lottery(5, applicants=12, places=2))
    assert isinstance(refused, Refusal)
    assert refused.code == "too_little_information"
    assert f"needed: {V_FLOOR:g}" in refused.text("en")
    assert f"needed: {SIDE_FLOOR:g} each" in refused.text("en")
    assert "Pool several rounds" in refused.text("en")


def test_few_expected_on_a_side_is_below_the_floor_whatever_v_is():
    arrays = lottery(5, applicants=300, places=1, redraws=999)
    refused = found(arrays)
    assert isinstance(refused, Refusal)
    assert refused.code == "too_little_information"


def test_a_constant_outcome_gives_no_number():
    arrays = lottery(3)
    outcome = replace(arrays.outcome, y=np.full_like(arrays.outcome.y, 50.0))
    refused = found(replace(arrays, outcome=outcome))
    assert isinstance(refused, Refusal)
    assert refused.code == "constant_outcome"


def test_who_does_not_consent_stays_in_the_redraws_but_not_in_the_sample():
    arrays = lottery(3)
    consenting = arrays.consenting.copy()
    consenting[:20] = False
    effect = found(replace(arrays, consenting=consenting))
    assert isinstance(effect, Effect)
    whole = found(arrays)
    assert isinstance(whole, Effect)
    assert effect.n_at_risk == whole.n_at_risk
    assert effect.v < whole.v


def test_one_programme_is_compared_with_what_people_get_without_it():
    question, arrays = asked(program="P0"), lottery(3)
    asked_about = np.array([True, False, False])
    effect = found(replace(arrays, offers=arrays.draws.offers(asked_about)), question)
    assert isinstance(effect, Effect)
    assert effect.fallback_share == {"": 1.0}
    assert isinstance(effect.against_no_place, Estimate)
    assert "a place in Harbour gig" in effect.verdict.says.text("en")


def test_further_outcomes_are_adjusted_for_how_many_there_are():
    effect = found(lottery(3), asked(further=True))
    assert isinstance(effect, Effect)
    (further,) = effect.further_outcomes
    assert further.outcome == "stay"
    assert further.adjusted_p >= further.estimate.p_value - 1e-12


def test_an_outcome_wished_low_that_rises_is_worse():
    effect = found(lottery(3), asked(better="low"))
    assert isinstance(effect, Effect)
    assert effect.verdict.says.text("en").endswith("That is a change for the worse.")


def test_without_a_known_direction_nothing_is_called_better_or_worse():
    effect = found(lottery(3), asked(better="unknown"))
    assert isinstance(effect, Effect)
    for word in ("better", "worse", "良い", "悪い"):
        assert word not in effect.verdict.says.text("en") + effect.verdict.says.text("ja")
