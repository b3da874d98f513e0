"""Reports drawn and set in a process of their own: while a figure is drawn, nothing else of its process runs.

One process for all pages: loading what draws, and compiling its code when it first runs, take longer than
drawing. What draws is imported inside the functions, where it runs: who asks for a page never loads it.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tazuna.own_process import own_process
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
    """Start a process that loads what draws and the fonts, about a second, beside the caller."""
    return own_process(_load)


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
    from tazuna.reporting.drawing import bare_drawing
    from tazuna.reporting.page_files import write_page_files  # noqa: F401 — loaded beforehand
    from tazuna.reporting.pdf import packaged_fonts

    bare_drawing(json.dumps(_USUAL_FIGURE))
    packaged_fonts()
