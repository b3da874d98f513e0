"""The member companies of a consortium: where their waves stand."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tazuna_web.accounts.entering import acting_for
from tazuna_web.overview.rates import member_standings
from tazuna_web.overview.views.entering import SEE_MEMBERS


@never_cache
@login_required
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """States and response rates of the members' latest waves; no score of theirs."""
    acting = acting_for(request, SEE_MEMBERS)
    return render(request, "overview/members.html", {"standings": member_standings(acting)})
