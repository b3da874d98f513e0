"""Tables of a release, cell by cell, as the templates write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template

from tazuna.language import translator
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Mark
from tazuna.reporting.numbers import points, written
from tazuna_web.overview.queries import page_language

register = template.Library()


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """A table cell as text; ``number`` cells stand right-aligned."""

    words: str
    number: bool
    hidden: bool


@register.filter
def written_rows(table: dict[str, Any]) -> list[list[WrittenCell]]:
    """The rows of a table of an edition's content, written as the report writes them."""
    t = translator(page_language())
    kinds = [column["kind"] for column in table["columns"]]
    return [
        [
            WrittenCell(
                written(Mark.HIDDEN if isinstance(value, dict) else value, kind, t),
                kind != "text",
                isinstance(value, dict),
            )
            for value, kind in zip(row, kinds, strict=True)
        ]
        for row in table["rows"]
    ]


@register.filter
def in_points(cell: Cell) -> str:
    """A shown score with its interval: 51点［48〜54］."""
    return points(cell, translator(page_language()))


@register.filter
def signed_points(difference: float) -> str:
    """A difference in points with its sign: +2.1, −0.4."""
    return f"{difference:+.1f}".replace("-", "−")
