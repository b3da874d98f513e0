"""A worker (ワーカー): takes tasks from the queue, one at a time, with a beating lease on each."""

from __future__ import annotations

import logging
import os
import signal
import uuid
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_tasks_db.management.commands.db_worker import Worker

LOOK_SECONDS = 0.5


def work() -> None:
    """Work until asked to end; a task that is running then is finished first.

    Asked a second time, it ends at once, and the task goes to the next worker.
    """
    import django

    django.setup()
    from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
    from django_tasks_db.management.commands.db_worker import Worker

    from tazuna_web.jobs.leases import Heartbeat

    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    name = uuid.uuid4().hex
    worker = Worker(
        queue_names=["*"],
        interval=LOOK_SECONDS,
        batch=False,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    _end_when_asked(worker)
    heartbeat = Heartbeat(name)
    heartbeat.start()
    try:
        worker.run()
    finally:
        heartbeat.stop()


def _end_when_asked(worker: Worker) -> None:
    def asked(number: int, frame: FrameType | None) -> None:
        if not worker.running:
            os._exit(1)
        worker.shutdown(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, asked)
