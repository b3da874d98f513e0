"""Of whom the effect speaks."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.evaluation.lottery.at_risk import at_risk_table

AGE, SALES = np.array([20.0, 30, 40, 50, 60]), np.array([1.0, 0, 1, np.nan, 0])
PERSON = np.array([0, 1, 1, 3])
CHANCE = np.array([0.5, 0.2, 0.5, 1.0])


ONE_COMPANY = np.zeros(5, np.int64)


def table(analysed, k=1):
    return at_risk_table(
        np.column_stack([AGE, SALES]),
        ("age", "sales"),
        PERSON,
        CHANCE,
        np.array(analysed),
        organisation=ONE_COMPANY,
        k=k,
    )


def test_people_at_risk_weigh_by_their_chance_both_ways_and_applicants_count_once():
    age, sales = table([True, True, True, False])
    # Weights: person 0 .25; person 1 .16 and .25 in two rounds.
    assert age.at_risk == pytest.approx((0.25 * 20 + 0.41 * 30) / 0.66)
    assert age.applicants == pytest.approx((20 + 30 + 50) / 3)
    assert age.everybody == pytest.approx(40)
    assert sales.at_risk == pytest.approx(0.25 / 0.66)
    assert [age.characteristic, sales.characteristic] == ["age", "sales"]


def test_unknown_values_are_left_out():
    _, sales = table([True, True, True, False])
    assert sales.applicants == pytest.approx(1 / 2)
    assert sales.everybody == pytest.approx(2 / 4)


def test_only_the_analysis_sample_is_at_risk():
    age, _ = table([False, False, True, False])
    assert age.at_risk == 30


def test_nobody_at_risk_has_no_mean():
    age, _ = table([False, False, False, True])
    assert np.isnan(age.at_risk)


def big_table(applicants, people, k=10, small_company=0):
    """All at risk but the last ``applicants - 40``; the last people of all are a company of their own."""
    organisation = np.zeros(people, np.int64)
    organisation[people - small_company :] = 1
    person = np.arange(applicants)
    return at_risk_table(
        np.arange(people, dtype=float)[:, None],
        ("age",),
        person,
        np.full(applicants, 0.5),
        person < 40,
        organisation=organisation,
        k=k,
    )[0]


def hidden(row):
    return [name for name in ("at_risk", "applicants", "everybody") if np.isnan(getattr(row, name))]


def test_means_of_far_more_people_each_time_are_shown():
    assert hidden(big_table(60, 100)) == []


def test_fewer_than_k_at_risk_have_no_mean():
    assert hidden(big_table(60, 100, k=41)) == ["at_risk", "everybody"]


def test_a_mean_that_adds_fewer_than_k_people_to_one_shown_is_hidden():
    assert hidden(big_table(44, 100)) == ["applicants"]
    assert hidden(big_table(60, 65)) == ["everybody"]
    assert hidden(big_table(44, 48)) == ["applicants", "everybody"]


def test_the_mean_of_everybody_is_hidden_where_a_company_is_too_small_to_be_shown():
    assert hidden(big_table(60, 100, small_company=6)) == ["everybody"]
    assert hidden(big_table(60, 100, small_company=12)) == []
