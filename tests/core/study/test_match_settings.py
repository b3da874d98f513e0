"""[match] and [rounds] in study.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tazuna.errors import StudyError
from tazuna.intake.new_round import NEW_ROUND_OPEN_SHARE, NEW_ROUND_TIERS, new_round_lines
from tazuna.language import LANGUAGES
from tazuna.study.match_settings import MatchSettings, ReserveSettings
from tazuna.study.settings import read_settings

HEAD = 'schema = "tazuna/study/1"\ntitle = "手綱"\n'
REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
FULL = """
[match]
ties = "multiple"
tiers = 2
open_share = 0.25
most_hours_per_week = 8
sending = "places"
[[match.reserves]]
name = "field"
who = 'worksite == "field"'
share = 0.1
[[match.reserves]]
name = "first"
who = "first_time"
places = 1
order = "before"
[rounds."2026秋"]
tiers = 3
reserves = []
"""


def test_everything_is_read_and_a_round_replaces_what_it_names() -> None:
    settings = read_settings(HEAD + FULL)
    every, autumn = settings.match, settings.rounds["2026秋"]
    assert every.reserves == (
        ReserveSettings("field", 'worksite == "field"', share=0.1),
        ReserveSettings("first", "first_time", places=1, order="before"),
    )
    assert (every.ties, every.tiers, every.open_share, every.sending) == ("multiple", 2, 0.25, "places")
    assert (autumn.tiers, autumn.ties, autumn.most_hours_per_week, autumn.reserves) == (3, "multiple", 8, ())


def test_a_study_that_says_nothing_has_no_open_places_and_no_limit_of_tiers() -> None:
    settings = read_settings(HEAD)
    assert settings.match == MatchSettings()
    assert (settings.match.open_share, settings.match.tiers, settings.rounds) == (0.0, None, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[match]\ntiers = 0\n", "line 4, match.tiers: expected is a number from 1"),
        ("[match]\ntiers = 2.5\n", "line 4, match.tiers: expected is a whole number"),
        ("[match]\nopen_share = 25\n", "line 4, match.open_share: expected is a number from 0 to 1"),
        ("[match]\nopen_share = nan\n", "line 4, match.open_share"),
        ("[match]\nopen_share = true\n", "line 4, match.open_share: expected is a number"),
        ("[match]\nties = 'stb'\n", "line 4, match.ties: expected is one of single, multiple"),
        ("[match]\nties = []\n", "line 4, match.ties: expected is one of single, multiple"),
        ("[match]\nopen = 0.2\n", "line 4, match.open: this name is not known here"),
        ("[match]\ntiers = 2\n[rounds.a]\ntiers = 'x'\n", "line 6, rounds.a.tiers"),
        ("[match]\ntiers = 2\n[rounds.'2026 秋']\ntiers = 'x'\n", "line 6, rounds.2026 秋.tiers"),
        ("[rounds]\na = 3\n", "line 4, rounds.a: expected is a section"),
        ("[match]\nreserves = 3\n", "line 4, match.reserves: expected is a section"),
        ("[[match.reserves]]\nwho = 'a'\nplaces = 1\n", "line 3, match.reserves: name is missing"),
        ("[[match.reserves]]\nname = 'a'\nwho = 'a'\n", "line 3, match.reserves: a reserve needs either"),
        ("[[match.reserves]]\nname = 'a'\nwho = ''\nplaces = 1\n", "line 5, match.reserves.who"),
        ("[[match.reserves]]\nname = 'a'\nwho = 'a'\nplaces = 0\n", "line 6, match.reserves.places"),
        ("[[match.reserves]]\nname = 'a'\nwho = 'a'\nplaces = 1\n" * 2, "two reserves are called “a”"),
        ("[caps]\nprogram_group = []\n", "line 4, caps.program_group: expected is a list"),
        ("[caps]\nprogram_group = true\n", "line 4, caps.program_group: expected is a list"),
    ],
)
def test_a_mistake_is_named_with_key_and_line(text: str, said: str) -> None:
    with pytest.raises(StudyError) as error:
        read_settings(HEAD + text)
    assert said in error.value.text("en")
    assert error.value.cure is not None
    assert "{" not in error.value.text("ja")


def test_regions_may_be_named_by_several_columns() -> None:
    assert read_settings(HEAD + '[caps]\nprogram_group = ["area", "prefecture"]\n').program_groups == (
        "area",
        "prefecture",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_round_has_two_tiers_and_one_open_place_in_four(language: str) -> None:
    text = HEAD + "\n".join(new_round_lines("ja" if language == "ja" else "en"))
    assert (NEW_ROUND_TIERS, NEW_ROUND_OPEN_SHARE) == (2, 0.25)
    assert read_settings(text).match == MatchSettings(tiers=2, open_share=0.25)


@pytest.mark.parametrize("page", ["study-toml.md", "study-toml.ja.md"])
def test_the_example_of_the_reference_can_be_read_and_names_every_key(page: str) -> None:
    example = (REFERENCE / page).read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    assert read_settings(example).match.reserves
    rules = tomllib.loads(example)["match"]
    assert set(rules) == set(MatchSettings.__dataclass_fields__)
    assert {*rules["reserves"][0], "places"} == set(ReserveSettings.__dataclass_fields__)
