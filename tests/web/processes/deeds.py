"""Tasks for the tests of killed workers; they write what they do into a file."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from django_tasks import task


@task()
def slow(file: str, seconds: float) -> None:
    """Say begun, take a while, say done."""
    _say(file, f"begun {os.getpid()}")
    time.sleep(seconds)
    _say(file, "done")


@task()
def deadly(file: str) -> None:
    """Kill the worker that runs it."""
    _say(file, "begun")
    os.kill(os.getpid(), signal.SIGKILL)


def _say(file: str, words: str) -> None:
    with Path(file).open("a", encoding="utf-8") as said:
        said.write(f"{words}\n")
