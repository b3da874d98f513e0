"""Everybody's arrays hold only what lies on the right side of the start, and say what was left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from tests.core.evaluation.held_study import PUBLISHED, write_participation, write_study

from tazuna.errors import StudyError
from tazuna.evaluation.arrays import UNKNOWN, PeopleArrays
from tazuna.evaluation.asked import asked_of
from tazuna.evaluation.people_arrays import people_arrays
from tazuna.evaluation.refusal import Refusal
from tazuna.measurement.scoring import score_people
from tazuna.study import Study
from tazuna.study.folder import open_study

ROWS = [
    "1000,P1,completed,round,30",
    "1001,P1,withdrew,,8",
    "1002,P2,no_show,round,",
    "1003,P2,completed,outside,99",
    "1004,P3,completed,,",
    "2000,Z1,completed,round,10",
]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = write_study(tmp_path_factory.mktemp("people") / "study")
    write_participation(folder, ROWS)
    opened = open_study(folder)
    opened.require_sound()
    return opened


def changed(study: Study, table: str, *columns: pl.Expr, **named: pl.Expr) -> Study:
    tables = {**study.tables, table: study.tables[table].with_columns(*columns, **named)}
    return replace(study, tables=tables)


def answered(study: Study, wave: str, moment: str, *persons: str) -> Study:
    """The study where some people, or all, answered a wave at another moment."""
    mine = (pl.col("wave") == wave) & (pl.col("person_id").is_in(persons) if persons else pl.lit(value=True))
    at = pl.when(mine).then(pl.lit(moment).str.to_datetime()).otherwise("answered_at")
    return replace(study, responses=study.responses.with_columns(answered_at=at))


def arrays(study: Study, outcome: str = "engagement", **options: object) -> PeopleArrays:
    found = people_arrays(study, asked_of(study, outcome), published=PUBLISHED, **options)
    assert isinstance(found, PeopleArrays)
    return found


def refused(study: Study, outcome: str = "engagement", **options: object) -> str:
    found = people_arrays(study, asked_of(study, outcome), published=PUBLISHED, **options)
    assert isinstance(found, Refusal)
    return found.code


def codes(found: PeopleArrays) -> list[str]:
    return [caution.code for caution in found.cautions]


def at(found: PeopleArrays, person: str) -> int:
    return found.person.index(person)


def test_outcome_and_baseline_are_the_scores_of_the_two_waves(study: Study) -> None:
    found = arrays(study)
    rows = score_people(study).select("person_id", "wave", "engagement").iter_rows()
    scores = {(person, wave): score for person, wave, score in rows}
    assert len(found.person) == 64
    assert found.outcome.y.tolist() == [scores[person, "2027"] for person in found.person]
    assert found.outcome.baseline.tolist() == [scores[person, "2026"] for person in found.person]
    assert found.answered.all()
    assert codes(found) == ["consent_not_tracked"]


def test_completing_a_place_of_the_round_is_taking_part_and_side_work_outside_is_not(study: Study) -> None:
    found = arrays(study)
    assert {found.person[row] for row in np.flatnonzero(found.took_part)} == {"1000", "1004", "2000"}
    hours = {person: found.hours[at(found, person)] for person in ("1000", "1001", "1002", "1003", "2001")}
    assert hours == {"1000": 30, "1001": 8, "1002": 0, "1003": 0, "2001": 0}
    assert np.isnan(found.hours[at(found, "1004")])
    assert found.applied.sum() == 24


def test_only_the_programmes_asked_about_count(study: Study) -> None:
    found = people_arrays(study, asked_of(study, "engagement", program="P1"))
    assert isinstance(found, PeopleArrays)
    assert {found.person[row] for row in np.flatnonzero(found.took_part)} == {"1000"}


def test_a_baseline_answered_after_the_publication_is_not_used_and_counted(study: Study) -> None:
    late = answered(study, "2026", "2026-09-30T12:00:01", "1000", "2000")
    found = arrays(late)
    assert np.isnan(found.outcome.baseline[[at(found, "1000"), at(found, "2000")]]).all()
    assert np.isfinite(found.outcome.baseline).sum() == 62
    assert codes(found) == ["consent_not_tracked", "baseline_after_publication"]
    assert found.cautions[1].text("en").startswith("1 applicants ")


def test_an_answer_at_the_moment_of_publication_still_is_a_baseline(study: Study) -> None:
    found = arrays(answered(study, "2026", PUBLISHED.isoformat(), "1000"))
    assert np.isfinite(found.outcome.baseline).all()


def test_baselines_that_all_came_too_late_are_refused(study: Study) -> None:
    assert refused(answered(study, "2026", "2026-12-01T00:00:00")) == "baseline_after_start"


def test_without_a_draw_the_first_day_of_the_programmes_divides(study: Study) -> None:
    question = asked_of(study, "engagement")
    eve = people_arrays(answered(study, "2026", "2026-09-30T23:59:59", "1000"), question)
    morning = people_arrays(answered(study, "2026", "2026-10-01T00:00:00", "1000"), question)
    assert isinstance(eve, PeopleArrays)
    assert isinstance(morning, PeopleArrays)
    assert np.isfinite(eve.outcome.baseline).all()
    assert codes(morning) == ["consent_not_tracked", "baseline_after_start"]


def test_an_outcome_measured_before_the_places_were_given_is_not_used(study: Study) -> None:
    found = arrays(answered(study, "2027", "2026-09-01T00:00:00", "1000", "1001", "1002"))
    assert found.answered.sum() == 61
    assert codes(found) == ["consent_not_tracked", "outcome_before_start"]
    assert refused(answered(study, "2027", "2026-09-01T00:00:00")) == "outcome_before_start"


def test_a_column_is_dated_by_the_day_on_which_it_was_measured(study: Study) -> None:
    late = pl.when((pl.col("person_id") == "1000") & (pl.col("wave") == "2026")).then(
        pl.lit(PUBLISHED.date() + timedelta(days=1))
    )
    found = arrays(changed(study, "outcomes", measured_on=late.otherwise("measured_on")), "sick_days")
    assert np.isnan(found.outcome.baseline[at(found, "1000")])
    assert "baseline_after_publication" in codes(found)


def test_answers_without_a_moment_are_dated_by_their_wave(study: Study) -> None:
    undated = replace(
        study, responses=study.responses.with_columns(answered_at=pl.lit(None, pl.Datetime("us")))
    )
    assert np.isfinite(arrays(undated).outcome.baseline).all()
    closed = pl.when(pl.col("wave") == "2026").then(pl.lit(date(2026, 10, 5))).otherwise("closed_on")
    assert refused(changed(undated, "waves", closed_on=closed)) == "baseline_after_start"


def test_who_does_not_consent_stays_and_nothing_of_theirs_is_used(study: Study) -> None:
    said = pl.when(pl.col("person_id") == "1000").then(pl.lit("いいえ")).otherwise(pl.lit("はい"))
    said = pl.when(pl.col("person_id") == "2000").then(None).otherwise(said)
    found = arrays(changed(study, "people", evaluation_consent=said))
    assert {found.person[row] for row in np.flatnonzero(~found.consenting)} == {"1000", "2000"}
    assert np.isnan(found.outcome.y[~found.consenting]).all()
    assert np.isnan(found.outcome.baseline[~found.consenting]).all()
    assert codes(found) == ["not_consenting"]
    assert found.cautions[0].text("en").startswith("2 people ")


def test_consent_with_the_application_leaves_the_others_unasked_and_says_so(study: Study) -> None:
    said = pl.col("person_id") != "1000"
    found = arrays(changed(study, "applications", evaluation_consent=said))
    assert (~found.consenting).sum() == 1
    assert codes(found) == ["consent_of_applicants_only", "not_consenting"]


def test_the_usual_covariates_are_those_that_the_study_has(study: Study) -> None:
    covariates = arrays(study).covariates
    assert covariates.names[0] == "age"
    assert covariates.x[0, 0] == 2026 - 1970
    assert {name.split("=")[0] for name in covariates.names} == {"age", "organisation"}
    assert not covariates.named


def test_named_covariates_come_from_people_scales_and_outcomes_of_a_wave_before(study: Study) -> None:
    found = arrays(study, covariates=["isolation", "performance@2026", "organisation"])
    assert [name.split("=")[0] for name in found.covariates.names] == [
        "isolation",
        "performance@2026",
        *["organisation"] * 3,
    ]
    assert found.covariates.named
    first = study.tables["outcomes"].filter((pl.col("wave") == "2026") & (pl.col("rater") == "boss"))
    assert found.covariates.x[:, 1].tolist() == first.sort("person_id")["performance"].to_list()


@pytest.mark.parametrize("name", ["hours", "feedback_received", "chance", "isolation@2027", "status"])
def test_a_covariate_from_after_the_start_is_refused(study: Study, name: str) -> None:
    assert refused(study, covariates=["age", name]) == "covariate_after_start"


def test_a_covariate_that_is_not_there_is_an_error_with_the_nearest(study: Study) -> None:
    with pytest.raises(StudyError) as raised:
        arrays(study, covariates=["isolaton"])
    assert "Did you mean isolation?" in raised.value.text("en")
    with pytest.raises(StudyError, match="there is no wave “2020”"):
        arrays(study, covariates=["isolation@2020"])


def test_a_named_covariate_on_which_people_hardly_differ_is_refused(study: Study) -> None:
    assert refused(study, covariates=["age", "first_time"]) == "constant_covariate"


def test_a_late_score_is_no_covariate_either(study: Study) -> None:
    late = answered(study, "2026", "2026-12-01T00:00:00", "1000")
    names = arrays(late, "sick_days", covariates=["isolation"]).covariates.names
    assert names == ("isolation", "isolation:missing")


def test_an_outcome_that_is_the_same_for_everybody_is_refused(study: Study) -> None:
    assert refused(changed(study, "outcomes", flat=pl.lit(3.0)), "flat") == "constant_outcome"


def test_people_as_of_a_wave_after_the_start_are_not_looked_at(study: Study) -> None:
    people = study.tables["people"]
    before = people.with_columns(wave=pl.lit("2026"))
    moved = people.with_columns(wave=pl.lit("2027"), birth_year=pl.lit(1900, pl.Int64))
    newcomer = moved.head(1).with_columns(person_id=pl.lit("9999"))
    both = replace(study, tables={**study.tables, "people": pl.concat([before, moved, newcomer])})
    found = arrays(both)
    assert found.covariates.x[:, 0].max() < 100
    assert "9999" not in found.person


def test_departments_are_clusters_and_people_without_one_stand_alone(study: Study) -> None:
    at_home = pl.when(pl.col("person_id").str.starts_with("1")).then(pl.lit("D1"))
    found = arrays(changed(study, "people", department=at_home))
    assert found.departments == ("D1",)
    assert (found.department == 0).sum() == 24
    assert (found.department == UNKNOWN).sum() == 40
    assert len(np.unique(found.clusters)) == 41
