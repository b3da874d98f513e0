"""What was done is held against what was registered; nothing is found where both are the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tazuna.evaluation.deviations import PublishedDraw, deviations
from tazuna.evaluation.effect import Effect, FurtherOutcome, Question, Subgroup, Verdict
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.preregistration import Registration, registration_in
from tazuna.evaluation.refusal import nobody_treated
from tazuna.language import message

ESTIMATE = Estimate(1.0, 0.5, 0.1, 2.0, 0.04, 20, 20, inference="redraws")
WORDS = message("words")


@pytest.fixture
def registered() -> Registration:
    return registration_in(
        """
        schema = "tazuna/preregistration/1"
        registered_at = 2026-04-01T12:00:00+09:00
        registered_by = "hr"
        hypothesis = "A place raises engagement"
        rounds = ["r1", "r2"]
        program = "G001,G002"
        primary_outcome = "engagement"
        further_outcomes = ["stay"]
        before = "fy2025"
        after = "fy2026"
        design = "A"
        estimand = "offer"
        statistic = "studentised"
        effect_of_interest = 0.3
        modifiers = ["entry"]
        """
    )


@pytest.fixture
def as_registered() -> Effect:
    return Effect(
        question=Question(("r2", "r1"), "G002, G001", WORDS, "engagement", WORDS, "fy2025", "fy2026"),
        rung="A",
        estimand=WORDS,
        estimate=ESTIMATE,
        deviation=10.0,
        naive=nobody_treated(),
        weights=WORDS,
        verdict=Verdict(WORDS, "none"),
        assumptions=(),
        cautions=(),
        attrition=None,
        balance=None,
        other_designs=(),
        not_above=(),
        subgroups=tuple(Subgroup("entry", WORDS, group, ESTIMATE, 0.4, True) for group in ("v", "n")),
        further_outcomes=(FurtherOutcome("stay", WORDS, ESTIMATE, 0.2),),
        redraws=10_000,
    )


def said(registered: Registration, effect: Effect) -> list[str]:
    return [found.text("en") for found in deviations(registered, effect)]


def test_an_analysis_as_registered_deviates_in_nothing(
    registered: Registration, as_registered: Effect
) -> None:
    draws = [
        PublishedDraw.of_record({"round": "r1", "published_at": "2026-05-01T12:00:00+09:00"}),
        PublishedDraw.of_record(
            {
                "round": "r2",
                "published_at": "2026-04-01T12:00:01+09:00",
                "preregistration_sha256": registered.sha256,
            }
        ),
    ]
    assert deviations(registered, as_registered, covariates=(), draws=draws) == ()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("rounds", ("r1",), "rounds: registered was r1, r2, done was r1."),
        ("program", "any", "programme: registered was G001, G002, done was any."),
        ("outcome", "stay", "primary outcome: registered was engagement, done was stay."),
        ("before", "fy2024", "wave before: registered was fy2025, done was fy2024."),
        ("after", "fy2027", "wave after: registered was fy2026, done was fy2027."),
    ],
)
def test_another_question_is_named(
    registered: Registration, as_registered: Effect, field: str, value: Any, expected: str
) -> None:
    asked = replace(as_registered.question, **{field: value})
    assert expected in said(registered, replace(as_registered, question=asked))


def test_another_design_is_named_with_its_statistic(registered: Registration, as_registered: Effect) -> None:
    adjusted = replace(as_registered, rung="D", estimate=replace(ESTIMATE, inference="t"), redraws=0)
    assert said(registered, adjusted) == [
        "design: registered was A, done was D.",
        "statistic: registered was studentised, done was wald.",
    ]


def test_fewer_redraws_are_named(registered: Registration, as_registered: Effect) -> None:
    assert said(registered, replace(as_registered, redraws=500)) == [
        "redraws: registered was 10,000, done was 500."
    ]


def test_an_estimand_that_could_not_be_estimated_is_named(
    registered: Registration, as_registered: Effect
) -> None:
    taking_part = replace(registered, estimand="participation")
    assert said(taking_part, replace(as_registered, participation=ESTIMATE)) == []
    words = "Registered was the estimand “participation”; it could not be estimated."
    assert said(taking_part, as_registered) == [words]
    assert said(taking_part, replace(as_registered, participation=nobody_treated())) == [words]


def test_outcomes_and_splits_left_out_or_added_are_named(
    registered: Registration, as_registered: Effect
) -> None:
    other = replace(
        as_registered,
        further_outcomes=(FurtherOutcome("used", WORDS, ESTIMATE, 0.2),),
        subgroups=(Subgroup("age_band", WORDS, "35-49", ESTIMATE, 0.4, False),),
    )
    assert said(registered, other) == [
        "Registered was the further outcome “stay”; it is not reported.",
        "The further outcome “used” was not registered; read it as a search for new questions.",
        "Registered was a split by “entry”; it is not reported.",
        "The split by “age_band” was not registered; read it as a search for new questions.",
    ]


def test_covariates_are_compared_where_they_are_told(registered: Registration, as_registered: Effect) -> None:
    assert deviations(registered, as_registered) == ()
    (found,) = deviations(registered, as_registered, covariates=["age", "grade"])
    assert found.text("en") == "covariates: registered was none, done was age, grade."
    assert found.text("ja") == "調整に使う項目：登録は なし、実際は age, grade です。"


def test_a_registration_after_the_publication_is_named(
    registered: Registration, as_registered: Effect
) -> None:
    late = PublishedDraw.of_record({"round": "r1", "published_at": "2026-04-01T02:59:59+00:00"})
    (found,) = deviations(registered, as_registered, draws=[late])
    assert "is not before the draw of r1 was published" in found.text("en")


def test_another_registration_than_the_bound_one_is_named(
    registered: Registration, as_registered: Effect
) -> None:
    bound = PublishedDraw.of_record({"round": "r1", "preregistration_sha256": "ab" * 32})
    (found,) = deviations(registered, as_registered, draws=[bound])
    assert "ab" * 32 in found.text("en")
    assert registered.sha256 in found.text("en")


def test_a_publication_without_a_time_zone_is_read_in_that_of_the_registration(
    registered: Registration, as_registered: Effect
) -> None:
    before, after = (
        PublishedDraw.of_record({"round": "r1", "published_at": f"2026-04-01T{time}"})
        for time in ("11:59:59", "12:00:01")
    )
    assert deviations(registered, as_registered, draws=[after]) == ()
    assert len(deviations(registered, as_registered, draws=[before])) == 1


def test_a_time_of_publication_that_is_none_is_left_out() -> None:
    for at in ("yesterday", None):
        assert PublishedDraw.of_record({"round": "r", "published_at": at}).published_at is None
