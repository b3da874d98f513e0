"""Estimates one below the other against the line of no effect (フォレストプロット)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table, Value
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.theme import (
    LABEL_LINE,
    Row,
    Specification,
    as_lines,
    data,
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
    low, high = domain
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    scale = alt.Scale(domain=[low, high], range=[0, _PLOT], nice=False, zero=False)
    x = alt.X(
        "mean:Q",
        scale=scale,
        axis=alt.Axis(title=w.t("points") if w.effect.question.in_points else None, tickCount=5),
    )
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(color=palette.INK, strokeWidth=1.2)
    base = alt.Chart(data(placed)).encode(y=y)
    over = alt.Chart(data(headings)).mark_text(align="left", fontWeight="bold").encode(y=y)
    marks = _marks(base, x)
    texts = [
        *(
            base.transform_filter(f"datum.main == {main} && datum.inside == {inside}")
            .mark_text(
                align="left",
                baseline="middle",
                lineBreak="\n",
                lineHeight=LABEL_LINE,
                fontWeight="bold" if main == "true" else "normal",
            )
            .encode(x=alt.value(indent - _NAME_ROOM), text="name:N")
            for main in ("true", "false")
            for inside, indent in (("true", _INDENT), ("false", 0))
        ),
        over.encode(x=alt.value(-_NAME_ROOM), text="name:N"),
        base.mark_text(align="left", baseline="middle").encode(x=alt.value(_PLOT + _GAP), text="value:N"),
    ]
    width = round(_PLOT + _GAP + label_room(str(mark["value"]) for mark in placed))
    drawn = layered(zero.encode(x="zero:Q"), *marks, *texts, width=width, height=height)
    if w.deviation is None:
        return drawn
    inner = drawn["layer"]
    outer = layered(_standardised(w, domain, w.deviation).encode(y=y), width=width, height=height)
    return outer | {"layer": [{"layer": inner}, *outer["layer"]], "resolve": {"scale": {"x": "independent"}}}


def _marks(base: alt.Chart, x: alt.X) -> list[alt.Chart]:
    held = base.transform_filter("isValid(datum.mean)")
    colour = alt.Color("colour:N", scale=None)
    points = held.transform_filter("!isValid(datum.from)").mark_point(size=95, opacity=1, strokeWidth=2)
    bars = held.transform_filter("isValid(datum.from)").mark_rule(strokeWidth=10)
    arrows = [
        held.transform_filter(f"datum.{side}")
        .mark_point(shape=f"triangle-{side}", filled=True, size=90, opacity=1)
        .encode(x=alt.X(f"{end}:Q"), color=colour)
        for side, end in (("left", "lower"), ("right", "upper"))
    ]
    return [
        held.mark_rule(strokeWidth=2.5).encode(x=alt.X("lower:Q"), x2="upper:Q", color=colour),
        bars.encode(x=alt.X("from:Q"), x2="to:Q", color=colour),
        points.encode(
            x=x,
            stroke=alt.Stroke("colour:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
        ),
        *arrows,
    ]


def _standardised(w: EffectWords, domain: tuple[float, float], deviation: float) -> alt.Chart:
    """An invisible mark whose axis, above, tells the same places in standard deviations."""
    ends = [end / deviation for end in domain]
    scale = alt.Scale(domain=ends, range=[0, _PLOT], nice=False, zero=False)
    axis = alt.Axis(title=w.t("standard deviations (SD)"), orient="top", grid=False, tickCount=5)
    unseen: alt.Chart = alt.Chart(data([{"sd": 0, "y": 0}])).mark_point(opacity=0)
    return unseen.encode(x=alt.X("sd:Q", scale=scale, axis=axis))


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
