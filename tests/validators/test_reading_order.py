"""What a screen reader hears, in order."""

from __future__ import annotations

import re

import pytest
from tests.core.reporting import made_study
from tests.validators.sample_pages import hard_cases


@pytest.fixture(scope="module")
def english() -> str:
    return hard_cases("en")["whole"]


def test_title_then_organisation_then_sentences_then_decision_then_figure(english: str) -> None:
    order = ["<h1", 'class="whose"', 'class="sentences"', "Please decide by", 'id="figure-score"', "<nav"]
    places = [english.index(mark) for mark in order]
    assert places == sorted(places)


def test_a_japanese_name_in_an_english_report_is_marked_as_japanese(english: str) -> None:
    assert '<span lang="ja">株式会社あおぞら</span>' in english
    assert '<span lang="ja">2事業部</span>' in english
    assert 'lang="ja"' not in hard_cases("ja")["whole"].split("<body>")[1]


def test_a_drawing_is_one_image_told_by_its_description_alone(english: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", english, flags=re.S)
    assert drawings
    for drawing in drawings:
        assert drawing.count('role="') == 1
        assert re.search(r'aria-labelledby="[\w-]+-words"', drawing)


def test_the_heat_map_tells_its_highest_and_lowest_department(english: str) -> None:
    assert re.search(r"Highest: \S+ with \d+; lowest: \S+ with \d+\. 6 departments", english)


def test_the_table_of_a_loaded_instrument_has_its_scores() -> None:
    page = hard_cases("en")["loaded"]
    assert "Scales of your instrument by Age band" in page
    assert made_study.LOADED_SCALES[0] in page
    assert "Which of these scales do we want to change" in page
