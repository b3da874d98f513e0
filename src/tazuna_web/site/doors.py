"""The demo's five doors: which sample account each opens."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tazuna_web.accounts.models import Membership, Role


@dataclass(frozen=True, slots=True)
class Door:
    """One door: its name in the address, the sample account and role behind it, and what one finds there."""

    name: str
    email: str
    role: Role
    label: str | Promise
    purpose: str | Promise


DOORS = (
    Door(
        "person",
        "person@example.com",
        Role.PERSON,
        gettext_lazy("Employee"),
        gettext_lazy("Answer on a phone, see your own profile"),
    ),
    Door(
        "manager",
        "manager@example.com",
        Role.MANAGER,
        gettext_lazy("Manager"),
        gettext_lazy("See your team as a whole, never single people"),
    ),
    Door(
        "hr",
        "hr@example.com",
        Role.HR,
        gettext_lazy("HR"),
        gettext_lazy("See score and gaps, close the survey"),
    ),
    Door(
        "executive",
        "executive@example.com",
        Role.EXECUTIVE,
        gettext_lazy("Executive"),
        gettext_lazy("One page to decide from"),
    ),
    Door(
        "secretariat",
        "secretariat@example.com",
        Role.SECRETARIAT,
        gettext_lazy("Secretariat"),
        gettext_lazy("Where the member companies stand"),
    ),
)


def door_membership(name: str) -> Membership | None:
    """The membership behind the door, or None where there is no such door or no sample behind it."""
    for door in DOORS:
        if door.name == name:
            memberships = Membership.objects.select_related("account")
            return memberships.filter(account__email=door.email, role=door.role).first()
    return None
