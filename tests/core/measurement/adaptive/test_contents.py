"""Which item and area each question belongs to, and answers turned to point one way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tazuna.instrument.shipped import shipped_instrument
from tazuna.measurement.adaptive.contents import AdaptiveError, Content, contents_of, keyed

from .made_banks import profile_contents


def test_the_profile_has_39_questions_in_five_areas_and_eleven_items() -> None:
    contents = profile_contents()
    assert len(contents) == 39
    assert [content.area for content in contents] == sorted(content.area for content in contents)
    assert len({content.item for content in contents}) == 11
    assert all(content.code.startswith(content.item) for content in contents)
    assert not [content.code for content in contents if "check" in content.code]


def test_an_area_without_items_is_its_own_item() -> None:
    contents = contents_of(shipped_instrument("management_score"), "ms")
    assert len(contents) == 9
    assert all(content.item == content.area for content in contents)


def test_a_scale_without_areas_is_refused() -> None:
    with pytest.raises(AdaptiveError, match="no scale “co1a” with areas"):
        contents_of(shipped_instrument("co_profile"), "co1a")


def test_a_question_of_two_items_is_refused() -> None:
    instrument = shipped_instrument("co_profile")
    overlapping = replace(instrument.scales["co1b"], questions=("co1a1", "co1b1"))
    with pytest.raises(AdaptiveError, match="in several are co1a1"):
        contents_of(replace(instrument, scales={**instrument.scales, "co1b": overlapping}), "co")


def test_answers_without_an_order_are_refused() -> None:
    instrument = shipped_instrument("co_profile")
    question = instrument.questions["co1a1"]
    unordered = replace(question, response=replace(question.response, ordered=False))
    with pytest.raises(AdaptiveError, match="co1a1 have no order"):
        contents_of(replace(instrument, questions={**instrument.questions, "co1a1": unordered}), "co")


def test_a_reversed_question_is_turned_and_a_missing_answer_stays_missing() -> None:
    contents = (Content("p", "i", "a", (1, 2, 3, 4, 5)), Content("q", "i", "a", (0, 1, 2, 3), -1))
    turned = keyed(np.array([[5.0, 3.0], [np.nan, 1.0]]), contents)
    assert turned[0].tolist() == [5, 0]
    assert np.isnan(turned[1, 0])
    assert turned[1, 1] == 2


def test_an_answer_that_the_question_does_not_take_is_named() -> None:
    with pytest.raises(AdaptiveError, match="p: the answer 99 is none of 1, 2") as caught:
        keyed(np.array([[1.0], [99.0]]), (Content("p", "i", "a", (1, 2)),))
    assert "「99」" in caught.value.text("ja")
