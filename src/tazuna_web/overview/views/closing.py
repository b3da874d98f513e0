"""Closing a wave, how far its release is, and trying again after a failure."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from tazuna_web.accounts.entering import acting_for
from tazuna_web.accounts.rules import may
from tazuna_web.overview.acts import try_again
from tazuna_web.overview.queries import making_state
from tazuna_web.overview.rates import wave_rates
from tazuna_web.overview.views.entering import CLOSE, SEE_COMPANY, own_wave
from tazuna_web.surveys.acts import close_wave
from tazuna_web.surveys.models import Wave

RELEASED = "released"
"""What a page has seen that is about to load itself anew."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, wave_id: int) -> HttpResponse:
    """Asks for confirmation; posting closes the wave."""
    acting = acting_for(request, CLOSE)
    wave = own_wave(acting, wave_id)
    if request.method == "POST":
        close_wave(acting=acting, wave=wave, today=timezone.localdate())
        return redirect("overview")
    if wave.state != Wave.State.OPEN:
        return redirect("overview")
    return render(request, "overview/close.html", {"wave": wave, "rates": wave_rates(wave)})


@never_cache
@login_required
@require_safe
def progress(request: HttpRequest, wave_id: int) -> HttpResponse:
    """How far the release is: nothing while nothing changed, the whole page anew once it is there.

    The page is asked to load itself anew by a part that asks no more, and so once: a part that goes on asking
    would break off the new page's loading again and again where that takes longer than its pause.
    """
    acting = acting_for(request, SEE_COMPANY)
    wave = own_wave(acting, wave_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("overview")
    making = making_state(wave) if wave.state == Wave.State.CLOSING else RELEASED
    if request.GET.get("seen") == RELEASED:
        return HttpResponseClientRefresh()
    if request.GET.get("seen") == making:
        return HttpResponse(status=204)
    context = {"wave": wave, "making": making, "may_close": may(acting, CLOSE)}
    return render(request, "overview/progress.html", context)


@login_required
@require_POST
def again(request: HttpRequest, wave_id: int) -> HttpResponse:
    """Make the release again after it failed."""
    acting = acting_for(request, CLOSE)
    try_again(acting=acting, wave=own_wave(acting, wave_id))
    return redirect("overview")
