"""Marks written as Vega-Lite's own JSON, where a report cannot wait for Altair to load and to build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from tazuna.reporting.figures.theme import Row, Specification

Kind = Literal["rule", "rect", "point", "text", "line", "area"]


def mark(kind: Kind, rows: Sequence[Row], encoding: Mapping[str, object], **look: object) -> Specification:
    """One mark for each row, or one line or area through all of them.

    Parameters
    ----------
    encoding
        Which field goes where, by channel.
    look
        What is the same of all marks: colour, size.
    """
    return {"data": {"values": list(rows)}, "mark": {"type": kind, **look}, "encoding": dict(encoding)}


def quantity(field: str, **more: object) -> Specification:
    """A field of numbers on an axis; ``more`` is its scale and axis."""
    return {"field": field, "type": "quantitative", **more}


def category(field: str, **more: object) -> Specification:
    """A field of names."""
    return {"field": field, "type": "nominal", **more}


def as_written(field: str) -> Specification:
    """A field that holds the colour or shape itself."""
    return category(field, scale=None)
