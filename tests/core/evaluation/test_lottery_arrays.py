"""The draws with what became of everybody: one row an applicant and round."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.core.evaluation.held_study import (
    OTHER_ROUND,
    ROUND,
    hold_draw,
    places_of,
    write_participation,
    write_study,
)

from tazuna.evaluation.arrays import UNKNOWN, Asked, LotteryArrays
from tazuna.evaluation.asked import asked_of
from tazuna.evaluation.held_rounds import HeldRounds, held_rounds
from tazuna.evaluation.lottery_arrays import lottery_arrays
from tazuna.evaluation.people_arrays import people_arrays
from tazuna.evaluation.refusal import Refusal
from tazuna.study import Study
from tazuna.study.folder import open_study

REDRAWS = 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody completes the place of the round, withdraws from Z1, and somebody comes without a place."""
    path = write_study(tmp_path_factory.mktemp("lottery") / "study", "open places, own lotteries")
    hold_draw(path, OTHER_ROUND, inside="draws/z")
    hold_draw(path)
    rows = [f"{person},{program},completed,round,10" for person, program in places_of(path).items()]
    rows += [
        f"{person},{program},withdrew,round,3" for person, program in places_of(path / "draws/z").items()
    ]
    write_participation(path, [*rows, "2000,P1,completed,round,5"])
    return path


@pytest.fixture(scope="module")
def study(folder: Path) -> Study:
    opened = open_study(folder)
    opened.require_sound()
    return opened


@pytest.fixture(scope="module")
def held(study: Study, folder: Path) -> HeldRounds:
    found = held_rounds(study, folder, asked_of(study, "engagement"), draws=REDRAWS, threads=1)
    assert isinstance(found, HeldRounds)
    return found


def made(study: Study, held: HeldRounds, asked: Asked | None = None) -> LotteryArrays | Refusal:
    question = asked or asked_of(study, "engagement", further=["isolation"])
    people = people_arrays(study, question, published=held.first_published)
    assert not isinstance(people, Refusal)
    return lottery_arrays(study, question, held, people)


def arrays(study: Study, held: HeldRounds, asked: Asked | None = None) -> LotteryArrays:
    found = made(study, held, asked)
    assert isinstance(found, LotteryArrays)
    return found


def test_rows_are_those_of_the_draws_and_lead_to_everybody(study: Study, held: HeldRounds) -> None:
    found = arrays(study, held)
    n = len(held.draws.held)
    names = [held.persons[code] for code in held.draws.person]
    assert [found.people.person[row] for row in found.row] == names
    assert np.array_equal(found.outcome.y, found.people.outcome.y[found.row])
    assert [further.outcome.code for further in found.further] == ["isolation"]
    assert len(found.further[0].y) == len(found.covariates.x) == len(found.hours) == n == 32
    assert np.array_equal(found.offers.offered, held.draws.held >= 0)
    assert found.clusters is not None
    assert len(np.unique(found.clusters)) == 24


def test_taking_part_counts_in_the_round_whose_place_it_was(study: Study, held: HeldRounds) -> None:
    found = arrays(study, held)
    first = found.draws.round == 0
    assert np.array_equal(found.took_part[first], found.offers.offered[first])
    assert not found.took_part[~first].any()
    assert set(found.hours[first & found.offers.offered]) == {10.0}
    assert set(found.hours[~first & found.offers.offered]) == {3.0}
    assert set(found.hours[~found.offers.offered]) == {0.0}


def test_a_place_completed_without_an_offer_is_counted(study: Study, held: HeldRounds) -> None:
    cautions = {caution.code: caution.text("en") for caution in arrays(study, held).cautions}
    assert cautions["participation_without_assignment"].startswith("1 people ")


def test_of_one_programme_other_places_of_the_round_are_told_apart(study: Study, held: HeldRounds) -> None:
    found = arrays(study, held, asked_of(study, "engagement", program="P2"))
    seated = held.draws.programs.index("P2")
    assert np.array_equal(found.offers.offered, held.draws.held == seated)
    assert np.array_equal(found.took_part, held.draws.held == seated)
    first = held.draws.round == 0
    assert np.array_equal(found.took_other[first], (held.draws.held >= 0)[first] & ~found.took_part[first])


