"""The report as one self-contained page: no script, no request, readable on a phone, on paper and aloud."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tazuna.language import translator
from tazuna.reporting import content, palette
from tazuna.reporting.content import ColumnKind, Figure, Mark, Report, Value
from tazuna.reporting.drawing import draw
from tazuna.reporting.foreign_words import spoken
from tazuna.reporting.numbers import date_text, written

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: Report) -> str:
    """The page as text, to be written as UTF-8."""
    t = translator(report.language)

    def cell_text(value: Value, kind: ColumnKind) -> str:
        return written(value, kind, t)

    def said(text: str) -> Markup:
        return spoken(text, report.language)

    def drawing(figure: Figure) -> Markup:
        return Markup(draw(figure))  # noqa: S704 - drawn from our own specification, which escapes its texts

    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            t=t,
            day=date_text(report.today, report.language),
            cell_text=cell_text,
            drawing=drawing,
            said=said,
            hidden=Mark.HIDDEN,
            kinds=content,
            palette=palette,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["of_kind"] = lambda block, name: type(block).__name__ == name
    return environment
