"""Pools of a whole study: their figures, what they cost, and that they stay."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.core.measurement.small_departments import QUESTIONS, company

from tazuna.disclosure.pooling import ROOM
from tazuna.measurement.overview import Measured, measure, release_study, released
from tazuna.measurement.pools import department_tree, pools_released

K = 10
ALONE = {"group_by": "department", "measure": "co"}
ABOUT = 0.03
"""Of the shares in docs/explanation/small-groups.md: which further cells are hidden is drawn."""
CROSSED = {"group_by": "department*age_band", "measure": "co"}


@pytest.fixture(scope="module")
def study():
    return company(waves=2)


@pytest.fixture(scope="module")
def measured(study) -> Measured:
    return measure(study, seed=1)


@pytest.fixture(scope="module")
def shown(measured) -> pl.DataFrame:
    return released(measured).release.cells


def people_with_scores(study) -> pl.DataFrame:
    """One row an answer sheet: the score from the answers themselves, as the made instrument defines it."""
    score = (pl.mean_horizontal(pl.col(QUESTIONS).cast(pl.Float64)) - 1) * 25
    answers = study.responses.select("person_id", "wave", score=score)
    age = pl.col("wave").replace_strict({"w1": 2024, "w2": 2025}) - pl.col("birth_year")
    band = (
        pl.when(age < 35).then(pl.lit("20-34")).when(age < 50).then(pl.lit("35-49")).otherwise(pl.lit("50+"))
    )
    return study.tables["people"].join(answers, on="person_id").with_columns(band=band)


def test_a_pool_has_the_number_and_mean_of_all_its_people(study, measured):
    sheets = people_with_scores(study)
    pools = measured.links.pools
    assert pools
    for (_, wave, code), members in pools.items():
        here = sheets.filter(pl.col("department").is_in(members), wave=wave)
        row = measured.cells.filter(group=code, wave=wave, **ALONE).row(0, named=True)
        assert row["n"] == here.height >= ROOM * K
        assert row["mean"] == pytest.approx(here["score"].mean(), abs=1e-6)
        for band in ("20-34", "35-49", "50+"):
            young = here.filter(band=band)
            cell = measured.cells.filter(group=f"{code}|{band}", wave=wave, **CROSSED).row(0, named=True)
            assert cell["n"] == young.height
            assert cell["mean"] == pytest.approx(young["score"].mean(), abs=1e-6)


def test_a_pool_is_asked_as_many_as_its_departments_together(study, measured):
    asked = study.tables["people"]
    for (_, wave, code), members in measured.links.pools.items():
        row = measured.cells.filter(group=code, wave=wave, group_by="department", measure="response_rate")
        assert row["n"].item() == asked.filter(pl.col("department").is_in(members)).height


def test_every_pool_is_shown_and_no_whole_row_beside_pools_is_hidden(measured, shown):
    for wave in ("w1", "w2"):
        pools = {code: members for (_, of, code), members in measured.links.pools.items() if of == wave}
        inside = {member for members in pools.values() for member in members}
        rows = shown.filter(wave=wave, **ALONE)
        assert not rows.filter(pl.col("group").is_in(list(pools)))["suppressed"].any()
        assert not rows.filter(~pl.col("group").is_in([*inside, *pools]))["suppressed"].any()


def without_pools(measured: Measured) -> Measured:
    codes = [code for *_, code in measured.links.pools]
    of_pool = pl.col("group_by").str.contains("department")
    of_pool &= pl.col("group").str.split("|").list.first().is_in(codes)
    return replace(measured, cells=measured.cells.filter(~of_pool), links=replace(measured.links, pools={}))


def hidden_share(cells: pl.DataFrame, rows: list[str]) -> float:
    """Of the cells of a heat map with these rows: department as a whole and three age bands."""
    row = pl.col("group").str.split("|").list.first().is_in(rows)
    kinds = pl.col("group_by").is_in([ALONE["group_by"], CROSSED["group_by"]])
    return float(cells.filter(row, kinds, measure="co", wave="w1")["suppressed"].mean())


def people_in_shown_cells(cells: pl.DataFrame) -> float:
    """Share of those who answered whose cell of department and age band is shown, alone or with others."""
    everybody = cells.filter(group_by="all", viewpoint="all", measure="co", wave="w1")["n"].item()
    return float(cells.filter(wave="w1", **CROSSED)["n"].sum()) / everybody


def test_seven_hundred_people_in_thirty_departments_see_more_of_their_heat_map(measured, shown):
    """At k = 10 the hidden departments are all seen in pools, and half as many people again by age."""
    before = released(without_pools(measured)).release.cells
    departments = before.filter(wave="w1", **ALONE)["group"].to_list()
    pools = {code: members for (_, wave, code), members in measured.links.pools.items() if wave == "w1"}
    inside = {member for members in pools.values() for member in members}
    rows = [*(set(departments) - inside), *pools]
    assert len(departments) == 30
    assert measured.cells.filter(group_by="all", viewpoint="all", measure="co", wave="w1")["n"].item() == 509
    assert before.filter(wave="w1", **ALONE)["suppressed"].sum() == 8
    assert hidden_share(before, departments) == pytest.approx(0.74, abs=ABOUT)
    assert hidden_share(shown, rows) == pytest.approx(0.57, abs=ABOUT)
    assert people_in_shown_cells(before) == pytest.approx(0.24, abs=ABOUT)
    assert people_in_shown_cells(shown) == pytest.approx(0.39, abs=ABOUT)


def test_a_wave_that_was_released_keeps_its_pools_when_somebody_withdraws(study):
    first = release_study(replace(study, waves=study.waves[:1]), seed=1).release
    ids = study.responses["person_id"].unique(maintain_order=True)[:3]
    fewer = replace(study, responses=study.responses.filter(~pl.col("person_id").is_in(ids.implode())))
    second = release_study(fewer, seed=1, earlier=[first]).release
    keys = ["organisation_id", "wave", "viewpoint", "group_by", "group", "measure"]
    again = first.cells.join(second.cells, on=keys, suffix="_again")
    assert again.height == first.cells.height
    assert again["mean"].equals(again["mean_again"].alias("mean"), null_equal=True)
    assert pools_released([first]) == {
        place: pools for place, pools in pools_released([second]).items() if place[1] == "w1"
    }


def test_the_tree_is_that_of_today(study):
    departments = study.tables["departments"]
    moved = departments.with_columns(
        successor_id=pl.when(department_id=pl.lit("H1")).then(pl.lit("H2")),
    )
    tree = department_tree(replace(study, tables={**study.tables, "departments": moved}))
    assert tree.parents["H11"] == "H2"
    assert department_tree(replace(study, tables={"people": study.tables["people"]})).parents == {}


def test_where_no_department_is_small_there_is_no_pool():
    large = measure(company(spread=0.0, k=5), seed=1)
    assert not large.links.pools
    assert not large.cells["group"].str.contains("+H", literal=True).any()
