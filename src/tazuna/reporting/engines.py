"""What draws and what sets type, started beforehand: their loading passes beside other work."""

from __future__ import annotations

import json
from threading import Thread

from tazuna.reporting.drawing import bare_drawing
from tazuna.reporting.pdf import packaged_fonts

_POINTS = [{"x": 1, "from": 0, "to": 2, "name": "a", "words": "b"}]
_ACROSS = {"field": "from", "type": "quantitative", "axis": {"title": "c", "format": ".1f"}}
_DOWN = {"field": "name", "type": "nominal", "sort": None}
_USUAL_FIGURE = {
    "data": {"values": _POINTS},
    "width": 300,
    "height": {"step": 20},
    "layer": [
        {"mark": "rule", "encoding": {"x": _ACROSS, "x2": {"field": "to"}, "y": _DOWN}},
        {"mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": _DOWN}},
        {"mark": "text", "encoding": {"text": {"field": "words"}, "y": _DOWN}},
    ],
}
"""Marks, axes and scales that most figures have: their code is compiled when it first runs."""


def start_engines() -> None:
    """Begin to load what draws and the fonts; whoever draws first waits only for what is not ready yet."""
    Thread(target=_load).start()


def _load() -> None:
    bare_drawing(json.dumps(_USUAL_FIGURE))
    packaged_fonts()
