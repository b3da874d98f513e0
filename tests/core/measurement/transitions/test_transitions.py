"""Transitions against what error alone would bring about."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tazuna.language import LANGUAGES
from tazuna.measurement.graded.items import Floats
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.transitions.by_rules import transitions_by_rule
from tazuna.measurement.transitions.no_change import TransitionError, expected_of_ordered, second_answers
from tazuna.measurement.transitions.transitions import ordered_transitions

GROUPS = ("low", "middle", "high")
PEOPLE = 1500


def twice(change: float, seed: int, n: int = PEOPLE) -> tuple[np.ndarray, np.ndarray]:
    """The same true values measured twice with reliability .7; ``change`` is added before the second."""
    rng = np.random.default_rng(seed)
    true = np.sqrt(0.7) * rng.standard_normal(n)
    first, second = (true + np.sqrt(0.3) * rng.standard_normal(n) for _ in range(2))
    return np.digitize(first, [-0.5, 0.5]), np.digitize(second + change, [-0.5, 0.5])


def test_at_retest_seven_tenths_36_percent_leave_the_bottom_30_percent() -> None:
    expected = expected_of_ordered(np.array([0.3, 0.7]), 0.7)
    assert expected[0, 1] == pytest.approx(0.36, abs=0.005)


@pytest.mark.parametrize("retest", [0.3, 0.7, 0.95])
def test_the_expectation_is_that_of_the_bivariate_normal(retest: float) -> None:
    shares = np.array([0.2, 0.5, 0.3])
    edges = stats.norm.ppf([0.2, 0.7])
    pair = stats.multivariate_normal([0, 0], [[1, retest], [retest, 1]])
    both_low = pair.cdf([edges[0], edges[0]]) / 0.2
    assert expected_of_ordered(shares, retest)[0, 0] == pytest.approx(both_low, abs=1e-5)


def test_with_perfect_reliability_nobody_moves_and_with_none_all_groups_are_alike() -> None:
    shares = np.array([0.2, 0.5, 0.3])
    assert expected_of_ordered(shares, 1.0) == pytest.approx(np.eye(3))
    assert expected_of_ordered(shares, 0.0) == pytest.approx(np.tile(shares, (3, 1)), abs=1e-6)


@given(st.lists(st.integers(1, 20), min_size=2, max_size=5), st.floats(0.05, 0.95))
@settings(max_examples=25, deadline=None)
def test_without_change_the_groups_keep_their_shares(weights: list[int], retest: float) -> None:
    shares = np.array(weights) / sum(weights)
    expected = expected_of_ordered(shares, retest)
    assert expected.sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    assert shares @ expected == pytest.approx(shares, abs=1e-4)


def test_a_group_that_nobody_is_in_has_no_expectation() -> None:
    expected = expected_of_ordered(np.array([0.4, 0.0, 0.6]), 0.7)
    assert np.isnan(expected[1]).all()
    assert np.isfinite(expected[[0, 2]]).all()


def test_error_alone_is_not_taken_for_change() -> None:
    false = 0
    for seed in range(20):
        found = ordered_transitions(*twice(0.0, seed), GROUPS, np.random.default_rng(0))
        false += found.more_than_error or found.moved_upper < 0
    assert false <= 3
    assert found.moved == pytest.approx(found.moved_expected, abs=0.05)


def test_a_rise_shows_as_more_leaving_the_bottom_than_error_explains() -> None:
    found = ordered_transitions(*twice(0.4, 1), GROUPS, np.random.default_rng(0))
    assert found.lower[0, 2] > 0
    assert found.upper[0, 0] < 0
    assert found.n.sum() == PEOPLE


def test_the_reliability_that_would_explain_all_moves_is_the_one_that_made_them() -> None:
    found = [ordered_transitions(*twice(0.0, seed), GROUPS, np.random.default_rng(0)) for seed in range(5)]
    assert np.mean([one.explained_at for one in found]) == pytest.approx(0.7, abs=0.04)
    moved = ordered_transitions(*twice(0.6, 1), GROUPS, np.random.default_rng(0))
    assert moved.explained_at < 0.6


def test_intervals_hold_the_expected_difference_about_as_often_as_they_say() -> None:
    inside = []
    for seed in range(40):
        found = ordered_transitions(*twice(0.0, 100 + seed, 400), GROUPS, np.random.default_rng(0))
        inside.append((found.lower <= 0) & (found.upper >= 0))
    assert np.mean(inside) == pytest.approx(0.95, abs=0.04)


def test_second_answers_have_the_shares_and_correlations_of_the_first() -> None:
    rng = np.random.default_rng(0)
    trait = rng.standard_normal((20_000, 1))
    answers = np.digitize(trait + rng.standard_normal((20_000, 3)), [-1.0, 0.0, 1.5]).astype(float)
    again = second_answers(answers, rng).again(np.full(3, 0.7))
    for column in range(3):
        shares = [np.bincount(part[:, column].astype(int)) / 20_000 for part in (answers, again)]
        assert shares[1] == pytest.approx(shares[0], abs=0.015)
    assert np.corrcoef(again.T)[0, 1] == pytest.approx(np.corrcoef(answers.T)[0, 1], abs=0.04)


def layered(change: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Practice and interest of the same people at two waves; two of the later people are new."""
    rng = np.random.default_rng(8)
    true = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], PEOPLE) * np.sqrt(0.7)

    def wave(shift: float, first: int) -> pl.DataFrame:
        seen = true + np.sqrt(0.3) * rng.standard_normal(true.shape) + shift
        answers = np.digitize(seen, [-1.2, -0.4, 0.4, 1.2]) + 1
        return pl.DataFrame(
            {
                "person_id": [f"P{number}" for number in range(first, PEOPLE + first)],
                "answer:lg_practice": answers[:, 0],
                "answer:lg_interest": answers[:, 1],
            }
        )

    return wave(0.0, 0), wave(change, 0)


