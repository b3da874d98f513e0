"""A worker killed with -9 loses nothing: the next one takes its task, and it is done once."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from web.processes.conftest import HERE, TESTING, run_python, wait_until

ATTEMPTS = 2
QUICK_WORKER = f"""
import datetime, django
django.setup()
from tazuna_web.jobs import leases, working
leases.BEAT_SECONDS, leases.LOST_AFTER = 0.1, datetime.timedelta(seconds=1.5)
leases.MOST_ATTEMPTS = {ATTEMPTS}
working.LOOK_SECONDS = 0.1
working.work()
"""


class Queue:
    """The queue of one test: its database, its tasks and its workers."""

    def __init__(self, url: str, file: Path, started: list[psutil.Process]) -> None:
        self._environment = {"DJANGO_SETTINGS_MODULE": TESTING, "DATABASE_URL": url, "PYTHONPATH": str(HERE)}
        self._file = file
        self._started = started
        self._url = url
        self._run("DELETE FROM django_tasks_database_dbtaskresult")
        self._run("DELETE FROM jobs_lease")

    def enqueue(self, call: str) -> None:
        """Queue a task of ``deeds``."""
        run_python(f"import django; django.setup(); import deeds; deeds.{call}", **self._environment)

    def start_worker(self) -> psutil.Process:
        process = psutil.Popen([sys.executable, "-c", QUICK_WORKER], env={**os.environ, **self._environment})
        self._started.append(process)
        return process

    def said(self) -> list[str]:
        """The first word of every line that the task wrote."""
        lines = self._file.read_text(encoding="utf-8").split("\n")[:-1] if self._file.exists() else []
        return [line.split()[0] for line in lines]

    def task(self) -> tuple[str, str]:
        """Status and error of the only task."""
        ((status, error),) = self._run(
            "SELECT status, exception_class_path FROM django_tasks_database_dbtaskresult"
        )
        return status, error

    def leases(self) -> int:
        ((count,),) = self._run("SELECT count(*) FROM jobs_lease")
        return int(count)

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        if self._url.startswith("sqlite"):
            with (
                closing(sqlite3.connect(self._url.removeprefix("sqlite:///"), timeout=20)) as connection,
                connection,
            ):
                return connection.execute(statement).fetchall()
        with psycopg.connect(self._url) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []


@pytest.fixture
def queue(queue_url: str, tmp_path: Path, started: list[psutil.Process]) -> Iterator[Queue]:
    return Queue(queue_url, tmp_path / "said.txt", started)


@pytest.mark.parametrize("queue_url", ["sqlite", "postgres"], indirect=True)
def test_the_task_of_a_killed_worker_is_done_by_the_next_one(queue: Queue, tmp_path: Path) -> None:
    queue.enqueue(f"slow.enqueue({str(tmp_path / 'said.txt')!r}, 1.0)")
    first = queue.start_worker()
    wait_until(lambda: queue.said() == ["begun"])
    first.kill()
    first.wait()
    queue.start_worker()
    wait_until(lambda: queue.task()[0] == "SUCCESSFUL")
    assert queue.said() == ["begun", "begun", "done"]
    wait_until(lambda: queue.leases() == 0)


def test_a_long_task_of_a_living_worker_is_left_alone(queue: Queue, tmp_path: Path) -> None:
    queue.enqueue(f"slow.enqueue({str(tmp_path / 'said.txt')!r}, 5)")
    queue.start_worker()
    queue.start_worker()
    wait_until(lambda: queue.task()[0] == "SUCCESSFUL")
    assert queue.said() == ["begun", "done"]


def test_a_task_that_kills_its_worker_every_time_fails_at_last(queue: Queue, tmp_path: Path) -> None:
    queue.enqueue(f"deadly.enqueue({str(tmp_path / 'said.txt')!r})")
    for _ in range(ATTEMPTS):
        queue.start_worker().wait(25)
    queue.start_worker()
    wait_until(lambda: queue.task()[0] == "FAILED")
    assert queue.task() == ("FAILED", "tazuna_web.jobs.leases.WorkerLostError")
    assert queue.said() == ["begun"] * ATTEMPTS
    assert queue.leases() == 0
