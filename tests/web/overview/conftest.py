"""One release, calculated once for all tests of the pages, and a company that holds it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django_scopes import scope, scopes_disabled
from pytest_django import DjangoDbBlocker

from tazuna.measurement import overview as measurement
from tazuna.measurement.overview import Measured
from tazuna.study import Study
from tazuna_web.accounts.acting import MEMBERSHIP_KEY
from tazuna_web.accounts.models import Account, Membership, Role
from tazuna_web.organisations.models import Organisation
from tazuna_web.overview.acts import store_release, system_acting
from tazuna_web.overview.making import Made, make
from tazuna_web.overview.models import Release
from tazuna_web.surveys.models import Wave
from web.overview.loaded_sample import OTHER, OWN, Loaded, load, small_sample

Enter = Callable[..., Client]


@pytest.fixture(scope="session")
def truth_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    (folder / "truth.json").write_text(json.dumps(small_sample().truth, default=str), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def made_of_measured(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, truth_folder: Path
) -> tuple[Made, Measured]:
    """The release of the own company's second wave, and what was measured for it: answers are rolled back."""
    from django.test import override_settings

    kept: list[Measured] = []

    def measure(study: Study, **options: Any) -> Measured:
        kept.append(as_ever(study, **options))
        return kept[-1]

    as_ever = measurement.measure
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA=truth_folder):
        with scopes_disabled():
            wave = load(with_answers=True).waves[OWN][1]
        with scope(held_by=[wave.held_by_id]), pytest.MonkeyPatch.context() as patched:
            patched.setattr(measurement, "measure", measure)
            found = make(wave, seed=7)
        transaction.set_rollback(True)
    return found, kept[-1]


@pytest.fixture(scope="session")
def made(made_of_measured: tuple[Made, Measured]) -> Made:
    return made_of_measured[0]


@pytest.fixture(scope="session")
def measured(made_of_measured: tuple[Made, Measured]) -> Measured:
    """Unprotected: what must not be found on any page."""
    return made_of_measured[1]


@pytest.fixture
def loaded(db: None) -> Loaded:
    """Organisations, people, accounts and waves, without answers: two waves closing, the third open."""
    with scopes_disabled():
        return load(with_answers=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Companies:
    """Two companies of the consortium whose second wave is released, while the first is still closing."""

    loaded: Loaded
    own: Release
    other: Release

    @property
    def organisation(self) -> Organisation:
        return self.loaded.organisations[OWN]

    @property
    def open_wave(self) -> Wave:
        return self.loaded.waves[OWN][2]


@pytest.fixture
def companies(loaded: Loaded, made: Made) -> Companies:
    with scopes_disabled():
        Organisation.objects.filter(code__in=[OWN, OTHER]).update(parent=loaded.organisations["CONS"])
        own, other = (
            store_release(acting=system_acting(wave), wave=wave, made=made)
            for wave in (loaded.waves[code][1] for code in (OWN, OTHER))
        )
    return Companies(loaded, own, other)


@pytest.fixture
def enter(db: None) -> Enter:
    """``enter(role, organisation)``: a signed-in browser of an account in that role there."""

    def entered(role: Role, organisation: Organisation, language: str = "ja") -> Client:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        with scopes_disabled():
            existing = (
                Membership.objects.filter(role=role, held_by=organisation).select_related("account").first()
            )
            if existing is None:
                account = Account.objects.create_user(f"{role}-{organisation.code}@example.com")
                existing = Membership.objects.create(held_by=organisation, account=account, role=role)
            client.force_login(existing.account)
        session = client.session
        session[MEMBERSHIP_KEY] = existing.pk
        session.save()
        return client

    return entered
