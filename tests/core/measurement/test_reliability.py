"""Alpha and item-rest correlations against textbook formulas over people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats

from tazuna.measurement.reliability import feldt_interval, pairwise_moments, reliability
from tazuna.measurement.scoring import scored_scales


@pytest.fixture
def alpha_of(make_question, make_instrument):
    def compute(answers: np.ndarray, keys=(1, 1, 1, 1), forms=((1, 5),) * 4):
        codes = [f"q{place}" for place in range(answers.shape[1])]
        questions = [
            make_question(c, *form, key=key) for c, form, key in zip(codes, forms, keys, strict=False)
        ]
        frame = pl.DataFrame(answers, schema=codes).fill_nan(None).cast(pl.Int16)
        (scored,) = scored_scales([make_instrument(questions, {"s": codes})], codes)
        return reliability(pairwise_moments(frame, codes), scored)

    return compute


@pytest.fixture
def answers() -> np.ndarray:
    rng = np.random.default_rng(5)
    trait = rng.normal(0, 1, (500, 1))
    return np.clip(np.round(3 + trait + rng.normal(0, 1, (500, 4))), 1, 5)


def test_alpha_equals_the_textbook_formula(alpha_of, answers):
    total = answers.sum(axis=1)
    expected = 4 / 3 * (1 - answers.var(axis=0, ddof=1).sum() / total.var(ddof=1))
    assert alpha_of(answers).alpha == pytest.approx(expected, abs=1e-12)


def test_item_rest_is_the_correlation_with_the_sum_of_the_others(alpha_of, answers):
    found = alpha_of(answers).items
    for place in range(4):
        rest = np.delete(answers, place, axis=1).sum(axis=1)
        assert found[f"q{place}"].item_rest == pytest.approx(
            np.corrcoef(answers[:, place], rest)[0, 1], abs=1e-12
        )
        assert found[f"q{place}"].sd == pytest.approx(answers[:, place].std(ddof=1), abs=1e-12)


def test_a_reversed_question_gives_the_same_alpha_when_keyed(alpha_of, answers):
    turned = answers.copy()
    turned[:, 1] = 6 - turned[:, 1]
    straight, keyed = alpha_of(answers), alpha_of(turned, keys=(1, -1, 1, 1))
    assert keyed.alpha == pytest.approx(straight.alpha, abs=1e-12)
    assert keyed.items["q1"].mean == pytest.approx(straight.items["q1"].mean, abs=1e-12)


def test_missing_answers_leave_pairs_as_pandas_has_them(alpha_of, answers):
    answers[np.random.default_rng(1).random(answers.shape) < 0.2] = np.nan
    covariance = pd.DataFrame(answers).cov().to_numpy()
    expected = 4 / 3 * (1 - np.trace(covariance) / covariance.sum())
    found = alpha_of(answers)
    assert found.alpha == pytest.approx(expected, abs=1e-12)
    here = np.isfinite(answers).astype(int)
    assert found.n == (here.T @ here).min()


def test_answers_of_different_response_scales_are_rescaled_first(alpha_of, answers):
    stretched = answers.copy()
    stretched[:, 2] = (stretched[:, 2] - 1) * 2
    found = alpha_of(stretched, forms=((1, 5), (1, 5), (0, 8), (1, 5)))
    assert found.alpha == pytest.approx(alpha_of(answers).alpha, abs=1e-12)
    assert found.items["q0"].mean == pytest.approx((answers[:, 0].mean() - 1) * 25)


def test_more_people_than_one_block_give_the_same(alpha_of, answers, monkeypatch):
    whole = alpha_of(answers)
    monkeypatch.setattr("tazuna.measurement.reliability._ROWS_AT_ONCE", 77)
    monkeypatch.setattr("tazuna.measurement.reliability._SMALL_PRODUCT", 160)
    assert alpha_of(answers).alpha == pytest.approx(whole.alpha, abs=1e-12)


def test_feldts_interval_covers_the_true_alpha_nineteen_times_in_twenty():
    rng = np.random.default_rng(8)
    people, questions, true = 60, 5, 0.8
    # Parallel questions; their sum is reliable to 0.8: trait variance t, error 1, p t / (p t + 1) = 0.8.
    trait = np.sqrt(true / (1 - true) / questions)
    trials = 2_000
    x = trait * rng.normal(size=(trials, people, 1)) + rng.normal(size=(trials, people, questions))
    parts, whole = x.var(axis=1, ddof=1).sum(axis=1), x.sum(axis=2).var(axis=1, ddof=1)
    alphas = questions / (questions - 1) * (1 - parts / whole)
    intervals = [feldt_interval(alpha, people, questions) for alpha in alphas.tolist()]
    covered = sum(lower <= true <= upper for lower, upper in intervals)
    assert stats.binomtest(covered, trials, 0.95).pvalue > 1e-4


def test_one_question_has_no_alpha(alpha_of, answers):
    assert alpha_of(answers[:, :1]) is None


def test_answers_without_variance_have_no_alpha(alpha_of):
    assert alpha_of(np.full((20, 4), 3.0)) is None


def test_a_question_that_everybody_answers_alike_has_no_correlation(alpha_of, answers):
    answers[:, 2] = 4
    found = alpha_of(answers)
    assert found.items["q2"].item_rest is None
    assert found.items["q2"].sd == 0
    assert found.alpha < 1
