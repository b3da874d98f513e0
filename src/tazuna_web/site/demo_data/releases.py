"""The releases of the sample's closed waves, left to the worker."""

from __future__ import annotations

from collections.abc import Mapping

from tazuna_web.overview.tasks import make_release
from tazuna_web.site.demo_data.doors import DOOR_COMPANY
from tazuna_web.surveys.models import Wave

LATER = -10
"""Priority of what nobody waits for: a wave that a visitor closes comes first."""


def queue_releases(waves: Mapping[tuple[str, str], Wave]) -> None:
    """Queue the release of every closed wave: first the latest one of the company behind the doors."""
    closed = [wave for wave in waves.values() if wave.state == Wave.State.CLOSING]
    latest_first = sorted(closed, key=lambda wave: wave.opened_on, reverse=True)
    doors_first = sorted(latest_first, key=lambda wave: wave.held_by.code != DOOR_COMPANY)
    for place, wave in enumerate(doors_first):
        make_release.using(priority=0 if place == 0 else LATER).enqueue(wave.pk)
