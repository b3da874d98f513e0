"""A lease on every running task: beaten while the worker lives, taken back when the beat is old.

A worker that is killed leaves its task marked as running for ever; the next worker finds the old lease and
puts the task back. A worker that only seemed dead may still finish, so tasks are written so that doing them
twice does them once. The clocks of machines that work on one queue may differ by a few seconds, not more.
"""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tazuna_web.jobs.models import Lease
from tazuna_web.ledger.sealing import seal_ledgers

BEAT_SECONDS = 2.0
LOST_AFTER = datetime.timedelta(seconds=10)
BEATS_A_SEALING = 30
MOST_ATTEMPTS = 5

logger = logging.getLogger(__name__)


class WorkerLostError(Exception):
    """Recorded on a task whose workers kept dying."""


def take(task_id: object, worker: str) -> None:
    """Lease the task to ``worker``; an earlier lease of the same task counts as an attempt."""
    lease, made = Lease.objects.get_or_create(
        task_id=task_id, defaults={"worker": worker, "beat_at": timezone.now()}
    )
    if not made:
        Lease.objects.filter(pk=lease.pk).update(
            worker=worker, beat_at=timezone.now(), attempts=F("attempts") + 1
        )


def give_back(task_id: object, worker: str) -> None:
    """End the worker's lease: the task is finished. A lease that has passed to another worker stays."""
    Lease.objects.filter(task_id=task_id, worker=worker).delete()


def requeue_lost(now: datetime.datetime) -> int:
    """Put running tasks whose worker has stopped beating back into the queue; return how many.

    A task that was lost `MOST_ATTEMPTS` times is marked as failed instead: it probably kills its worker.
    """
    if not _lost(now).exists():
        return 0
    with transaction.atomic():
        spent = Lease.objects.filter(attempts__gte=MOST_ATTEMPTS).values("task_id")
        failed = list(_lost(now).filter(pk__in=spent).values_list("pk", flat=True))
        DBTaskResult.objects.filter(pk__in=failed).update(
            status=TaskResultStatus.FAILED,
            finished_at=now,
            exception_class_path=f"{WorkerLostError.__module__}.{WorkerLostError.__qualname__}",
            traceback="The worker was lost while it ran this task, again and again.",
        )
        Lease.objects.filter(task_id__in=failed).delete()
        return _lost(now).update(status=TaskResultStatus.READY, started_at=None)


def _lost(now: datetime.datetime) -> QuerySet[DBTaskResult[Any, Any]]:
    """Running tasks without a fresh lease; one that was only just begun may not have its lease yet."""
    beating = Lease.objects.filter(beat_at__gte=now - LOST_AFTER).values("task_id")
    return DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=now - LOST_AFTER
    ).exclude(pk__in=beating)


class Heartbeat(threading.Thread):
    """Beats for the worker's running task, looks for lost ones and seals ledgers, in a thread of its own.

    Parameters
    ----------
    worker
        The worker's id, as on its leases.
    clock
        Gives the present moment; replaced in tests.
    """

    def __init__(self, worker: str, clock: Callable[[], datetime.datetime] = timezone.now) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._worker = worker
        self._clock = clock
        self._stopped = threading.Event()

    def run(self) -> None:
        beats = 0
        while not self._stopped.wait(BEAT_SECONDS):
            try:
                self.beat()
                beats += 1
                if beats % BEATS_A_SEALING == 0:
                    seal_ledgers(self._clock())
                close_old_connections()
            except DatabaseError:
                logger.warning("A heartbeat failed; the next one follows.", exc_info=True)
                connection.close()
        connection.close()

    def beat(self) -> None:
        """One beat: renew this worker's leases, then take back what others lost."""
        Lease.objects.filter(worker=self._worker).update(beat_at=self._clock())
        requeue_lost(self._clock())

    def stop(self) -> None:
        """Beat no more."""
        self._stopped.set()
