"""Processes that draw: they begin at once, and none outlives the one that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil

HOLDS_ONE = """
import time
from os import getpid
from tazuna.reporting.processes import drawing_process
if __name__ == "__main__":
    with drawing_process() as process:
        print(process.submit(getpid).result(), flush=True)
        time.sleep(60)
"""


def test_a_process_ends_when_the_one_that_started_it_is_killed(tmp_path) -> None:
    script = tmp_path / "holds_one.py"
    script.write_text(HOLDS_ONE, "utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        drawer = psutil.Process(int(holder.stdout.readline()))
        assert drawer.ppid() == holder.pid
        os.kill(holder.pid, signal.SIGKILL)
    until = time.monotonic() + 20
    while drawer.is_running() and drawer.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.05)
