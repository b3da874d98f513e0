"""The welcome page, the doors and signing in."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from tazuna_web.site.doors import DOORS
from web.tiny_consortium import TinyConsortium

pytestmark = pytest.mark.django_db


def test_the_welcome_page_is_japanese_and_needs_no_sign_in() -> None:
    response = Client().get("/")
    page = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="ja">' in page
    assert page.count("<h1>") == 1


def test_the_demo_has_five_doors_that_open_with_one_click() -> None:
    page = Client().get("/").content.decode()
    assert [f'action="/enter/{door.name}/"' in page for door in DOORS] == [True] * 5


def test_outside_the_demo_there_are_no_doors(settings: LazySettings) -> None:
    settings.DEMO = False
    page = Client().get("/").content.decode()
    assert "/enter/" not in page
    assert 'href="/sign-in/"' in page
    assert Client().post("/enter/hr/").status_code == 404


def test_the_employees_door_leads_to_the_surveys(consortium: TinyConsortium) -> None:
    client = Client()
    page = client.post("/enter/person/", follow=True)
    assert page.redirect_chain[-1][0] == "/surveys/"
    assert "みなと製作所／社員" in page.content.decode()


def test_a_door_needs_a_post_and_a_token(consortium: TinyConsortium) -> None:
    assert Client().get("/enter/person/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/enter/person/").status_code == 403


def test_a_door_that_does_not_exist_stays_shut(consortium: TinyConsortium) -> None:
    assert Client().post("/enter/administrator/").status_code == 404


def test_signing_in_with_password_lands_on_the_roles_page(consortium: TinyConsortium) -> None:
    client = Client()
    refused = client.post("/sign-in/", {"username": "person@example.com", "password": "wrong"})
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()
    client.post("/sign-in/", {"username": "person@example.com", "password": "tazuna-secret"})
    assert client.get("/")["Location"] == "/surveys/"


def test_signing_out_ends_the_session(person: Client) -> None:
    person.post("/sign-out/")
    assert person.get("/surveys/").status_code == 302


def test_english_comes_by_the_switch() -> None:
    client = Client()
    client.post("/language/", {"language": "en", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Take the reins" in page


def test_a_missing_page_says_so_in_the_frame() -> None:
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "ページが見つかりません" in response.content.decode()


def test_japanese_comes_first_whatever_the_browser_prefers(db: None) -> None:
    answer = Client(headers={"accept-language": "en-US,en;q=0.9"}).get("/")
    assert '<html lang="ja"' in answer.content.decode()
