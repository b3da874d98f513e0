"""Who is acting: the account, the role and the organisation of one request or job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django_scopes import scope, scopes_disabled

from tazuna_web.accounts.models import Account, Membership, Role
from tazuna_web.organisations.models import Organisation
from tazuna_web.people.models import Person

MEMBERSHIP_KEY = "membership"


@dataclass(frozen=True, slots=True)
class Acting:
    """The one who acts; every act takes it as ``acting`` and none acts without.

    ``account`` is None for the system itself (a job that finishes what somebody began).
    """

    account: Account | None
    organisation: Organisation
    role: Role
    person: Person | None = None

    @property
    def holders(self) -> list[int]:
        """The organisations whose rows may be read."""
        return [self.organisation.pk]


class ActingMiddleware:
    """Puts `Acting` on the request and opens its organisation's scope for as long as the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acting = acting_of(request)
        request.acting = acting  # type: ignore[attr-defined]
        if acting is None:
            return self.get_response(request)
        with scope(held_by=acting.holders):
            return self.get_response(request)


def acting_of(request: HttpRequest) -> Acting | None:
    """The acting account in the membership chosen for this session, or None for a stranger."""
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return None
    with scopes_disabled():
        memberships = Membership.objects.filter(account=account).select_related("held_by", "person")
        chosen = (
            memberships.filter(pk=request.session.get(MEMBERSHIP_KEY)).first()
            or memberships.order_by("pk").first()
        )
    if chosen is None:
        return None
    return Acting(account, chosen.held_by, Role(chosen.role), chosen.person)