def test_who_does_not_consent_stays_in_the_redraws_and_out_of_the_analysis(
    study: Study, held: HeldRounds
) -> None:
    person = held.persons[int(held.draws.person[np.flatnonzero(held.draws.offers().at_risk)[0]])]
    people = study.tables["people"].with_columns(evaluation_consent=pl.col("person_id") != person)
    found = arrays(replace(study, tables={**study.tables, "people": people}), held)
    rows = np.array([found.people.person[row] == person for row in found.row])
    assert not found.analysed[rows].any()
    assert found.offers.at_risk[rows].any()
    assert np.array_equal(found.draws.redrawn, held.draws.redrawn)
    assert found.analysed.sum() == (found.offers.at_risk & ~rows).sum()


def test_modifiers_are_those_that_the_study_knows_from_before_the_draw(
    study: Study, held: HeldRounds
) -> None:
    stretch = pl.col("program_id").replace_strict({"P0": 1, "P1": 3, "P2": 5}, default=None)
    programs = study.tables["programs"].with_columns(
        stretch=stretch.cast(pl.Int64), feedback_promised=pl.col("program_id") == "P0"
    )
    entry = pl.when(pl.col("person_id") == "1000").then(pl.lit("nominated")).otherwise(pl.lit("volunteered"))
    applications = study.tables["applications"].with_columns(entry=entry)
    tables = {**study.tables, "programs": programs, "applications": applications}
    found = {m.code: m for m in arrays(replace(study, tables=tables), held).modifiers}
    assert set(found) == {
        "age_band",
        "entry",
        "first_choice.feedback_promised",
        "first_choice.stretch",
        "baseline",
    }
    pairs = held.drawn[0].ready.prepared.pairs.sort("rank").unique("person_id", keep="first")
    choice = dict(pairs.select("person_id", "program_id").iter_rows())
    group = {"P0": 0, "P1": 1, "P2": 2}
    expected = [group.get(choice[f"{1000 + at}"], UNKNOWN) for at in range(24)]
    assert found["first_choice.stretch"].group[:24].tolist() == expected
    assert found["entry"].group[:3].tolist() == [1, 0, 0]
    bands = np.bincount(found["baseline"].group)
    assert bands.min() > 0
    assert found["age_band"].groups == ("20-34", "35-49", "50+")
    assert found["age_band"].group_labels[2].text("ja") == "50歳以上"


def test_applicants_who_are_gone_from_the_study_are_refused_by_name(study: Study, held: HeldRounds) -> None:
    gone = {
        name: table.filter(pl.col("person_id") != "1005") if "person_id" in table.columns else table
        for name, table in study.tables.items()
    }
    responses = study.responses.filter(pl.col("person_id") != "1005")
    found = made(replace(study, tables=gone, responses=responses), held)
    assert isinstance(found, Refusal)
    assert found.code == "applicants_missing"
    assert "1005" in found.text("en")


@pytest.mark.parametrize(
    ("places", "code"), [(-1, "none_treated"), (7, "all_treated"), (None, "nobody_at_risk")]
)
def test_a_draw_that_teaches_nothing_is_refused(
    study: Study, held: HeldRounds, places: int | None, code: str
) -> None:
    given = held.draws.held if places is None else np.full_like(held.draws.held, places)
    certain = np.tile(given, (REDRAWS, 1))
    draws = replace(held.draws, held=given, redrawn=certain)
    found = made(study, replace(held, draws=draws))
    assert isinstance(found, Refusal)
    assert found.code == code


def test_one_round_alone_needs_no_clusters(study: Study, folder: Path) -> None:
    question = asked_of(study, "engagement", round_=ROUND)
    one = held_rounds(study, folder, question, draws=REDRAWS, threads=1)
    assert isinstance(one, HeldRounds)
    assert arrays(study, one, question).clusters is None
