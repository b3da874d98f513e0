"""Making the release of a closed wave: once, whole, and from nothing but what the core let out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tazuna import __version__
from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.models import Role
from tazuna_web.accounts.rules import may
from tazuna_web.ledger.acts import record
from tazuna_web.overview.models import Edition, Picture, Release, ReportFile
from tazuna_web.overview.queries import making_state
from tazuna_web.overview.tasks import make_release
from tazuna_web.surveys.models import Wave

if TYPE_CHECKING:
    from tazuna_web.overview.making import Drawn, Made


def make_release_of(*, acting: Acting, wave: Wave) -> Release | None:
    """Make the frozen release of a closing wave; a wave that has one keeps it.

    The calculation runs before the transaction, so that no write lock is held while it runs. Of two workers
    that calculate the same release, the second one's is dropped.

    Returns
    -------
    Release or None
        None while the wave is still open.
    """
    from tazuna_web.overview.making import make

    if wave.state == Wave.State.OPEN:
        return None
    already = Release.objects.filter(wave=wave).first()
    if already is not None:
        return already
    made = make(wave, seed=wave.pk)
    try:
        return store_release(acting=acting, wave=wave, made=made)
    except IntegrityError:
        return Release.objects.get(wave=wave)


@transaction.atomic
def try_again(*, acting: Acting, wave: Wave) -> bool:
    """Queue the release of a wave again after it failed; otherwise change nothing.

    Returns
    -------
    bool
        Whether it was queued.

    Raises
    ------
    PermissionDenied
        The acting role may not close waves of this organisation.
    """
    if not may(acting, "surveys.close_wave", held_by=wave.held_by_id):
        raise PermissionDenied
    locked = Wave.objects.select_for_update().get(pk=wave.pk)
    if locked.state != Wave.State.CLOSING or making_state(locked) != "failed":
        return False
    record(acting=acting, verb="overview.release_tried_again", thing=wave)
    make_release.enqueue(wave.pk)
    return True


def system_acting(wave: Wave) -> Acting:
    """The system itself, finishing in the organisation's name what somebody there began."""
    return Acting(None, wave.held_by, Role.ADMINISTRATOR)


@transaction.atomic
def store_release(*, acting: Acting, wave: Wave, made: Made) -> Release:
    """Store a calculated release whole, with its ledger row; the wave is released by it.

    Raises
    ------
    IntegrityError
        The wave has a release already.
    """
    release = Release.objects.create(
        held_by=wave.held_by,
        wave=wave,
        made_on=wave.closed_on or wave.closes_on,
        figures=made.figures,
        facts=made.facts,
        input_sha256=made.input_sha256,
        tazuna_version=__version__,
        seed=made.seed,
    )
    for drawn in made.editions:
        _store_edition(release, drawn)
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.RELEASED)
    record(acting=acting, verb="overview.release_made", thing=release)
    return release


def _store_edition(release: Release, drawn: Drawn) -> None:
    held_by = release.held_by
    edition = Edition.objects.create(
        held_by=held_by, release=release, language=drawn.language, content=drawn.content
    )
    Picture.objects.bulk_create(
        Picture(held_by=held_by, edition=edition, code=code, svg=svg) for code, svg in drawn.pictures.items()
    )
    ReportFile.objects.bulk_create(
        ReportFile(
            held_by=held_by,
            edition=edition,
            format=Path(name).suffix.removeprefix("."),
            name=name,
            content=content,
        )
        for name, content in drawn.files.items()
    )
