"""The QR code for a phone: only in a demo that is open to the network, and only for a few minutes."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from tazuna_web.site import phone
from tazuna_web.site.urls import urlpatterns as site
from web.tiny_consortium import TinyConsortium

urlpatterns = [
    *site,
    path("phone.svg", phone.code, name="phone-code"),
    path("phone/<str:key>/", phone.enter, name="phone"),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the QR code says, once it was drawn, in a demo that is open to the network."""
    said: list[str] = []
    make = phone.segno.make

    def remember(content: str, **options: object) -> object:
        said.append(content)
        return make(content, **options)

    monkeypatch.setenv("TAZUNA_LAN_HOST", "192.0.2.7")
    monkeypatch.setattr(phone.segno, "make", remember)
    return said


def test_the_code_opens_the_persons_door(address: list[str], consortium: TinyConsortium) -> None:
    drawn = Client().get("/phone.svg", headers={"host": "127.0.0.1:8123"})
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<?xml")
    assert address[0].startswith("http://192.0.2.7:8123/phone/")
    visitor = Client()
    opened = visitor.get(address[0].removeprefix("http://192.0.2.7:8123"))
    assert (opened.status_code, opened["Location"]) == (302, "/surveys/")
    assert visitor.session["membership"]


def test_an_old_code_leads_to_the_front_door(
    address: list[str], consortium: TinyConsortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client().get("/phone.svg")
    later = time.time() + phone.VALID_SECONDS + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    visitor = Client()
    opened = visitor.get("/" + address[0].split("/", 3)[3])
    assert (opened.status_code, opened["Location"]) == (302, "/")
    assert "membership" not in visitor.session


def test_a_forged_code_opens_nothing(address: list[str], consortium: TinyConsortium) -> None:
    assert Client().get("/phone/hr:forged:signature/").status_code == 404


def test_without_the_network_there_is_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAZUNA_LAN_HOST", raising=False)
    assert Client().get("/phone.svg").status_code == 404


def test_outside_the_demo_there_is_no_code(address: list[str], settings: Settings) -> None:
    settings.DEMO = False
    assert Client().get("/phone.svg").status_code == 404
