"""Processes that end when the one that started them ends, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading


def end_with_starter() -> None:
    """End this process at once when the one that holds the other end of its standard input is gone.

    The operating system closes that end whenever its holder ends, killed or not, so nothing needs to be told.
    Ending at once is safe: the database takes back what was not committed, the next worker takes the task.
    """
    threading.Thread(target=_end_at_end_of_input, name="leash", daemon=True).start()


def end_with_server() -> None:
    """The same for a process that the web server started for itself; does nothing in any other process."""
    server = multiprocessing.parent_process()
    if server is None:
        return

    def wait() -> None:
        server.join()
        os._exit(1)

    threading.Thread(target=wait, name="leash", daemon=True).start()


def _end_at_end_of_input() -> None:
    held = sys.stdin.fileno()
    while os.read(held, 64):
        pass
    os._exit(1)
