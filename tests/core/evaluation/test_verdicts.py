"""The first sentence: what each design may say, and what it may not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.evaluation.made_arrays import asked

from tazuna.evaluation.effect import Assumption, Verdict
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.verdicts import (
    Saying,
    change_verdict,
    comparison_verdict,
    cutoff_verdict,
    lottery_verdict,
    rollout_verdict,
)
from tazuna.language import message

SD = 10.0


def found(estimate: float, lower: float, upper: float) -> Estimate:
    return Estimate(estimate, 1.0, lower, upper, 0.01, 40, 60)


def saying(*, sd: float = SD, better: str = "high", held: bool | None = True, column: bool = False) -> Saying:
    question = asked(better=better)
    if column:
        question = replace(question, outcome=replace(question.outcome, kind="column"))
    checked = Assumption("alike_response", message("strong"), message("weak"), held)
    return Saying(question, sd, (checked,))


def drawn(estimate: Estimate, *, v: float = 40.0, mde: float = 0.4, **more: object) -> Verdict:
    return lottery_verdict(saying(**more), estimate, v=v, mde=mde, beside=None)


def test_a_clear_draw_says_what_it_raised_and_compared_with_what() -> None:
    verdict = drawn(found(4.1, 1.2, 7.0), better="unknown")
    assert verdict.says.text("en") == (
        "Getting a place raised engagement by 4.1 points (95% interval 1.2 to 7.0), compared with "
        "applying and not getting a place."
    )
    assert verdict.strength == "strong"


def test_lowered_is_counted_downwards() -> None:
    said = drawn(found(-4.1, -7.0, -1.2)).says.text("en")
    assert "lowered engagement by 4.1 points (95% interval 1.2 to 7.0)" in said
    assert said.endswith("That is a change for the worse.")
    assert drawn(found(-4.1, -7.0, -1.2), better="low").says.text("en").endswith("for the better.")


def test_an_interval_around_0_bounds_the_effect_and_never_says_that_there_is_none() -> None:
    verdict = drawn(found(1.0, -2.0, 4.0))
    assert "had no effect on engagement larger than 4.0 points (95% interval -2.0 to 4.0)" in (
        verdict.says.text("en")
    )
    assert verdict.strength == "strong"
    assert drawn(found(1.0, -2.0, 6.0)).strength == "moderate"


@pytest.mark.parametrize(("v", "mde"), [(11.9, 0.4), (40.0, 0.81)])
def test_a_draw_that_is_too_small_says_neither_raised_nor_lowered(v: float, mde: float) -> None:
    verdict = drawn(found(9.0, 1.0, 17.0), v=v, mde=mde)
    said = verdict.says.text("en")
    assert said.startswith("The draw is too small to say")
    assert f"It would show effects from {mde * SD:.1f} points on" in said
    assert "raised" not in said
    assert verdict.strength == "weak"


def test_beside_a_small_draw_a_refused_comparison_is_left_out() -> None:
    refused = Refusal("no_balance", message("strong"), message("weak"))
    one = lottery_verdict(saying(), found(9.0, -1.0, 17.0), v=8.0, mde=0.9, beside=refused)
    assert "Beside it" not in one.says.text("en")


@pytest.mark.parametrize(
    ("lower", "upper", "words", "strength"),
    [
        (-np.inf, np.inf, "without an end on either side", "weak"),
        (-np.inf, 7.0, "up to 7.0, no lower end", "weak"),
        (1.0, np.inf, "from 1.0, no upper end", "moderate"),
    ],
)
def test_an_interval_without_an_end_says_so(lower, upper, words, strength) -> None:
    verdict = drawn(found(4.0, lower, upper))
    assert words in verdict.says.text("en")
    assert "inf" not in verdict.says.text("en") + verdict.says.text("ja")
    assert verdict.strength == strength


def test_an_assumption_that_did_not_hold_takes_one_step_off() -> None:
    assert drawn(found(4.1, 1.2, 7.0), held=False).strength == "moderate"
    assert drawn(found(4.1, 1.2, 7.0), held=None).strength == "strong"
    assert rollout_verdict(saying(held=False), found(4.1, 1.2, 7.0)).strength == "weak"
    assert comparison_verdict(saying(held=False), found(4.1, 1.2, 7.0), 0.02).strength == "weak"


def test_columns_have_no_points() -> None:
    said = drawn(found(0.41, 0.12, 0.7), column=True, sd=1.2).says.text("en")
    assert "by 0.41 (95% interval 0.12 to 0.70)" in said
    assert "points" not in said


def test_the_cut_off_is_weak_where_the_corrected_estimate_disagrees() -> None:
    clear = found(4.1, 1.2, 7.0)
    assert cutoff_verdict(saying(), clear, found(4.0, 0.5, 7.5)).strength == "moderate"
    assert cutoff_verdict(saying(), clear, found(4.0, -0.5, 8.5)).strength == "weak"
    assert cutoff_verdict(saying(), clear, found(-4.0, -8.5, -0.5)).strength == "weak"


def test_a_comparison_is_more_than_a_hint_only_where_it_is_robust() -> None:
    clear = found(4.1, 1.2, 7.0)
    assert comparison_verdict(saying(), clear, 0.12).strength == "moderate"
    assert comparison_verdict(saying(), clear, 0.05).strength == "weak"
    assert "suggests no clear effect" in (
        comparison_verdict(saying(), found(1.0, -1.0, 3.0), 0.0).says.text("en")
    )


STRONG_WORDS = ("raised", "lowered", "上がりました", "下がりました")


@given(st.floats(-30, 30), st.floats(0.1, 40), st.floats(5, 100), st.floats(0.1, 2))
def test_strong_words_and_strength_go_with_the_design_whatever_the_numbers(
    middle: float, half: float, v: float, mde: float
) -> None:
    one = found(middle, middle - half, middle + half)
    change = change_verdict(saying(), one)
    assert change.strength == "none"
    assert not any(word in change.says.text(language) for word in STRONG_WORDS for language in ("ja", "en"))
    lottery = lottery_verdict(saying(), one, v=v, mde=mde, beside=None)
    if v < 12 or mde > 0.8:
        assert lottery.strength == "weak"
        assert not any(word in lottery.says.text(lang) for word in STRONG_WORDS for lang in ("ja", "en"))
    for below in (
        cutoff_verdict(saying(), one, one),
        rollout_verdict(saying(), one),
        comparison_verdict(saying(), one, 0.5),
    ):
        assert below.strength in ("weak", "moderate")
    assert "suggest" in comparison_verdict(saying(), one, 0.5).says.text("en")
    assert "near the cut-off" in cutoff_verdict(saying(), one, one).says.text("en").lower()
