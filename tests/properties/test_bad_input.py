"""Some of the damaged study folders that ``make soak`` makes by the ten thousand."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.properties.expectations import expect_a_good_answer
from tests.properties.known_damage import KNOWN_DAMAGES
from tests.properties.recipe import ALL_TEXT_DAMAGES, Recipe
from tests.properties.search import recipes
from tests.properties.writing import Format


@settings(
    max_examples=80,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(recipes(scored=30))
def test_no_damage_ends_in_a_traceback_a_lost_row_or_an_unnamed_line(recipe: Recipe) -> None:
    expect_a_good_answer(recipe)


@pytest.mark.parametrize("name", sorted(KNOWN_DAMAGES))
@pytest.mark.parametrize("good", ["company", "sample"])
def test_a_fault_names_the_line_and_column_that_were_damaged(name: str, good: str) -> None:
    for seed in range(2):
        expect_a_good_answer(Recipe(good, seed, known=(name, seed)))


@pytest.mark.parametrize("name", sorted(ALL_TEXT_DAMAGES))
def test_every_kind_of_damage_is_survived_in_a_workbook(name: str) -> None:
    for seed in range(2):
        expect_a_good_answer(Recipe("company", seed, Format("workbooks"), in_text=((name, seed),)))


@pytest.mark.parametrize("good", ["company", "sample"])
@pytest.mark.parametrize("layout", ["text", "workbooks", "one workbook"])
def test_a_good_study_is_sound_in_every_layout(good: str, layout: str) -> None:
    outcome = expect_a_good_answer(Recipe(good, 5, Format(layout)))  # type: ignore[arg-type]

    assert outcome == "sound"
