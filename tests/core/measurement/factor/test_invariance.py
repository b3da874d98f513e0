"""Invariance: published ladders, groups made alike, and a question made to work differently."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tazuna.measurement.factor.invariance import invariance
from tazuna.measurement.factor.matrices import Floats

from .conftest import THREE, values

NAMES = [f"q{i}" for i in range(1, 7)]
ONE = "own =~ " + " + ".join(NAMES)


def made(n: int, seed: int, mean: float = 0.0, shift: tuple[int, float] | None = None) -> Floats:
    """Six questions of one factor with loadings .7; one of them shifted."""
    rng = np.random.default_rng(seed)
    answers = 0.7 * (mean + rng.standard_normal((n, 1))) + np.sqrt(0.51) * rng.standard_normal((n, 6))
    if shift is not None:
        answers[:, shift[0]] += shift[1]
    return answers


def test_the_schools_have_the_published_ladder(pupils: pl.DataFrame) -> None:
    doubled = [
        values(pl.concat([part.drop("school")] * 2))
        for _, part in pupils.group_by("school", maintain_order=True)
    ]
    found = invariance(doubled, pupils.drop("school").columns, THREE, ["Pasteur", "Grant-White"])
    # Everybody twice doubles every statistic; the schools alone are too small to be tested.
    assert [step.indices.chi2 / 2 for step in found.steps] == pytest.approx(
        [115.851, 124.044, 164.103, 181.511], abs=5e-4
    )
    assert [step.indices.df for step in found.steps] == [48, 54, 60, 69]
    assert set(found.freed) & {"x3", "x7"}
    assert found.verdict != "comparable"


def test_groups_that_answer_alike_are_comparable() -> None:
    found = invariance([made(600, 1), made(600, 2, 0.5)], NAMES, ONE, ["2024", "2025"])
    assert found.verdict == "comparable"
    assert found.freed == ()
    assert found.differences[0].full == pytest.approx(0.5, abs=0.15)


def test_a_question_that_is_easier_in_one_group_is_freed_and_the_difference_put_right() -> None:
    found = invariance([made(900, 3), made(900, 4, 0.3, (2, 0.9))], NAMES, ONE, ["a", "b"])
    assert found.freed == ("q3",)
    difference = found.differences[0]
    assert difference.partial == pytest.approx(0.3, abs=0.12)
    assert difference.full > difference.partial + 0.1
    assert found.verdict == "comparable_in_part"
    assert "q3" in found.says.text("ja")


def test_a_small_flaw_is_named_but_does_no_harm() -> None:
    found = invariance([made(5000, 5), made(5000, 6, 0.3, (2, 0.2))], NAMES, ONE, ["a", "b"])
    assert found.freed == ("q3",)
    assert found.verdict == "comparable"


def test_groups_of_fewer_than_200_are_not_tested() -> None:
    found = invariance([made(500, 1), made(199, 2)], NAMES, ONE, ["a", "b"])
    assert found.verdict == "not_tested"
    assert "199" in found.says.text("en")
    assert found.steps == ()


def test_when_half_of_the_questions_differ_means_are_not_compared() -> None:
    second = made(900, 8)
    second[:, :4] += np.array([0.9, -0.9, 0.8, 1.0])
    found = invariance([made(900, 7), second], NAMES, ONE, ["a", "b"])
    assert found.verdict == "not_comparable"
