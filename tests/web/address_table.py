"""Every address of the application: who gets what there, asked for and posted to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver

from tazuna_web.accounts.models import Role

Who = Role | None
"""A role, or None for a stranger."""
Outcomes = Mapping[Who, str]
"""Who → status, and where it leads to for a redirect."""

EVERYBODY: tuple[Who, ...] = (None, *Role)
STAFF = (Role.PERSON, Role.MANAGER, Role.HR, Role.EXECUTIVE)
COMPANY = (Role.HR, Role.EXECUTIVE)
SIGN_IN, REFUSED, UNKNOWN, NOT_SO = "302 /sign-in/", "403", "404", "405"
LANDING = {
    Role.PERSON: "302 /surveys/",
    Role.MANAGER: "302 /overview/team/",
    Role.HR: "302 /overview/",
    Role.EXECUTIVE: "302 /overview/",
    Role.SECRETARIAT: "302 /overview/members/",
}


@dataclass(frozen=True, slots=True)
class Places:
    """What a company's addresses name: its open wave, and its released wave with a picture and a table."""

    open_wave: int
    released: int
    picture: str
    table: str


@dataclass(frozen=True, slots=True)
class Address:
    """One address.

    Parameters
    ----------
    at
        The address for a company.
    get, post
        What GET and POST answer for the own company.
    others
        Whether it names something of a company; another company's things then do not exist.
    demo_only
        Whether it exists in the demo alone.
    rest
        What the methods PUT, PATCH and DELETE answer; strangers may be sent to sign-in first.
    """

    at: Callable[[Places], str]
    get: Outcomes
    post: Outcomes
    others: bool = False
    demo_only: bool = False
    rest: Outcomes = field(default_factory=lambda: everybody(NOT_SO))


def everybody(outcome: str) -> dict[Who, str]:
    """The same for all."""
    return dict.fromkeys(EVERYBODY, outcome)


def only(roles: tuple[Role, ...], outcome: str) -> dict[Who, str]:
    """For these roles; strangers are sent to sign-in and others refused."""
    return dict.fromkeys(EVERYBODY, REFUSED) | {None: SIGN_IN} | dict.fromkeys(roles, outcome)


def signed_in_get_405() -> dict[Who, str]:
    """A method that the address does not know; strangers are sent to sign-in first."""
    return everybody(NOT_SO) | {None: SIGN_IN}


def page(at: str, roles: tuple[Role, ...]) -> Address:
    """A page to look at that names no wave."""
    return Address(lambda _: at, only(roles, "200"), signed_in_get_405())


def of_release(at: str, *, demo_only: bool = False) -> Address:
    """Something of a released wave, to look at."""
    return Address(
        lambda places: at.format(places), only(COMPANY, "200"), signed_in_get_405(), True, demo_only
    )


def of_open_wave(at: str, get: Outcomes, post: Outcomes) -> Address:
    """Something of the open wave that takes what is sent to it."""
    return Address(lambda places: at.format(places), get, post, others=True)


def phone_key() -> str:
    """A key as the QR code for a phone holds it."""
    return signing.dumps("person", salt="tazuna_web.site.phone")


ADDRESSES: dict[str, Address] = {
    "": Address(lambda _: "/", everybody("200") | LANDING, everybody(NOT_SO)),
    "enter/<slug:door>/": Address(
        lambda _: "/enter/hr/", everybody(NOT_SO), everybody("302 /overview/"), demo_only=True
    ),
    "sign-in/": Address(
        lambda _: "/sign-in/",
        get=everybody("302 /") | {None: "200"},
        post=everybody("302 /") | {None: "200"},
        rest=everybody("302 /") | {None: NOT_SO},
    ),
    "sign-out/": Address(lambda _: "/sign-out/", everybody(NOT_SO), everybody("302 /")),
    "language/": Address(
        lambda _: "/language/", everybody("302 /"), everybody("302 /"), rest=everybody("302 /")
    ),
    "phone.svg": Address(lambda _: "/phone.svg", everybody("200"), everybody(NOT_SO), demo_only=True),
    "phone/<str:key>/": Address(
        lambda _: f"/phone/{phone_key()}/", everybody("302 /surveys/"), everybody(NOT_SO), demo_only=True
    ),
    "healthy/": Address(lambda _: "/healthy/", everybody("200"), everybody(NOT_SO)),
    "surveys/": page("/surveys/", STAFF),
    "surveys/<int:wave_id>/<int:number>/": of_open_wave(
        "/surveys/{0.open_wave}/1/", only(STAFF, "200"), only(STAFF, "302 /surveys/{0.open_wave}/2/")
    ),
    "surveys/<int:wave_id>/answer/": of_open_wave(
        "/surveys/{0.open_wave}/answer/", everybody(NOT_SO), only(STAFF, "200")
    ),
    "surveys/<int:wave_id>/finish/": of_open_wave(
        "/surveys/{0.open_wave}/finish/",
        only(STAFF, "200"),
        only(STAFF, "302 /surveys/{0.open_wave}/finish/"),
    ),
    "surveys/<int:wave_id>/company/": of_open_wave(
        "/surveys/{0.open_wave}/company/", only(COMPANY, "200"), only(COMPANY, "422")
    ),
    "profile/": page("/profile/", STAFF),
    "overview/": page("/overview/", COMPANY),
    "overview/team/": page("/overview/team/", (Role.MANAGER,)),
    "overview/members/": page("/overview/members/", (Role.SECRETARIAT,)),
    "overview/<int:wave_id>/": of_release("/overview/{0.released}/"),
    "overview/<int:wave_id>/answer-check/": of_release(
        "/overview/{0.released}/answer-check/", demo_only=True
    ),
    "overview/<int:wave_id>/close/": of_open_wave(
        "/overview/{0.open_wave}/close/", only((Role.HR,), "200"), only((Role.HR,), "302 /overview/")
    ),
    "overview/<int:wave_id>/progress/": of_open_wave(
        "/overview/{0.open_wave}/progress/", only(COMPANY, "302 /overview/"), signed_in_get_405()
    ),
    "overview/<int:wave_id>/again/": of_open_wave(
        "/overview/{0.open_wave}/again/", signed_in_get_405(), only((Role.HR,), "302 /overview/")
    ),
    "overview/<int:wave_id>/pictures/<slug:code>.svg": of_release(
        "/overview/{0.released}/pictures/{0.picture}.svg"
    ),
    "overview/<int:wave_id>/tables/<slug:code>.<slug:form>": of_release(
        "/overview/{0.released}/tables/{0.table}.csv"
    ),
    "overview/<int:wave_id>/report.<slug:form>": of_release("/overview/{0.released}/report.html"),
}
"""Address pattern → who gets what. An address that does not stand here fails the tests."""


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every pattern that the application answers to."""
    for found in (resolver or get_resolver(settings.ROOT_URLCONF)).url_patterns:
        here = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from patterns(found, here)
        elif isinstance(found, URLPattern):
            yield here


def outcome(response: Any) -> str:
    """Status, and for a redirect the path that it leads to."""
    leads_to = response.headers.get("Location", "").partition("?")[0]
    return f"{response.status_code} {leads_to}".strip()
