"""What the tables beside an effect tell of fewer than k people: nothing, also not by subtraction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.core.evaluation.made_arrays import asked, change, lottery

from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate, t_estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.rung_a import rung_a
from tazuna.evaluation.rung_e import rung_e
from tazuna.evaluation.small_groups import HIDDEN, hidden_parts, protected

NAIVE = t_estimate(3.0, 1.0, 100, 25, 200)
K = 10


@pytest.fixture(scope="module")
def drawn() -> Effect:
    found = rung_a(asked(), lottery(3, missing=0.1, redraws=99), NAIVE, np.random.default_rng(1))
    assert isinstance(found, Effect)
    return found


def with_sides(found: Effect, treated: int, comparison: int) -> Effect:
    return replace(found, estimate=replace(found.estimate, n_treated=treated, n_comparison=comparison))


def said(found: Effect | Refusal, k: int = K) -> Effect:
    assert isinstance(found, Effect)
    shown = protected(found, k)
    assert isinstance(shown, Effect)
    return shown


def test_sides_of_k_people_keep_every_table(drawn: Effect) -> None:
    assert said(drawn) == drawn


@pytest.mark.parametrize("sides", [(9, 200), (200, 9)])
def test_a_side_of_nine_keeps_the_effect_and_loses_what_describes_it(
    drawn: Effect, sides: tuple[int, int]
) -> None:
    shown = said(with_sides(drawn, *sides))
    assert shown.estimate.estimate == drawn.estimate.estimate
    assert (shown.balance, shown.dose, shown.first_stage, shown.attrition) == (None,) * 4
    assert shown.at_risk == ()


def test_a_plain_difference_that_would_tell_the_mean_of_nine_is_hidden(drawn: Effect) -> None:
    shown = said(replace(drawn, naive=replace(NAIVE, n_treated=9)))
    assert isinstance(shown.naive, Refusal)
    assert shown.naive.code == HIDDEN
    assert isinstance(said(drawn).naive, Estimate)


def test_the_mean_of_nine_does_follow_from_a_plain_difference_and_the_mean_of_all() -> None:
    rng = np.random.default_rng(4)
    took_part, others = rng.normal(60, 5, 9), rng.normal(50, 5, 91)
    of_all, difference = np.concatenate([took_part, others]).mean(), took_part.mean() - others.mean()
    assert of_all + 91 / 100 * difference == pytest.approx(took_part.mean())


def test_the_change_of_nine_people_is_refused(drawn: Effect) -> None:
    found = rung_e(asked(), change(1), NAIVE)
    assert isinstance(found, Effect)
    assert isinstance(protected(found, K), Effect)
    refused = protected(with_sides(found, 9, 0), K)
    assert isinstance(refused, Refusal)
    assert refused.code == HIDDEN


def test_one_small_part_takes_the_smallest_other_with_it() -> None:
    sizes = np.array([[50, 60], [9, 80], [30, 20], [12, 14]])
    assert hidden_parts(sizes, K).tolist() == [False, True, False, True]


def test_small_parts_of_fewer_than_k_together_take_another_with_them() -> None:
    assert hidden_parts(np.array([[3, 30], [4, 40], [20, 90], [50, 60]]), K).tolist() == [
        True,
        True,
        True,
        False,
    ]


def test_parts_of_k_are_shown() -> None:
    assert not hidden_parts(np.array([[10, 10], [11, 40]]), K).any()


@given(arrays(np.int64, st.tuples(st.integers(1, 6), st.just(2)), elements=st.integers(0, 30)))
def test_what_is_left_by_subtraction_is_nobody_or_several_parts_of_k_people(sizes: np.ndarray) -> None:
    hidden = hidden_parts(sizes, K)
    assert hidden[(sizes < K).any(axis=1)].all()
    if hidden.any() and not hidden.all():
        assert hidden.sum() > 1
        assert (sizes[hidden].sum(axis=0) >= K).all()
