"""Distributions of answers against counts by hand."""

from __future__ import annotations

import polars as pl
import pytest

from tazuna.measurement.distributions import answer_cells
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.population import population
from tazuna.measurement.scoring import score_people
from tazuna.measurement.units import organisations_above


@pytest.fixture(scope="module")
def people(random_study) -> pl.DataFrame:
    return population(random_study, score_people(random_study), group_rules()).filter("asked")


@pytest.fixture(scope="module")
def cells(random_study, people) -> pl.DataFrame:
    return answer_cells(people, random_study, organisations_above(random_study), group_rules())


@pytest.mark.parametrize(("question", "category"), [("co1a1", 1), ("ms9", 5), ("lg_met", 0), ("lg_cause", 3)])
def test_a_share_counts_those_who_chose_the_category_among_those_who_answered(
    cells, people, random_study, question, category
):
    rows = people.filter(pl.col("organisation_id") == "A", pl.col("wave") == "w2")["answer_row"].drop_nulls()
    answers = random_study.responses[question].gather(rows).drop_nulls()
    row = cells.filter(
        pl.col("organisation_id") == "A",
        pl.col("wave") == "w2",
        pl.col("group_by") == "all",
        pl.col("measure") == f"dist.{question}.{category}",
    ).row(0, named=True)
    assert row["n"] == answers.len()
    assert row["mean"] == pytest.approx(100 * (answers == category).mean(), abs=1e-6)
    assert row["lower"] < row["mean"] < row["upper"]


def test_the_categories_of_a_question_add_up_to_a_hundred(cells):
    everywhere = cells.filter(pl.col("group_by") == "all").with_columns(
        pl.col("measure").str.replace(r"\.\d+$", "").alias("question")
    )
    sums = everywhere.group_by("organisation_id", "wave", "question").agg(pl.col("mean").sum())
    assert sums["mean"].to_numpy() == pytest.approx(100, abs=1e-4)


def test_reasons_are_told_apart_by_group_and_ordered_answers_are_not(cells):
    by_group = cells.filter(pl.col("group_by") != "all")
    assert set(by_group["group_by"].unique()) == {"age_band", "layer", "unmoved"}
    questions = set(by_group["measure"].str.split(".").list.get(1).unique())
    assert questions == {"reason_not_moving", "reason_not_learning", "lg_cause"}
