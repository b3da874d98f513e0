"""The management score (C/O経営スコア) by view and viewpoint, and the gaps between the viewpoints."""

from __future__ import annotations

from typing import Any

import altair as alt

from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, NativeChart, NativeSeries, Table, Value
from tazuna.reporting.figures.theme import Row, data, finished
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, mark_label, whole
from tazuna.reporting.words import VIEWPOINTS

SCORES = ("ms", "ms_see", "ms_grow", "ms_connect")
SIDES = ("executive", "hr", "manager", "employee")
GAPS = ("executive-employee", "hr-employee", "manager-employee")


def score_figure(m: Material) -> Figure | None:
    """Dots with intervals: total and three views, each by viewpoint; None where nobody has a score to show."""
    t = m.t
    rows: list[Row] = []
    table: list[tuple[Value, ...]] = []
    series = []
    for side in SIDES:
        first = len(table)
        for score in SCORES:
            cell = m.cells.at(score, viewpoint=side)
            if cell is None:
                continue
            name, view = t(VIEWPOINTS[side].template), m.scale(score)
            table.append((name, view, *figures_of(cell)))
            row: Row = {"side": name, "code": side, "view": view, "hidden": cell.hidden}
            if cell.shown:
                row |= {
                    "mean": cell.mean,
                    "lower": cell.mean if cell.lower is None else cell.lower,
                    "upper": cell.mean if cell.upper is None else cell.upper,
                    "label": mark_label(cell, t),
                }
            elif cell.hidden:
                row |= {"mean": 0, "lower": 0, "upper": 0, "label": t("not shown")}
            rows.append(row)
        if len(table) > first:
            series.append(NativeSeries(t(VIEWPOINTS[side].template), first, len(table) - 1))
    if not any("mean" in row and not row["hidden"] for row in rows):
        return None
    rows = [row for row in rows if "mean" in row]
    interval = t("95% interval")
    columns = (
        Column(t("Viewpoint")),
        Column(t("View")),
        Column("n", "count"),
        Column(t("Score"), "score"),
        Column(t("{interval}, lower", interval=interval), "score"),
        Column(t("{interval}, upper", interval=interval), "score"),
    )
    return Figure(
        code="score",
        title=t("Management score by view and viewpoint (0 to 100)"),
        spec=finished(_dots(rows, m)),
        alternative=_score_words(m),
        table=Table("score-table", t("Management score by view and viewpoint"), columns, tuple(table)),
        notes=(
            t(
                "Mean of the answered questions, 0 to 100; bars are 95% intervals. Executives and HR answer in "
                "office by name; managers and employees are shown from {k} answers.",
                k=m.k,
            ),
        ),
        native=NativeChart("bar", tuple(series), 1, 3, (4, 5)),
    )


def _dots(rows: list[Row], m: Material) -> Any:
    t = m.t
    sides = [t(VIEWPOINTS[side].template) for side in SIDES]
    side_order = [name for name in sides if any(row["side"] == name for row in rows)]
    views = [m.scale(score) for score in SCORES]
    codes = list(SIDES)
    colour = alt.Color(
        "code:N",
        sort=codes,
        legend=None,
        scale=alt.Scale(domain=codes, range=[palette.VIEWPOINT_COLOURS[c] for c in codes]),
    )
    shape = alt.Shape(
        "code:N",
        sort=codes,
        legend=None,
        scale=alt.Scale(domain=codes, range=[palette.VIEWPOINT_SHAPES[c] for c in codes]),
    )
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], title=None)
    x = alt.X("mean:Q", scale=alt.Scale(domain=[0, 122], nice=False), axis=axis)
    y = alt.Y("side:N", sort=side_order, axis=alt.Axis(title=None, ticks=False, domain=False))
    base = alt.Chart().encode(y=y)
    shown = base.transform_filter("!datum.hidden")
    layers = alt.layer(
        shown.mark_rule(strokeWidth=2.5).encode(x=alt.X("lower:Q", title=None), x2="upper:Q", color=colour),
        shown.mark_point(filled=True, size=85, opacity=1).encode(x=x, color=colour, shape=shape),
        base.mark_text(align="left", dx=9, fontSize=12).encode(x="upper:Q", text="label:N"),
        data=data(rows),
    ).properties(width=235, height=22 * len(side_order))
    return layers.facet(
        facet=alt.Facet("view:N", sort=views, header=alt.Header(labelAnchor="start")), columns=2, spacing=14
    )


def _score_words(m: Material) -> str:
    parts = []
    for score in SCORES:
        shown = [
            f"{m.t(VIEWPOINTS[side].template)} {whole(cell.mean)}"
            for side in SIDES
            if (cell := m.cells.at(score, viewpoint=side)) is not None and cell.mean is not None
        ]
        if shown:
            parts.append(m.t("{name}: {values}", name=m.scale(score), values=m.t(", ").join(shown)))
    return m.t("Scores by viewpoint. {list}", list=m.t("; ").join(parts))
