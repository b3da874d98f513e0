"""A dip is claimed only after the questions were held against one another at all ages."""

from __future__ import annotations

import numpy as np

from tazuna.measurement.dip.finding import DipFinding, dip_after_artefact_check
from tazuna.measurement.graded.items import Floats

CODES = ("a", "b", "c", "d", "e", "f")
PEOPLE = 1500
STARTS = (35.0, 50.0)


def found_in(trait_dip: float, odd_dip: float, codes: tuple[str, ...] = CODES) -> DipFinding:
    """Answers to graded questions; ``odd_dip`` lowers the first two of them alone in the middle ages."""
    rng = np.random.default_rng(2)
    age = rng.integers(20, 65, PEOPLE).astype(float)
    middle = np.clip(1 - np.abs(age - 42) / 20, 0, None)
    trait = rng.standard_normal(PEOPLE) - trait_dip * middle
    values: Floats = 1.6 * trait[:, None] + rng.logistic(size=(PEOPLE, len(codes)))
    values[:, :2] -= odd_dip * middle[:, None]
    answers = 1.0 + np.digitize(values, [-2.0, -0.7, 0.7, 2.0])
    return dip_after_artefact_check(age, answers, codes, np.zeros(PEOPLE), STARTS)


def test_a_true_dip_is_claimed_after_the_check() -> None:
    found = found_in(trait_dip=1.0, odd_dip=0.0)
    assert found.verdict == "dip"
    assert found.claims_dip
    assert isinstance(found.questions, tuple)
    assert not any(question.differs for question in found.questions)


def test_a_dip_of_two_questions_alone_is_an_artefact() -> None:
    found = found_in(trait_dip=0.0, odd_dip=3.0)
    assert found.test.is_dip
    assert found.verdict == "artefact"
    assert not found.claims_dip
    assert isinstance(found.questions, tuple)
    assert {question.code for question in found.questions if question.differs} == {"a", "b"}


def test_without_a_significant_dip_nothing_is_claimed_and_nothing_checked() -> None:
    found = found_in(trait_dip=0.0, odd_dip=0.0)
    assert found.verdict == "none_found"
    assert found.questions is None
    assert np.isfinite(found.test.smallest_found)


def test_a_dip_that_two_questions_measure_cannot_be_checked_and_is_not_claimed() -> None:
    found = found_in(trait_dip=1.0, odd_dip=0.0, codes=CODES[:2])
    assert found.verdict == "unchecked"
    assert not found.claims_dip
    assert isinstance(found.questions, Exception)


def test_people_of_unknown_age_do_not_count() -> None:
    rng = np.random.default_rng(0)
    age = rng.integers(20, 65, 400).astype(float)
    age[:50] = np.nan
    answers = rng.integers(1, 6, (400, 3)).astype(float)
    found = dip_after_artefact_check(age, answers, CODES[:3], np.zeros(400), STARTS)
    assert found.test.n == 350
