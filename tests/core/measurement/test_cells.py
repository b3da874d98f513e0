"""Group figures against a pandas twin over people, and the shape of the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna.measurement.cells import cell_measures, group_cells
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people, scored_scales
from tazuna.measurement.units import organisations_above

TOLERANCE = 1e-6
"""Figures are rounded to a millionth."""


@pytest.fixture(scope="module")
def people(random_study) -> pl.DataFrame:
    return population(random_study, score_people(random_study), group_rules()).filter("asked")


@pytest.fixture(scope="module")
def cells(random_study, people) -> pl.DataFrame:
    scales = scored_scales(random_study.instruments, random_study.responses.columns)
    measures = cell_measures(people, scales, group_rules())
    return group_cells(people, measures, organisations_above(random_study), group_rules())


@pytest.fixture(scope="module")
def twin(people) -> pd.DataFrame:
    """The people as pandas has them, once for their company and once for the consortium."""
    texts = people.with_columns(pl.col(pl.Categorical).cast(pl.String))
    frame = pd.DataFrame(texts.to_dict(as_series=False))
    frame["cluster"] = frame["organisation_id"] + frame["unit"]
    return pd.concat([frame, frame.assign(organisation_id="X")])


def figures(
    cells: pl.DataFrame, measure: str, *, viewpoint: str = "all"
) -> dict[tuple[str, ...], tuple[int, float]]:
    rows = cells.filter(pl.col("measure") == measure, pl.col("viewpoint") == viewpoint)
    keys = rows.select("organisation_id", "wave", "group_by", "group").rows()
    return dict(zip(keys, rows.select("n", "mean").rows(), strict=True))


@pytest.mark.parametrize(
    ("group_by", "companies"),
    [
        ("age_band", "ABX"),
        ("department", "AB"),
        ("department*age_band", "AB"),
        ("gender", "ABX"),
        ("worksite", "ABX"),
        ("level", "ABX"),
        ("level*age_band", "ABX"),
        ("layer", "ABX"),
        ("unmoved", "ABX"),
        ("unmoved*age_band", "ABX"),
        ("cause", "ABX"),
    ],
)
@pytest.mark.parametrize("measure", ["co", "used", "contribution", "ms_grow", "lg_met"])
def test_means_equal_those_of_pandas_and_every_other_row_is_empty(cells, twin, group_by, companies, measure):
    keys = group_by.split("*")
    grouped = twin[twin.organisation_id.isin(list(companies))].groupby(["organisation_id", "wave", *keys])[
        measure
    ]
    expected = {
        (place[0], place[1], group_by, "|".join(place[2:])): (int(row["count"]), row["mean"])
        for place, row in grouped.agg(["count", "mean"]).iterrows()
        if row["count"]
    }
    found = {
        place: row
        for place, row in figures(cells, measure).items()
        if place[2] == group_by and place[0] in companies
    }
    assert {place: row[0] for place, row in found.items() if row[0]} == {
        k: n for k, (n, _) in expected.items()
    }
    for place, (n, mean) in expected.items():
        assert found[place] == (n, pytest.approx(mean, abs=TOLERANCE))
    assert all(row == (0, None) for place, row in found.items() if place not in expected)


def test_the_consortium_pools_its_companies_but_has_no_departments(cells):
    found = figures(cells, "co")
    for wave in ("w1", "w2"):
        n = [found[company, wave, "all", "all"][0] for company in "ABX"]
        assert n[0] + n[1] == n[2]
    assert not cells.filter(
        pl.col("organisation_id") == "X", pl.col("group_by").str.contains("department")
    ).height


def test_intervals_go_by_department_where_ten_have_answered(cells, twin):
    """Fourteen departments, two of them merged away, and in each company the people without a department."""
    rows = twin[(twin.organisation_id == "X") & (twin.wave == "w1")].dropna(subset=["co"])
    residual = (rows["co"] - rows["co"].mean()).groupby(rows["cluster"]).sum()
    clusters = residual.size
    error = np.sqrt(clusters / (clusters - 1) * (residual**2).sum()) / len(rows)
    row = cells.filter(
        pl.col("organisation_id") == "X",
        pl.col("wave") == "w1",
        pl.col("group_by") == "all",
        pl.col("viewpoint") == "all",
        pl.col("measure") == "co",
    ).row(0, named=True)
    assert clusters >= 10
    assert row["upper"] - row["mean"] == pytest.approx(
        stats.t.ppf(0.975, clusters - 1) * error, abs=TOLERANCE
    )


def test_managers_and_employees_make_up_everybody(cells):
    everybody, managers, employees = (
        figures(cells, "ms", viewpoint=view) for view in ("all", "manager", "employee")
    )
    place = ("A", "w1", "all", "all")
    n = managers[place][0] + employees[place][0]
    assert everybody[place][0] == n
    mean = (managers[place][0] * managers[place][1] + employees[place][0] * employees[place][1]) / n
    assert everybody[place][1] == pytest.approx(mean, abs=TOLERANCE)


def test_the_response_rate_counts_everybody_asked(cells, people):
    asked = people.filter(pl.col("organisation_id") == "A", pl.col("wave") == "w1")
    n, rate = figures(cells, "response_rate")["A", "w1", "all", "all"]
    assert n == asked.height
    assert rate == pytest.approx(100 * asked["answered"].mean(), abs=TOLERANCE)


def test_shares_of_a_ruling_add_up_to_a_hundred(cells):
    shares = cells.filter(
        pl.col("measure").str.starts_with("share.unmoved."), pl.col("group_by") == "worksite"
    )
    sums = (
        shares.filter(pl.col("viewpoint") == "all")
        .group_by("organisation_id", "wave", "group")
        .agg(pl.col("mean").sum())
    )
    assert sums["mean"].to_numpy() == pytest.approx(100, abs=1e-5)


def test_rows_do_not_depend_on_who_answered(random_study, people, cells):
    """Take away all answers of one company at one wave: the rows stay, empty."""
    silent = (pl.col("organisation_id") == "B") & (pl.col("wave") == "w2")
    kept = [name for name in people.columns if people[name].dtype in (pl.Float64, pl.Int16, pl.UInt32)]
    hidden = people.with_columns(pl.when(silent.not_()).then(pl.col(name)).alias(name) for name in kept)
    for ruling in ("level", "layer", "unmoved", "cause", "step"):
        hidden = hidden.with_columns(pl.when(silent.not_()).then(ruling).alias(ruling))
    scales = scored_scales(random_study.instruments, random_study.responses.columns)
    measures = cell_measures(people, scales, group_rules())
    fewer = group_cells(hidden, measures, organisations_above(random_study), group_rules())
    place = ["organisation_id", "wave", "viewpoint", "group_by", "group", "measure"]
    demographic = pl.col("group_by").str.contains("level|layer|unmoved|cause").not_()
    assert set(fewer.filter(demographic).select(place).rows()) == set(
        cells.filter(demographic).select(place).rows()
    )


def test_scores_of_single_items_are_not_told(cells):
    assert "co1" in cells["measure"].unique()
    assert "co1a" not in cells["measure"].unique()


def test_the_table_has_the_columns_of_a_cell_and_no_row_twice(cells):
    assert dict(cells.schema) == dict(CELL_SCHEMA)
    place = ["organisation_id", "wave", "viewpoint", "group_by", "group", "measure"]
    assert not cells.select(place).is_duplicated().any()
    assert not cells["suppressed"].any()
