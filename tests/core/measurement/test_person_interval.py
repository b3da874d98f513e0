"""A person's own score with its uncertainty."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.instrument.shipped import shipped_instruments
from tazuna.measurement.person_interval import (
    PersonInterval,
    change,
    interval_from_own_answers,
    interval_from_reliability,
    person_interval,
    standard_error_of_measurement,
)
from tazuna.measurement.reliability import ItemFigures, Reliability
from tazuna.measurement.scoring import ScoredScale, score_expression, scored_scales

CATEGORY = 25.0


def area() -> ScoredScale:
    instrument = shipped_instruments()["co_profile"]
    return next(scale for scale in scored_scales([instrument], instrument.questions) if scale.code == "co1")


@given(st.data())
def test_the_score_is_the_one_that_everybody_is_scored_by(data: st.DataObject) -> None:
    answers = {question.code: data.draw(st.integers(1, 5)) for question in area().questions}
    found = person_interval(area(), answers)
    table = pl.DataFrame({code: [value] for code, value in answers.items()})
    assert found is not None
    assert found.score == pytest.approx(table.select(score_expression(area())).item(), abs=1e-9)


def test_a_known_standard_error_is_preferred_to_the_own_spread() -> None:
    answers = {question.code: 3 for question in area().questions}
    known, unknown = person_interval(area(), answers, 7.0), person_interval(area(), answers)
    assert known is not None and unknown is not None
    assert (known.basis, known.standard_error) == ("reliability", 7.0)
    assert unknown.basis == "own_answers"


def test_fewer_than_half_the_questions_give_no_score() -> None:
    codes = [question.code for question in area().questions]
    half = (len(codes) + 1) // 2
    assert person_interval(area(), dict.fromkeys(codes[: half - 1], 4)) is None
    assert person_interval(area(), dict.fromkeys(codes[:half], 4)) is not None


def test_the_standard_error_is_the_standard_deviation_times_the_root_of_one_minus_alpha() -> None:
    rng = np.random.default_rng(7)
    codes = [question.code for question in area().questions]
    p = len(codes)
    answers = np.clip(np.round(3 + rng.normal(size=(400, 1)) + rng.normal(size=(400, p))), 1, 5)
    of_questions, of_sum = answers.var(axis=0, ddof=1), answers.sum(axis=1).var(ddof=1)
    alpha = p / (p - 1) * (1 - of_questions.sum() / of_sum)
    items = {code: ItemFigures(0.5, 3.0, float(np.sqrt(of_questions[i]))) for i, code in enumerate(codes)}
    scores = 100 * (answers.mean(axis=1) - 1) / 4
    expected = scores.std(ddof=1) * np.sqrt(1 - alpha)
    figures = Reliability(alpha, alpha, alpha, 400, items)
    assert standard_error_of_measurement(figures, area()) == pytest.approx(expected, rel=1e-9)


def test_an_interval_from_reliability_reaches_1_96_standard_errors_to_each_side() -> None:
    found = interval_from_reliability(np.array([25.0, 50.0, 75.0]), 6.0, asked=3)
    assert (found.score, found.basis) == (50.0, "reliability")
    assert found.upper - found.score == pytest.approx(1.959964 * 6.0, abs=1e-5)
    assert found.score - found.lower == pytest.approx(found.upper - found.score)


def test_half_the_questions_answered_widen_the_interval_by_the_root_of_two() -> None:
    few = interval_from_reliability(np.array([50.0, 50.0]), 6.0, asked=4)
    assert few.standard_error == pytest.approx(6.0 * np.sqrt(2))


def test_an_interval_from_own_answers_is_the_t_interval_of_their_mean() -> None:
    found = interval_from_own_answers(np.array([0.0, 50.0, 100.0, 50.0]), CATEGORY)
    assert found is not None
    standard_error = np.std([0, 50, 100, 50], ddof=1) / 2
    assert found.standard_error == pytest.approx(standard_error)
    assert found.score == 50.0
    assert (found.lower, found.upper) == (0.0, 100.0)  # t with 3 degrees of freedom reaches beyond both ends


def test_equal_answers_are_still_uncertain_by_the_width_of_a_category() -> None:
    found = interval_from_own_answers(np.full(9, 50.0), CATEGORY)
    assert found is not None
    assert found.standard_error == pytest.approx(CATEGORY / np.sqrt(12) / 3)


def test_one_answer_gives_no_interval() -> None:
    assert interval_from_own_answers(np.array([75.0]), CATEGORY) is None


@given(st.lists(st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0]), min_size=2, max_size=11))
def test_every_interval_holds_its_score_and_stays_on_the_scale(answers: list[float]) -> None:
    found = interval_from_own_answers(np.array(answers), CATEGORY)
    assert found is not None
    assert 0.0 <= found.lower <= found.score <= found.upper <= 100.0
    assert found.lower < found.upper


def test_the_widest_of_ten_differences_must_be_wider_to_count() -> None:
    first = PersonInterval(50.0, 40.2, 59.8, 5.0, "reliability")
    second = PersonInterval(69.0, 59.2, 78.8, 5.0, "reliability")  # 2.81 · √50 = 19.85
    assert change(first, second) == "higher"
    assert change(first, second, comparisons=10) == "unclear"


@pytest.mark.parametrize(("after", "expected"), [(63.0, "unclear"), (64.0, "higher"), (36.0, "lower")])
def test_a_change_counts_only_beyond_the_errors_of_both_scores(after: float, expected: str) -> None:
    first = PersonInterval(50.0, 40.2, 59.8, 5.0, "reliability")  # 1.96 · √50 = 13.86
    assert change(first, PersonInterval(after, 0.0, 100.0, 5.0, "reliability")) == expected
