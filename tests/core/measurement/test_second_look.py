"""The second look at one organisation: what is told, and what too few people keep untold."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tazuna.measurement.second_look import SecondLook, second_look
from tazuna.study import Study


@pytest.fixture(scope="module")
def look(random_study: Study) -> SecondLook:
    return second_look(random_study, "X", seed=1)


def test_every_part_is_there_where_the_answers_carry_it(look: SecondLook) -> None:
    assert (look.wave, look.before) == ("w2", "w1")
    assert look.classes is not None
    assert set(look.classes.agreement) == {"layer", "unmoved"}
    assert [move.ruling for move in look.moves] == ["layer", "unmoved"]
    assert set(look.dips) == {"co", "used", "opportunity"}
    assert look.contribution is not None
    assert look.careless is not None


def test_answers_that_have_nothing_to_do_with_one_another_move_more_than_at_seven_tenths(
    look: SecondLook,
) -> None:
    layers = look.moves[0]
    assert layers.lower > 0
    assert layers.explained_at < 0.3


def test_the_same_seed_gives_the_same_look(random_study: Study, look: SecondLook) -> None:
    again = second_look(random_study, "X", seed=1)
    assert again.moves == look.moves
    assert again.contribution == look.contribution


def test_only_the_organisation_and_those_below_it_count(random_study: Study, look: SecondLook) -> None:
    below = second_look(random_study, "B", seed=1)
    assert below.careless is not None
    assert look.careless is not None
    assert below.careless.judged < look.careless.judged
    assert below.classes is None  # Fewer than two hundred people.
    assert below.moves == ()


def test_fewer_flagged_than_k_are_not_counted_out(random_study: Study) -> None:
    strict = replace(random_study, waves=tuple(replace(wave, k=200) for wave in random_study.waves))
    found = second_look(strict, "X", seed=1).careless
    assert found is not None
    assert found.flagged is None or found.flagged.flagged == 0
    assert found.largest_change is None


def test_a_study_without_answers_has_nothing_to_look_at(random_study: Study) -> None:
    bare = replace(random_study, responses=random_study.responses.filter(pl.lit(value=False)))
    found = second_look(bare, "X", seed=1)
    assert (found.classes, found.moves, found.dips, found.careless) == (None, (), {}, None)
