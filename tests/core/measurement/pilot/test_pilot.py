"""The pilot finds the faults that were planted and no others, and nobody's answers leave with it."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import polars as pl
import pytest
from tests.core.measurement.pilot.planted import PLANTED, planted, planted_pilot

from tazuna.measurement.item_table import ItemTable
from tazuna.measurement.pilot.document import pilot_document
from tazuna.measurement.pilot.pilot import TooFewAnswersError, expect_enough, pilot
from tazuna.measurement.psychometrics import analyse


def test_every_planted_fault_is_found_and_the_sound_questions_stay() -> None:
    verdicts = {judged.question.code: judged.verdict for judged in planted_pilot().questions}
    assert {code: verdict for code, verdict in verdicts.items() if verdict != "keep"} == PLANTED


def test_of_two_that_say_the_same_the_other_one_is_named_and_stays() -> None:
    judged = {judged.question.code: judged for judged in planted_pilot().questions}
    assert "q5" in judged["q4"].findings[0].says.text("en")
    assert judged["q5"].verdict == "keep"


def test_group_figures_are_in_the_release_alone() -> None:
    found = planted_pilot()
    cells = found.release.cells
    shares = cells.filter(pl.col("measure").str.starts_with("dist.q1."))
    assert shares["mean"].sum() == pytest.approx(100)
    left_out = cells.filter(pl.col("measure") == "left_out.r6")["mean"][0]
    assert left_out == pytest.approx(15, abs=4)
    differs = cells.filter(pl.col("measure") == "differs.second.r5")
    assert differs.select("group_by", "group", "n").row(0) == ("group", "A|B", 450)
    assert differs["mean"][0] == pytest.approx(0.6, abs=0.2)


def test_a_question_that_fewer_than_the_threshold_answered_has_no_figure() -> None:
    asked = planted()
    answers = asked.table.answers.copy()
    answers[9:, asked.table.names.index("r6")] = np.nan
    few = dataclasses.replace(asked, table=ItemTable(asked.table.names, answers, None), groupings={})
    found = pilot(few, analyse(few.table, few.model))
    cells = found.release.cells.filter(pl.col("measure").str.contains("r6"))
    assert cells.height == 6
    assert cells["suppressed"].all()
    assert cells.select(pl.col("n", "mean").null_count()).row(0) == (6, 6)
    assert found.questions[-1].verdict == "not_judged"


def test_of_a_scale_that_too_few_answered_nothing_is_shown() -> None:
    asked = planted()
    answers = asked.table.answers.copy()
    answers[150:, :8] = np.nan
    few = dataclasses.replace(asked, table=ItemTable(asked.table.names, answers, None), groupings={})
    first, second = pilot(few, analyse(few.table, few.model)).scales
    assert (first.found.reliability, first.found.omega, first.graded, first.precision) == (None,) * 4
    assert {judged.verdict for judged in first.questions} == {"not_judged"}
    assert second.found.reliability is not None


def test_199_people_are_too_few_and_the_error_says_how_many_are_missing() -> None:
    few = dataclasses.replace(
        planted(), table=ItemTable(planted().table.names, planted().table.answers[:199], None)
    )
    with pytest.raises(TooFewAnswersError) as refused:
        expect_enough(few)
    said = refused.value.text("en")
    assert "199 people answered" in said
    assert "200" in said
    assert "1 more" in said


def test_the_document_says_each_verdict_in_both_languages() -> None:
    found = json.loads(json.dumps(pilot_document(planted_pilot()), allow_nan=False))
    said = found["scales"]["first"]["questions"]["q8"]
    assert said["verdict"] == "everybody"
    assert {"ja", "en"} == set(said["says"][0])
    assert found["scales"]["first"]["one_factor"]["pairs"][0]["questions"] == ["q4", "q5"]


def test_precision_at_the_middle_is_what_the_answers_of_people_there_show() -> None:
    scale = planted_pilot().scales[1]
    assert scale.precision is not None
    low, middle, high = (scale.precision[place] for place in ("low", "middle", "high"))
    assert low.score < middle.score < high.score
    # The mean of a 0-100 score of symmetrical questions, but for r5 that half the people answer higher.
    assert middle.score == pytest.approx(51.5, abs=3)
    assert 10 < middle.upper - middle.score < 25
    assert 0.7 < middle.reliability < 0.9
