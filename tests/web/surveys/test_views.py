"""The person's way through a survey, in the browser."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope

from tazuna_web.accounts.models import Membership, Role
from tazuna_web.surveys.models import Answer, AnswerSheet, CompanyAnswer, PersonAtWave, Wave
from tazuna_web.surveys.queries import own_answers, own_company_answers
from tazuna_web.surveys.questionnaire import screens_of
from web.tiny_consortium import Company, TinyConsortium

HTMX = {"HTTP_HX_REQUEST": "true"}
SignIn = Callable[[Membership], Client]


def saved_of(company: Company, role: Role = Role.PERSON) -> dict[str, int]:
    with scope(held_by=[company.organisation.pk]):
        return own_answers(company.acting(role), company.wave)


def address(company: Company, page: object) -> str:
    return f"/surveys/{company.wave.pk}/{page}/"


def close(company: Company) -> None:
    with scope(held_by=[company.organisation.pk]):
        Wave.objects.filter(pk=company.wave.pk).update(
            state=Wave.State.CLOSING, closed_on=datetime.date(2026, 11, 20)
        )


def test_the_home_says_how_long_what_for_and_who_sees(company: Company, person: Client) -> None:
    page = person.get("/surveys/").content.decode()
    assert company.wave.label in page
    assert "約10分" in page
    assert "10人以上の集計だけ" in page
    assert f'href="{address(company, 1)}"' in page


def test_an_answer_is_saved_at_once_and_moves_the_progress(company: Company, person: Client) -> None:
    response = person.post(address(company, "answer"), {"answer.co1a1": "4"}, **HTMX)
    assert response.status_code == 200
    assert saved_of(company) == {"co1a1": 4}
    page = response.content.decode()
    assert '<input type="hidden" name="shown.co1a1" value="4">' in page
    assert 'hx-swap-oob="true"' in page
    assert 'value="1" max="100"' in page


def test_a_screen_shows_what_was_saved_on_another_device(
    company: Company, person: Client, sign_in: SignIn
) -> None:
    person.post(address(company, "answer"), {"answer.co1a1": "4"}, **HTMX)
    phone = sign_in(company.memberships[Role.PERSON])
    assert 'name="answer.co1a1" value="4" checked' in phone.get(address(company, 1)).content.decode()


def test_answering_resumes_at_the_first_screen_with_open_questions(company: Company, person: Client) -> None:
    first = {f"answer.{question.code}": "3" for question in screens_of(company.wave)[0].questions}
    person.post(address(company, 1), {**first, "go": "next"})
    assert f'href="{address(company, 2)}"' in person.get("/surveys/").content.decode()


def test_next_saves_the_whole_screen_without_script(company: Company, person: Client) -> None:
    response = person.post(address(company, 1), {"answer.co1a1": "4", "answer.co1a2": "2", "go": "next"})
    assert response["Location"] == address(company, 2)
    assert saved_of(company) == {"co1a1": 4, "co1a2": 2}


def test_back_saves_too(company: Company, person: Client) -> None:
    response = person.post(address(company, 2), {"answer.co2a1": "4", "go": "back"})
    assert response["Location"] == address(company, 1)
    assert saved_of(company) == {"co2a1": 4}


def test_a_screen_may_be_skipped_without_an_answer(company: Company, person: Client) -> None:
    assert person.post(address(company, 1), {"go": "next"})["Location"] == address(company, 2)
    assert saved_of(company) == {}


def test_an_old_tab_undoes_nothing_that_a_newer_one_saved(company: Company, person: Client) -> None:
    person.post(address(company, "answer"), {"answer.co1a1": "2"}, **HTMX)
    old_tab = {"answer.co1a1": "2", "shown.co1a1": "2", "answer.co1a2": "5", "shown.co1a2": "", "go": "next"}
    person.post(address(company, "answer"), {"answer.co1a1": "4"}, **HTMX)
    person.post(address(company, 1), old_tab)
    assert saved_of(company) == {"co1a1": 4, "co1a2": 5}


def test_a_double_submit_saves_once(company: Company, person: Client) -> None:
    for _ in range(2):
        person.post(address(company, 1), {"answer.co1a1": "4", "go": "next"})
        person.post(address(company, "finish"))
    with scope(held_by=[company.organisation.pk]):
        assert Answer.objects.count() == 1
        assert AnswerSheet.objects.count() == 1


@pytest.mark.parametrize("answers", [{"answer.co1a1": "9"}, {"answer.co1a1": "x"}, {"answer.none": "3"}])
@pytest.mark.parametrize("page", ["answer", "1"])
def test_a_wrong_value_is_refused(
    company: Company, person: Client, page: str, answers: dict[str, str]
) -> None:
    assert person.post(address(company, page), answers).status_code == 400
    assert saved_of(company) == {}


def test_a_closed_wave_says_so_and_keeps_what_was_saved(company: Company, person: Client) -> None:
    person.post(address(company, "answer"), {"answer.co1a1": "4"}, **HTMX)
    close(company)
    for late in (
        person.post(address(company, "answer"), {"answer.co1a1": "1"}, **HTMX),
        person.post(address(company, 1), {"answer.co1a1": "1", "go": "next"}),
        person.post(address(company, "finish")),
    ):
        assert late.status_code == 409
        assert "2026年11月20日に締め切られました" in late.content.decode()
    assert "締め切られました" in person.get(address(company, 1)).content.decode()
    assert saved_of(company) == {"co1a1": 4}


def test_the_last_screen_leads_to_the_end_and_the_end_names_what_is_open(
    company: Company, person: Client
) -> None:
    last = len(screens_of(company.wave))
    assert person.post(address(company, last), {"go": "next"})["Location"] == address(company, "finish")
    page = person.get(address(company, "finish")).content.decode()
    assert f'href="{address(company, 1)}"' in page
    assert "まだ答えていない設問" in page


def test_finishing_thanks_and_leads_to_the_profile(company: Company, person: Client) -> None:
    person.post(address(company, "answer"), {"answer.co1a1": "4"}, **HTMX)
    page = person.post(address(company, "finish"), follow=True).content.decode()
    assert "ご回答ありがとうございました" in page
    assert 'href="/profile/"' in page


@pytest.mark.parametrize("page", ["1", "answer", "finish", "company"])
def test_the_wave_of_another_company_does_not_exist(
    consortium: TinyConsortium, sign_in: SignIn, page: str
) -> None:
    hr = sign_in(consortium.company.memberships[Role.HR])
    assert hr.get(address(consortium.other, page)).status_code in ({404, 405} if page == "answer" else {404})
    assert hr.post(address(consortium.other, page), {"answer.co1a1": "3"}).status_code == 404


def test_a_wave_that_does_not_ask_the_person_does_not_exist_for_them(
    company: Company, person: Client
) -> None:
    with scope(held_by=[company.organisation.pk]):
        PersonAtWave.objects.filter(person=company.memberships[Role.PERSON].person).delete()
    assert person.get(address(company, 1)).status_code == 404
    assert company.wave.label not in person.get("/surveys/").content.decode()


@pytest.mark.parametrize("number", [0, 99])
def test_a_screen_beyond_the_questionnaire_does_not_exist(
    company: Company, person: Client, number: int
) -> None:
    assert person.get(address(company, number)).status_code == 404


@pytest.mark.parametrize("page", ["1", "finish", "company"])
def test_strangers_are_sent_to_sign_in(company: Company, page: str) -> None:
    assert Client().get(address(company, page))["Location"].startswith("/sign-in/?next=")


def test_an_autosave_after_the_session_has_ended_loads_the_sign_in_page(company: Company) -> None:
    response = Client().post(address(company, "answer"), {"answer.co1a1": "3"}, **HTMX)
    assert response["HX-Redirect"].startswith("/sign-in/")
    assert Client().post(address(company, "answer"))["Location"].startswith("/sign-in/")


def test_the_questions_speak_the_language_of_the_page(company: Company, person: Client) -> None:
    person.post("/language/", {"language": "en", "next": "/"})
    page = person.get(address(company, 1)).content.decode()
    assert '<html lang="en">' in page
    assert "I can put into words what matters to me at work." in page


def test_every_answer_stands_in_a_fieldset_with_a_legend(company: Company, person: Client) -> None:
    for screen in screens_of(company.wave):
        page = person.get(address(company, screen.number)).content.decode()
        assert page.count("<fieldset") == page.count("<legend>") == len(screen.questions)


def test_company_statements_need_the_consent(company: Company, sign_in: SignIn) -> None:
    hr = sign_in(company.memberships[Role.HR])
    assert "役職としての回答です" in hr.get(address(company, "company")).content.decode()
    refused = hr.post(address(company, "company"), {"answer.ms4": "4"})
    assert refused.status_code == 422
    with scope(held_by=[company.organisation.pk]):
        assert not CompanyAnswer.objects.exists()
    hr.post(address(company, "company"), {"answer.ms4": "4", "consent": "yes"})
    with scope(held_by=[company.organisation.pk]):
        assert own_company_answers(company.acting(Role.HR), company.wave) == {"ms4": 4}


def test_an_employee_has_no_company_side(company: Company, person: Client) -> None:
    assert person.get(address(company, "company")).status_code == 403
    assert "会社側" not in person.get("/surveys/").content.decode()


def test_a_closed_wave_takes_no_company_statements(company: Company, sign_in: SignIn) -> None:
    close(company)
    executive = sign_in(company.memberships[Role.EXECUTIVE])
    late = executive.post(address(company, "company"), {"answer.ms4": "4", "consent": "yes"})
    assert late.status_code == 409
