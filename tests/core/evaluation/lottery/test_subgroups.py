"""Effects by what was known before the draw, and by nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.lottery.made_lotteries import made

from tazuna.evaluation.arrays import UNKNOWN, Modifier
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.lottery.modifiers import AFTER_THE_DRAW, BEFORE_THE_DRAW, fault_of_modifier
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect, main_controls
from tazuna.evaluation.lottery.subgroups import subgroup_effects
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message


def by_entry(group, code="entry"):
    names = ("volunteered", "nominated")
    return Modifier(code, message("entry"), group, names, tuple(message(name) for name in names))


@pytest.mark.parametrize("code", AFTER_THE_DRAW)
def test_what_came_after_the_draw_is_refused_with_what_to_do_instead(code):
    found = fault_of_modifier(code)
    assert isinstance(found, Refusal)
    assert found.code == "modifier_after_draw"
    assert AFTER_THE_DRAW[code].text("ja") in found.problem.text("ja")
    for language in ("ja", "en"):
        assert found.cure.text(language)


def test_hours_are_cured_by_two_stage_least_squares():
    found = fault_of_modifier("hours")
    assert isinstance(found, Refusal)
    assert "two-stage" in found.cure.text("en")


@pytest.mark.parametrize("code", BEFORE_THE_DRAW)
def test_what_was_known_before_the_draw_is_allowed(code):
    assert fault_of_modifier(code) is None


def test_anything_else_is_refused_with_the_list():
    found = fault_of_modifier("blood_type")
    assert isinstance(found, Refusal)
    assert found.code == "unknown_modifier"
    assert "age_band" in found.cure.text("en")


def test_a_modifier_from_after_the_draw_gives_no_number():
    lottery = made(1)
    offers = lottery.offers(lottery.draws[0])
    group = (lottery.keen > 0).astype(np.int64)
    found = subgroup_effects(by_entry(group, "feedback_received"), lottery.without, offers)
    assert isinstance(found, Refusal)
    assert found.code == "modifier_after_draw"


def test_each_group_is_estimated_as_if_it_were_alone():
    lottery = made(2, people=120)
    group = (np.arange(len(lottery.keen)) % 2).astype(np.int64)
    y = lottery.without + 5 * lottery.draws[4]
    offers = lottery.offers(lottery.draws[4])
    found = subgroup_effects(by_entry(group), y, offers, baseline=lottery.keen, preregistered=True)
    assert not isinstance(found, Refusal)
    assert [part.group for part in found] == ["volunteered", "nominated"]
    for code, part in enumerate(found):
        rows = group == code
        same = offers.among(rows)
        alone = lottery_effect(y[rows], same, *main_controls(same.chance, None, lottery.keen[rows]))
        assert isinstance(alone, LotteryEffect)
        assert part.result == alone.estimate
        assert part.preregistered
        assert part.group_label == message(part.group)
        assert part.difference_p == found[0].difference_p


def test_a_group_of_which_the_draw_tells_little_has_a_refusal_and_the_others_a_number():
    lottery = made(3, people=80)
    group = np.zeros(len(lottery.keen), np.int64)
    group[:12] = 1
    found = subgroup_effects(by_entry(group), lottery.without, lottery.offers(lottery.draws[1]), k=1)
    assert not isinstance(found, Refusal)
    assert isinstance(found[0].result, Estimate)
    assert isinstance(found[1].result, Refusal)
    assert found[1].result.code == "group_too_small"
    assert found[0].difference_p is None


def test_a_group_of_fewer_than_k_on_a_side_is_hidden_with_the_only_other_one_and_no_number_of_people():
    lottery = made(3, people=80)
    group = np.zeros(len(lottery.keen), np.int64)
    group[:12] = 1
    found = subgroup_effects(by_entry(group), lottery.without, lottery.offers(lottery.draws[1]), k=10)
    assert not isinstance(found, Refusal)
    for part in found:
        assert isinstance(part.result, Refusal)
        assert part.result.code == "hidden"
        assert not any(sign.isdigit() for sign in part.result.text("en"))
        assert part.difference_p is None


def test_rows_of_no_known_group_are_left_out():
    lottery = made(2, people=120)
    group = (np.arange(len(lottery.keen)) % 2).astype(np.int64)
    group[::7] = UNKNOWN
    y, offers = lottery.without, lottery.offers(lottery.draws[4])
    known = group != UNKNOWN
    found = subgroup_effects(by_entry(group), y, offers)
    same = subgroup_effects(by_entry(group[known]), y[known], offers.among(known))
    assert found == same


def test_a_difference_of_two_deviations_shows_and_no_difference_is_found_in_5_of_100():
    lottery = made(5, people=120, draws=200)
    rng = np.random.default_rng(3)
    group = rng.integers(2, size=len(lottery.keen))
    lotteries, found, wrong = 40, 0, 0
    for number in range(lotteries):
        drawn = lottery.draws[number]
        offers = lottery.offers(drawn)
        without = lottery.without + 4 * rng.normal(size=len(drawn))
        differ = without + (4 - 24 * group) * drawn
        wrong += difference_p(group, without + 4 * drawn, offers) <= 0.05
        if number < 10:
            found += difference_p(group, differ, offers) <= 0.05
    assert found >= 8
    # Three Monte-Carlo errors: .05 + 3·√(.05·.95/40) = .153.
    assert wrong / lotteries <= 0.153


def difference_p(group, y, offers):
    parts = subgroup_effects(by_entry(group), y, offers, k=1)
    assert not isinstance(parts, Refusal)
    assert parts[0].difference_p is not None
    return parts[0].difference_p
