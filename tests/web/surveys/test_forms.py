"""What is shown of a question, and what is read from a posted page."""

from __future__ import annotations

import pytest

from tazuna_web.surveys.acts import UnknownAnswerError
from tazuna_web.surveys.forms import (
    Progress,
    asked_questions,
    changed_answers,
    first_open,
    progress_of,
    titles_of,
)
from tazuna_web.surveys.models import Wave
from tazuna_web.surveys.questionnaire import Screen, screens_of
from web.tiny_consortium import pinned


def screens() -> tuple[Screen, ...]:
    return screens_of(Wave(instruments=pinned()))


def test_ordered_questions_lie_side_by_side_and_unordered_ones_in_a_list() -> None:
    layouts = {q.code: q.layout for screen in screens() for q in asked_questions(screen, {}, "ja")}
    assert layouts["co1a1"] == "scale"
    assert layouts["gave_up"] == "pair"
    assert layouts["reason_not_moving"] == "list"


def test_a_question_is_worded_in_the_language_of_the_page() -> None:
    japanese, english = (asked_questions(screens()[0], {}, language)[0] for language in ("ja", "en"))
    assert japanese.wording == "仕事で大切にしたいことを、言葉にできる"
    assert english.choices[4].label == "Very true"


def test_a_no_that_was_saved_is_shown_as_chosen() -> None:
    [question] = [
        q for s in screens() for q in asked_questions(s, {"gave_up": 0}, "ja") if q.code == "gave_up"
    ]
    assert [choice.chosen for choice in question.choices] == [True, False]


def test_only_answers_that_differ_from_what_the_page_showed_are_read() -> None:
    posted = {
        "answer.co1a1": "4",
        "shown.co1a1": "4",
        "answer.co1a2": "2",
        "shown.co1a2": "5",
        "answer.co1a3": "1",
        "shown.co1a3": "",
        "go": "next",
    }
    assert changed_answers(posted) == {"co1a2": 2, "co1a3": 1}


def test_an_answer_that_is_no_number_is_refused() -> None:
    with pytest.raises(UnknownAnswerError):
        changed_answers({"answer.co1a1": "four"})


def test_answering_goes_on_at_the_first_screen_with_an_open_question() -> None:
    first, second = screens()[:2]
    saved = {question.code: 3 for question in first.questions}
    assert first_open(screens(), {}) == 1
    assert first_open(screens(), saved) == second.number
    everything = {question.code: 1 for screen in screens() for question in screen.questions}
    assert first_open(screens(), everything) == len(screens())


def test_the_time_still_needed_is_rounded_up_to_minutes() -> None:
    assert Progress(0, 100).minutes == 10
    assert Progress(99, 100).minutes == 1
    assert progress_of(screens(), {"co1a1": 3}).answered == 1


def test_screens_of_the_same_title_are_told_apart() -> None:
    titles = titles_of(screens(), "ja")
    assert len(set(titles.values())) == len(screens())
    assert titles[6] == "体現度"
    assert titles[9].endswith("（1／5）")
