"""How reliable each scale is (信頼性), with the interval, against what scores are used for."""

from __future__ import annotations

from tazuna.measurement.pilot.pilot import JudgedScale
from tazuna.measurement.reliability import Reliability
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Missing, Table, Value
from tazuna.reporting.figures.marks import category, mark, quantity
from tazuna.reporting.figures.pilot_precision import GROUPS, PEOPLE
from tazuna.reporting.figures.theme import (
    LABEL_LINE,
    Row,
    Specification,
    finished,
    label_room,
    layered,
    wrapped,
)
from tazuna.reporting.pilot_words import PilotWords, coefficient

_WIDTH, _NAME, _GAP = 300, 30, 16
"""Px between the axis' ends, half-width characters on a line of a name, px between two rows."""


def reliability_figure(w: PilotWords) -> Figure | Missing:
    """Alpha of each scale; why there is none where no scale has one."""
    t = w.t
    rows = [(scale, found) for scale in w.pilot.scales if (found := scale.found.reliability) is not None]
    title = t("Reliability of the scores (alpha)")
    if not rows:
        return Missing(t("There is no figure here."), t("No reliability could be computed."), "")
    return Figure(
        code="reliability",
        title=title,
        spec=finished(_specification(w, rows)),
        alternative=t("; ").join(
            t("{name}: {values}", name=w.scale(scale), values=with_interval(w, found))
            for scale, found in rows
        ),
        table=_table(w, title, rows),
        notes=(
            t(
                "Bars are 95% intervals (Feldt). From .70 means of groups can be read, from .80 scores of "
                "single people."
            ),
        ),
    )


def with_interval(w: PilotWords, found: Reliability) -> str:
    """``.73 (.71 to .74)``."""
    return w.t(
        "{alpha} ({lower} to {upper})",
        alpha=coefficient(found.alpha),
        lower=coefficient(found.lower),
        upper=coefficient(found.upper),
    )


def _specification(w: PilotWords, rows: list[tuple[JudgedScale, Reliability]]) -> Specification:
    t = w.t
    names = [wrapped(w.scale(scale), _NAME) for scale, _ in rows]
    row = _GAP + LABEL_LINE * max(len(name.split("\n")) for name in names)
    told: list[Row] = [
        {
            "name": name,
            "alpha": found.alpha,
            "lower": max(0.0, found.lower),
            "upper": found.upper,
            "text": with_interval(w, found),
        }
        for name, (_, found) in zip(names, rows, strict=True)
    ]
    lowest = min(0.4, *(int(10 * one["lower"]) / 10 for one in told))
    axis = {"title": t("alpha"), "grid": False, "values": [0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0]}
    x = quantity("alpha", scale={"domain": [lowest, 1.0], "nice": False, "zero": False}, axis=axis)
    across = {
        "title": None,
        "labelExpr": "split(datum.label, '\\n')",
        "labelLineHeight": LABEL_LINE,
        "minExtent": label_room(names),
    }
    y = category("name", sort=names, axis={**across, "domain": False, "ticks": False})
    lines: list[Row] = [{"at": GROUPS, "name": t("groups")}, {"at": PEOPLE, "name": t("people")}]
    above = {"x": quantity("at"), "y": {"value": -8}, "text": category("name")}
    beside = {"x": {"value": _WIDTH}, "y": y, "text": category("text")}
    bar = {"x": quantity("lower"), "x2": {"field": "upper"}, "y": y}
    return layered(
        mark("rule", lines, {"x": quantity("at")}, color=palette.QUIET_INK, strokeDash=[4, 3]),
        mark("text", lines, above, fontSize=11, color=palette.QUIET_INK),
        mark("rule", told, bar, strokeWidth=2.5, color=palette.ACCENT),
        mark("point", told, {"x": x, "y": y}, filled=True, size=95, opacity=1, color=palette.ACCENT),
        mark("text", told, beside, align="left", dx=8, baseline="middle"),
        width=_WIDTH,
        height=row * len(rows),
    )


def _table(w: PilotWords, caption: str, rows: list[tuple[JudgedScale, Reliability]]) -> Table:
    t = w.t
    columns = (
        Column(t("Scale")),
        Column("n", "count"),
        Column(t("alpha"), "coefficient"),
        Column(t("95% lower"), "coefficient"),
        Column(t("95% upper"), "coefficient"),
        Column(t("omega"), "coefficient"),
    )
    held: list[tuple[Value, ...]] = [
        (
            w.scale(scale),
            found.n,
            found.alpha,
            found.lower,
            found.upper,
            None if scale.found.omega is None else scale.found.omega.total,
        )
        for scale, found in rows
    ]
    return Table("reliability-table", caption, columns, tuple(held))
