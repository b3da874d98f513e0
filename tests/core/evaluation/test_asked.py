"""A question is understood in the study's own names, and a name that is not there meets the nearest."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.core.evaluation.held_study import OTHER_ROUND, ROUND, write_study

from tazuna.errors import MissingInputError, TazunaError
from tazuna.evaluation.asked import asked_of
from tazuna.study import Study
from tazuna.study.folder import open_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    opened = open_study(write_study(tmp_path_factory.mktemp("asked") / "study"))
    opened.require_sound()
    return opened


def without(study: Study, **tables: pl.DataFrame | None) -> Study:
    """The study with some tables replaced, or taken out."""
    kept = {**study.tables, **tables}
    return replace(study, tables={name: table for name, table in kept.items() if table is not None})


def test_any_place_of_every_round_between_the_first_and_the_last_wave_is_meant_by_default(
    study: Study,
) -> None:
    asked = asked_of(study, "engagement")
    assert asked.question.rounds == (OTHER_ROUND, ROUND)
    assert (asked.question.before, asked.question.after) == ("2026", "2027")
    assert len(asked.programs) == 8
    assert asked.any_place
    assert str(asked.starts_on) == "2026-10-01"
    assert (asked.outcome.kind, asked.outcome.better) == ("scale", "high")
    assert asked.cautions == ()


def test_labels_come_in_both_languages(study: Study) -> None:
    question = asked_of(study, "isolation", program="P1").question
    assert question.outcome_label.text("ja") == "キャリアの孤立"
    assert question.outcome_label.text("en") != question.outcome_label.text("ja")
    assert question.program_label.text("en") == "P1"


def test_which_end_is_wished_for_is_known_from_the_instrument_and_of_leaving_only(study: Study) -> None:
    outcomes = study.tables["outcomes"].with_columns(left=pl.lit(0.0))
    study = without(study, outcomes=outcomes)
    better = {code: asked_of(study, code).outcome.better for code in ("isolation", "sick_days", "left")}
    assert better == {"isolation": "low", "sick_days": "unknown", "left": "low"}


def test_several_programmes_are_named_with_commas_and_bring_their_rounds(study: Study) -> None:
    asked = asked_of(study, "engagement", program="P2, Z1,P2")
    assert asked.programs == ("P2", "Z1")
    assert asked.question.rounds == (OTHER_ROUND, ROUND)
    assert not asked.any_place


def test_a_round_that_does_not_start_between_the_waves_is_left_out_and_named(study: Study) -> None:
    starts = pl.when(pl.col("program_id") == "Z1").then(pl.date(2027, 5, 1)).otherwise("starts_on")
    later = without(study, programs=study.tables["programs"].with_columns(starts_on=starts))
    asked = asked_of(later, "engagement")
    assert asked.question.rounds == (ROUND,)
    assert [caution.code for caution in asked.cautions] == ["rounds_left_out"]
    assert asked_of(later, "engagement", round_=OTHER_ROUND).programs == ("Z1",)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"outcome": "engagment"}, "Did you mean engagement?"),
        ({"outcome": "engagement", "program": "P1,ZZ1"}, "Did you mean Z1?"),
        ({"outcome": "engagement", "program": "P1", "round_": OTHER_ROUND}, "has no programme “P1”"),
        ({"outcome": "engagement", "round_": "秋の募"}, f"Did you mean {ROUND}?"),
        ({"outcome": "engagement", "before": "2025"}, "--before: there is no wave “2025”"),
        ({"outcome": "engagement", "before": "2027", "after": "2026"}, "does not come before"),
        ({"outcome": "performance:boos"}, "Did you mean boss?"),
        ({"outcome": "engagement", "program": " , "}, "No programme is named"),
    ],
)
def test_a_name_or_wave_that_is_not_there_is_an_error_with_its_cure(
    study: Study, question: dict[str, str], said: str
) -> None:
    with pytest.raises(TazunaError) as raised:
        asked_of(study, **question)
    assert said in raised.value.text("en")


def test_before_is_empty_where_no_wave_comes_before_the_one_after(study: Study) -> None:
    assert asked_of(study, "engagement", after="2026").question.before == ""


def test_a_wave_without_the_outcome_is_an_error_that_names_those_with_it(study: Study) -> None:
    first = study.responses.filter(pl.col("wave") == "2026")
    with pytest.raises(MissingInputError, match="not measured at the wave 2027") as raised:
        asked_of(replace(study, responses=first), "engagement", after="2027")
    assert "It was measured at 2026." in raised.value.text("en")


def test_a_scale_that_nobody_answered_is_an_error(study: Study) -> None:
    empty = study.responses.with_columns(pl.lit(None, pl.Int16).alias(f"isolation{at}") for at in (1, 2))
    with pytest.raises(MissingInputError, match="measured at no wave"):
        asked_of(replace(study, responses=empty), "isolation")


def test_an_outcome_asked_once_takes_the_wave_before_for_other_facts(study: Study) -> None:
    last = study.responses.filter(pl.col("wave") == "2027")
    question = asked_of(replace(study, responses=last), "engagement").question
    assert (question.before, question.after) == ("2026", "2027")


def test_of_several_raters_one_is_used_for_everybody_and_the_others_are_named(study: Study) -> None:
    asked = asked_of(study, "performance")
    assert asked.outcome.rater == "boss"
    assert [caution.code for caution in asked.cautions] == ["raters_left_out"]
    assert "performance:self" in asked.cautions[0].text("en")
    assert asked_of(study, "performance:self").outcome.rater == "self"
    assert asked_of(study, "performance:self").cautions == ()


def test_a_rater_with_both_waves_goes_before_one_with_the_last_alone(study: Study) -> None:
    outcomes = study.tables["outcomes"]
    register = outcomes.filter((pl.col("wave") == "2027") & (pl.col("rater") == "boss"))
    register = register.with_columns(rater=pl.lit("register"))
    known = without(study, outcomes=pl.concat([outcomes, register]))
    assert asked_of(known, "performance").outcome.rater == "boss"
    alone = without(study, outcomes=pl.concat([outcomes.filter(pl.col("wave") == "2026"), register]))
    assert asked_of(alone, "performance").outcome.rater == "register"


def test_further_outcomes_are_understood_like_the_first(study: Study) -> None:
    asked = asked_of(study, "engagement", further=["isolation", "sick_days"])
    assert [outcome.code for outcome in asked.further] == ["isolation", "sick_days"]


def test_the_id_of_a_measure_asks_about_its_roll_out(study: Study) -> None:
    measures = pl.DataFrame({"measure_id": ["M1"], "name_ja": ["対話"]})
    asked = asked_of(without(study, measures=measures), "engagement", program="M1")
    assert (asked.measure, asked.programs, asked.question.program_label.text("ja")) == ("M1", (), "対話")


def test_a_study_without_programmes_can_ask_about_any_only(study: Study) -> None:
    bare = without(study, programs=None)
    assert asked_of(bare, "engagement").programs == ()
    with pytest.raises(MissingInputError):
        asked_of(bare, "engagement", program="P1")
