"""A process of its own for work that would keep the interpreter from everything else of the caller."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread


def own_process(load: Callable[[], None]) -> ProcessPoolExecutor:
    """Start a process that makes itself ready by ``load``, beside the caller.

    It stops with the ``with`` block of the executor, and by itself when the caller is killed.
    """
    process = ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=_made_ready, initargs=(load,)
    )
    process.submit(os.getpid)  # a process starts when there is something to do
    return process


def _made_ready(load: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the one that started it ends it
    Thread(target=_end_with_parent, daemon=True).start()
    load()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
