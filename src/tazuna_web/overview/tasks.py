"""Making the frozen release of a closed wave, in the background."""

from __future__ import annotations

from django_scopes import scope, scopes_disabled
from django_tasks import task

from tazuna_web.surveys.models import Wave


@task()
def make_release(wave_id: int) -> None:
    """Make the release of the wave once, however often the task runs."""
    from tazuna_web.overview.acts import make_release_of, system_acting

    with scopes_disabled():
        wave = Wave.objects.select_related("held_by").get(pk=wave_id)
    with scope(held_by=[wave.held_by_id]):
        make_release_of(acting=system_acting(wave), wave=wave)
