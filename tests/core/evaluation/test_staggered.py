"""Effects by group and period against R's `did`, and what is refused or left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.evaluation.panels import counties, made_up

from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.staggered import GroupTime, Panel, group_time_effects

NEVER = np.inf


def computed(panel: Panel, **options: object) -> GroupTime:
    found = group_time_effects(panel, **options)
    assert isinstance(found, GroupTime), found
    return found


def cell(found: GroupTime, group: float, period: float) -> float:
    return float(found.att[(found.groups == group) & (found.periods == period)][0])


def codes(found: GroupTime) -> list[str]:
    return [caution.code for caution in found.cautions]


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_minimum_wages_without_covariates_as_in_did(shared_data, method):
    """Getting started with the did package, att_gt(lemp ~ 1): never treated, varying base period."""
    found = computed(counties(shared_data), method=method)
    assert found.att == pytest.approx(
        np.ravel(
            [
                [-0.0105, -0.0704, -0.1373, -0.1008],
                [0.0065, -0.0028, -0.0046, -0.0412],
                [0.0305, -0.0027, -0.0311, -0.0261],
            ]
        ),
        abs=5e-5,
    )
    assert found.groups.tolist() == [2004.0] * 4 + [2006.0] * 4 + [2007.0] * 4
    assert not found.cautions


def test_minimum_wages_with_population_as_in_did(shared_data):
    """Getting started with the did package, att_gt(xformla = ~lpop), doubly robust."""
    found = computed(counties(shared_data, "lpop"))
    assert cell(found, 2004, 2004) == pytest.approx(-0.0145, abs=5e-5)
    assert cell(found, 2006, 2006) == pytest.approx(0.0010, abs=5e-5)
    assert cell(found, 2007, 2007) == pytest.approx(-0.0288, abs=5e-5)


@pytest.mark.parametrize("comparison", ["never", "not_yet"])
@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_a_true_effect_is_found_though_trends_depend_on_a_covariate(method, comparison):
    panel = made_up(5, 3000, [3.0, 5.0, NEVER], effect=0.7)
    older = panel.covariates[:, 0] + np.random.default_rng(0).normal(size=3000) > 0.5
    later = np.where(older, np.minimum(panel.starts, 4.0), panel.starts)
    panel = replace(panel, starts=later, outcomes=panel.outcomes + 0.7 * moved(panel, later))
    found = computed(panel, method=method, comparison=comparison)
    after = ~found.before
    assert np.abs((found.att - 0.7 * after) / found.std_errors).max() < 3.5


def moved(panel: Panel, later: np.ndarray) -> np.ndarray:
    """+1 where the new start treats what the old did not, -1 the other way round."""
    return (panel.periods >= later[:, None]) * 1.0 - (panel.periods >= panel.starts[:, None])


def test_with_not_yet_treated_the_last_starters_serve_until_they_start():
    found = computed(made_up(1, 400, [3.0, 5.0]), comparison="not_yet")
    pairs = set(zip(found.groups.tolist(), found.periods.tolist(), strict=True))
    assert (3.0, 4.0) in pairs
    assert not {(3.0, 5.0), (3.0, 6.0), (5.0, 5.0)} & pairs
    assert "periods_without_comparison" in codes(found)


def test_a_universal_base_measures_from_the_last_period_before_the_start(shared_data):
    varying, universal = (computed(counties(shared_data), base=base) for base in ("varying", "universal"))
    assert cell(universal, 2007, 2005) == pytest.approx(-cell(varying, 2007, 2006))
    assert cell(universal, 2007, 2004) == pytest.approx(
        -cell(varying, 2007, 2006) - cell(varying, 2007, 2005)
    )
    assert cell(universal, 2007, 2007) == cell(varying, 2007, 2007)


def test_with_anticipation_the_base_moves_back(shared_data):
    panel = counties(shared_data)
    found = computed(panel, anticipation=1)
    treated, never = panel.starts == 2007, ~np.isfinite(panel.starts)
    change = panel.outcomes[:, 4] - panel.outcomes[:, 2]
    assert cell(found, 2007, 2007) == pytest.approx(change[treated].mean() - change[never].mean())
    assert 2004.0 not in found.groups
    assert "started_early" in codes(found)


def test_a_unit_doubled_inside_its_cluster_adds_no_certainty():
    panel = made_up(2, 200, [3.0, 5.0, NEVER])
    double = Panel(
        *(
            np.repeat(part, 2, axis=0) if len(part) == 200 else part
            for part in (panel.outcomes, panel.periods, panel.starts, panel.covariates)
        ),
        names=panel.names,
        clusters=np.repeat(np.arange(200), 2),
    )
    once, twice = computed(panel), computed(double)
    assert twice.att == pytest.approx(once.att)
    assert twice.std_errors == pytest.approx(once.std_errors)


def test_units_with_missing_values_and_early_starters_are_left_out_and_named():
    panel = made_up(3, 300, [1.0, 4.0, NEVER])
    panel.outcomes[:5, 2] = np.nan
    found = computed(panel)
    kept = (panel.starts > 1) & (np.arange(300) >= 5)
    assert len(found.starts) == kept.sum()
    assert codes(found)[:2] == ["incomplete_units", "started_early"]


def test_a_group_of_three_is_left_out_and_named():
    panel = made_up(4, 300, [4.0, NEVER])
    starts = panel.starts.copy()
    starts[:3] = 5.0
    found = computed(replace(panel, starts=starts))
    assert set(found.groups) == {4.0}
    assert found.cautions[0].problem.values == {"groups": "5 (3)"}


def test_few_clusters_are_cautioned():
    assert "few_clusters" in codes(computed(made_up(6, 300, [4.0, NEVER], clusters=12)))


def test_a_department_that_started_alone_is_left_out_and_named():
    panel = made_up(6, 600, [4.0, NEVER], clusters=30)
    alone = replace(panel, starts=np.where(panel.clusters == 2, 5.0, panel.starts))
    found = computed(alone)
    assert set(found.groups) == {4.0}
    assert codes(found) == ["groups_of_one_cluster"]


def test_a_single_company_is_refused():
    panel = made_up(1, 100, [4.0, NEVER])
    refusal = group_time_effects(replace(panel, clusters=np.zeros(100, dtype=int)))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "one_cluster"


def test_when_everybody_starts_the_never_comparison_is_refused():
    refusal = group_time_effects(made_up(1, 100, [3.0, 5.0]))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "all_treated"


def test_when_nobody_starts_in_time_there_is_nothing_to_estimate():
    refusal = group_time_effects(made_up(1, 100, [9.0, NEVER]))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "none_treated"


def test_a_covariate_that_decides_who_starts_leaves_nobody_comparable():
    panel = made_up(1, 100, [4.0, NEVER])
    told = replace(panel, covariates=np.isfinite(panel.starts)[:, None] * 1.0)
    refusal = group_time_effects(told)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_pairs"
    assert "nobody comparable" in refusal.text("en")


def test_a_covariate_given_twice_is_refused_by_name():
    panel = made_up(1, 100, [4.0, NEVER])
    refusal = group_time_effects(
        replace(panel, covariates=np.repeat(panel.covariates, 2, axis=1), names=("age", "years_old"))
    )
    assert isinstance(refusal, Refusal)
    assert refusal.problem.values["columns"] == "years_old"
