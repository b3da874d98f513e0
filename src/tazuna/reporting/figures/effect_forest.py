"""Estimates one below the other against the line of no effect (フォレストプロット)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.marks import as_written, category, mark, quantity
from tazuna.reporting.figures.theme import (
    LABEL_LINE,
    Row,
    Specification,
    as_lines,
    finished,
    label_room,
    layered,
)

_NAME_ROOM, _PLOT, _NAME_WIDTH = 176, 280, 26
"""Px for the names, px between the axis' ends, half-width characters on a line of a name."""
_INDENT, _INDENT_WIDTH, _ROW, _GAP = 12, 2, 23, 12
_WIDEST = 3.0
"""How far the axis goes beyond 0 and the estimates, in widths of what they span."""

Look = Literal["main", "other", "quiet"]
_COLOURS: dict[Look, str] = {"main": palette.ACCENT, "other": palette.INK, "quiet": palette.QUIET_INK}
_SHAPES: dict[Look, str] = {"main": "circle", "other": "diamond", "quiet": "square"}


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One estimate, or why there is none.

    Parameters
    ----------
    look
        ``main``: the answer; ``quiet``: what should not be taken for it, drawn hollow.
    group
        The heading under which the row stands.
    bar
        A range drawn as a thick bar instead of the estimate's point, and what is written beside it.
    """

    name: str
    result: Estimate | Refusal
    look: Look = "other"
    group: str = ""
    bar: tuple[float, float] | None = None

    @property
    def ends(self) -> tuple[float, ...]:
        """What the interval reaches, as far as it has ends."""
        if isinstance(self.result, Refusal):
            return ()
        return tuple(end for end in (self.result.lower, self.result.upper) if math.isfinite(end))


def forest_figure(
    w: EffectWords,
    rows: Sequence[ForestRow],
    *,
    code: str,
    title: str,
    heading: str,
    notes: tuple[str, ...] = (),
) -> Figure:
    """A figure with a row for each estimate; what goes beyond the figure becomes an arrow.

    Parameters
    ----------
    rows
        From top to bottom; those of a group stand together.
    heading
        Of the table's column of names.
    """
    t = w.t
    domain = _domain(rows)
    arrows = any(one.get("left") or one.get("right") for one in _placed(w, rows, domain)[0])
    beyond = (t("An arrow: the interval goes on beyond the figure."),) if arrows else ()
    return Figure(
        code=code,
        title=title,
        spec=finished(_specification(w, rows, domain)),
        alternative=t("; ").join(
            t("{name}: {values}", name=_full_name(row), values=_value(w, row)) for row in rows
        ),
        table=_table(w, rows, f"{code}-table", title, heading),
        notes=(t("Bars are 95% intervals, the upright line is no effect."), *beyond, *notes),
    )


def _domain(rows: Sequence[ForestRow]) -> tuple[float, float]:
    """From end to end with 0 inside; a few very long intervals may not make all others unreadable."""
    estimates = [row.result.estimate for row in rows if isinstance(row.result, Estimate)]
    main = [end for row in rows if row.look == "main" for end in row.ends]
    bars = [end for row in rows for end in row.bar or ()]
    core = [0.0, *estimates, *main, *bars]
    span = (max(core) - min(core)) or 1.0
    ends = [*core, *(end for row in rows for end in row.ends)]
    low = max(min(ends), min(core) - _WIDEST * span / 2)
    high = min(max(ends), max(core) + _WIDEST * span / 2)
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _placed(
    w: EffectWords, rows: Sequence[ForestRow], domain: tuple[float, float]
) -> tuple[list[Row], list[Row], int]:
    """Rows with their place from the top in px, headings of groups likewise, and the height of all."""
    placed: list[Row] = []
    headings: list[Row] = []
    top, group = 0, ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines = as_lines(group, 2 * _NAME_WIDTH)
            headings.append({"y": top + _ROW / 2, "name": lines[0]})
            top += _ROW
        lines = as_lines(row.name, _NAME_WIDTH - (_INDENT_WIDTH if row.group else 0))
        height = _ROW + LABEL_LINE * (len(lines) - 1)
        placed.append(_mark(w, row, domain) | {"y": top + height / 2, "name": "\n".join(lines)})
        top += height
    return placed, headings, top


def _mark(w: EffectWords, row: ForestRow, domain: tuple[float, float]) -> Row:
    mark: Row = {"value": _value(w, row), "main": row.look == "main", "inside": bool(row.group)}
    if isinstance(row.result, Refusal):
        return mark
    low, high = domain
    found, colour = row.result, _COLOURS[row.look]
    mark |= {
        "mean": found.estimate,
        "lower": max(found.lower, low),
        "upper": min(found.upper, high),
        "left": found.lower < low,
        "right": found.upper > high,
        "colour": colour,
        "fill": palette.GROUND if row.look == "quiet" else colour,
        "shape": _SHAPES[row.look],
    }
    return mark if row.bar is None else mark | {"from": row.bar[0], "to": row.bar[1]}


def _specification(w: EffectWords, rows: Sequence[ForestRow], domain: tuple[float, float]) -> Specification:
    placed, headings, height = _placed(w, rows, domain)
    y = quantity("y", scale={"domain": [height, 0], "nice": False, "zero": False}, axis=None)
    axis = {"title": w.t("points") if w.effect.question.in_points else None, "tickCount": 5}
    line = {"x": quantity("zero", scale=_scale(domain), axis=axis)}
    zero = mark("rule", [{"zero": 0}], line, color=palette.INK, strokeWidth=1.2)
    shown = [
        one | {"encoding": one["encoding"] | {"y": y}}
        for one in (*_marks(placed), *_texts(placed, headings))
        if one["data"]["values"]
    ]
    width = round(_PLOT + _GAP + label_room(str(mark["value"]) for mark in placed))
    if w.deviation is None:
        return layered(zero, *shown, width=width, height=height)
    standardised = _standardised(w, domain, w.deviation)
    drawn = layered({"layer": [zero, *shown]}, standardised, width=width, height=height)
    return drawn | {"resolve": {"scale": {"x": "independent"}}}


def _scale(domain: Sequence[float]) -> Specification:
    return {"domain": list(domain), "range": [0, _PLOT], "nice": False, "zero": False}


def _marks(placed: list[Row]) -> list[Specification]:
    """Intervals, thick bars, points and arrows, of the rows that have them."""
    told = [row for row in placed if "mean" in row]
    colour = as_written("colour")
    ends = {"x": quantity("lower"), "x2": {"field": "upper"}, "color": colour}
    bar = {"x": quantity("from"), "x2": {"field": "to"}, "color": colour}
    point = {
        "x": quantity("mean"),
        "stroke": colour,
        "fill": as_written("fill"),
        "shape": as_written("shape"),
    }
    points = [row for row in told if "from" not in row]
    return [
        mark("rule", told, ends, strokeWidth=2.5),
        mark("rule", [row for row in told if "from" in row], bar, strokeWidth=10),
        mark("point", points, point, size=95, opacity=1, strokeWidth=2),
        *(
            mark(
                "point",
                [row for row in told if row[side]],
                {"x": quantity(end), "color": colour},
                shape=f"triangle-{side}",
                filled=True,
                size=90,
                opacity=1,
            )
            for side, end in (("left", "lower"), ("right", "upper"))
        ),
    ]


def _texts(placed: list[Row], headings: list[Row]) -> list[Specification]:
    """Names to the left, those of a group indented under its heading, and values to the right."""
    called = category("name")
    return [
        *(
            mark(
                "text",
                [row for row in placed if row["main"] is main and row["inside"] is inside],
                {"x": {"value": indent - _NAME_ROOM}, "text": called},
                align="left",
                baseline="middle",
                lineBreak="\n",
                lineHeight=LABEL_LINE,
                fontWeight="bold" if main else "normal",
            )
            for main in (True, False)
            for inside, indent in ((True, _INDENT), (False, 0))
        ),
        mark(
            "text", headings, {"x": {"value": -_NAME_ROOM}, "text": called}, align="left", fontWeight="bold"
        ),
        mark(
            "text",
            placed,
            {"x": {"value": _PLOT + _GAP}, "text": category("value")},
            align="left",
            baseline="middle",
        ),
    ]


def _standardised(w: EffectWords, domain: tuple[float, float], deviation: float) -> Specification:
    """An invisible mark whose axis, above, tells the same places in standard deviations."""
    axis = {"title": w.t("standard deviations (SD)"), "orient": "top", "grid": False, "tickCount": 5}
    scale = _scale([end / deviation for end in domain])
    return mark("point", [{"sd": 0}], {"x": quantity("sd", scale=scale, axis=axis)}, opacity=0)


def _value(w: EffectWords, row: ForestRow) -> str:
    if isinstance(row.result, Refusal) or row.bar is None:
        return w.result(row.result)
    lower, upper = (w.signed(end) for end in row.bar)
    return w.t(
        "{range} ({interval})",
        range=w.t("{lower} to {upper}", lower=lower, upper=upper),
        interval=w.interval(row.result),
    )


def _full_name(row: ForestRow) -> str:
    return f"{row.group} {row.name}" if row.group else row.name


def _table(w: EffectWords, rows: Sequence[ForestRow], code: str, caption: str, heading: str) -> Table:
    t = w.t
    columns = (
        Column(heading),
        Column(t("Estimate"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
        Column(t("In SD"), "score"),
        Column("p", "score"),
        Column(t("Treated"), "count"),
        Column(t("Comparison"), "count"),
        Column(t("Why there is no figure")),
    )
    return Table(code, caption, columns, tuple((_full_name(row), *_figures(w, row)) for row in rows))


def _figures(w: EffectWords, row: ForestRow) -> tuple[Value, ...]:
    found = row.result
    if isinstance(found, Refusal):
        return (*[None] * 7, w.say(found.problem))
    size = found.estimate
    told, sizes = w.signed(size), w.in_sd(size)
    if row.bar is not None:
        told, sizes = (
            w.t("{lower} to {upper}", lower=say(row.bar[0]), upper=say(row.bar[1]))
            for say in (w.signed, w.in_sd)
        )
    return (
        told,
        w.limit(found.lower),
        w.limit(found.upper),
        sizes,
        None if row.bar else w.probability(found.p_value).removeprefix("p = ").removeprefix("p "),
        found.n_treated,
        found.n_comparison,
        "",
    )
