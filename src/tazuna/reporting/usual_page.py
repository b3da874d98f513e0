"""A page like those to come: whoever sets it first has loaded, parsed and compiled what the others need."""

from __future__ import annotations

from datetime import date

from tazuna.reporting import palette
from tazuna.reporting.content import (
    Card,
    Column,
    Decision,
    Figure,
    FrontPage,
    Paragraph,
    Part,
    Report,
    Section,
    Sentence,
    Table,
)

_LABEL = "手綱 Tazuna"


def usual_page() -> Report:
    """One of each part that most pages have; never written anywhere."""
    figure = Figure(
        "usual",
        _LABEL,
        _SPECIFICATION,
        _LABEL,
        Table("usual-table", _LABEL, (Column(_LABEL), Column(_LABEL, "score")), ((_LABEL, 1.0),)),
        (_LABEL,),
    )
    said = Section("usual", _LABEL, (Paragraph(_LABEL),))
    return Report(
        title=_LABEL,
        organisation=_LABEL,
        wave=_LABEL,
        today=date(2000, 1, 1),
        language="ja",
        handling=_LABEL,
        front=FrontPage(
            sentences=(Sentence(_LABEL, _LABEL),),
            figure=figure,
            cards=(Card(_LABEL, _LABEL, _LABEL),),
            decision=Decision(_LABEL, _LABEL, _LABEL, _LABEL),
            facts=((_LABEL, _LABEL),),
            notes=(_LABEL,),
            answers=(said,),
        ),
        parts=(Part("usual", _LABEL, _LABEL, (said,)),),
        provenance=((_LABEL, _LABEL),),
    )


_SPECIFICATION = {
    "config": {"font": ", ".join(palette.FONT_FAMILIES)},
    "data": {"values": [{"at": 1, "from": 0, "to": 2, "name": _LABEL, "row": 0}]},
    "encoding": {
        "x": {"field": "from", "type": "quantitative", "axis": {"title": _LABEL}},
        "y": {
            "field": "row",
            "type": "ordinal",
            "axis": {"title": None, "labelExpr": f"datum.value == 0 ? split('{_LABEL}', ' ') : ''"},
        },
    },
    "layer": [
        {"mark": "rule", "encoding": {"x2": {"field": "to"}}},
        {"mark": "point", "encoding": {"x": {"field": "at", "type": "quantitative"}}},
        {"mark": {"type": "text", "lineBreak": " "}, "encoding": {"text": {"field": "name"}}},
    ],
}
"""Marks, axes and scales that most figures have: their code is compiled when it first runs."""
