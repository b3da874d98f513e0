"""The own profile."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tazuna_web.accounts.entering import acting_for
from tazuna_web.overview.queries import page_language
from tazuna_web.profiles.queries import comparable_waves, own_profile
from tazuna_web.surveys.models import Wave


@never_cache
@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """The acting person's five areas with their uncertainty, over waves, and who can see what."""
    acting = acting_for(request, "profiles.see_own")
    found = own_profile(acting, get_language() or "ja")
    waves = {at.wave.pk: at.wave for area in found.areas for at in area.waves} if found else {}
    in_order = sorted(waves.values(), key=lambda wave: (wave.opened_on, wave.code))
    latest = in_order[-1] if in_order else None
    over_waves = latest is not None and len(in_order) > 1 and latest.state == Wave.State.RELEASED
    context = {
        "profile": found,
        "latest_wave": latest,
        "comparable": comparable_waves(acting, page_language()) if over_waves else "",
    }
    return render(request, "profiles/profile.html", context)
