"""Rows that an organisation holds: not read without a scope, and within one only its own."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.db.models import F
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from tazuna_web.accounts.models import Role
from tazuna_web.ledger.acts import record
from tazuna_web.ledger.models import Seal
from tazuna_web.organisations.models import Held, Organisation
from tazuna_web.surveys.acts import save_answers, save_company_answers
from web.released_by_hand import release_by_hand
from web.tiny_consortium import Company, TinyConsortium, open_wave

HELD = [model for model in apps.get_models() if issubclass(model, Held)]
NOT_HELD = {
    "organisations.Organisation",  # a directory of names
    "accounts.Account",  # human beings stand outside every organisation
    "jobs.Lease",
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group",
    "sessions.Session",
    "django_tasks_database.DBTaskResult",
}
by_model = pytest.mark.parametrize("model", HELD, ids=lambda model: model._meta.label)


def live(company: Company) -> None:
    """Let every kind of row come to be in the company, through the acts where there are acts."""
    holder, today = company.organisation, datetime.date(2026, 11, 1)
    with scope(held_by=[holder.pk]):
        save_answers(acting=company.acting(Role.PERSON), wave=company.wave, values={"co1a1": 3}, today=today)
        save_company_answers(acting=company.acting(Role.HR), wave=company.wave, values={"ms1": 3})
        record(acting=company.acting(Role.HR), verb="tests.lived", thing=company.wave)
        Seal.objects.create(held_by=holder, last_entry=1, count=1, digest="0" * 64)
        release_by_hand(open_wave(holder, company.people, code="2025"))


@pytest.fixture
def lived(consortium: TinyConsortium) -> TinyConsortium:
    for company in (consortium.company, consortium.other):
        live(company)
    return consortium


def test_every_table_is_held_or_known_to_be_nobodys() -> None:
    assert {model._meta.label for model in apps.get_models()} - {m._meta.label for m in HELD} == NOT_HELD


@by_model
def test_nothing_is_read_without_a_scope(db: None, model: type[Held]) -> None:
    rows = model.objects
    for read in (
        lambda: list(rows.all()),
        rows.count,
        rows.first,
        rows.values_list,
        rows.filter,
    ):
        with pytest.raises(ScopeError):
            read()


@by_model
def test_a_scope_shows_the_rows_of_its_organisation_and_of_no_other(
    lived: TinyConsortium, model: type[Held]
) -> None:
    with scopes_disabled():
        everything = model.objects.count()
    for company, other in ((lived.company, lived.other), (lived.other, lived.company)):
        with scope(held_by=[company.organisation.pk]):
            holders = set(model.objects.values_list("held_by", flat=True))
            own = model.objects.count()
            assert not model.objects.filter(held_by=other.organisation).exists()
        assert holders == {company.organisation.pk}
        assert 0 < own < everything


@by_model
def test_no_row_hangs_on_a_row_of_another_organisation(lived: TinyConsortium, model: type[Held]) -> None:
    with scopes_disabled():
        for field in model._meta.get_fields():
            if field.many_to_one and issubclass(field.related_model, Held):
                linked = model.objects.filter(**{f"{field.name}__isnull": False})
                strays = linked.exclude(**{f"{field.name}__held_by": F("held_by")})
                assert not strays.exists(), field.name


def test_a_row_without_an_organisation_cannot_be(db: None) -> None:
    for model in HELD:
        assert not model._meta.get_field("held_by").null
        assert model._meta.get_field("held_by").related_model is Organisation


def test_no_table_takes_its_organisation_along_when_it_goes() -> None:
    """An organisation that still holds rows cannot be deleted by accident."""
    assert {model._meta.get_field("held_by").remote_field.on_delete.__name__ for model in HELD} == {"PROTECT"}


def test_answers_and_figures_are_held() -> None:
    assert {"surveys.Answer", "surveys.AnswerSheet", "overview.Release"} <= {m._meta.label for m in HELD}
