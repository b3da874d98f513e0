"""Answering in Chromium on a phone: saved at each answer, held back while offline, the console empty."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django_scopes import scope
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tazuna_web.accounts.models import Role
from tazuna_web.surveys.models import Wave
from tazuna_web.surveys.queries import own_answers
from web.tiny_consortium import Company

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MEANT_TO_FAIL = ("ERR_INTERNET_DISCONNECTED", "409", "htmx:sendError", "htmx:afterRequest")
"""What the browser says of requests that a test makes fail."""
PHONE = {"width": 360, "height": 740}

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests here."""
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, and Django would take every query here for a coroutine's.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A Japanese phone, with nothing from the test before; fails where its console has said anything."""
    expect.set_options(timeout=20_000)
    said: list[str] = []
    context = browser.new_context(viewport=PHONE, locale="ja-JP", base_url=live_server.url)
    context.on("console", lambda message: said.append(message.text))
    yield context
    context.close()
    assert [line for line in said if not any(failure in line for failure in MEANT_TO_FAIL)] == []


def answering(phone: BrowserContext, company: Company) -> Page:
    """The first screen of questions, come to through the employee's door."""
    page = phone.new_page()
    page.goto("/")
    page.get_by_role("button", name="社員").click()
    page.goto(f"/surveys/{company.wave.pk}/1/")
    return page


def saved_of(company: Company) -> dict[str, int]:
    with scope(held_by=[company.organisation.pk]):
        return own_answers(company.acting(Role.PERSON), company.wave)


def test_an_answer_by_key_is_saved_at_once(phone: BrowserContext, company: Company) -> None:
    page = answering(phone, company)
    page.locator("#q-co1a1 input").nth(2).press("Space")
    expect(page.get_by_role("status")).to_have_text("保存しました")
    assert saved_of(company) == {"co1a1": 3}
    page.locator("#q-co1a1 input").nth(2).press("ArrowRight")
    expect(page.locator("[name='shown.co1a1']")).to_have_value("4")
    assert saved_of(company) == {"co1a1": 4}
    assert page.locator("#answered").get_attribute("value") == "1"


def test_answers_given_offline_are_saved_when_the_connection_is_back(
    phone: BrowserContext, company: Company
) -> None:
    page = answering(phone, company)
    phone.set_offline(True)
    page.locator("#q-co1a1 input").nth(3).check()
    page.locator("#q-co1a2 input").nth(0).check()
    expect(page.get_by_role("status")).to_contain_text("つながりません")
    page.get_by_role("button", name="次へ").click()
    expect(page).to_have_url(f"{page.url.split('/surveys')[0]}/surveys/{company.wave.pk}/1/")
    assert saved_of(company) == {}
    phone.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("保存しました")
    assert saved_of(company) == {"co1a1": 4, "co1a2": 1}


def test_two_tabs_do_not_undo_each_other(phone: BrowserContext, company: Company) -> None:
    first, second = answering(phone, company), phone.new_page()
    second.goto(first.url)
    for page, question, place in ((first, "co1a1", 1), (second, "co1a2", 4), (second, "co1a1", 3)):
        page.locator(f"#q-{question} input").nth(place).check()
        expect(page.locator(f"[name='shown.{question}']")).to_have_value(str(place + 1))
    first.get_by_role("button", name="次へ").click()
    first.wait_for_url("**/2/")
    assert saved_of(company) == {"co1a1": 4, "co1a2": 5}


def test_a_wave_closed_meanwhile_says_so_beside_the_answer(phone: BrowserContext, company: Company) -> None:
    page = answering(phone, company)
    with scope(held_by=[company.organisation.pk]):
        Wave.objects.filter(pk=company.wave.pk).update(state=Wave.State.CLOSING)
    page.locator("#q-co1a1 input").nth(3).check()
    expect(page.get_by_role("status")).to_contain_text("締め切られました")
    assert saved_of(company) == {}
