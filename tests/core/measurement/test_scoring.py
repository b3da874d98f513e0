"""Scores against hand-made cases and against a plain-Python twin."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tazuna.measurement.scoring import score_people


@pytest.fixture
def score_of(make_question, make_instrument, make_study):
    """The score of one scale over questions ``(code, lowest, highest, more)`` with these answers."""

    def score(questions, answers, **scale):
        made = [make_question(code, lowest, highest, **more) for code, lowest, highest, more in questions]
        instrument = make_instrument(made, {"s": [question.code for question in made]}, **scale)
        row = pl.DataFrame({"person_id": ["p"], **{code: [value] for code, value in answers.items()}})
        row = row.with_columns(pl.col(list(answers)).cast(pl.Int16))
        scores = score_people(make_study([instrument], row))
        return scores["s"].item() if "s" in scores.columns else "not scored"

    return score


def plain(*codes):
    return [(code, 1, 5, {}) for code in codes]


def test_the_middle_answer_of_five_is_fifty(score_of):
    assert score_of(plain("a", "b"), {"a": 3, "b": 3}) == 50


def test_a_reversed_question_counts_the_other_way(score_of):
    assert score_of([("a", 1, 5, {"key": -1}), ("b", 1, 5, {})], {"a": 1, "b": 5}) == 100


def test_each_question_is_rescaled_by_its_own_response_scale(score_of):
    questions = [("a", 1, 5, {}), ("b", 0, 10, {}), ("c", 1, 7, {"key": -1})]
    assert score_of(questions, {"a": 2, "b": 10, "c": 7}) == pytest.approx((25 + 100 + 0) / 3)


def test_half_of_the_questions_is_enough(score_of):
    assert score_of(plain("a", "b", "c", "d"), {"a": 5, "b": 1, "c": None, "d": None}) == 50


def test_fewer_than_half_is_missing(score_of):
    assert score_of(plain("a", "b", "c"), {"a": 5, "b": None, "c": None}) is None


def test_the_share_that_must_be_answered_is_the_scales_own(score_of):
    assert score_of(plain("a", "b", "c"), {"a": 5, "b": 5, "c": None}, minimum_share=0.8) is None


def test_nothing_answered_is_missing_and_not_zero(score_of):
    assert score_of(plain("a"), {"a": None}, minimum_share=0.0) is None


def test_a_question_without_a_column_counts_as_not_answered(score_of):
    assert score_of(plain("a", "b", "c"), {"a": 5}) is None


def test_yes_is_a_hundred(score_of):
    assert score_of([("a", 0, 1, {})], {"a": 1}) == 100


def test_unordered_answers_are_not_scored(score_of):
    assert score_of([("a", 1, 3, {"ordered": False})], {"a": 2}) == "not scored"


def test_a_consistency_check_is_not_part_of_the_score(score_of):
    questions = [("a", 1, 5, {}), ("check", 1, 5, {"scored": False, "checks": "a"})]
    assert score_of(questions, {"a": 5, "check": 1}) == 100


def test_answers_to_checks_and_unordered_questions_count_as_answered(
    make_question, make_instrument, make_study
):
    questions = [
        make_question("a"),
        make_question("b", scored=False),
        make_question("c", 1, 3, ordered=False),
    ]
    rows = pl.DataFrame(
        {"person_id": ["p"], "a": [None], "b": [1], "c": [2]}, schema_overrides={"a": pl.Int16}
    )
    assert score_people(make_study([make_instrument(questions, {"s": ["a"]})], rows))[
        "n_answered"
    ].to_list() == [2]


ANSWER = st.one_of(st.none(), st.integers(1, 5))


@given(rows=st.lists(st.tuples(ANSWER, ANSWER, ANSWER, ANSWER, ANSWER), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scores_equal_their_plain_python_twin(make_question, make_instrument, make_study, rows):
    keys = dict(zip("abcde", (1, -1, 1, 1, -1), strict=True))
    instrument = make_instrument(
        [make_question(code, key=key) for code, key in keys.items()], {"all": "abcde", "part": "ab"}
    )
    frame = pl.DataFrame(rows, schema=dict.fromkeys("abcde", pl.Int16), orient="row")
    scores = score_people(
        make_study([instrument], frame.with_row_index("person_id").cast({"person_id": pl.String}))
    )
    for scale in ("all", "part"):
        codes = "abcde" if scale == "all" else "ab"
        for row, score in zip(rows, scores[scale], strict=True):
            answers = dict(zip("abcde", row, strict=True))
            points = [
                (answers[c] - 1) * 25 if keys[c] == 1 else (5 - answers[c]) * 25
                for c in codes
                if answers[c] is not None
            ]
            expected = sum(points) / len(points) if len(points) * 2 >= len(codes) else None
            assert score == (None if expected is None else pytest.approx(expected, abs=1e-12))
