"""A manager's own team, in aggregate."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tazuna_web.accounts.entering import acting_for
from tazuna_web.overview.queries import latest_release, page_language
from tazuna_web.overview.released import team_of
from tazuna_web.overview.views.entering import SEE_TEAM


@never_cache
@login_required
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """The manager's own department beside the whole company, where it has enough answers."""
    acting = acting_for(request, SEE_TEAM)
    release = latest_release(acting.organisation)
    department = acting.person.department if acting.person else None
    shown = team_of(release, department, page_language()) if release and department else None
    context = {"release": release, "department": department, "team": shown}
    return render(request, "overview/team.html", context)
