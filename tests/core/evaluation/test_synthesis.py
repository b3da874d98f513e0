"""Random effects against the 13 trials of the BCG vaccine."""

from __future__ import annotations

import numpy as np
import pytest
from tests.core.evaluation.public_data import bcg

from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.synthesis import Pooled, pool


def pooled(result: Pooled | Refusal) -> Pooled:
    assert isinstance(result, Pooled), result
    return result


def test_the_vaccine_trials_by_restricted_likelihood():
    """R's metafor, rma(method = "REML", test = "knha") on dat.bcg (doi:10.18637/jss.v036.i03)."""
    effects, variances, _ = bcg()
    found = pooled(pool(effects, variances))
    assert found.coefficients[0] == pytest.approx(-0.7145, abs=5e-5)
    assert found.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert found.std_errors[0] == pytest.approx(0.1808, abs=5e-5)
    assert (found.lower[0], found.upper[0]) == pytest.approx((-1.108, -0.321), abs=5e-4)
    assert (found.tau2_lower, found.tau2_upper) == pytest.approx((0.1197, 1.1115), abs=5e-5)
    assert found.i2 == pytest.approx(92.22, abs=5e-3)
    assert found.q == pytest.approx(152.2330, abs=5e-5)


def test_the_vaccine_trials_by_moments():
    effects, variances, _ = bcg()
    found = pooled(pool(effects, variances, heterogeneity="dl", interval="wald"))
    assert found.coefficients[0] == pytest.approx(-0.7141, abs=5e-5)
    assert found.tau2 == pytest.approx(0.3088, abs=5e-5)
    assert found.i2 == pytest.approx(92.1, abs=0.05)
    assert found.i2 == pytest.approx(100 * (found.q - 12) / found.q)
    assert found.std_errors[0] == pytest.approx(0.1787, abs=5e-5)


def test_latitude_explains_three_quarters_of_the_spread():
    """Viechtbauer 2010, section 3: REML, moderator absolute latitude."""
    effects, variances, latitude = bcg()
    found = pooled(pool(effects, variances, latitude[:, None], ["latitude"], interval="wald"))
    assert found.coefficients == pytest.approx([0.2515, -0.0291], abs=5e-5)
    assert found.std_errors == pytest.approx([0.2491, 0.0072], abs=5e-5)
    assert found.tau2 == pytest.approx(0.0764, abs=6e-5)
    assert found.names == ("mean", "latitude")
    assert found.predict([44.0]).mean == pytest.approx(0.2515 - 44 * 0.0291, abs=5e-3)


def test_a_new_place_is_less_sure_than_the_average():
    effects, variances, _ = bcg()
    found = pooled(pool(effects, variances))
    told = found.predict()
    half = 2.200985 * np.sqrt(found.tau2 + found.std_errors[0] ** 2)
    assert (told.new_lower, told.new_upper) == pytest.approx((told.mean - half, told.mean + half))
    assert told.new_lower < told.lower < told.upper < told.new_upper


def test_studies_that_agree_by_chance_do_not_look_surer_with_the_floor():
    effects, variances = np.array([0.30, 0.31, 0.29]), np.full(3, 0.04)
    plain, floor, wald = (
        pooled(pool(effects, variances, interval=how)) for how in ("hksj", "hksj_floor", "wald")
    )
    assert plain.std_errors[0] < wald.std_errors[0]
    assert floor.std_errors[0] == pytest.approx(wald.std_errors[0])
    assert floor.upper[0] > wald.upper[0]
    assert plain.tau2 == plain.tau2_lower == 0.0


def test_two_studies_give_no_prediction_for_a_new_place():
    told = pooled(pool(np.array([0.1, 0.4]), np.full(2, 0.01))).predict()
    assert (told.new_lower, told.new_upper) == (-np.inf, np.inf)


def test_one_study_is_no_synthesis():
    refusal = pool(np.array([0.1]), np.array([0.01]))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "too_few_studies"


def test_the_same_moderator_twice_is_refused_by_name():
    effects, variances, latitude = bcg()
    refusal = pool(effects, variances, np.column_stack([latitude, latitude / 90]), ["latitude", "north"])
    assert isinstance(refusal, Refusal)
    assert refusal.problem.values["columns"] == "north"


def test_a_synthesis_covers_the_true_mean():
    rng = np.random.default_rng(7)
    variances = rng.uniform(0.01, 0.1, 6)
    inside = 0
    for _ in range(200):
        effects = 0.3 + rng.normal(size=6) * np.sqrt(variances + 0.04)
        found = pooled(pool(effects, variances))
        inside += bool(found.lower[0] <= 0.3 <= found.upper[0])
    # 200 intervals: ± three standard errors of a share of .95.
    assert inside / 200 == pytest.approx(0.95, abs=0.046)
