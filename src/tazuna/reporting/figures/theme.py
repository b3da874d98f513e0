"""The look that all figures share, and the marks that they are put together from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tazuna.reporting import palette
from tazuna.reporting.widths import shown_width

if TYPE_CHECKING:
    import altair as alt

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.1.json"

WIDTH = 720
"""Width of a figure in px; also its width in points on an A4 landscape page."""

LABEL_LINE = 15
"""Height of one more line of an axis label, in px."""

HATCH = "url(#hatch)"
"""The fill of a protected cell; the pattern is put into the drawing afterwards."""

_LABEL_PADDING = 7.0
"""Px between an axis and its labels."""

_NEVER_FIRST = "、。，．・：；）」』］】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"

Row = dict[str, Any]
Specification = dict[str, Any]

_CONFIGURATION: Specification = {
    "font": ", ".join((*palette.FONT_FAMILIES, "sans-serif")),
    "background": palette.GROUND,
    "padding": 6,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": palette.INK,
        "titleColor": palette.QUIET_INK,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": palette.FAINT_LINE,
        "domainColor": palette.LINE,
        "tickColor": palette.LINE,
        "labelLimit": 420,
        "titlePadding": 8,
    },
    "text": {"fontSize": 12, "color": palette.INK},
    "title": {"fontSize": 13, "color": palette.INK, "anchor": "start", "fontWeight": "bold"},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "symbolStrokeWidth": 2, "labelLimit": 420},
}


def data(rows: Sequence[Row]) -> alt.InlineData:
    """Rows as the chart's own data."""
    import altair as alt

    return alt.InlineData(values=list(rows))


def layered(
    *charts: alt.Chart | Specification, width: int, height: int, title: str | list[str] | None = None
) -> Specification:
    """One panel from charts, or from marks of `marks.mark`, on top of one another.

    Put together as plain JSON: Altair copies the whole of every part at each step of composing.
    """
    layers = [chart if isinstance(chart, dict) else _plain(chart) for chart in charts]
    panel: Specification = {"layer": layers, "width": width, "height": height}
    return panel if title is None else panel | {"title": {"text": title, "anchor": "start", "frame": "group"}}


def side_by_side(
    panels: Sequence[Specification], *, columns: int, row: int = 16, column: int = 22
) -> Specification:
    """Panels in rows of ``columns``, ``row`` and ``column`` px apart."""
    if len(panels) == 1:
        return panels[0]
    return {"concat": list(panels), "columns": columns, "spacing": {"row": row, "column": column}}


def finished(chart: Specification | Any) -> Specification:
    """The whole specification with type, colours and spacing set, of panels or of an Altair chart."""
    body = chart if isinstance(chart, dict) else chart.to_dict()
    return {"$schema": SCHEMA, **body, "config": _CONFIGURATION}


def _plain(chart: alt.Chart) -> Specification:
    """A chart of one mark as JSON, with its own rows inside."""
    context: dict[str, Any] = {"top_level": False, "datasets": {}}
    plain = dict(chart.to_dict(validate=False, context=context))
    return plain | {"data": {"values": context["datasets"][plain["data"]["name"]]}}


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Move label positions so that neighbours are at least ``apart``, keeping their order and their middle.

    Examples
    --------
    >>> spread([10.0, 11.0, 40.0], 4.0)
    [8.5, 12.5, 40.0]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    clusters: list[list[int]] = []
    middles: list[float] = []
    for index in order:
        clusters.append([index])
        middles.append(places[index])
        while len(clusters) > 1 and _reach(clusters, middles, -2, apart) > _reach(
            clusters, middles, -1, -apart
        ):
            joined = clusters[-2] + clusters[-1]
            clusters[-2:] = [joined]
            middles[-2:] = [sum(places[i] for i in joined) / len(joined)]
    moved = list(places)
    for cluster, middle in zip(clusters, middles, strict=True):
        for rank, index in enumerate(cluster):
            moved[index] = middle + (rank - (len(cluster) - 1) / 2) * apart
    return moved


def _reach(clusters: list[list[int]], middles: list[float], which: int, apart: float) -> float:
    """The outer edge of a cluster: half a label beyond its last (or, with −``apart``, before its
    first) label.
    """
    return middles[which] + apart * len(clusters[which]) / 2


def label_room(names: Iterable[str], font_size: int = 12) -> float:
    """Width in px that axis labels need in whatever font a browser puts in the place of the packaged ones.

    The packaged font is narrow; a drawing measured in it alone would cut the first characters off elsewhere.

    Examples
    --------
    >>> label_room(["人事", "経営企画\nHR"])
    55.0
    """
    widest = max((shown_width(line) for name in names for line in name.split("\n")), default=0)
    return widest * font_size / 2 + _LABEL_PADDING


def as_lines(words: str, width: int) -> list[str]:
    """Words broken into lines of at most ``width`` half-width characters, at blanks where there are any.

    Examples
    --------
    >>> as_lines("機会の提供と基盤整備", 12)
    ['機会の提供と', '基盤整備']
    """
    lines = [""]
    for piece in re.findall(r"[!-~]+ ?|.", words):
        if lines[-1] and shown_width(lines[-1] + piece.rstrip()) > width and piece not in _NEVER_FIRST:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def wrapped(words: str, width: int = 26) -> str:
    """An axis label with line breaks where it is longer than ``width`` half-width characters."""
    return "\n".join(as_lines(words, width))
