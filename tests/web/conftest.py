"""Fixtures of the web tests: the tiny consortium, its scope, and signed-in browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from tazuna_web.accounts.acting import MEMBERSHIP_KEY
from tazuna_web.accounts.models import Membership, Role
from web.tiny_consortium import Company, TinyConsortium, found_consortium


@pytest.fixture
def consortium(db: None) -> TinyConsortium:
    """The consortium, its two companies, and the accounts behind the demo's doors."""
    with scopes_disabled():
        return found_consortium()


@pytest.fixture
def company(consortium: TinyConsortium) -> Company:
    """The first company, with its scope open as the middleware opens it for a view."""
    return consortium.company


@pytest.fixture
def in_company(company: Company) -> Iterator[Company]:
    """The scope of the company, for acts and queries called without a request."""
    with scope(held_by=[company.organisation.pk]):
        yield company


@pytest.fixture
def sign_in() -> Callable[[Membership], Client]:
    """A function that gives a browser in which the membership's account is signed in."""

    def signed_in(membership: Membership) -> Client:
        client = Client()
        client.force_login(membership.account)
        session = client.session
        session[MEMBERSHIP_KEY] = membership.pk
        session.save()
        return client

    return signed_in


@pytest.fixture
def person(company: Company, sign_in: Callable[[Membership], Client]) -> Client:
    """A browser in which the company's sample employee is signed in."""
    return sign_in(company.memberships[Role.PERSON])
