"""Signing browsers in to the tiny consortium, in any role there is."""

from __future__ import annotations

from django.test import Client
from django_scopes import scopes_disabled

from tazuna_web.accounts.acting import MEMBERSHIP_KEY
from tazuna_web.accounts.models import Account, Membership, Role
from web.tiny_consortium import TinyConsortium


def membership(consortium: TinyConsortium, role: Role) -> Membership:
    """The role in the first company, or the secretariat in the consortium; made where it is missing."""
    if role == Role.SECRETARIAT:
        return consortium.secretariat
    existing = consortium.company.memberships.get(role)
    if existing is not None:
        return existing
    with scopes_disabled():
        account = Account.objects.create_user(f"{role}@example.com")
        return Membership.objects.create(held_by=consortium.company.organisation, account=account, role=role)


def enter(client: Client, membership: Membership) -> None:
    client.force_login(membership.account)
    session = client.session
    session[MEMBERSHIP_KEY] = membership.pk
    session.save()
