"""The screens of a wave's questionnaire: one area a screen, in the order of the instruments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tazuna.instrument.describing import questions_of, top_scales
from tazuna.instrument.model import Instrument, Question, Wording, worded
from tazuna.instrument.shipped import shipped_instrument
from tazuna_web.surveys.models import Wave

MOST_QUESTIONS_A_SCREEN = 9


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: a title by language and its questions in order."""

    number: int
    title: Wording
    questions: tuple[Question, ...]

    def title_in(self, language: str) -> str:
        return worded(self.title, language)


def instruments_of(wave: Wave) -> tuple[Instrument, ...]:
    """The instruments pinned when the wave opened."""
    return tuple(shipped_instrument(pinned["id"]) for pinned in wave.instruments)


def screens_of(wave: Wave) -> tuple[Screen, ...]:
    """The screens that a person answers."""
    return _screens(tuple(pinned["id"] for pinned in wave.instruments))


def company_screen_of(wave: Wave) -> Screen:
    """The one screen of company-side statements: the questions that have a company wording."""
    instruments = instruments_of(wave)
    for instrument in instruments:
        questions = tuple(q for q in instrument.questions.values() if q.company_wording is not None)
        if questions:
            return Screen(1, instrument.title, questions)
    return Screen(1, {}, ())


def allowed_values(wave: Wave) -> dict[str, frozenset[int]]:
    """Question → the values that may be saved."""
    return {code: _values(question) for code, question in questions_of(instruments_of(wave)).items()}


def allowed_company_values(wave: Wave) -> dict[str, frozenset[int]]:
    """The same for the company-side statements."""
    return {question.code: _values(question) for question in company_screen_of(wave).questions}


def _values(question: Question) -> frozenset[int]:
    return frozenset(category.value for category in question.response.categories)


@cache
def _screens(instrument_ids: tuple[str, ...]) -> tuple[Screen, ...]:
    blocks = [block for identity in instrument_ids for block in _blocks(shipped_instrument(identity))]
    return tuple(
        Screen(number, title, questions) for number, (title, questions) in enumerate(blocks, start=1)
    )


def _blocks(instrument: Instrument) -> Iterator[tuple[Wording, tuple[Question, ...]]]:
    """Areas of an instrument that has areas; else its questions together, cut where a screen is full."""
    areas = [scale for scale in instrument.scales.values() if scale.kind in ("area", "view")]
    if areas:
        for area in areas:
            asked = set(area.questions)
            asked |= {q.code for q in instrument.questions.values() if q.checks in asked}
            yield area.label, tuple(q for q in instrument.questions.values() if q.code in asked)
        return
    block: list[Question] = []
    for scale in top_scales(instrument.scales):
        questions = [instrument.questions[code] for code in scale.questions]
        if len(block) + len(questions) > MOST_QUESTIONS_A_SCREEN:
            yield instrument.title, tuple(block)
            block = []
        block.extend(questions)
    if block:
        yield instrument.title, tuple(block)
