"""Robustness values and E-values against published numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.evaluation.comparison_groups import volunteers

from tazuna.evaluation.estimate import t_estimate
from tazuna.evaluation.sensitivity import Strength, e_value, e_value_of_difference, robustness, strengths


def test_the_robustness_of_the_darfur_study():
    """Cinelli & Hazlett 2020, table 1; the coefficient .0973 and its error .02326 with two more digits."""
    found = robustness(t_estimate(0.097316, 0.023257, 783, 346, 930))
    assert round(found.partial_r2, 4) == 0.0219
    assert round(found.value, 4) == 0.1388
    assert round(found.value_of_interval, 4) == 0.0763
    rounded = robustness(t_estimate(0.0973, 0.02326, 783, 346, 930))
    assert (rounded.partial_r2, rounded.value, rounded.value_of_interval) == pytest.approx(
        (0.0219, 0.1388, 0.0763), abs=1.5e-4
    )


@given(st.floats(-8, 8).filter(lambda t: abs(t) > 1e-3), st.integers(5, 2000))
def test_something_as_strong_as_the_robustness_value_takes_the_estimate_to_zero(t, df):
    """Bias over error is √df · √(R²_y R²_d / (1 - R²_d)): at RV it is |t|."""
    value = robustness(t_estimate(t, 1.0, df, 10, 10)).value
    assert np.sqrt(df * value**2 / (1 - value)) == pytest.approx(abs(t), rel=1e-9)


@given(st.floats(-8, 8).filter(lambda t: abs(t) > 1e-3), st.integers(5, 2000))
def test_the_interval_gives_way_before_the_estimate(t, df):
    found = robustness(t_estimate(t, 1.0, df, 10, 10))
    assert 0 <= found.value_of_interval <= found.value <= 1


def test_half_of_an_estimate_goes_more_easily():
    one = t_estimate(3.0, 1.0, 100, 10, 10)
    assert robustness(one, q=0.5).value < robustness(one).value


def test_without_degrees_of_freedom_there_is_no_robustness_value():
    with pytest.raises(ValueError, match="degrees of freedom"):
        robustness(t_estimate(1.0, 0.5, float("inf"), 10, 10))


def test_measured_covariates_are_the_yardstick():
    people = volunteers(np.random.default_rng(2), 800)
    found = strengths(people.y, people.treated, people.x, people.names)
    assert isinstance(found, tuple)
    assert found[0].covariate == "keen"
    partial = {one.covariate: one for one in found}
    assert isinstance(partial["years"], Strength)
    assert partial["years"].of_treatment < 0.01 < partial["years"].of_outcome
    # Partial R² is the squared correlation of what the other columns leave.
    others = np.column_stack([np.ones(800), people.x[:, 1:]])
    left = [
        v - others @ np.linalg.lstsq(others, v, rcond=None)[0] for v in (people.x[:, 0], people.treated * 1.0)
    ]
    assert partial["keen"].of_treatment == pytest.approx(np.corrcoef(left)[0, 1] ** 2)


def test_the_e_value_of_breastfeeding():
    """VanderWeele & Ding 2017: RR 3.9 (1.8 to 8.7) has E-values 7.26 and 3.0."""
    found = e_value(3.9, 1.8, 8.7)
    assert round(found.of_estimate, 2) == 7.26
    assert round(found.of_interval, 2) == 3.00


def test_protection_and_harm_of_the_same_size_have_the_same_e_value():
    assert e_value(0.5, 0.25, 0.8).of_estimate == pytest.approx(e_value(2, 1.25, 4).of_estimate)
    assert e_value(0.5, 0.25, 0.8).of_interval == pytest.approx(e_value(2, 1.25, 4).of_interval)


def test_an_interval_with_no_effect_in_it_has_e_value_one():
    assert e_value(1.2, 0.9, 1.6).of_interval == 1
    assert e_value_of_difference(t_estimate(0.1, 0.2, 50, 25, 25), 1.0).of_interval == 1


def test_a_difference_goes_by_its_standardised_size():
    one = e_value_of_difference(t_estimate(0.5, 0.1, 50, 25, 25), 1.0)
    ratio = np.exp(0.91 * 0.5)
    assert one.of_estimate == pytest.approx(ratio + np.sqrt(ratio * (ratio - 1)))
    ten = e_value_of_difference(t_estimate(5.0, 1.0, 50, 25, 25), 10.0)
    assert (ten.of_estimate, ten.of_interval) == pytest.approx((one.of_estimate, one.of_interval))
    with pytest.raises(ValueError, match="above 0"):
        e_value_of_difference(t_estimate(0.5, 0.1, 50, 25, 25), 0.0)
