"""True scores, held against what the answers show."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.simulation.assumptions import Assumptions
from tazuna.simulation.consortium import Consortium, simulate


def test_true_means_are_recovered_where_everybody_answers() -> None:
    assumed = Assumptions(
        response_rates={"office": 0.9999, "field": 0.9999},
        response_slope=0.0,
        missing=0.0,
        broke_off=0.0,
        careless=1e-9,
    )
    complete = simulate(people=3_000, companies=2, waves=1, seed=8, assumed=assumed)
    truth = pl.DataFrame(complete.truth["true_scores"], infer_schema_length=None)
    people = complete.tables["people"].select("person_id", "organisation_id")
    scored = complete.tables["responses"].join(people, on="person_id")
    means = scored.group_by("organisation_id").agg(
        co=(pl.mean_horizontal(pl.col("^co\\d.*$")).mean() - 1) * 25,
        used=(pl.mean_horizontal(pl.col("^used\\d$")).mean() - 1) * 25,
        gave_up=pl.col("gave_up").mean() * 100,
    )
    both = means.join(truth.filter(pl.col("group_by") == "all"), on="organisation_id", suffix="_true")
    assert both.height == 2
    for scale, tolerance in (("co", 0.5), ("used", 1.5), ("gave_up", 4.0)):
        assert both[scale].to_list() == pytest.approx(both[f"{scale}_true"].to_list(), abs=tolerance)


def test_true_scores_cover_every_company_wave_and_department(sample: Consortium) -> None:
    truth = pl.DataFrame(sample.truth["true_scores"], infer_schema_length=None)
    people = sample.tables["people"].group_by("organisation_id", "wave", "department").len()
    departments = truth.filter(pl.col("group_by") == "department")
    joined = people.join(
        departments,
        left_on=["organisation_id", "wave", "department"],
        right_on=["organisation_id", "wave", "group"],
    )
    assert joined.height == people.height == departments.height
    assert (joined["len"] == joined["people"]).all()
    assert truth.select(pl.col("co").is_between(0, 100).all()).item()
    assert not truth.select("co", "ms", "used", "ms_see").null_count().sum_horizontal().item()


def test_managers_truly_see_the_company_better_than_employees(sample: Consortium) -> None:
    truth = pl.DataFrame(sample.truth["true_scores"], infer_schema_length=None)
    view = truth.filter(pl.col("group_by") == "viewpoint").group_by("group").agg(pl.col("ms").mean())
    seen = dict(view.iter_rows())
    assert seen["manager"] > seen["employee"] + 2
