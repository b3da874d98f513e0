"""The report as PDF/UA-1 on A4 landscape, set by Typst; texts go in as data and are never markup."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from tazuna.language import translator
from tazuna.reporting import palette
from tazuna.reporting.content import Block, Figure, Items, Mark, Missing, Paragraph, Report, Section, Table
from tazuna.reporting.drawing import FONTS, draw, drawn_size
from tazuna.reporting.glyphs import printable
from tazuna.reporting.numbers import date_text, written
from tazuna.reporting.widths import shortened

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def render_pdf(report: Report, *, front_only: bool = False) -> bytes:
    """The PDF; the same report gives the same bytes.

    Parameters
    ----------
    front_only
        Set page 1 and nothing else.

    Raises
    ------
    RuntimeError
        When Typst warns, e.g. of a missing font: a report is never let out with a doubt.
    """
    midnight = datetime.combine(report.today, time(), tzinfo=UTC)
    pdf, warnings = typst.compile_with_warnings(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=packaged_fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"report": printable(json.dumps(_data(report, front_only), ensure_ascii=False))},
        timestamp=midnight,
    )
    if warnings:
        raise RuntimeError("; ".join(warning.message for warning in warnings))
    return bytes(pdf)


@cache
def packaged_fonts() -> typst.Fonts:
    """The fonts of every PDF, read once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _data(report: Report, front_only: bool) -> dict[str, Any]:
    t = translator(report.language)
    front = report.front
    return {
        "title": report.title,
        "organisation": report.organisation,
        "running": shortened(report.organisation, 40),
        "wave": report.wave,
        "day": date_text(report.today, report.language),
        "date": [report.today.year, report.today.month, report.today.day],
        "language": report.language,
        "handling": report.handling,
        "fonts": palette.FONT_FAMILIES,
        "words": {
            "contents": t("Contents"),
            "front": t("On one page"),
            "tables": t("The numbers of the figures"),
        },
        "front": {
            "sentences": [[sentence.part, sentence.text] for sentence in front.sentences],
            "figure": _block(front.figure, report),
            "cards": [[card.label, card.headline, card.detail] for card in front.cards],
            "decision": [front.decision.heading, front.decision.question, front.decision.reason],
            "rule": front.decision.rule,
            "facts": front.facts,
            "notes": (
                *front.notes,
                *((t("The web page of the same name has the rest."),) if front_only else ()),
            ),
            "answers": [_section(section, report) for section in front.answers],
        },
        "front_only": front_only,
        "parts": [
            {
                "title": part.title,
                "lead": part.lead,
                "sections": [_section(section, report) for section in part.sections],
            }
            for part in (() if front_only else report.parts)
        ],
        "tables": [] if front_only else [_table(figure.table, report) for figure in report.figures],
        "provenance": report.provenance,
    }


def _section(section: Section, report: Report) -> dict[str, Any]:
    return {"title": section.title, "blocks": [_block(block, report) for block in section.blocks]}


def _block(block: Block, report: Report) -> dict[str, Any]:
    match block:
        case Figure():
            drawing = draw(block)
            return {
                "kind": "figure",
                "title": block.title,
                "drawing": drawing,
                "size": drawn_size(drawing),
                "alternative": block.alternative,
                "notes": block.notes,
            }
        case Table():
            return {"kind": "table", **_table(block, report)}
        case Paragraph():
            return {"kind": "paragraph", "tone": block.tone, "text": block.text}
        case Items():
            return {"kind": "items", "entries": block.entries}
        case Missing():
            return {"kind": "missing", "texts": [block.what, block.why, block.how]}


def _table(table: Table, report: Report) -> dict[str, Any]:
    t = translator(report.language)
    kinds = [column.kind for column in table.columns]
    return {
        "caption": table.caption,
        "columns": [[column.label, column.kind != "text"] for column in table.columns],
        "rows": [
            [[written(v, kind, t), v is Mark.HIDDEN] for v, kind in zip(row, kinds, strict=True)]
            for row in table.rows
        ],
    }
