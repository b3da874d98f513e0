"""Nothing that any role is given holds somebody else's answers, who answered, or a figure that is hidden."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pytest
from django.db import transaction
from django.test import Client
from django_scopes import scope, scopes_disabled
from pytest_django import DjangoDbBlocker

from isolation.planted import OTHERS_WORDS, TRACES, Planted, plant, secrets
from tazuna_web.accounts.models import Role
from tazuna_web.overview.models import Edition, Release
from tazuna_web.profiles.queries import own_profile
from tazuna_web.surveys.questionnaire import screens_of
from web.address_table import ADDRESSES, EVERYBODY, Places, Who
from web.entering import enter, membership
from web.tiny_consortium import found_consortium

HTMX = {"HX-Request": "true"}
LONG_NUMBER = re.compile(r"-?\d+\.\d{6,}")
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Given:
    """Whatever the application gives one role: address → text, with workbooks and PDF files opened."""

    who: Who
    pages: dict[str, str]

    def holding(self, *words: str) -> list[tuple[str, str]]:
        return [(word, place) for place, text in self.pages.items() for word in words if word in text]


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Planted]:
    """The consortium with its secrets, once for all tests here, and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with scopes_disabled():
            consortium = found_consortium()
        yield plant(consortium)
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=EVERYBODY, ids=lambda who: who or "stranger")
def given(planted: Planted, request: pytest.FixtureRequest) -> Given:
    who: Who = request.param
    client = Client(headers={"accept-language": "ja"})
    if who is not None:
        enter(client, membership(planted.consortium, who))
    pages: dict[str, str] = {}
    for place in everywhere(planted):
        for headers in ({}, HTMX):
            response = client.get(place, headers=headers)
            pages[f"{place} {'htmx' if headers else ''}"] = opened(response.content) + str(response.headers)
    autosaved = client.post(
        f"/surveys/{planted.company.wave.pk}/answer/", {"answer.co1a1": "4"}, headers=HTMX
    )
    pages["saved"] = autosaved.content.decode()
    return Given(who, pages)


def everywhere(planted: Planted) -> Iterator[str]:
    """Every address in the own and the other company, with all pictures, tables and files of the release."""
    with scopes_disabled():
        waves = [
            (planted.company.wave, planted.released),
            (planted.consortium.other.wave, planted.others_released),
        ]
        edition = Edition.objects.get(release__wave=planted.released, language="ja")
        pictures = list(edition.pictures.values_list("code", flat=True))
    tables = sorted(set(re.findall(r'"block": "table", "code": "([\w-]+)"', json.dumps(edition.content))))
    assert pictures and tables
    for still_open, released in waves:
        for address in ADDRESSES.values():
            yield address.at(Places(still_open.pk, released.pk, pictures[0], tables[0]))
        yield from (f"/surveys/{still_open.pk}/{screen.number}/" for screen in screens_of(still_open))
        for language in ("ja", "en"):
            files = [f"pictures/{code}.svg" for code in pictures]
            files += [f"tables/{code}.{form}" for code in tables for form in ("csv", "xlsx")]
            files += [f"report.{form}" for form in ("html", "pdf", "xlsx")]
            yield from (f"/overview/{released.pk}/{file}?language={language}" for file in files)


def opened(content: bytes) -> str:
    """The text of a page or file."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return content.decode("utf-8")


def long_numbers(text: str) -> set[float]:
    return {round(float(number), 6) for number in LONG_NUMBER.findall(text)}


def test_nobody_is_given_anybody_elses_answers(given: Given) -> None:
    assert given.holding(*TRACES) == []


def test_nobody_is_given_a_name_or_sign_of_who_answered(given: Given, planted: Planted) -> None:
    assert given.holding(*secrets(planted)) == []


def test_nobody_is_given_words_of_another_company(given: Given) -> None:
    assert given.holding(OTHERS_WORDS) == []
    if given.who != Role.SECRETARIAT:
        assert given.holding("やまと物流") == []


def test_nobody_is_given_a_hidden_figure(given: Given, planted: Planted) -> None:
    assert len(planted.hidden) > 100
    for place, text in given.pages.items():
        assert long_numbers(text) & planted.hidden == set(), place


def test_no_row_of_a_department_too_small_has_a_figure(given: Given, planted: Planted) -> None:
    small = planted.company.departments[-1].name
    for place, text in given.pages.items():
        for row in ROW.findall(text):
            if small in row:
                assert not re.search(r"\d", TAG.sub(" ", row).replace(small, "")), (place, row)


@pytest.mark.parametrize("given", [Role.HR], indirect=True)
def test_the_search_would_find_them(given: Given, planted: Planted) -> None:
    """What may be shown is found by the same search: it looks where figures are."""
    found = {number for text in given.pages.values() for number in long_numbers(text)}
    assert len(found & planted.shown) > 50
    small = planted.company.departments[-1].name
    assert any(small in row for text in given.pages.values() for row in ROW.findall(text))
    assert given.holding("みなと製作所")


def test_the_own_profile_comes_from_the_own_answers_alone(planted: Planted) -> None:
    acting = planted.company.acting(Role.PERSON)
    with scope(held_by=acting.holders):
        profile = own_profile(acting, "ja")
        assert profile is not None
        assert all(0 <= at.interval.score <= 100 for area in profile.areas for at in area.waves)


def test_what_is_stored_of_a_release_holds_no_hidden_figure(planted: Planted) -> None:
    with scope(held_by=[planted.company.organisation.pk]):
        release = Release.objects.get(wave=planted.released)
        contents = Edition.objects.filter(release=release).values_list("content", flat=True)
        for stored in (*contents, release.facts):
            assert not long_numbers(json.dumps(stored)) & planted.hidden
