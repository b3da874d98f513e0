"""Every address for every role, in the own company and in another one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django_scopes import scopes_disabled
from pytest_django import Settings

from tazuna_web.accounts.models import Account, Role
from web.address_table import (
    ADDRESSES,
    EVERYBODY,
    NOT_SO,
    REFUSED,
    SIGN_IN,
    UNKNOWN,
    Address,
    Places,
    Who,
    outcome,
    patterns,
)
from web.entering import enter, membership
from web.released_by_hand import PICTURE, TABLE, release_by_hand
from web.tiny_consortium import Company, TinyConsortium, open_wave

Ask = Callable[..., str]
by_everybody = pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who or "stranger")


@pytest.fixture(autouse=True)
def demo_in_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAZUNA_LAN_HOST", "192.0.2.7")


def places(company: Company) -> Places:
    """The company's open wave, and one of the year before that is released."""
    earlier = open_wave(company.organisation, company.people, code="2025")
    release_by_hand(earlier)
    return Places(company.wave.pk, earlier.pk, PICTURE, TABLE)


@pytest.fixture
def own(consortium: TinyConsortium) -> Places:
    with scopes_disabled():
        return places(consortium.company)


@pytest.fixture
def others(consortium: TinyConsortium) -> Places:
    with scopes_disabled():
        return places(consortium.other)


@pytest.fixture
def ask(consortium: TinyConsortium) -> Ask:
    """``ask(who, method, address)``: what one request gives; whatever it changed is taken back."""

    @cache
    def session_of(who: Who) -> str:
        client = Client()
        enter(client, membership(consortium, who))
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def asked(who: Who, method: str, address: str, *, check_csrf: bool = False) -> str:
        client = Client(enforce_csrf_checks=check_csrf)
        if who is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = session_of(who)
        with transaction.atomic():
            found = outcome(client.generic(method, address))
            transaction.set_rollback(True)
        return found

    return asked


def expected(address: Address, who: Who, method: str, places: Places) -> str:
    return (address.get if method == "GET" else address.post)[who].format(places)


def test_every_address_is_listed_and_no_other() -> None:
    assert sorted(patterns()) == sorted(ADDRESSES)


@by_everybody
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_gets_what_is_theirs(own: Places, ask: Ask, who: Who, method: str) -> None:
    found = {name: ask(who, method, address.at(own)) for name, address in ADDRESSES.items()}
    assert found == {name: expected(address, who, method, own) for name, address in ADDRESSES.items()}


@by_everybody
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_another_company_holds_does_not_exist(
    own: Places, others: Places, ask: Ask, who: Who, method: str
) -> None:
    naming = {name: address for name, address in ADDRESSES.items() if address.others}
    found = {name: ask(who, method, address.at(others)) for name, address in naming.items()}
    refusals = (SIGN_IN, REFUSED, NOT_SO)
    assert found == {
        name: was if (was := expected(address, who, method, own)) in refusals else UNKNOWN
        for name, address in naming.items()
    }


@by_everybody
def test_nothing_is_changed_without_the_pages_own_key(own: Places, ask: Ask, who: Who) -> None:
    for name, address in ADDRESSES.items():
        assert ask(who, "POST", address.at(own), check_csrf=True) == REFUSED, name


@by_everybody
def test_other_methods_do_nothing(own: Places, ask: Ask, who: Who) -> None:
    for name, address in ADDRESSES.items():
        to_sign_in = who is None and SIGN_IN in (address.get[None], address.post[None])
        allowed = {SIGN_IN, NOT_SO} if to_sign_in else {address.rest[who]}
        for method in ("PUT", "PATCH", "DELETE"):
            assert ask(who, method, address.at(own)) in allowed, (name, method)


@by_everybody
def test_what_belongs_to_the_demo_exists_nowhere_else(
    own: Places, ask: Ask, settings: Settings, who: Who
) -> None:
    settings.DEMO = False
    for name, address in ADDRESSES.items():
        if address.demo_only:
            method = "POST" if address.get[who] == NOT_SO else "GET"
            was = expected(address, who, method, own)
            assert ask(who, method, address.at(own)) == (was if was in (SIGN_IN, REFUSED) else UNKNOWN), name


def test_without_the_demo_no_page_speaks_of_it(
    own: Places, consortium: TinyConsortium, settings: Settings
) -> None:
    settings.DEMO = False
    client = Client()
    assert "/enter/" not in client.get("/").content.decode()
    enter(client, membership(consortium, Role.HR))
    page = client.get("/overview/").content.decode()
    assert "/enter/" not in page
    assert "answer-check" not in page


def test_an_account_that_may_no_longer_enter_is_a_stranger(own: Places, consortium: TinyConsortium) -> None:
    client = Client()
    enter(client, membership(consortium, Role.HR))
    Account.objects.update(is_active=False)
    assert outcome(client.get("/overview/")) == SIGN_IN
