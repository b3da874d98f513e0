"""How alike groups are, against published differences."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.core.evaluation.comparison_groups import lalonde, volunteers

from tazuna.evaluation.adjusted import Adjusted, adjusted_effect
from tazuna.evaluation.balance import SCHEMA, balance, balance_frame, love_plot
from tazuna.evaluation.folds import draw_folds


def test_the_balance_of_lalonde_is_that_of_the_r_package_cobalt(shared_data):
    """cobalt::bal.tab(treat ~ …, data = lalonde), estimand ATT."""
    people = lalonde(shared_data)
    found = {c.covariate: c for c in balance(people.treated, people.x, people.names).covariates}
    expected = {"age": -0.3094, "educ": 0.0550, "re74": -0.7211, "re75": -0.2903, "black": 0.6404}
    assert {name: round(found[name].difference_before, 4) for name in expected} == expected
    # cobalt's variance ratios of the same table.
    assert round(found["age"].variance_ratio_before, 4) == 0.4400
    assert round(found["re75"].variance_ratio_before, 4) == 0.9563
    assert found["black"].kind == "binary"
    assert np.isnan(found["black"].variance_ratio_before)


def test_weights_of_an_adjusted_comparison_bring_balance():
    people = volunteers(np.random.default_rng(2), 2000)
    result = adjusted_effect(
        people.y,
        people.treated,
        people.x,
        people.names,
        folds=draw_folds(people.treated, np.random.default_rng(1)),
    )
    assert isinstance(result, Adjusted)
    found = balance(people.treated, people.x, people.names, result.weights)
    assert set(balance(people.treated, people.x, people.names).unbalanced) == {"keen", "busy"}
    assert found.is_reached
    assert found.effective_comparison < (~people.treated).sum()


def test_weights_count_like_copies_of_people():
    rng = np.random.default_rng(4)
    x, treated, copies = rng.normal(size=(40, 2)), np.arange(40) < 15, rng.integers(0, 4, size=40)
    weighted = balance(treated, x, ("a", "b"), copies.astype(float))
    repeated = balance(np.repeat(treated, copies), np.repeat(x, copies, axis=0), ("a", "b"))
    for one, other in zip(weighted.covariates, repeated.covariates, strict=True):
        assert one.mean_treated_weighted == pytest.approx(other.mean_treated)
        assert one.mean_comparison_weighted == pytest.approx(other.mean_comparison)


def test_the_pooled_deviation_divides_for_everybody():
    treated = np.arange(8) < 4
    x = np.array([[0.0], [2], [4], [6], [1], [1.5], [2], [3]])
    found = balance(treated, x, ("x",), target="ate").covariates[0]
    one, other = x[:4, 0], x[4:, 0]
    pooled = np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2)
    assert found.difference_before == pytest.approx((one.mean() - other.mean()) / pooled)


def test_a_covariate_that_does_not_vary_is_balanced_only_where_means_agree():
    treated = np.arange(6) < 3
    same = np.ones((6, 1))
    assert balance(treated, same, ("same",)).is_reached
    fixed = np.array([[2.0], [2], [2], [0], [1], [3]])
    assert balance(treated, fixed, ("fixed",)).unbalanced == ("fixed",)


def test_the_frame_has_the_columns_of_the_file_and_no_nan():
    people = volunteers(np.random.default_rng(2), 50)
    frame = balance_frame(
        balance(people.treated, np.column_stack([people.x, people.treated]), (*people.names, "in"))
    )
    assert dict(frame.schema) == SCHEMA
    assert frame["variance_ratio_before"].null_count() == 1
    assert not frame.select(pl.selectors.float().is_nan().any()).row(0).count(True)


def test_a_love_plot_begins_with_the_greatest_difference():
    people = volunteers(np.random.default_rng(2), 500)
    rows = love_plot(balance(people.treated, people.x, people.names))
    assert rows["covariate"].to_list() == ["keen", "keen", "busy", "busy", "years", "years"]
    assert rows["stage"].to_list() == ["before", "after"] * 3
    assert rows["size"].min() >= 0


def test_a_group_without_weight_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="some weight"):
        balance(np.arange(6) < 3, np.ones((6, 1)), ("x",), np.array([1.0, 1, 1, 0, 0, 0]))
