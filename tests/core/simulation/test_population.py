"""The staff over the waves."""

from __future__ import annotations

import polars as pl

from tazuna.simulation.consortium import Consortium


def test_every_company_keeps_its_headcount(sample: Consortium) -> None:
    sizes = sample.tables["people"].group_by("organisation_id").agg(pl.col("wave").value_counts())
    counts = sizes.explode("wave").unnest("wave").group_by("organisation_id").agg(pl.col("count").n_unique())
    assert counts["count"].to_list() == [1, 1, 1]
    assert sample.tables["people"].height == 3 * 1200


def test_some_people_leave_and_as_many_join(sample: Consortium) -> None:
    people, outcomes = sample.tables["people"], sample.tables["outcomes"]
    first, second = (set(people.filter(pl.col("wave") == w)["person_id"]) for w in ("fy2023", "fy2024"))
    left = outcomes.filter((pl.col("wave") == "fy2023") & (pl.col("left") == 1))["person_id"]
    assert set(left) == first - second
    assert len(first - second) == len(second - first)
    assert 0.06 < len(first - second) / len(first) < 0.08


def test_who_intends_to_stay_leaves_less_often(published: Consortium) -> None:
    joined = published.tables["responses"].join(published.tables["outcomes"], on=["person_id", "wave"])
    by_left = joined.drop_nulls("left").group_by("left").agg(pl.col("stay1").mean()).sort("left")["stay1"]
    assert by_left[0] > by_left[1] + 0.1


def test_ids_keep_leading_zeros_and_stay_the_same(sample: Consortium) -> None:
    ids = sample.tables["people"]["person_id"]
    assert ids.str.starts_with("0").all()
    assert ids.str.len_chars().n_unique() == 1
    born = sample.tables["people"].group_by("person_id").agg(pl.col("birth_year").n_unique())
    assert born["birth_year"].max() == 1


def test_about_one_in_twelve_leads_and_bosses_are_managers_of_the_same_department(sample: Consortium) -> None:
    people = sample.tables["people"]
    share = people["is_manager"].mean()
    assert share is not None
    assert 0.07 < share < 0.13
    boss = people.select("wave", manager_id="person_id", leads="is_manager", of="department")
    led = people.filter(pl.col("manager_id").is_not_null()).join(boss, on=["wave", "manager_id"])
    assert led.height == people["manager_id"].count()
    assert led["leads"].all()
    assert (led["of"] == led["department"]).all()
    assert (led["person_id"] != led["manager_id"]).all()


def test_most_managers_lead_again_next_year(sample: Consortium) -> None:
    people = sample.tables["people"]
    leads = [
        set(people.filter((pl.col("wave") == w) & pl.col("is_manager"))["person_id"])
        for w in ("fy2023", "fy2024")
    ]
    assert len(leads[0] & leads[1]) > 0.6 * len(leads[0])


def test_secondees_come_from_another_company(sample: Consortium) -> None:
    people = sample.tables["people"]
    seconded = people.filter(pl.col("status") == "seconded_in")
    others = people.filter(pl.col("status") != "seconded_in")
    assert seconded.height > 0
    assert (seconded["home_organisation_id"] != seconded["organisation_id"]).all()
    assert (others["home_organisation_id"] == others["organisation_id"]).all()


def test_ages_and_hiring_are_plausible(published: Consortium) -> None:
    people = published.tables["people"].filter(pl.col("wave") == "fy2023")
    age = 2023 - people["birth_year"]
    assert age.min() >= 18
    assert age.max() <= 67
    hired_at = people["hired_on"].dt.year() - people["birth_year"]
    assert hired_at.min() >= 18
