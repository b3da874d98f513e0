"""A report's content as JSON, in the shape that the page templates walk through."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tazuna.reporting.content import Figure, Mark, Report
from tazuna.reporting.figures.answer_check import AnswerCheck

HIDDEN = {"hidden": True}
"""A protected table cell."""

_SIZE = re.compile(r'<svg[^>]*\bwidth="(\d+)"[^>]*\bheight="(\d+)"')


def content_json(report: Report, pictures: Mapping[str, str]) -> dict[str, Any]:
    """The report as plain dictionaries and lists; ``block`` says what each one is (figure, table, …).

    Figures have the size of their picture instead of its specification.
    """
    plain: dict[str, Any] = _plain(report, pictures)
    return plain


def check_json(check: AnswerCheck, pictures: Mapping[str, str]) -> dict[str, Any]:
    """The same of the demo's 答え合わせ."""
    plain: dict[str, Any] = _plain(check, pictures)
    return plain


def _plain(value: object, pictures: Mapping[str, str]) -> Any:
    if isinstance(value, Mark):
        return HIDDEN
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each, pictures) for each in value]
    if isinstance(value, Figure):
        return _fields(value, pictures, left_out=("spec", "native")) | _size(pictures[value.code])
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value, pictures)
    return value


def _fields(value: Any, pictures: Mapping[str, str], left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    fields = (field.name for field in dataclasses.fields(value) if field.name not in left_out)
    return {
        "block": type(value).__name__.lower(),
        **{name: _plain(getattr(value, name), pictures) for name in fields},
    }


def _size(svg: str) -> dict[str, int]:
    found = _SIZE.match(svg)
    if found is None:
        raise ValueError(f"a drawing begins with its width and height in px, not with {svg[:80]!r}")
    return {"width": int(found[1]), "height": int(found[2])}