def test_layers_by_rule_move_no_more_than_second_answers_would() -> None:
    before, after = layered(0.0)
    found = transitions_by_rule(before, after, "layer", group_rules(), np.random.default_rng(0))
    assert found.groups == group_rules().groups("layer")
    assert found.moved > 0.3
    assert not found.more_than_error
    assert found.expected.sum(axis=1) == pytest.approx(1.0)
    assert found.explained_at == pytest.approx(0.7, abs=0.1)


def test_layers_that_truly_move_are_seen() -> None:
    before, after = layered(0.5)
    found = transitions_by_rule(before, after, "layer", group_rules(), np.random.default_rng(0))
    practice, traditional = (found.groups.index(name) for name in ("practice", "traditional"))
    assert found.lower[traditional, practice] > 0


def test_only_people_of_both_waves_count() -> None:
    before, after = layered(0.0)
    found = transitions_by_rule(before, after[300:], "layer", group_rules(), np.random.default_rng(0))
    assert found.n.sum() == PEOPLE - 300


@pytest.mark.parametrize("retest", [-0.1, 1.1])
def test_what_is_no_reliability_is_refused(retest: float) -> None:
    with pytest.raises(TransitionError, match="between 0 and 1") as refused:
        ordered_transitions(*twice(0.0, 0), GROUPS, np.random.default_rng(0), retest=retest)
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_too_few_people_of_both_waves_are_refused() -> None:
    few: Floats = np.zeros(99, dtype=np.int64)
    with pytest.raises(TransitionError, match="Only 99 people"):
        ordered_transitions(few, few, GROUPS, np.random.default_rng(0))


def test_a_question_that_nobody_answered_stays_unanswered() -> None:
    rng = np.random.default_rng(0)
    answers = np.column_stack([rng.integers(1, 6, 200), np.full(200, np.nan)]).astype(float)
    again = second_answers(answers, rng).again(np.full(2, 0.7))
    assert np.isfinite(again[:, 0]).all()
    assert np.isnan(again[:, 1]).all()
