"""The tiny consortium after a wave: a release, a small department, answers nobody else may see."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from unittest.mock import patch

import polars as pl
from django_scopes import scope

from tazuna.disclosure.release import Release
from tazuna.instrument.describing import questions_of
from tazuna.measurement import overview
from tazuna.measurement.overview import Measured, StudyFigures
from tazuna.study import Study
from tazuna_web.overview.acts import store_release, system_acting
from tazuna_web.overview.making import Made, make
from tazuna_web.people.models import Person
from tazuna_web.surveys.models import Answer, AnswerSheet, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of
from tazuna_web.surveys.questionnaire import instruments_of
from web.tiny_consortium import Company, TinyConsortium, open_wave

SEED = 7
ANSWERED_ON = datetime.date(2025, 11, 1)
PATTERN = 27182
"""As an answer it is out of every scale, so that it and whatever is calculated from it can be recognised."""
TRACES = ("27182", "27,182", "679525", "679,525", "543620", "543,620")
"""The pattern, and the scores that it gives on a scale of 1 to 5 and with the scale turned round."""
OTHERS_WORDS = "この言葉は他社のものです"
SILENT = 34
"""The place of the one person who did not answer the released wave."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The consortium with its released waves.

    Parameters
    ----------
    hidden
        The figures that the core calculated for the first company and kept back.
    shown
        Those that it let out.
    """

    consortium: TinyConsortium
    released: Wave
    others_released: Wave
    hidden: frozenset[float]
    shown: frozenset[float]

    @property
    def company(self) -> Company:
        return self.consortium.company


def closed_wave(company: Company) -> Wave:
    """A wave of the year before, answered by all but one; those of the smallest department answer alike."""
    wave = open_wave(company.organisation, company.people, code="2025")
    small = company.departments[-1]
    answers = []
    for place, person in enumerate(company.people):
        if place == SILENT:
            continue
        sheet = sheet_of(wave, person)
        for number, (code, question) in enumerate(questions_of(instruments_of(wave)).items()):
            values = [category.value for category in question.response.categories]
            chosen = number % 2 - 1 if person.department == small else (place * 7 + number * 3) % len(values)
            answers.append(Answer(held_by=wave.held_by, sheet=sheet, question=code, value=values[chosen]))
    Answer.objects.bulk_create(answers)
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSING, closed_on=ANSWERED_ON)
    wave.refresh_from_db()
    return wave


def sheet_of(wave: Wave, person: Person) -> AnswerSheet:
    return AnswerSheet.objects.create(
        held_by=wave.held_by,
        wave=wave,
        pseudonym=pseudonym_of(person.uuid, wave.pk),
        answered_on=ANSWERED_ON,
        finished=True,
    )


def plant(consortium: TinyConsortium) -> Planted:
    """Release a wave of both companies, the second one's in foreign words; then plant the pattern."""
    company, other = consortium.company, consortium.other
    with scope(held_by=[company.organisation.pk]):
        released = closed_wave(company)
        made, cells = _made_with_cells(released)
        store_release(acting=system_acting(released), wave=released, made=made)
        _plant_pattern(company, released)
    with scope(held_by=[other.organisation.pk]):
        others_released = closed_wave(other)
        store_release(acting=system_acting(others_released), wave=others_released, made=_in_other_words(made))
        _plant_pattern(other, others_released)
    let_out = (pl.col("n") >= released.k) | pl.col("viewpoint").is_in(["executive", "hr"])
    shown = _recognisable(cells.filter(let_out))
    return Planted(
        consortium, released, others_released, _recognisable(cells.filter(~let_out)) - shown, shown
    )


def _made_with_cells(wave: Wave) -> tuple[Made, pl.DataFrame]:
    """What is let out of a wave, and the unprotected cells of the same measuring, which takes its time."""
    measured: list[Measured] = []

    def release(study: Study, *, seed: int, earlier: Sequence[Release]) -> StudyFigures:
        measured.append(overview.measure(study, seed=seed))
        return overview.released(measured[0], earlier)

    with patch("tazuna_web.overview.making.release_study", release):
        made = make(wave, seed=SEED)
    (only,) = measured
    return made, only.cells


def _recognisable(cells: pl.DataFrame) -> frozenset[float]:
    """The figures that can be told from others by their digits, unlike 12.5 or 66.666667."""
    values = (value for name in ("mean", "lower", "upper") for value in cells[name].drop_nulls())
    return frozenset(round(value, 6) for value in values if round(12 * value, 4) % 1)


def _plant_pattern(company: Company, released: Wave) -> None:
    """In both waves, in the answers of everybody who cannot sign in, in half of them in the open one."""
    own = {membership.person_id for membership in company.memberships.values()}
    strangers = [person for person in company.people if person.pk not in own]
    for person in strangers[::2]:
        sheet = sheet_of(company.wave, person)
        codes = questions_of(instruments_of(company.wave))
        Answer.objects.bulk_create(
            Answer(held_by=sheet.held_by, sheet=sheet, question=code, value=PATTERN) for code in codes
        )
    theirs = [pseudonym_of(person.uuid, released.pk) for person in strangers]
    Answer.objects.filter(sheet__wave=released, sheet__pseudonym__in=theirs).update(value=PATTERN)


def _in_other_words(made: Made) -> Made:
    """The same release with words in it that nobody but the other company may see."""

    def changed(content: dict[str, object]) -> dict[str, object]:
        front = content["front"] | {"notes": [OTHERS_WORDS]}  # type: ignore[operator]
        return content | {"front": front}

    editions = tuple(
        replace(
            drawn,
            content=changed(drawn.content),
            pictures=dict.fromkeys(drawn.pictures, f"<svg><text>{OTHERS_WORDS}</text></svg>"),
            files={name: OTHERS_WORDS.encode() for name in drawn.files},
        )
        for drawn in made.editions
    )
    return replace(made, editions=editions)


def secrets(planted: Planted) -> set[str]:
    """What tells who somebody is or that they answered: codes, ids, pseudonyms, sheets, other addresses."""
    found: set[str] = set()
    for company, waves in (
        (planted.consortium.company, (planted.consortium.company.wave, planted.released)),
        (planted.consortium.other, (planted.consortium.other.wave, planted.others_released)),
    ):
        for person in company.people:
            found |= {person.code, str(person.uuid), person.uuid.hex}
            found |= {pseudonym_of(person.uuid, wave.pk) for wave in waves}
        found |= {membership.account.email for membership in company.memberships.values()}
        with scope(held_by=[company.organisation.pk]):
            found |= {str(sheet) for sheet in AnswerSheet.objects.values_list("pk", flat=True)}
    return found
