"""Leases: who has a task, when it counts as lost, and when it is given up."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.conf import settings
from django.db import OperationalError
from django.urls import get_resolver
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest import LogCaptureFixture, MonkeyPatch

from tazuna_web.jobs import leases
from tazuna_web.jobs.leases import LOST_AFTER, MOST_ATTEMPTS, Heartbeat, give_back, requeue_lost, take
from tazuna_web.jobs.models import Lease
from tazuna_web.overview.tasks import make_release

pytestmark = pytest.mark.django_db
LONG = LOST_AFTER + datetime.timedelta(seconds=1)


@pytest.fixture
def running() -> DBTaskResult:
    """A task that a worker claimed just now."""
    task = DBTaskResult.objects.get(pk=make_release.using(backend="default").enqueue(1).id)
    task.claim("first")
    return task


def status(task: DBTaskResult) -> str:
    task.refresh_from_db()
    return task.status


def test_a_task_with_a_beating_lease_is_left_alone(running: DBTaskResult) -> None:
    take(running.pk, "first")
    later = timezone.now() + LONG
    Heartbeat("first", clock=lambda: later).beat()
    assert status(running) == TaskResultStatus.RUNNING


def test_a_task_whose_lease_is_old_goes_back_to_the_queue(running: DBTaskResult) -> None:
    take(running.pk, "first")
    later = timezone.now() + LONG
    Heartbeat("second", clock=lambda: later).beat()
    assert status(running) == TaskResultStatus.READY
    assert DBTaskResult.objects.ready().filter(pk=running.pk).exists()


def test_a_task_whose_worker_died_before_its_lease_goes_back_too(running: DBTaskResult) -> None:
    assert requeue_lost(timezone.now()) == 0
    assert requeue_lost(timezone.now() + LONG) == 1


def test_a_task_that_was_lost_five_times_fails(running: DBTaskResult) -> None:
    now = timezone.now()
    for attempt in range(MOST_ATTEMPTS):
        assert status(running) == TaskResultStatus.RUNNING
        take(running.pk, f"worker {attempt}")
        now += LONG
        Lease.objects.update(beat_at=now - LONG)
        requeued = requeue_lost(now)
        assert requeued == (1 if attempt < MOST_ATTEMPTS - 1 else 0)
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(
            status=TaskResultStatus.RUNNING, started_at=now
        )
    assert status(running) == TaskResultStatus.FAILED
    assert running.exception_class_path == "tazuna_web.jobs.leases.WorkerLostError"
    assert not Lease.objects.exists()


def test_a_worker_gives_back_its_own_lease_only(running: DBTaskResult) -> None:
    take(running.pk, "first")
    take(running.pk, "second")
    give_back(running.pk, "first")
    assert Lease.objects.get().worker == "second"
    assert Lease.objects.get().attempts == 2
    give_back(running.pk, "second")
    assert not Lease.objects.exists()


def test_a_heartbeat_outlives_a_database_that_was_away(
    monkeypatch: MonkeyPatch, caplog: LogCaptureFixture
) -> None:
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.01)
    heartbeat = Heartbeat(uuid.uuid4().hex)
    beats: list[int] = []

    def beat() -> None:
        beats.append(len(beats))
        if len(beats) > 2:
            heartbeat.stop()
        raise OperationalError("database is locked")

    monkeypatch.setattr(heartbeat, "beat", beat)
    monkeypatch.setattr(leases.connection, "close", lambda: None)
    heartbeat.run()
    assert len(beats) == 3
    assert "A heartbeat failed" in caplog.text


def test_no_page_shows_the_queue() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    views = [str(pattern.callback) for pattern in get_resolver().url_patterns if hasattr(pattern, "callback")]
    assert not [view for view in views if "django_tasks" in view or "tazuna_web.jobs" in view]
