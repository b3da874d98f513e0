"""Reading releases: which there are, one in the reader's language, and how far the next one is."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import get_language
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tazuna.language import Language
from tazuna_web.organisations.models import Organisation
from tazuna_web.overview.models import Edition, Release
from tazuna_web.surveys.models import Wave

MakingState = Literal["waiting", "running", "failed"]


def releases_of(organisation: Organisation) -> list[Release]:
    """The organisation's releases, the latest wave first."""
    releases = Release.objects.filter(held_by=organisation).select_related("wave")
    return list(releases.defer("figures").order_by("-wave__opened_on", "-wave__code"))


def latest_release(organisation: Organisation) -> Release | None:
    """The release of the organisation's latest released wave, or None."""
    releases = Release.objects.filter(held_by=organisation).select_related("wave", "held_by")
    return releases.order_by("-wave__opened_on", "-wave__code").first()


def unreleased_waves(organisation: Organisation) -> list[Wave]:
    """The organisation's open and closing waves, earliest first."""
    return list(Wave.objects.filter(held_by=organisation).exclude(state=Wave.State.RELEASED))


def edition_of(release: Release, language: Language) -> Edition:
    """The release in one language."""
    return Edition.objects.get(release=release, language=language)


def page_language() -> Language:
    """The language in which the page is shown, as the core names it."""
    return "en" if (get_language() or "").startswith("en") else "ja"


def table_in(content: dict[str, Any], code: str) -> dict[str, Any] | None:
    """The table with the code, in the report or beside a figure of it; None where there is none."""
    return next((table for table in _tables(content) if table["code"] == code), None)


def making_state(wave: Wave) -> MakingState:
    """How far the release of a closing wave is, by the latest task that makes it.

    A wave without a task (the machine stopped before one was queued) counts as failed: try again.
    """
    from tazuna_web.overview.tasks import make_release

    tasks = DBTaskResult.objects.filter(task_path=make_release.module_path, args_kwargs__args=[wave.pk])
    status = tasks.order_by("-enqueued_at").values_list("status", flat=True).first()
    match status:
        case TaskResultStatus.READY:
            return "waiting"
        case TaskResultStatus.RUNNING:
            return "running"
    return "failed"


def _tables(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        inside = [table for value in found.values() for table in _tables(value)]
        return [found, *inside] if found.get("block") == "table" else inside
    if isinstance(found, list):
        return [table for value in found for table in _tables(value)]
    return []
