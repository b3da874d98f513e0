"""The front door: what this is, signing in, and the demo's one-click doors."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scopes_disabled

from tazuna_web.accounts.acting import MEMBERSHIP_KEY, Acting
from tazuna_web.accounts.models import Membership, Role
from tazuna_web.site.doors import DOORS, door_membership

HOME_OF = {
    Role.PERSON: "surveys",
    Role.MANAGER: "team",
    Role.HR: "overview",
    Role.EXECUTIVE: "overview",
    Role.SECRETARIAT: "members",
}
"""Role → the page it lands on."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The role's page, or for a stranger what this is (and in the demo the doors)."""
    acting: Acting | None = request.acting  # type: ignore[attr-defined]
    if acting is not None and acting.role in HOME_OF:
        return redirect(HOME_OF[acting.role])
    return render(request, "site/welcome.html", {"doors": DOORS if settings.DEMO else ()})


@require_POST
def enter(request: HttpRequest, door: str) -> HttpResponse:
    """Go in as a sample role, in the demo alone."""
    if not settings.DEMO:
        raise Http404
    with scopes_disabled():
        membership: Membership | None = door_membership(door)
        if membership is None:
            raise Http404
        login(request, membership.account, backend="django.contrib.auth.backends.ModelBackend")
        request.session[MEMBERSHIP_KEY] = membership.pk
    return redirect(HOME_OF[Role(membership.role)])


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("home")


@require_safe
def healthy(request: HttpRequest) -> HttpResponse:
    """Answers when the application answers; for whoever watches it."""
    del request
    return HttpResponse("ok", content_type="text/plain")


class SignIn(LoginView):
    """Signing in with e-mail and password."""

    template_name = "site/sign_in.html"
    redirect_authenticated_user = True
    http_method_names: ClassVar = ["get", "head", "post"]
