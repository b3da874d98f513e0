"""Companies, departments and the reorganisation."""

from __future__ import annotations

import polars as pl

from tazuna.simulation.consortium import Consortium, simulate
from tazuna.simulation.organisations import company_name


def test_company_names_do_not_repeat() -> None:
    assert len({company_name(number) for number in range(500)}) == 500


def test_a_merged_department_is_left_by_all_for_its_successor(sample: Consortium) -> None:
    departments, people = sample.tables["departments"], sample.tables["people"]
    ended = departments.filter(pl.col("ends_on").is_not_null())
    assert ended.height == 4
    before, after = pl.col("wave") == "fy2023", pl.col("wave") != "fy2023"
    old, new = ended["department_id"].to_list(), ended["successor_id"].to_list()
    assert people.filter(before & pl.col("department").is_in(old)).height > 0
    assert people.filter(after & pl.col("department").is_in(old)).height == 0
    assert people.filter(before & pl.col("department").is_in(new)).height == 0
    moved = people.filter(before & pl.col("department").is_in(old)).join(
        people.filter(pl.col("wave") == "fy2024"), on="person_id", suffix="_after"
    )
    share = moved["department_after"].is_in(new).mean()
    assert share is not None
    assert share > 0.9


def test_a_sample_of_one_wave_has_no_reorganisation_and_no_rounds() -> None:
    once = simulate(people=100, companies=2, waves=1, seed=1)
    assert once.tables["departments"]["successor_id"].null_count() == once.tables["departments"].height
    assert "programs" not in once.tables
    assert once.truth["rounds"] is None


def test_group_firms_belong_to_a_member(published: Consortium) -> None:
    companies = published.tables["organisations"].filter(pl.col("kind") == "company")
    of_group = companies.filter(pl.col("parent_id").is_not_null())
    assert companies.height == 33
    assert of_group.height == 6
    assert set(of_group["parent_id"]) <= set(companies["organisation_id"])
