"""Who may come in to a view."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.rules import may


def acting_for(request: HttpRequest, act: str) -> Acting:
    """The acting account, where its role may do the act.

    Raises
    ------
    PermissionDenied
        It may not.
    """
    acting: Acting | None = request.acting  # type: ignore[attr-defined]
    if acting is None or not may(acting, act):
        raise PermissionDenied
    return acting
