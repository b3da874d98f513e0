"""How precise a scale is at each standing (測定の精度), above where the questions' thresholds sit."""

from __future__ import annotations

import math

import numpy as np

from tazuna.measurement.graded.fit import GradedFit
from tazuna.measurement.pilot.pilot import JudgedScale
from tazuna.measurement.pilot.precision import reliability_at
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.figures.marks import as_written, category, mark, quantity
from tazuna.reporting.figures.theme import Row, Specification, finished, layered, side_by_side
from tazuna.reporting.pilot_words import PilotWords, coefficient

GROUPS, PEOPLE = 0.7, 0.8
"""Reliability from which means of groups, and scores of people, can be read."""
_REACH, _STEPS = 3.0, 61
_WIDTH, _HEIGHT, _ROW = 480, 125, 17


def precision_figure(w: PilotWords, scale: JudgedScale, number: int) -> Figure | None:
    """None without a graded response model."""
    t, graded = w.t, scale.graded
    if graded is None or scale.precision is None:
        return None
    title = t("{scale}: how precise it is, and where its questions tell people apart", scale=w.scale(scale))
    panels = side_by_side([_curve(w, graded), _thresholds(w, graded)], columns=1, row=8)
    return Figure(
        code=f"precision-{number}",
        title=title,
        spec=finished(panels),
        alternative=_said(w, scale),
        table=_table(w, f"precision-{number}-table", title, graded),
        notes=(
            _said(w, scale),
            t(
                "Above: reliability of a score at each standing; the grey hill is where people stand. Below: "
                "a dot marks where people pass from one answer to the next; a thicker line tells them apart "
                "more sharply."
            ),
        ),
    )


def _said(w: PilotWords, scale: JudgedScale) -> str:
    """What a single score is worth at three places."""
    t = w.t
    names = {"low": t("low"), "middle": t("middle"), "high": t("high")}
    return t(
        "Where single scores lie (95 of 100): {places}.",
        places=t("; ").join(
            t(
                "{place} {lower} to {upper}, reliability {reliability}",
                place=names[place],
                lower=f"{at.lower:.0f}",
                upper=f"{at.upper:.0f}",
                reliability=coefficient(at.reliability),
            )
            for place, at in (scale.precision or {}).items()
        ),
    )


def _across(title: str | None) -> Specification:
    axis = {
        "title": title,
        "values": list(range(-3, 4)),
        "grid": False,
        "labels": title is not None,
        "format": "d",
    }
    return {"scale": {"domain": [-_REACH, _REACH], "nice": False}, "axis": axis}


def _curve(w: PilotWords, graded: GradedFit) -> Specification:
    t = w.t
    theta = np.linspace(-_REACH, _REACH, _STEPS)
    reliability = reliability_at(graded.items, theta)
    rows: list[Row] = [
        {"theta": round(float(x), 3), "reliability": round(float(r), 4), "people": 0.4 * math.exp(-x * x / 2)}
        for x, r in zip(theta, reliability, strict=True)
    ]
    x = quantity("theta", **_across(None))
    axis = {"title": t("reliability"), "values": [0, 0.5, 0.7, 0.8, 1], "grid": False}
    y = quantity("reliability", scale={"domain": [0, 1], "nice": False}, axis=axis)
    lines: list[Row] = [
        {"at": GROUPS, "name": t("for groups")},
        {"at": PEOPLE, "name": t("for single people")},
    ]
    named = {"x": {"value": _WIDTH}, "y": quantity("at"), "text": category("name")}
    return layered(
        mark("area", rows, {"x": x, "y": quantity("people")}, color=palette.FAINT_LINE, opacity=1),
        mark("rule", lines, {"y": quantity("at")}, color=palette.QUIET_INK, strokeDash=[4, 3]),
        mark("text", lines, named, align="left", dx=6, baseline="middle", fontSize=11),
        mark("line", rows, {"x": x, "y": y}, color=palette.ACCENT, strokeWidth=2.5),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _thresholds(w: PilotWords, graded: GradedFit) -> Specification:
    """A row a question; what lies beyond the figure is an arrow at its edge."""
    items = graded.items
    places: list[Row] = []
    spans: list[Row] = []
    for row, code in enumerate(items.codes):
        own = items.thresholds[row][: len(items.levels[row]) - 1]
        shown = [float(np.clip(b, -_REACH, _REACH)) for b in own]
        sharp = float(np.clip(2 * items.slopes[row], 1, 8))
        spans.append({"code": code, "from": min(shown), "to": max(shown), "sharp": sharp})
        for b, at in zip(own, shown, strict=True):
            shape = "circle" if b == at else "triangle-left" if b < at else "triangle-right"
            places.append({"code": code, "at": at, "shape": shape})
    x = quantity("at", **_across(w.t("standing of people, in standard deviations")))
    axis = {"title": None, "grid": True, "domain": False, "ticks": False, "labelPadding": 10}
    y = category("code", sort=list(items.codes), axis=axis)
    span = {
        "x": quantity("from"),
        "x2": {"field": "to"},
        "y": y,
        "strokeWidth": quantity("sharp", scale=None),
    }
    return layered(
        mark("rule", spans, span, color=palette.BLUES[2]),
        mark(
            "point",
            places,
            {"x": x, "y": y, "shape": as_written("shape")},
            color=palette.INK,
            filled=True,
            size=50,
            opacity=1,
        ),
        width=_WIDTH,
        height=_ROW * len(items.codes),
    )


def _table(w: PilotWords, code: str, caption: str, graded: GradedFit) -> Table:
    t, items = w.t, graded.items
    most = max(len(levels) for levels in items.levels) - 1
    columns = (
        Column(t("Question")),
        Column(t("Discrimination a"), "coefficient"),
        Column(t("Standard error"), "coefficient"),
        *(Column(t("Threshold {number}", number=step + 1), "coefficient") for step in range(most)),
    )
    rows: list[tuple[Value, ...]] = []
    for row, name in enumerate(items.codes):
        own = [float(b) for b in items.thresholds[row] if np.isfinite(b)]
        padded = (*own, *[None] * (most - len(own)))
        rows.append((name, float(items.slopes[row]), float(graded.std_errors[row, 0]), *padded))
    return Table(code, caption, columns, tuple(rows))
