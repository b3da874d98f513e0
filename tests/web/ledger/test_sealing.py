"""A changed, added or removed entry breaks the chain; sealing twice seals once."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.models import Role
from tazuna_web.ledger.acts import record
from tazuna_web.ledger.models import Entry, Seal
from tazuna_web.ledger.sealing import first_broken_seal, seal, seal_ledgers
from tazuna_web.organisations.models import Organisation

LATER = datetime.timedelta(minutes=5)


@pytest.fixture
def holder(db: None) -> Organisation:
    return Organisation.objects.create(code="A", name="A", kind="company")


def act(holder: Organisation, verb: str) -> Entry:
    with scopes_disabled():
        return record(acting=Acting(None, holder, Role.HR), verb=verb, thing=holder)


def test_settled_entries_are_sealed_once(holder: Organisation) -> None:
    act(holder, "one")
    act(holder, "two")
    soon = timezone.now() + LATER
    assert seal_ledgers(soon) == 1
    assert seal_ledgers(soon) == 0
    with scopes_disabled():
        assert Seal.objects.get().count == 2
    assert first_broken_seal(holder) is None


def test_an_entry_that_may_not_be_settled_waits(holder: Organisation) -> None:
    act(holder, "one")
    assert seal(holder, timezone.now()) is None


def test_seals_form_a_chain(holder: Organisation) -> None:
    for verb in ("one", "two", "three"):
        act(holder, verb)
        assert seal(holder, timezone.now() + LATER) is not None
    assert first_broken_seal(holder) is None


@pytest.mark.parametrize("damage", ["changed", "removed", "added"])
def test_damage_is_found_at_the_seal_over_it(holder: Organisation, damage: str) -> None:
    other = Organisation.objects.create(code="B", name="B", kind="company")
    entries = [act(holder, "one"), act(other, "elsewhere"), act(holder, "two")]
    first = seal(holder, timezone.now() + LATER)
    act(holder, "three")
    seal(holder, timezone.now() + LATER)
    with scopes_disabled():
        if damage == "changed":
            Entry.objects.filter(pk=entries[0].pk).update(verb="other")
        elif damage == "removed":
            Entry.objects.filter(pk=entries[2].pk).delete()
        else:
            Entry.objects.filter(pk=entries[1].pk).update(held_by=holder)
    assert first_broken_seal(holder) == first


def test_ledgers_of_two_holders_do_not_mix(holder: Organisation) -> None:
    other = Organisation.objects.create(code="B", name="B", kind="company")
    act(holder, "one")
    act(other, "two")
    assert seal_ledgers(timezone.now() + LATER) == 2
    with scopes_disabled():
        assert sorted(Seal.objects.values_list("count", flat=True)) == [1, 1]
