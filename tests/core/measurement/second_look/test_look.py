"""The second look at one organisation: what is found, and what the door keeps back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna.instrument.shipped import shipped_instruments
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.groups import classify
from tazuna.measurement.second_look.careless import NOT_FLAGGED
from tazuna.measurement.second_look.classes import class_rows
from tazuna.measurement.second_look.look import SecondLook, second_look
from tazuna.measurement.second_look.rows import hidden_together
from tazuna.study import Study

K = 10
PROFILE = shipped_instruments()["co_profile"]


@pytest.fixture(scope="module")
def look(random_study: Study) -> SecondLook:
    return second_look(random_study, "X", seed=1)


def figures(look: SecondLook, measure: str, group_by: str = "all", group: str = "all") -> dict[str, float]:
    where = (pl.col("measure") == measure, pl.col("group_by") == group_by, pl.col("group") == group)
    return look.release.cells.row(by_predicate=pl.all_horizontal(where), named=True)


def test_every_part_is_there_where_the_answers_carry_it(look: SecondLook) -> None:
    assert (look.wave, look.before) == ("w2", "w1")
    assert look.classes is not None
    assert [move.ruling for move in look.moves] == ["layer", "unmoved"]
    assert {(dip.scale, dip.level) for dip in look.dips} >= {
        ("co", "all"),
        ("used", "all"),
        ("opportunity", "all"),
    }
    assert look.contribution is not None
    assert look.careless is not None
    assert look.careless.not_judged_by == ("too_fast",)


def test_every_figure_went_through_the_door(look: SecondLook) -> None:
    cells = look.release.cells
    assert dict(cells.schema) == dict(CELL_SCHEMA)
    assert cells.filter(pl.col("suppressed").not_(), pl.col("n") < K).is_empty()
    assert cells.filter("suppressed", pl.col("n").is_not_null()).is_empty()
    assert cells.select("group_by", "group", "measure").is_unique().all()


def test_answers_that_have_nothing_to_do_with_one_another_move_more_than_at_seven_tenths(
    look: SecondLook,
) -> None:
    assert figures(look, "left_beyond.layer")["lower"] > 0
    assert look.moves[0].explained_at < 0.3
    left, unchanged, beyond = (figures(look, f"left{kind}.layer") for kind in ("", "_unchanged", "_beyond"))
    assert beyond["mean"] == pytest.approx(left["mean"] - unchanged["mean"], abs=1e-4)


def test_earlier_groups_add_up_to_everybody_who_moved(look: SecondLook) -> None:
    cells = look.release.cells.filter(pl.col("group_by") == "layer_before", pl.col("measure") == "left.layer")
    everybody = figures(look, "left.layer")
    assert cells["suppressed"].sum() == 0
    assert cells["n"].sum() == everybody["n"]
    assert (cells["n"] * cells["mean"]).sum() == pytest.approx(everybody["n"] * everybody["mean"], abs=0.1)


def test_the_same_seed_gives_the_same_look(random_study: Study) -> None:
    one, other = (second_look(random_study, "B", seed=1).release.cells for _ in range(2))
    assert one.equals(other)
    assert not one.is_empty()


def test_only_the_organisation_and_those_below_it_count(random_study: Study, look: SecondLook) -> None:
    below = second_look(random_study, "B", seed=1)
    assert figures(below, "correlation.observed")["n"] < figures(look, "correlation.observed")["n"]
    assert below.classes is None  # Fewer than two hundred people.
    assert below.moves == ()


def test_findings_about_fewer_than_k_people_are_not_told(random_study: Study) -> None:
    strict = replace(random_study, waves=tuple(replace(wave, k=300) for wave in random_study.waves))
    found = second_look(strict, "B", seed=1)
    assert found.release.cells["suppressed"].all()
    assert (found.contribution, found.dips, found.moves, found.careless) == (None, (), (), None)


def test_a_study_without_answers_has_nothing_to_look_at(random_study: Study) -> None:
    bare = replace(random_study, responses=random_study.responses.filter(pl.lit(value=False)))
    found = second_look(bare, "X", seed=1)
    assert found.wave == ""
    assert found.release.cells.is_empty()
    assert (found.classes, found.moves, found.dips, found.careless) == (None, (), (), None)


@pytest.fixture(scope="module")
def with_careless(make_study: Callable[..., Study]) -> Callable[[int], Study]:
    """Eighty people with profiles near 60, and some who ticked the lowest answer throughout."""

    def make(same: int) -> Study:
        rng = np.random.default_rng(3)
        codes = list(PROFILE.questions)
        careful = rng.integers(3, 5, (80, len(codes)))
        for check in ("co_check1", "co_check2"):
            repeated = codes.index(str(PROFILE.questions[check].checks))
            careful[:, codes.index(check)] = 6 - careful[:, repeated]
        answers = np.vstack([careful, np.ones((same, len(codes)), dtype=int)])
        people = [f"P{number}" for number in range(80 + same)]
        frame = pl.DataFrame(answers.astype(np.int16), schema=codes)
        return make_study([PROFILE], frame.with_columns(person_id=pl.Series(people)), k=K)

    return make


def test_scores_without_the_flagged_stand_beside_those_of_everybody(
    with_careless: Callable[[int], Study],
) -> None:
    found = second_look(with_careless(20), "A", seed=1)
    assert figures(found, "flagged")["mean"] == pytest.approx(20.0)
    assert figures(found, "flagged.long_string")["mean"] == pytest.approx(20.0)
    without = figures(found, "co", "careless", NOT_FLAGGED)
    assert without["n"] == 80
    assert 55 < without["mean"] < 70


def test_fewer_flagged_than_k_are_not_counted_out_nor_left_out(with_careless: Callable[[int], Study]) -> None:
    found = second_look(with_careless(K - 1), "A", seed=1)
    assert found.careless is not None
    flagged = found.release.cells.filter(pl.col("measure").str.starts_with("flagged"))
    assert flagged["suppressed"].all()
    assert found.release.cells.filter(pl.col("group") == NOT_FLAGGED).is_empty()


def test_replicated_classes_stand_beside_the_groups_by_rule() -> None:
    rng = np.random.default_rng(4)
    keen = rng.random(600) < 0.4
    answers = {
        f"answer:lg_{name}": np.clip(np.where(keen, 5, 2) + rng.integers(-1, 2, 600), 1, 5)
        for name in ("practice", "interest", "support", "use_here")
    }
    met = (rng.random(600) < np.where(keen, 0.9, 0.3)).astype(int)
    people = pl.DataFrame({"co": np.where(keen, 75.0, 35.0), **answers, "answer:lg_met": met})
    rows, found = class_rows(classify(people, group_rules()), group_rules(), np.random.default_rng(0), K)
    assert found is not None
    assert found.verdict == "replicated"
    practice = {row["group"]: row for row in rows if row["measure"] == "share.layer.practice"}
    assert set(practice) == {str(number) for number in range(1, found.count + 1)}
    assert practice["1"]["mean"] < 10  # The larger class is the less keen one.
    assert practice["2"]["mean"] > 90


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_what_all_less_the_shown_groups_have_is_never_of_a_few(sizes: list[int]) -> None:
    hidden = hidden_together(sizes, K)
    n = np.array(sizes)
    assert hidden[n < K].all()
    if hidden.any() and not hidden.all():
        assert hidden.sum() > 1
        assert n[hidden].sum() >= K
    if (n >= K).all():
        assert not hidden.any()
