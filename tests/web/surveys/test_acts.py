"""Saving, finishing and company-side statements, as acts."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django_scopes import scope

from tazuna_web.accounts.models import Role
from tazuna_web.ledger.models import Entry
from tazuna_web.surveys.acts import (
    UnknownAnswerError,
    WaveClosedError,
    close_wave,
    finish_answering,
    save_answers,
    save_company_answers,
)
from tazuna_web.surveys.models import Answer, AnswerSheet, CompanyAnswer, PersonAtWave
from tazuna_web.surveys.queries import own_answers, own_waves
from tazuna_web.surveys.tables import study_of
from web.tiny_consortium import Company, TinyConsortium

TODAY = datetime.date(2026, 11, 20)


def save(company: Company, values: dict[str, int], role: Role = Role.PERSON) -> AnswerSheet:
    return save_answers(acting=company.acting(role), wave=company.wave, values=values, today=TODAY)


def test_a_later_answer_replaces_the_earlier_one(in_company: Company) -> None:
    save(in_company, {"co1a1": 2, "co1a2": 3})
    save(in_company, {"co1a1": 5})
    assert own_answers(in_company.acting(Role.PERSON), in_company.wave) == {"co1a1": 5, "co1a2": 3}
    assert AnswerSheet.objects.count() == 1


def test_the_same_answers_saved_twice_are_there_once(in_company: Company) -> None:
    save(in_company, {"co1a1": 2})
    save(in_company, {"co1a1": 2})
    assert Answer.objects.count() == 1


def test_the_language_last_read_in_is_kept_with_the_answers(in_company: Company) -> None:
    acting = in_company.acting(Role.PERSON)
    for language in ("ja", "en"):
        save_answers(acting=acting, wave=in_company.wave, values={"co1a1": 2}, today=TODAY, language=language)
    finish_answering(acting=acting, wave=in_company.wave, today=TODAY)
    assert AnswerSheet.objects.get().language == "en"
    close_wave(acting=in_company.acting(Role.HR), wave=in_company.wave, today=TODAY)
    in_company.wave.refresh_from_db()
    assert study_of(in_company.wave).responses["language"].to_list() == ["en"]


def test_two_people_never_see_each_others_answers(in_company: Company) -> None:
    save(in_company, {"co1a1": 2})
    save(in_company, {"co1a1": 4}, Role.MANAGER)
    assert own_answers(in_company.acting(Role.PERSON), in_company.wave) == {"co1a1": 2}
    assert own_answers(in_company.acting(Role.MANAGER), in_company.wave) == {"co1a1": 4}
    assert own_answers(in_company.acting(Role.HR), in_company.wave) == {}


def test_saving_answers_leaves_no_trace_in_the_ledger(in_company: Company) -> None:
    save(in_company, {"co1a1": 2})
    finish_answering(acting=in_company.acting(Role.PERSON), wave=in_company.wave, today=TODAY)
    assert not Entry.objects.exists()


def test_a_sheet_names_neither_person_nor_account(in_company: Company) -> None:
    sheet = save(in_company, {"co1a1": 2})
    person = in_company.memberships[Role.PERSON].person
    assert person is not None
    stored = " ".join(str(value) for value in AnswerSheet.objects.filter(pk=sheet.pk).values().get().values())
    assert str(person.uuid) not in stored
    assert person.code not in stored


@pytest.mark.parametrize("values", [{"co1a1": 0}, {"co1a1": 6}, {"nonsense": 3}, {"gave_up": 2}])
def test_an_unknown_question_or_value_saves_nothing(in_company: Company, values: dict[str, int]) -> None:
    with pytest.raises(UnknownAnswerError):
        save(in_company, {"co1a2": 3, **values})
    assert not Answer.objects.exists()


def test_somebody_not_in_the_population_may_not_answer(in_company: Company) -> None:
    PersonAtWave.objects.filter(person=in_company.memberships[Role.PERSON].person).delete()
    with pytest.raises(PermissionDenied):
        save(in_company, {"co1a1": 3})


def test_a_person_of_another_company_may_not_answer(consortium: TinyConsortium) -> None:
    both = [consortium.company.organisation.pk, consortium.other.organisation.pk]
    with scope(held_by=both), pytest.raises(PermissionDenied):
        save_answers(
            acting=consortium.other.acting(Role.PERSON),
            wave=consortium.company.wave,
            values={"co1a1": 3},
            today=TODAY,
        )


def test_a_closed_wave_takes_no_more_and_loses_nothing(in_company: Company) -> None:
    save(in_company, {"co1a1": 2})
    close_wave(acting=in_company.acting(Role.HR), wave=in_company.wave, today=TODAY)
    with pytest.raises(WaveClosedError):
        save(in_company, {"co1a1": 5})
    assert own_answers(in_company.acting(Role.PERSON), in_company.wave) == {"co1a1": 2}


def test_finishing_twice_finishes_once(in_company: Company) -> None:
    for _ in range(2):
        sheet = finish_answering(acting=in_company.acting(Role.PERSON), wave=in_company.wave, today=TODAY)
        assert sheet.finished
    assert AnswerSheet.objects.filter(finished=True).count() == 1


def test_only_waves_with_own_answers_are_own_waves(in_company: Company) -> None:
    assert own_waves(in_company.acting(Role.PERSON)) == []
    save(in_company, {"co1a1": 2})
    assert own_waves(in_company.acting(Role.PERSON)) == [in_company.wave]
    assert own_waves(in_company.acting(Role.MANAGER)) == []


def test_the_company_side_speaks_as_executive_or_hr_alone(in_company: Company) -> None:
    for role in (Role.EXECUTIVE, Role.HR):
        save_company_answers(acting=in_company.acting(role), wave=in_company.wave, values={"ms4": 4})
    assert sorted(CompanyAnswer.objects.values_list("viewpoint", flat=True)) == ["executive", "hr"]
    for role in (Role.PERSON, Role.MANAGER):
        with pytest.raises(PermissionDenied):
            save_company_answers(acting=in_company.acting(role), wave=in_company.wave, values={"ms4": 4})


def test_a_statement_in_office_is_an_act_in_the_ledger(in_company: Company) -> None:
    save_company_answers(acting=in_company.acting(Role.HR), wave=in_company.wave, values={"ms4": 4})
    entry = Entry.objects.get()
    assert entry.verb == "surveys.company_answered"
    assert "4" not in str(entry.facts)
