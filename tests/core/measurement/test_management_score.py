"""What the company side says, and the gaps."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.measurement.company_side import company_scores
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.management_score import company_cells, gap_cells, management_scales
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people
from tazuna.measurement.units import organisations_above


@pytest.fixture(scope="module")
def people(random_study) -> pl.DataFrame:
    return population(random_study, score_people(random_study), group_rules()).filter("asked")


@pytest.fixture(scope="module")
def gaps(random_study, people):
    above = organisations_above(random_study)
    return gap_cells(people, company_scores(random_study, above), management_scales(random_study), above, 7)


def gap(cells: pl.DataFrame, organisation: str, viewpoint: str, measure: str = "gap.ms") -> dict:
    return cells.filter(
        pl.col("organisation_id") == organisation,
        pl.col("wave") == "w1",
        pl.col("viewpoint") == viewpoint,
        pl.col("measure") == measure,
    ).row(0, named=True)


def said_by_employees(people: pl.DataFrame, organisation: str, view: str = "employee") -> pl.Series:
    here = people.filter(pl.col("wave") == "w1", (pl.col("viewpoint") == view) | pl.lit(view == "all"))
    return (here if organisation == "X" else here.filter(pl.col("organisation_id") == organisation))[
        "ms"
    ].drop_nulls()


def test_the_scales_of_both_sides_are_the_four_of_the_management_score(random_study):
    assert management_scales(random_study) == ("ms", "ms_see", "ms_grow", "ms_connect")


@pytest.mark.parametrize("view", ["employee", "all"])
@pytest.mark.parametrize("organisation", ["A", "B", "X"])
def test_the_gap_is_what_executives_say_less_what_employees_or_all_say(
    random_study, people, gaps, organisation, view
):
    above = organisations_above(random_study)
    said = company_scores(random_study, above).filter(
        pl.col("organisation_id") == organisation,
        pl.col("wave") == "w1",
        pl.col("viewpoint") == "executive",
        pl.col("measure") == "ms",
    )
    employees = said_by_employees(people, organisation, view)
    row = gap(gaps[0], organisation, f"executive-{view}")
    assert row["mean"] == pytest.approx(said["score"].mean() - employees.mean(), abs=1e-6)
    assert row["n"] == employees.len()
    assert row["lower"] < row["mean"] < row["upper"]


def test_the_gap_of_managers_counts_the_smaller_side(people, gaps):
    managers, employees = (said_by_employees(people, "A", view) for view in ("manager", "employee"))
    row = gap(gaps[0], "A", "manager-employee")
    assert row["n"] == min(managers.len(), employees.len())
    assert row["mean"] == pytest.approx(managers.mean() - employees.mean(), abs=1e-6)


def test_one_executive_is_fixed_and_three_hr_people_are_drawn(gaps):
    """The same employees stand behind both; drawing the company side makes the interval wider."""
    width = {}
    for view in ("executive", "hr"):
        row = gap(gaps[0], "A", f"{view}-employee")
        width[view] = row["upper"] - row["lower"]
    assert width["hr"] > width["executive"]
    facts = {(fact.organisation_id, fact.wave): fact for fact in gaps[1]}
    assert facts["A", "w1"].company_answers == {"executive": 1, "hr": 3}
    assert facts["X", "w1"].company_answers == {"executive": 2, "hr": 6}


def test_departments_are_drawn_from_ten_on_and_people_below(gaps):
    drawn = {(fact.organisation_id, fact.wave): (fact.resampled, fact.departments) for fact in gaps[1]}
    assert drawn["X", "w1"][0] == "departments"
    assert drawn["B", "w1"][0] == "people"
    assert all((departments >= 10) == (what == "departments") for what, departments in drawn.values())


def test_an_organisations_gaps_do_not_depend_on_the_others(random_study, people, gaps):
    above = organisations_above(random_study)
    alone = people.filter(pl.col("organisation_id") == "B")
    company = company_scores(random_study, above)
    cells, _ = gap_cells(alone, company, management_scales(random_study), above, 7)
    of_b = pl.col("organisation_id") == "B"
    place = ["wave", "viewpoint", "measure"]
    assert cells.filter(of_b).sort(place).equals(gaps[0].filter(of_b).sort(place))


def test_another_seed_moves_the_interval_and_not_the_gap(random_study, people, gaps):
    above = organisations_above(random_study)
    company = company_scores(random_study, above)
    cells, _ = gap_cells(people, company, management_scales(random_study), above, 8)
    one, other = (gap(frame, "A", "hr-employee") for frame in (gaps[0], cells))
    assert one["mean"] == other["mean"]
    assert one["lower"] != other["lower"]


def test_the_company_side_has_a_mean_from_one_and_an_interval_from_two(random_study):
    cells = company_cells(company_scores(random_study, organisations_above(random_study)))
    of_a = cells.filter(pl.col("organisation_id") == "A", pl.col("wave") == "w1", pl.col("measure") == "ms")
    rows = {row["viewpoint"]: row for row in of_a.iter_rows(named=True)}
    assert (rows["executive"]["n"], rows["hr"]["n"]) == (1, 3)
    assert rows["executive"]["mean"] is not None
    assert rows["executive"]["lower"] is None
    assert rows["hr"]["lower"] < rows["hr"]["mean"] < rows["hr"]["upper"]


def test_without_company_answers_managers_alone_are_compared(random_study, people):
    above = organisations_above(random_study)
    nobody = company_scores(random_study, above).clear()
    cells, facts = gap_cells(people, nobody, management_scales(random_study), above, 7)
    assert cells["viewpoint"].unique().to_list() == ["manager-employee"]
    assert facts[0].company_answers == {"executive": 0, "hr": 0}
