"""Effects put together against R's `did`, bands and the test of trends before the start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.core.evaluation.panels import counties, made_up

from tazuna.evaluation.aggregation import Aggregate, aggregate
from tazuna.evaluation.multiplier import critical_value
from tazuna.evaluation.pre_trend import PreTrend, pre_trend
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.staggered import GroupTime, group_time_effects


def put_together(found: GroupTime | Refusal, kind: str) -> Aggregate:
    assert isinstance(found, GroupTime)
    whole = aggregate(found, kind, np.random.default_rng(1), draws=499)
    assert isinstance(whole, Aggregate)
    return whole


@pytest.mark.parametrize(
    ("kind", "effect", "error"),
    [
        ("simple", -0.0400, 0.0120),
        ("group", -0.0310, 0.0124),
        ("event", -0.0772, 0.0200),
        ("calendar", -0.0417, 0.0160),
    ],
)
def test_minimum_wages_put_together_as_in_did(shared_data, kind, effect, error):
    """Errors there come from a bootstrap, ours are analytic: they agree to its noise."""
    overall = put_together(group_time_effects(counties(shared_data)), kind).overall
    assert overall.estimate == pytest.approx(effect, abs=5.5e-5)
    assert overall.std_error == pytest.approx(error, abs=1e-4)
    assert (overall.n_treated, overall.n_comparison) == (191, 309)


def test_the_trend_before_the_start_as_in_did(shared_data):
    for names, expected in (((), 0.16812), (("lpop",), 0.23267)):
        found = group_time_effects(counties(shared_data, *names))
        assert isinstance(found, GroupTime)
        tested = pre_trend(found)
        assert isinstance(tested, PreTrend)
        assert tested.p_value == pytest.approx(expected, abs=1e-5)
        assert tested.df == 5
        assert tested.p_value < tested.p_value_f < tested.p_value + 0.01


def test_time_since_the_start_counts_from_zero(shared_data):
    events = put_together(group_time_effects(counties(shared_data)), "event")
    assert events.keys.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert events.effects[3:] == pytest.approx([-0.0199, -0.0510, -0.1373, -0.1008], abs=5e-5)


def test_estimated_shares_of_groups_enter_the_error():
    """The influence function is what leaving a unit out changes, weights included."""
    panel = made_up(9, 160, [3.0, 5.0, np.inf], effect=1.0)
    panel = replace(
        panel, outcomes=panel.outcomes + 4.0 * (panel.starts == 3)[:, None] * (panel.periods >= 3)
    )
    whole = put_together(group_time_effects(panel, method="reg"), "simple").overall
    estimates = np.empty(160)
    for i in range(160):
        one_less = replace(
            panel,
            outcomes=np.delete(panel.outcomes, i, axis=0),
            starts=np.delete(panel.starts, i),
            covariates=np.delete(panel.covariates, i, axis=0),
            clusters=None,
        )
        estimates[i] = put_together(group_time_effects(one_less, method="reg"), "simple").overall.estimate
    jackknife = np.sqrt(159 / 160 * ((estimates - estimates.mean()) ** 2).sum())
    assert whole.std_error == pytest.approx(jackknife, rel=0.05)


def test_a_band_over_ten_independent_effects_is_as_wide_as_theirs():
    rng = np.random.default_rng(4)
    value = critical_value(rng.normal(size=(3000, 10)), np.arange(3000), rng, draws=4000)
    assert value == pytest.approx(stats.norm.ppf(1 - (1 - 0.95**0.1) / 2), abs=0.08)


def test_a_band_over_one_effect_is_its_interval():
    rng = np.random.default_rng(4)
    value = critical_value(rng.normal(size=(3000, 1)), np.arange(3000), rng, draws=4000)
    assert value == pytest.approx(1.96, abs=0.08)


def test_the_band_holds_the_intervals_and_the_same_seed_gives_the_same_band(shared_data):
    found = group_time_effects(counties(shared_data))
    first, again = put_together(found, "event"), put_together(found, "event")
    assert (first.band_lower < first.lower).all()
    assert (first.band_upper > first.upper).all()
    assert first.band_upper.tolist() == again.band_upper.tolist()


def test_with_few_clusters_the_f_test_of_parallel_trends_errs_half_as_often():
    found = [
        group_time_effects(made_up(seed, 240, [5.0, 6.0, np.inf], clusters=40), method="reg")
        for seed in range(120)
    ]
    tested = [pre_trend(one) for one in found if isinstance(one, GroupTime)]
    p = np.array([(one.p_value, one.p_value_f) for one in tested if isinstance(one, PreTrend)])
    assert len(p) == 120
    chi_squared, f = (p < 0.05).mean(axis=0)
    assert chi_squared > 0.16
    assert f < 0.13


def test_trends_that_differ_are_seen():
    panel = made_up(1, 400, [4.0, 5.0, np.inf])
    drifting = replace(panel, outcomes=panel.outcomes + 0.4 * panel.periods * (panel.starts == 5)[:, None])
    found = group_time_effects(drifting)
    assert isinstance(found, GroupTime)
    tested = pre_trend(found)
    assert isinstance(tested, PreTrend)
    assert tested.p_value_f < 0.01


def test_without_earlier_waves_trends_cannot_be_tested():
    found = group_time_effects(made_up(1, 200, [2.0, np.inf]))
    assert isinstance(found, GroupTime)
    refusal = pre_trend(found)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_pre_periods"


def test_with_more_pairs_than_clusters_trends_cannot_be_tested():
    panel = made_up(1, 200, [4.0], clusters=8)
    in_turn = replace(panel, starts=np.array([4.0, 5.0, 6.0, np.inf])[panel.clusters % 4])
    found = group_time_effects(in_turn)
    assert isinstance(found, GroupTime)
    refusal = pre_trend(found)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "pre_trend_untestable"
