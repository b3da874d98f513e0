"""Reading waves and one's own answers; never anybody else's."""

from __future__ import annotations

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.rules import may
from tazuna_web.surveys.models import Answer, AnswerSheet, CompanyAnswer, PersonAtWave, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of


def open_waves_for(acting: Acting) -> list[Wave]:
    """Open waves in which the acting person is asked."""
    if acting.person is None:
        return []
    asked = PersonAtWave.objects.filter(person=acting.person).values("wave_id")
    return list(Wave.objects.filter(pk__in=asked, state=Wave.State.OPEN))


def open_company_waves_for(acting: Acting) -> list[Wave]:
    """Open waves in which the acting role is asked to speak for the company side."""
    if not may(acting, "surveys.answer_for_company"):
        return []
    return list(Wave.objects.filter(held_by=acting.organisation, state=Wave.State.OPEN))


def is_asked(acting: Acting, wave: Wave) -> bool:
    """Whether the acting person belongs to the wave's population."""
    return acting.person is not None and PersonAtWave.objects.filter(wave=wave, person=acting.person).exists()


def own_waves(acting: Acting) -> list[Wave]:
    """The waves that the acting person has answers in, earliest first."""
    if acting.person is None:
        return []
    asked = Wave.objects.filter(population__person=acting.person)
    return [wave for wave in asked if own_sheet(acting, wave) is not None]


def own_sheet(acting: Acting, wave: Wave) -> AnswerSheet | None:
    """The acting person's sheet in the wave, found by the pseudonym that only their uuid gives."""
    if acting.person is None:
        return None
    return AnswerSheet.objects.filter(wave=wave, pseudonym=pseudonym_of(acting.person.uuid, wave.pk)).first()


def own_answers(acting: Acting, wave: Wave) -> dict[str, int]:
    """Question → value of the acting person."""
    sheet = own_sheet(acting, wave)
    return dict(Answer.objects.filter(sheet=sheet).values_list("question", "value")) if sheet else {}


def own_company_answers(acting: Acting, wave: Wave) -> dict[str, int]:
    """Question → value of the acting account's company-side statements."""
    if acting.account is None:
        return {}
    mine = CompanyAnswer.objects.filter(
        wave=wave, viewpoint=acting.role.value, respondent=str(acting.account.uuid)
    )
    return dict(mine.values_list("question", "value"))


def response_counts(wave: Wave) -> tuple[int, int]:
    """How many are asked and how many have begun to answer; the pages show it only from k people asked on."""
    return (
        PersonAtWave.objects.filter(wave=wave).exclude(status="left").count(),
        AnswerSheet.objects.filter(wave=wave).count(),
    )
