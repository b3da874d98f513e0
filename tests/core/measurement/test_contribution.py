"""The correlation of score and contribution, and what it would be without error."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tazuna.language import LANGUAGES
from tazuna.measurement.contribution import ContributionError, ContributionLink, contribution_link
from tazuna.measurement.reliability import Reliability, pairwise_moments, reliability_of_sum

TRUE = 0.5
RATING = 0.6
QUESTIONS = 6


def measured(
    seed: int, n: int = 400, departments: int = 4
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Reliability]:
    """Six parallel questions and a rating of reliability .6 of two true values that correlate .5."""
    rng = np.random.default_rng(seed)
    owned, given = rng.multivariate_normal([0, 0], [[1, TRUE], [TRUE, 1]], n).T
    answers = owned[:, None] + 1.5 * rng.standard_normal((n, QUESTIONS))
    rating = np.sqrt(RATING) * given + np.sqrt(1 - RATING) * rng.standard_normal(n)
    codes = [f"q{number}" for number in range(QUESTIONS)]
    found = reliability_of_sum(pairwise_moments(pl.DataFrame(answers, schema=codes), codes))
    assert found is not None
    return answers.mean(axis=1), rating, rng.integers(0, departments, n).astype(float), found


def link(seed: int, **more: int) -> ContributionLink:
    score, rating, departments, reliability = measured(seed, **more)
    return contribution_link(
        score, rating, departments, reliability, np.random.default_rng(0), reliability_of_contribution=RATING
    )


def test_the_observed_correlation_has_fishers_interval() -> None:
    score, rating, *_ = measured(1)
    found = link(1).observed
    expected = stats.pearsonr(score, rating)
    interval = expected.confidence_interval()
    assert found.value == pytest.approx(expected.statistic)
    assert (found.lower, found.upper) == pytest.approx((interval.low, interval.high), abs=0.01)


def test_the_correction_is_spearmans() -> None:
    found = link(1)
    alone = found.observed.value / np.sqrt(found.reliability_of_score)
    assert found.corrected_for_score.value == pytest.approx(alone)
    assert found.corrected_for_both.value == pytest.approx(alone / np.sqrt(RATING))


def test_the_corrected_correlation_is_the_true_one_on_average() -> None:
    assert np.mean([link(seed).corrected_for_both.value for seed in range(60)]) == pytest.approx(
        TRUE, abs=0.02
    )


@pytest.mark.parametrize("departments", [4, 40])
def test_intervals_hold_the_true_correlation_about_as_often_as_they_say(departments: int) -> None:
    found = [link(seed, departments=departments).corrected_for_both for seed in range(40)]
    assert np.mean([one.lower <= TRUE <= one.upper for one in found]) == pytest.approx(0.95, abs=0.08)


def test_intervals_are_wider_where_departments_differ() -> None:
    score, rating, departments, reliability = measured(3, n=600, departments=12)
    shift = np.random.default_rng(0).standard_normal((2, 12))[:, departments.astype(int)]
    args = (score + shift[0], rating + shift[1])
    by_department = contribution_link(*args, departments, reliability, np.random.default_rng(0))
    by_people = contribution_link(*args, np.zeros(600), reliability, np.random.default_rng(0))
    assert by_department.by_department
    assert not by_people.by_department
    widths = [found.observed.upper - found.observed.lower for found in (by_department, by_people)]
    assert widths[0] > 1.5 * widths[1]


def test_who_has_no_contribution_does_not_count() -> None:
    score, rating, departments, reliability = measured(1)
    rating[:100] = np.nan
    found = contribution_link(score, rating, departments, reliability, np.random.default_rng(0))
    assert found.n == 300


@pytest.mark.parametrize(
    ("n", "constant", "other", "said"),
    [(29, False, 0.5, "29 people"), (50, True, 0.5, "same"), (50, False, 0.0, "reliability of 0.00")],
)
def test_what_carries_no_correlation_is_refused(n: int, constant: bool, other: float, said: str) -> None:
    score, rating, departments, reliability = (
        part[:n] if isinstance(part, np.ndarray) else part for part in measured(1)
    )
    rating = np.ones(n) if constant else rating
    with pytest.raises(ContributionError, match=said) as refused:
        contribution_link(
            score,
            rating,
            departments,
            reliability,
            np.random.default_rng(0),
            reliability_of_contribution=other,
        )
    assert all(refused.value.text(language) for language in LANGUAGES)
