"""Which acts the pages need, and which waves and releases exist for the acting organisation."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from tazuna_web.accounts.acting import Acting
from tazuna_web.overview.models import Release
from tazuna_web.surveys.models import Wave

SEE_COMPANY, SEE_SECTIONS = "overview.see_company", "overview.see_sections"
SEE_TEAM, SEE_MEMBERS, DOWNLOAD = "overview.see_team", "overview.see_members", "overview.download"
SEE_RATES, CLOSE = "surveys.see_rates", "surveys.close_wave"


def own_wave(acting: Acting, wave_id: int) -> Wave:
    """A wave of the acting organisation; those of others do not exist."""
    return get_object_or_404(Wave.objects.select_related("held_by"), pk=wave_id, held_by=acting.organisation)


def own_release(acting: Acting, wave_id: int) -> Release:
    """The release of a wave of the acting organisation."""
    releases = Release.objects.select_related("wave", "held_by")
    return get_object_or_404(releases, wave_id=wave_id, held_by=acting.organisation)
