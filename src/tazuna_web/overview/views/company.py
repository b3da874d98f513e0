"""The company's overview: the latest release or an earlier one, and the waves that are not released yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.entering import acting_for
from tazuna_web.accounts.rules import may
from tazuna_web.overview.models import Edition, Release
from tazuna_web.overview.queries import (
    MakingState,
    edition_of,
    making_state,
    page_language,
    releases_of,
    unreleased_waves,
)
from tazuna_web.overview.rates import WaveRates, wave_rates
from tazuna_web.overview.released import Change, change_of
from tazuna_web.overview.views.entering import (
    CLOSE,
    SEE_COMPANY,
    SEE_RATES,
    SEE_SECTIONS,
    own_release,
    own_wave,
)
from tazuna_web.surveys.models import Wave

PHONE_CODE = "/phone.svg"


@dataclass(frozen=True, slots=True)
class WaveInHand:
    """A wave without a release: open, with its rates where the role may see them, or closing."""

    wave: Wave
    rates: WaveRates | None
    making: MakingState | None


@dataclass(frozen=True, slots=True)
class Tour:
    """Where the demo's visitor stands: the wave to close, then what its release changed.

    Parameters
    ----------
    step
        1 (answer, then close), 3 (the release is on its way) or 4 (see what changed, then the answer check).
    open_wave
        The wave to answer and close.
    phone
        Address of the QR code for a phone; empty where the demo is on this machine alone.
    change, check_of
        Of the latest release.
    """

    step: int
    open_wave: Wave | None = None
    phone: str = ""
    change: Change | None = None
    check_of: Wave | None = None


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The latest release, or what to do while there is none."""
    acting = acting_for(request, SEE_COMPANY)
    releases = releases_of(acting.organisation)
    if not releases:
        return render(request, "overview/none_yet.html", _around(acting, None, releases))
    return _page(request, acting, releases[0], releases)


@never_cache
@login_required
@require_safe
def release(request: HttpRequest, wave_id: int) -> HttpResponse:
    """The release of one wave; while the wave has none, the overview says where it stands."""
    acting = acting_for(request, SEE_COMPANY)
    wave = own_wave(acting, wave_id)
    if wave.state != Wave.State.RELEASED:
        return redirect("overview")
    return _page(request, acting, own_release(acting, wave_id), releases_of(acting.organisation))


@never_cache
@login_required
@require_safe
def answer_check(request: HttpRequest, wave_id: int) -> HttpResponse:
    """The estimates beside the simulator's truth, in the demo alone."""
    acting = acting_for(request, SEE_COMPANY)
    shown = own_release(acting, wave_id)
    edition = edition_of(shown, page_language())
    if not settings.DEMO or "answer_check" not in edition.content:
        raise Http404
    context = {"check": edition.content["answer_check"], **release_context(shown, edition)}
    return render(request, "overview/answer_check.html", context)


def release_context(shown: Release, edition: Edition) -> dict[str, object]:
    """What every page of a release needs; ``version`` changes with the pictures, which browsers keep long."""
    return {
        "release": shown,
        "wave": shown.wave,
        "content": edition.content,
        "language": edition.language,
        "version": f"{edition.pk}-{shown.input_sha256[:8]}",
    }


def _page(request: HttpRequest, acting: Acting, shown: Release, releases: list[Release]) -> HttpResponse:
    edition = edition_of(shown, page_language())
    context = {**release_context(shown, edition), **_around(acting, shown, releases)}
    return render(request, "overview/release.html", context)


def _around(acting: Acting, shown: Release | None, releases: list[Release]) -> dict[str, object]:
    in_hand = [_in_hand(acting, wave) for wave in unreleased_waves(acting.organisation)]
    return {
        "earlier": [one for one in releases if shown is None or one.pk != shown.pk],
        "in_hand": in_hand,
        "making": any(each.making in ("waiting", "running") for each in in_hand),
        "may_close": may(acting, CLOSE),
        "whole": may(acting, SEE_SECTIONS),
        "tour": _tour(releases, in_hand) if settings.DEMO and may(acting, SEE_SECTIONS) else None,
    }


def _in_hand(acting: Acting, wave: Wave) -> WaveInHand:
    if wave.state == Wave.State.CLOSING:
        return WaveInHand(wave, None, making_state(wave))
    return WaveInHand(wave, wave_rates(wave) if may(acting, SEE_RATES) else None, None)


def _tour(releases: list[Release], in_hand: list[WaveInHand]) -> Tour:
    still_open = next((each.wave for each in in_hand if each.making is None), None)
    if still_open is not None:
        return Tour(1, open_wave=still_open, phone=PHONE_CODE if settings.LAN_HOST else "")
    if not releases or any(each.wave.opened_on > releases[0].wave.opened_on for each in in_hand):
        return Tour(3)
    return Tour(4, change=change_of(releases[0], page_language()), check_of=releases[0].wave)
