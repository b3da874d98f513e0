"""Of whom the effect speaks."""

from __future__ import annotations

import numpy as np
import pytest

from tazuna.evaluation.lottery.at_risk import at_risk_table

AGE, SALES = np.array([20.0, 30, 40, 50, 60]), np.array([1.0, 0, 1, np.nan, 0])
PERSON = np.array([0, 1, 1, 3])
CHANCE = np.array([0.5, 0.2, 0.5, 1.0])


def table(analysed):
    return at_risk_table(np.column_stack([AGE, SALES]), ("age", "sales"), PERSON, CHANCE, np.array(analysed))


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
