"""Verdicts on ordered answers: groups made alike, and a question made to work differently."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.maximum_likelihood import FactorError
from tazuna.measurement.factor.ordinal_invariance import ordinal_invariance

NAMES = [f"q{i}" for i in range(1, 7)]
ONE = "own =~ " + " + ".join(NAMES)
CUTS = np.array([-1.2, -0.4, 0.4, 1.2])


def made(
    n: int,
    seed: int,
    mean: float = 0.0,
    spread: float = 1.0,
    shift: tuple[int, float] | None = None,
    cuts: Floats = CUTS,
) -> Floats:
    """Six questions with five answers of one factor, loadings .7; one of them shifted."""
    rng = np.random.default_rng(seed)
    behind = 0.7 * (mean + spread * rng.standard_normal((n, 1))) + np.sqrt(0.51) * rng.standard_normal((n, 6))
    if shift is not None:
        behind[:, shift[0]] += shift[1]
    return np.searchsorted(cuts, behind).astype(np.float64) + 1


def test_groups_that_answer_alike_are_comparable_though_their_factors_differ() -> None:
    found = ordinal_invariance([made(900, 1), made(900, 2, 0.5, 1.3)], NAMES, ONE, ["2024", "2025"])
    assert found.verdict == "comparable"
    assert found.freed == ()
    assert [step.step for step in found.steps] == ["configural", "thresholds", "loadings", "intercepts"]
    assert all(step.p_value is None or step.p_value > 0.01 for step in found.steps)
    assert found.differences[0].full == pytest.approx(0.5, abs=0.12)


def test_a_question_that_is_easier_in_one_group_is_freed_and_the_difference_put_right() -> None:
    found = ordinal_invariance([made(1500, 3), made(1500, 4, 0.3, shift=(2, 0.9))], NAMES, ONE, ["a", "b"])
    assert found.freed == ("q3",)
    (difference,) = found.differences
    assert difference.partial == pytest.approx(0.3, abs=0.1)
    assert difference.full > difference.partial + 0.1
    assert found.verdict == "comparable_in_part"


def test_a_question_whose_ends_are_used_more_in_one_group_shows_in_the_thresholds() -> None:
    wide = [made(1500, 5), made(1500, 6)]
    wide[1][:, 1] = made(1500, 6, cuts=np.array([-0.8, -0.6, 0.6, 0.8]))[:, 1]
    found = ordinal_invariance(wide, NAMES, ONE, ["a", "b"])
    by_step = {step.step: step.p_value for step in found.steps}
    assert by_step["thresholds"] is not None
    assert by_step["thresholds"] < 1e-6
    assert found.freed == ("q2",)
    # It moves people outwards on both sides, not up.
    assert found.verdict == "comparable"


def test_when_half_of_the_questions_differ_means_are_not_compared() -> None:
    second = made(1500, 8)
    for column, shift in ((0, 0.9), (1, -0.9), (2, 0.8), (3, 1.0)):
        second[:, column] = made(1500, 8, shift=(column, shift))[:, column]
    found = ordinal_invariance([made(1500, 7), second], NAMES, ONE, ["a", "b"])
    assert found.verdict == "not_comparable"


def test_an_answer_that_only_one_group_gives_counts_with_the_next() -> None:
    first, second = made(600, 1), made(600, 2)
    second[second[:, 0] == 5, 0] = 4
    found = ordinal_invariance([first, second], NAMES, ONE, ["a", "b"])
    assert found.joined == ("q1",)
    assert found.verdict == "comparable"


def test_a_question_answered_by_each_group_in_its_own_way_is_refused() -> None:
    first, second = made(600, 1), made(600, 2)
    first[:, 0] = np.minimum(first[:, 0], 2)
    second[:, 0] = np.maximum(second[:, 0], 3)
    with pytest.raises(FactorError, match="q1"):
        ordinal_invariance([first, second], NAMES, ONE, ["a", "b"])


def test_groups_of_fewer_than_200_are_not_tested() -> None:
    found = ordinal_invariance([made(500, 1), made(199, 2)], NAMES, ONE, ["a", "b"])
    assert found.verdict == "not_tested"
    assert "199" in found.says.text("en")
    assert found.steps == ()
