"""The company side's statements."""

from __future__ import annotations

import polars as pl

from tazuna.simulation.consortium import Consortium

SCORE = pl.mean_horizontal([f"ms{n}" for n in range(1, 10)])


def test_executives_are_rosier_than_hr_managers_and_employees(published: Consortium) -> None:
    company_side = published.tables["company_answers"].group_by("viewpoint").agg(SCORE.mean().alias("score"))
    seen = dict(company_side.iter_rows())
    people = published.tables["people"].select("person_id", "wave", "is_manager")
    answered = published.tables["responses"].join(people, on=["person_id", "wave"])
    staff = dict(answered.group_by("is_manager").agg(SCORE.mean()).iter_rows())
    assert seen["executive"] > seen["hr"] + 0.1 > staff[True] + 0.2 > staff[False] + 0.25


def test_the_same_respondents_answer_everything_at_every_wave(sample: Consortium) -> None:
    answers = sample.tables["company_answers"]
    by_wave = answers.group_by("wave").agg(pl.struct("organisation_id", "respondent").sort())
    assert by_wave["organisation_id"].n_unique() == 1
    assert answers.height == 3 * 3 * (6 + 4)
    assert sum(answers.null_count().row(0)) == 0
