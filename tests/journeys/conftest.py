"""The demo's consortium in the test database, served to a browser, its first releases made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from pytest_django.live_server_helper import LiveServer

from journeys.browsing import Looker, chromium
from tazuna_web.site.demo_data.making import fill

PEOPLE = 330
"""In three companies; fewer, and there is no department that was shown and will be hidden."""


def work(most: int) -> None:
    """Do what waits in the queue, as a worker does, up to so many tasks."""
    Worker(
        queue_names=["*"],
        interval=0.1,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=most,
        worker_id="journey",
        excluded_queue_names=[],
    ).run()


@pytest.fixture
def demo(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a demo whose worker has made the first release, the latest of the doors' company."""
    # Playwright's loop runs in this thread, and Django would take every query here for one in a coroutine.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    monkeypatch.setattr(settings, "DATA", tmp_path, raising=False)
    truth = fill(timezone.localdate(), PEOPLE, lambda _: None)
    (tmp_path / "truth.json").write_text(json.dumps(truth, default=str), encoding="utf-8")
    work(most=1)
    return live_server.url


@pytest.fixture
def looker(demo: str) -> Iterator[Looker]:
    """Somebody at a browser; the journey fails where the console has said anything."""
    with chromium() as browser:
        found = Looker(browser, demo)
        yield found
        assert found.said == []
