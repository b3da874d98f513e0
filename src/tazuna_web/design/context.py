"""What the page frame needs on every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.models import Role
from tazuna_web.site.doors import DOORS

ROLE_LABELS: dict[Role, str | Promise] = {
    Role.PERSON: gettext_lazy("Employee"),
    Role.MANAGER: gettext_lazy("Manager"),
    Role.HR: gettext_lazy("HR"),
    Role.EXECUTIVE: gettext_lazy("Executive"),
    Role.HOST: gettext_lazy("Host"),
    Role.SECRETARIAT: gettext_lazy("Secretariat"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
}
_OWN = (("surveys", gettext_lazy("Surveys")), ("profile", gettext_lazy("My profile")))
_OVERVIEW = (("overview", gettext_lazy("Overview")),)
PAGES: dict[Role, tuple[tuple[str, str | Promise], ...]] = {
    Role.PERSON: _OWN,
    Role.MANAGER: (("team", gettext_lazy("My team")), *_OWN),
    Role.HR: (*_OVERVIEW, *_OWN),
    Role.EXECUTIVE: (*_OVERVIEW, *_OWN),
    Role.SECRETARIAT: (("members", gettext_lazy("Member companies")),),
}
"""Role → the pages in its navigation, by the name of their address."""


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the navigation; ``here`` on the page itself and those below it."""

    address: str
    label: str | Promise
    here: bool


def frame(request: HttpRequest) -> dict[str, object]:
    """The acting account, its role in words, its navigation, and in the demo the doors."""
    acting: Acting | None = getattr(request, "acting", None)
    return {
        "acting": acting,
        "role_label": ROLE_LABELS[acting.role] if acting else "",
        "navigation": navigation(acting, request.path),
        "demo": settings.DEMO,
        "doors": DOORS if settings.DEMO else (),
    }


def navigation(acting: Acting | None, path: str) -> list[NavigationEntry]:
    """The pages of the acting role."""
    if acting is None:
        return []
    entries = [(reverse(name), label) for name, label in PAGES.get(acting.role, ())]
    longest = max((len(address) for address, _ in entries if path.startswith(address)), default=-1)
    return [
        NavigationEntry(address, label, path.startswith(address) and len(address) == longest)
        for address, label in entries
    ]
