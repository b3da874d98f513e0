"""Reports drawn and set in a process of their own: while a figure is drawn, nothing else of its process runs.

One process for all pages: loading what draws, and compiling its code when it first runs, take longer than
drawing. What draws is imported inside the functions, where it runs: who asks for a page never loads it.
"""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from tazuna.reporting.content import Report

_USUAL_FIGURE = {
    "data": {"values": [{"at": 1, "from": 0, "to": 2, "name": "a"}]},
    "encoding": {"x": {"field": "from", "type": "quantitative"}, "y": {"field": "name", "type": "nominal"}},
    "layer": [
        {"mark": "rule", "encoding": {"x2": {"field": "to"}}},
        {"mark": "point", "encoding": {"x": {"field": "at", "type": "quantitative"}}},
        {"mark": "text", "encoding": {"text": {"field": "name"}}},
    ],
}
"""Marks, axes and scales that most figures have: their code is compiled when it first runs."""


def drawing_process() -> ProcessPoolExecutor:
    """Start a process that loads what draws and the fonts, about a second, beside the caller.

    It stops with the ``with`` block of the executor, and by itself when the caller is killed.
    """
    process = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_load)
    process.submit(os.getpid)  # a process starts when there is something to do
    return process


def write_page(report: Report, folder: Path) -> tuple[str, ...]:
    """Write HTML, PDF (the page alone) and each figure as SVG into ``folder``, which exists.

    Returns
    -------
    tuple of str
        The names of the files.
    """
    from tazuna.reporting.page_files import write_page_files

    return write_page_files(report, folder, (report.title, report.wave), front_only=True)


def _load() -> None:
    """Make a new process ready, and let it live no longer than the one that started it."""
    from tazuna.reporting.drawing import bare_drawing
    from tazuna.reporting.page_files import write_page_files  # noqa: F401 — loaded beforehand
    from tazuna.reporting.pdf import packaged_fonts

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the one that started it ends it
    Thread(target=_end_with_parent, daemon=True).start()
    bare_drawing(json.dumps(_USUAL_FIGURE))
    packaged_fonts()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
