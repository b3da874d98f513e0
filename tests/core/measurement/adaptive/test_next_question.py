"""The next question is a function of the answers so far and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.measurement.adaptive.bank import Bank
from tazuna.measurement.adaptive.contents import AdaptiveError
from tazuna.measurement.adaptive.next_question import Finished, NextQuestion, StoppingRule, next_step

from .made_banks import made_bank, profile_contents

BANK = made_bank(profile_contents())
CODES = BANK.items.codes


def asked_until_finished(bank: Bank, rule: StoppingRule, answer: int) -> tuple[list[NextQuestion], Finished]:
    """Somebody who always gives the same answer."""
    steps: list[NextQuestion] = []
    answers: dict[str, int] = {}
    while True:
        step = next_step(bank, answers, rule)
        if isinstance(step, Finished):
            return steps, step
        steps.append(step)
        answers[step.code] = answer


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(CODES), st.integers(1, 5), max_size=12), st.randoms())
def test_the_order_of_the_answers_does_not_matter(answers: dict[str, int], random: object) -> None:
    shuffled = list(answers.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert next_step(BANK, dict(shuffled)) == next_step(BANK, answers)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(CODES), st.integers(1, 5), max_size=20))
def test_no_question_is_asked_twice_and_the_worst_known_open_area_comes_next(answers: dict[str, int]) -> None:
    step = next_step(BANK, answers, StoppingRule(0.5, 39))
    if isinstance(step, NextQuestion):
        assert step.code not in answers
        items = {content.code: content.item for content in BANK.contents}
        seen = {items[code] for code in answers}
        covered = {c.area for c in BANK.contents} - {c.area for c in BANK.contents if c.item not in seen}
        asking = [s for s in step.scores if s.error > 0.5 or s.area not in covered]
        assert step.area == max(asking, key=lambda score: score.error).area


def test_every_item_is_asked_and_no_item_gets_far_ahead_of_another_of_its_area() -> None:
    steps, finished = asked_until_finished(BANK, StoppingRule(0.5, 39), 3)
    asked = Counter(step.code[:4] for step in steps)
    assert len(asked) == 11
    for area in BANK.areas:
        counts = [times for item, times in asked.items() if item.startswith(area)]
        assert max(counts) - min(counts) <= 1
    assert finished.ending == "precise"
    assert sum(score.answered for score in finished.scores) == len(steps)


@pytest.mark.parametrize("answer", [2, 3, 4])
def test_the_form_stops_when_every_area_is_precise_and_covered_and_not_before(answer: int) -> None:
    steps, finished = asked_until_finished(BANK, StoppingRule(0.5, 39), answer)
    assert max(score.error for score in finished.scores) <= 0.5
    covered = len({step.code[:4] for step in steps[:-1]}) == 11
    assert max(score.error for score in steps[-1].scores) > 0.5 or not covered


def test_the_form_stops_at_the_largest_number() -> None:
    steps, finished = asked_until_finished(BANK, StoppingRule(0.1, 9), 2)
    assert len(steps) == 9
    assert finished.ending == "most_asked"


def test_the_form_stops_when_no_question_is_left() -> None:
    steps, finished = asked_until_finished(BANK, StoppingRule(0.1, 99), 2)
    assert len(steps) == 39
    assert finished.ending == "none_left"


def test_high_answers_make_a_high_score_and_hard_questions() -> None:
    high, low = (asked_until_finished(BANK, StoppingRule(0.5, 39), answer) for answer in (5, 1))
    assert all(score.score > 1 for score in high[1].scores)
    assert all(score.score < -1 for score in low[1].scores)
    hardness = dict(zip(CODES, BANK.items.thresholds.mean(axis=1), strict=True))
    hard, easy = (np.mean([hardness[step.code] for step in steps[:12]]) for steps, _ in (high, low))
    assert hard > easy + 0.2


def test_a_question_left_out_is_not_asked_again() -> None:
    first = next_step(BANK, {})
    assert isinstance(first, NextQuestion)
    second = next_step(BANK, {}, left_out=[first.code])
    assert isinstance(second, NextQuestion)
    assert second.code != first.code
    assert second.scores == first.scores
    assert isinstance(next_step(BANK, {}, StoppingRule(most=1), left_out=[first.code]), Finished)


def test_a_reversed_question_counts_the_other_way() -> None:
    contents = tuple(replace(c, key=-1) if c.code == "co1a1" else c for c in BANK.contents)
    turned = replace(BANK, contents=contents)
    assert next_step(turned, {"co1a1": 1}).scores == next_step(BANK, {"co1a1": 5}).scores


def test_an_uncalibrated_bank_is_refused() -> None:
    few = replace(BANK, provenance=replace(BANK.provenance, people=499))
    with pytest.raises(AdaptiveError, match="499 people"):
        next_step(few, {})


def test_a_question_that_the_bank_does_not_know_is_named() -> None:
    with pytest.raises(AdaptiveError, match="engagement1"):
        next_step(BANK, {"engagement1": 3})
    with pytest.raises(AdaptiveError, match="co1a1: the answer 6"):
        next_step(BANK, {"co1a1": 6})


def test_asking_needs_no_compiler() -> None:
    program = "import sys, tazuna.measurement.adaptive.next_question; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
