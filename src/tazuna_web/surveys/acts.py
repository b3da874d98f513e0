"""Opening, answering and closing a wave."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.rules import may
from tazuna_web.ledger.acts import record
from tazuna_web.surveys.models import Answer, AnswerSheet, CompanyAnswer, PersonAtWave, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of
from tazuna_web.surveys.signals import wave_closed


class WaveClosedError(Exception):
    """The wave no longer takes answers."""


class UnknownAnswerError(Exception):
    """The question is not in the wave, or the value is not one of its categories."""


@transaction.atomic
def save_answers(
    *, acting: Acting, wave: Wave, values: Mapping[str, int], today: datetime.date, language: str = ""
) -> AnswerSheet:
    """Save answers of the acting person; later ones replace earlier ones, from whatever tab or device.

    ``language`` is the one that the questions were read in: whether they mean the same in each can be tested.

    No ledger row: who answers when is nobody's business.

    Raises
    ------
    PermissionDenied
        The acting account is not asked in this wave.
    WaveClosedError
        The wave is closed.
    UnknownAnswerError
        A question or value that the wave does not have.
    """
    from tazuna_web.surveys.questionnaire import allowed_values

    if acting.person is None or not may(acting, "surveys.answer", held_by=wave.held_by_id):
        raise PermissionDenied
    if not PersonAtWave.objects.filter(wave=wave, person=acting.person).exists():
        raise PermissionDenied
    _still_open(wave)
    allowed = allowed_values(wave)
    for question, value in values.items():
        if value not in allowed.get(question, ()):
            raise UnknownAnswerError(question)
    sheet, _ = AnswerSheet.objects.get_or_create(
        wave=wave,
        pseudonym=pseudonym_of(acting.person.uuid, wave.pk),
        defaults={"held_by": wave.held_by, "answered_on": today},
    )
    Answer.objects.bulk_create(
        [
            Answer(held_by=wave.held_by, sheet=sheet, question=question, value=value)
            for question, value in values.items()
        ],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["sheet", "question"],
    )
    read_in = {"language": language} if language else {}
    AnswerSheet.objects.filter(pk=sheet.pk).update(answered_on=today, **read_in)
    return sheet


@transaction.atomic
def finish_answering(*, acting: Acting, wave: Wave, today: datetime.date) -> AnswerSheet:
    """Mark the acting person's sheet as finished; doing it twice does it once."""
    sheet = save_answers(acting=acting, wave=wave, values={}, today=today)
    AnswerSheet.objects.filter(pk=sheet.pk).update(finished=True)
    sheet.finished = True
    return sheet


@transaction.atomic
def save_company_answers(*, acting: Acting, wave: Wave, values: Mapping[str, int]) -> None:
    """Save the company-side statements of the acting executive or HR member, given in office.

    Raises
    ------
    PermissionDenied, WaveClosedError, UnknownAnswerError
        As for `save_answers`.
    """
    from tazuna_web.surveys.questionnaire import allowed_company_values

    if acting.account is None or not may(acting, "surveys.answer_for_company", held_by=wave.held_by_id):
        raise PermissionDenied
    _still_open(wave)
    allowed = allowed_company_values(wave)
    for question, value in values.items():
        if value not in allowed.get(question, ()):
            raise UnknownAnswerError(question)
    rows = [
        CompanyAnswer(
            held_by=wave.held_by,
            wave=wave,
            viewpoint=acting.role.value,
            respondent=str(acting.account.uuid),
            question=question,
            value=value,
        )
        for question, value in values.items()
    ]
    CompanyAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["wave", "viewpoint", "respondent", "question"],
    )
    record(acting=acting, verb="surveys.company_answered", thing=wave)


@transaction.atomic
def close_wave(*, acting: Acting, wave: Wave, today: datetime.date) -> Wave:
    """Close the wave for answers and queue its release; closing a closed wave changes nothing.

    Raises
    ------
    PermissionDenied
        The acting role may not close waves of this organisation.
    """
    if not may(acting, "surveys.close_wave", held_by=wave.held_by_id):
        raise PermissionDenied
    closed = Wave.objects.filter(pk=wave.pk, state=Wave.State.OPEN).update(
        state=Wave.State.CLOSING, closed_on=today
    )
    wave.refresh_from_db()
    if closed:
        record(acting=acting, verb="surveys.wave_closed", thing=wave)
        wave_closed.send(sender=Wave, wave=wave)
    return wave


def _still_open(wave: Wave) -> None:
    state = Wave.objects.values_list("state", flat=True).get(pk=wave.pk)
    if state != Wave.State.OPEN:
        raise WaveClosedError
