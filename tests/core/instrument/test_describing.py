"""Looking up questions, scales and labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tazuna.errors import InstrumentError
from tazuna.instrument.describing import (
    category_values,
    children_of,
    normalised_label,
    questions_of,
    scales_of,
    top_scales,
)
from tazuna.instrument.reading import read_instrument
from tazuna.instrument.shipped import shipped_instrument

SMALL = read_instrument(Path(__file__).parent / "small_instrument.yaml")


def test_a_code_in_two_instruments_is_refused_with_both_names() -> None:
    twin = replace(SMALL, id="twin")
    with pytest.raises(InstrumentError) as caught:
        questions_of([SMALL, twin])
    assert "「q1」が、調査票 small と twin の両方に" in caught.value.text("ja")
    with pytest.raises(InstrumentError):
        scales_of([SMALL, twin])


def test_questions_and_scales_keep_the_order_of_the_instruments() -> None:
    sheet = shipped_instrument("sheet_quality")
    assert list(questions_of([SMALL, sheet])) == [*SMALL.questions, *sheet.questions]
    assert list(scales_of([sheet, SMALL])) == ["sheet", "all", "part", "why"]


def test_the_tree_is_walked_from_the_top() -> None:
    assert [scale.code for scale in top_scales(SMALL.scales)] == ["all", "why"]
    assert [scale.code for scale in children_of("all", SMALL.scales)] == ["part"]
    assert children_of("part", SMALL.scales) == ()


def test_an_answer_given_as_a_label_finds_its_value_in_either_language() -> None:
    values = category_values(SMALL.questions["q1"])
    assert values == {"いいえ": 1, "no": 1, "どちらでもない": 2, "neither": 2, "はい": 3, "yes": 3}
    assert values[normalised_label("\u3000ＹＥＳ ")] == 3
    assert category_values(SMALL.responses["agree"], "ja") == {"いいえ": 1, "どちらでもない": 2, "はい": 3}


def test_half_width_kana_and_full_width_letters_are_the_same_label() -> None:
    assert normalised_label("ﾔﾔあてはまる") == normalised_label("ヤヤあてはまる")
    assert normalised_label("Very  true") == normalised_label("Ｖｅｒｙ　ｔｒｕｅ")
