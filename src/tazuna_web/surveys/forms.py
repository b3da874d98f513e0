"""What a person sees of a screen of questions, and what comes back from it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tazuna.instrument.model import Question, worded
from tazuna_web.surveys.acts import UnknownAnswerError
from tazuna_web.surveys.questionnaire import Screen

ANSWER = "answer."
SHOWN = "shown."
SECONDS_A_QUESTION = 6

Layout = Literal["scale", "pair", "list"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One category of a question as a radio button."""

    value: int
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question in one language with the answer saved so far.

    ``layout`` is ``scale`` for ordered categories side by side, ``pair`` for two, ``list`` for unordered.
    """

    code: str
    number: int
    wording: str
    layout: Layout
    choices: tuple[Choice, ...]
    saved: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many questions are answered, of how many."""

    answered: int
    asked: int

    @property
    def open(self) -> int:
        return self.asked - self.answered

    @property
    def minutes(self) -> int:
        """About how long the open questions take, in whole minutes."""
        return math.ceil(self.open * SECONDS_A_QUESTION / 60)


def asked_questions(
    screen: Screen, saved: Mapping[str, int], language: str, *, company: bool = False
) -> tuple[AskedQuestion, ...]:
    """The questions of a screen as they are shown; ``company`` takes the wording for the company side."""
    return tuple(
        _asked(question, number, saved.get(question.code), language, company=company)
        for number, question in enumerate(screen.questions, start=1)
    )


def titles_of(screens: Iterable[Screen], language: str) -> dict[int, str]:
    """Screen number → title; screens with the same title are numbered among themselves."""
    plain = {screen.number: screen.title_in(language) for screen in screens}
    times, seen = Counter(plain.values()), Counter[str]()
    titles = {}
    for number, title in plain.items():
        seen[title] += 1
        titles[number] = f"{title}（{seen[title]}／{times[title]}）" if times[title] > 1 else title
    return titles


def progress_of(screens: Iterable[Screen], saved: Mapping[str, int]) -> Progress:
    """Progress over the screens."""
    codes = [question.code for screen in screens for question in screen.questions]
    return Progress(sum(code in saved for code in codes), len(codes))


def first_open(screens: tuple[Screen, ...], saved: Mapping[str, int]) -> int:
    """Number of the first screen with an open question, or of the last screen where none is open."""
    unfinished = (screen.number for screen in screens if progress_of([screen], saved).open)
    return next(unfinished, screens[-1].number)


def changed_answers(posted: Mapping[str, str]) -> dict[str, int]:
    """The answers that differ from what the page showed, so that an old tab undoes nothing.

    Each question is posted as ``answer.CODE`` beside ``shown.CODE``, the answer that was saved when the page
    was made.

    Raises
    ------
    UnknownAnswerError
        An answer is not a whole number.
    """
    changed = {
        name.removeprefix(ANSWER): value
        for name, value in posted.items()
        if name.startswith(ANSWER) and value != posted.get(SHOWN + name.removeprefix(ANSWER))
    }
    try:
        return {code: int(value) for code, value in changed.items()}
    except ValueError as error:
        raise UnknownAnswerError from error


def _asked(
    question: Question, number: int, saved: int | None, language: str, *, company: bool
) -> AskedQuestion:
    words = question.company_wording if company and question.company_wording else question.wording
    choices = tuple(
        Choice(category.value, worded(category.label, language), category.value == saved)
        for category in question.response.categories
    )
    return AskedQuestion(question.code, number, worded(words, language), _layout(question), choices, saved)


def _layout(question: Question) -> Layout:
    if len(question.response.categories) == 2:
        return "pair"
    return "scale" if question.response.ordered else "list"
