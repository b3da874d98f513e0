"""Least squares against public numbers and against formulas written out."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.core.evaluation.public_data import columns, jtrain, nsw

from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.regression import Fit, fixed_effects, least_squares

COVARIATES = "age educ black hisp marr nodegree re74 re75"


def with_constant(x: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(x)), x])


def fitted(result: Fit | Refusal) -> Fit:
    assert isinstance(result, Fit), result
    return result


def refused(result: Fit | Refusal) -> Refusal:
    assert isinstance(result, Refusal), result
    return result


def wages(covariates: str = "", **options: object) -> Fit:
    people = nsw()
    names = ["treat", *covariates.split()]
    x = with_constant(columns(people, " ".join(names)))
    return fitted(least_squares(people["re78"].to_numpy(), x, ["constant", *names], **options))


def random_panel(seed: int = 3, n: int = 60, groups: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = with_constant(rng.normal(size=(n, 2)))
    cluster = rng.integers(groups, size=n)
    y = x @ [1.0, 2.0, -1.0] + rng.normal(size=groups)[cluster] + rng.normal(size=n) * (1 + np.abs(x[:, 1]))
    return y, x, cluster


def test_the_difference_in_means_of_the_job_training_experiment():
    fit = wages(covariance="classical")
    assert fit.coefficient("treat") == pytest.approx(1794.34, abs=0.005)
    assert fit.std_error("treat") == pytest.approx(632.9, abs=0.05)
    assert wages(covariance="hc2").std_error("treat") == pytest.approx(671.0, abs=0.05)


def test_the_adjusted_difference_of_the_job_training_experiment():
    fit = wages(COVARIATES, covariance="classical")
    assert fit.coefficient("treat") == pytest.approx(1676.3, abs=0.05)
    assert fit.std_error("treat") == pytest.approx(638.7, abs=0.05)


def test_the_observational_study_of_lalonde(shared_data):
    people = pl.read_csv(shared_data / "lalonde.csv", infer_schema_length=None).with_columns(
        black=pl.col("race") == "black", hispan=pl.col("race") == "hispan"
    )
    names = "treat age educ black hispan married nodegree re74 re75"
    x = with_constant(columns(people, names))
    y = people["re78"].to_numpy().astype(float)
    adjusted = fitted(least_squares(y, x, ["constant", *names.split()], covariance="classical"))
    naive = fitted(least_squares(y, x[:, :2], ["constant", "treat"]))
    assert naive.coefficient("treat") == pytest.approx(-635.03, abs=0.005)
    assert adjusted.coefficient("treat") == pytest.approx(1548.24, abs=0.005)
    assert adjusted.std_error("treat") == pytest.approx(781.28, abs=0.005)


def test_grants_and_scrap_rates_within_firms():
    """Wooldridge, Introductory Econometrics, 7th edition, example 14.1."""
    firms = jtrain().with_columns(
        d88=(pl.col("year") == 1988).cast(float), d89=(pl.col("year") == 1989).cast(float)
    )
    names = "d88 d89 grant grant_1"
    y, x, firm = firms["lscrap"].to_numpy(), columns(firms, names), firms["fcode"].to_numpy()
    fit = fitted(fixed_effects(y, x, names.split(), [firm], covariance="classical"))
    assert fit.coefficient("grant") == pytest.approx(-0.2523, abs=5e-5)
    assert fit.std_error("grant") == pytest.approx(0.1506, abs=5e-5)
    assert fit.coefficient("grant_1") == pytest.approx(-0.4216, abs=5e-5)
    assert fit.std_error("grant_1") == pytest.approx(0.2102, abs=5e-5)
    years = firms["year"].to_numpy()
    both = fitted(fixed_effects(y, x[:, 2:], ["grant", "grant_1"], [firm, years], covariance="classical"))
    assert both.coefficients == pytest.approx(fit.coefficients[2:], abs=1e-8)
    assert both.std_errors == pytest.approx(fit.std_errors[2:], abs=1e-8)


@pytest.mark.parametrize("kind", ["hc2", "hc3"])
def test_errors_by_row_are_the_sandwich_written_out(kind):
    y, x, _ = random_panel()
    bread = np.linalg.inv(x.T @ x)
    e = y - x @ bread @ x.T @ y
    h = np.diag(x @ bread @ x.T)
    meat = (x.T * (e**2 / (1 - h) ** (1 if kind == "hc2" else 2))) @ x
    fit = fitted(least_squares(y, x, ["a", "b", "c"], covariance=kind))
    assert fit.covariance == pytest.approx(bread @ meat @ bread)


@pytest.mark.parametrize("kind", ["cr1", "cr2"])
def test_errors_by_cluster_are_the_sandwich_written_out(kind):
    y, x, cluster = random_panel()
    bread = np.linalg.inv(x.T @ x)
    e = y - x @ bread @ x.T @ y
    meat, groups = np.zeros((3, 3)), np.unique(cluster)
    for group in groups:
        xg, eg = x[cluster == group], e[cluster == group]
        if kind == "cr2":
            values, vectors = np.linalg.eigh(np.eye(len(xg)) - xg @ bread @ xg.T)
            eg = vectors @ ((vectors.T @ eg) / np.sqrt(values))
        meat += np.outer(xg.T @ eg, xg.T @ eg)
    if kind == "cr1":
        meat *= len(groups) / (len(groups) - 1) * (len(y) - 1) / (len(y) - 3)
    fit = fitted(least_squares(y, x, ["a", "b", "c"], covariance=kind, clusters=cluster))
    assert fit.covariance == pytest.approx(bread @ meat @ bread)
    assert fit.df == len(groups) - 1


def test_clusters_of_one_person_give_errors_by_row():
    y, x, _ = random_panel()
    alone = np.arange(len(y))
    by_row = fitted(least_squares(y, x, ["a", "b", "c"], covariance="hc2"))
    by_cluster = fitted(least_squares(y, x, ["a", "b", "c"], covariance="cr2", clusters=alone))
    assert by_cluster.covariance == pytest.approx(by_row.covariance)


def test_a_weight_of_two_counts_a_row_twice():
    y, x, _ = random_panel()
    twice = np.where(np.arange(len(y)) < 20, 2.0, 1.0)
    repeated = np.repeat(np.arange(len(y)), twice.astype(int))
    weighted = fitted(least_squares(y, x, ["a", "b", "c"], weights=twice))
    doubled = fitted(least_squares(y[repeated], x[repeated], ["a", "b", "c"]))
    assert weighted.coefficients == pytest.approx(doubled.coefficients)
    assert weighted.residuals == pytest.approx(y - x @ weighted.coefficients)


def test_fixed_effects_are_constants_of_groups():
    y, x, cluster = random_panel()
    dummies = (cluster[:, None] == np.unique(cluster)).astype(float)
    names = [f"g{i}" for i in range(dummies.shape[1])]
    within = fitted(fixed_effects(y, x[:, 1:], ["b", "c"], [cluster], covariance="classical"))
    long = fitted(
        least_squares(y, np.hstack([x[:, 1:], dummies]), ["b", "c", *names], covariance="classical")
    )
    assert within.coefficients == pytest.approx(long.coefficients[:2])
    assert within.std_errors == pytest.approx(long.std_errors[:2])
    assert within.df == long.df


def test_fixed_effects_inside_clusters_cost_no_degrees_of_freedom():
    y, x, cluster = random_panel()
    options = {"covariance": "cr1", "clusters": cluster}
    nested = fitted(fixed_effects(y, x[:, 1:], ["b", "c"], [cluster], **options))
    means = np.stack(
        [np.bincount(cluster, column) / np.maximum(np.bincount(cluster), 1) for column in (y, *x[:, 1:].T)]
    )
    own = least_squares(y - means[0][cluster], x[:, 1:] - means[1:].T[cluster], ["b", "c"], **options)
    assert nested.std_errors == pytest.approx(fitted(own).std_errors)


def test_a_column_that_repeats_others_is_refused_by_name():
    y, x, _ = random_panel()
    rising = np.column_stack([x, x[:, 1] - 2 * x[:, 2]])
    refusal = refused(least_squares(y, rising, ["constant", "age", "tenure", "entry"]))
    assert refusal.code == "collinear_covariates"
    assert refusal.problem.values == {"columns": "entry", "partners": "age, tenure"}


def test_a_column_that_hardly_varies_is_not_called_collinear():
    y, x, _ = random_panel()
    year = 2024 + np.arange(len(y)) % 2
    fitted(least_squares(y, np.column_stack([x, year]), ["constant", "a", "b", "year"]))


def test_a_column_fixed_within_groups_is_refused_by_name():
    y, x, cluster = random_panel()
    refusal = refused(
        fixed_effects(
            y, np.column_stack([x[:, 1], cluster]), ["age", "firm_size"], [cluster], covariance="classical"
        )
    )
    assert refusal.code == "collinear_covariates"
    assert refusal.problem.values["columns"] == "firm_size"


def test_a_constant_outcome_is_refused():
    _, x, _ = random_panel()
    assert refused(least_squares(np.full(60, 3.0), x, ["a", "b", "c"])).code == "constant_outcome"


def test_an_outcome_computed_from_the_columns_is_refused():
    _, x, _ = random_panel()
    assert refused(least_squares(x @ [1.0, 2.0, 3.0], x, ["a", "b", "c"])).code == "perfect_fit"


def test_more_columns_than_rows_are_refused():
    y, x, _ = random_panel()
    assert refused(least_squares(y[:3], x[:3], ["a", "b", "c"])).code == "too_few_people"


def test_empty_values_are_refused_by_name():
    y, x, _ = random_panel()
    x[4, 2] = np.nan
    refusal = refused(least_squares(y, x, ["constant", "age", "tenure"]))
    assert (refusal.code, refusal.problem.values["columns"]) == ("missing_values", "tenure")


@pytest.mark.parametrize(
    ("kind", "treated"), [("hc2", [7]), ("hc3", [7]), ("cr1", range(10)), ("cr2", range(10))]
)
def test_one_treated_person_or_group_gives_no_estimate(kind, treated):
    y, _, _ = random_panel()
    cluster = np.arange(60) // 10
    d = np.isin(np.arange(60), list(treated)).astype(float)
    fit = fitted(least_squares(y, with_constant(d[:, None]), ["a", "d"], covariance=kind, clusters=cluster))
    refusal = fit.estimate("d", 1, 5)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "one_unit_decides"


def test_a_prefecture_of_one_person_does_not_hide_the_effect():
    y, x, _ = random_panel()
    alone = (np.arange(60) == 5).astype(float)
    fit = fitted(least_squares(y, np.column_stack([x, alone]), ["a", "b", "c", "alone"]))
    without = fitted(least_squares(np.delete(y, 5), np.delete(x, 5, axis=0), ["a", "b", "c"]))
    assert fit.std_errors[:3] == pytest.approx(without.std_errors)
    assert np.isnan(fit.std_error("alone"))
    assert isinstance(fit.estimate("b", 30, 30), Estimate)


def test_the_interval_is_the_t_interval():
    found = wages(covariance="classical").estimate("treat", 185, 260)
    assert isinstance(found, Estimate)
    assert (found.lower, found.upper) == pytest.approx((550.6, 3038.1), abs=0.1)
    assert found.p_value == pytest.approx(0.00479, abs=5e-6)
    assert found.excludes_zero
