"""The effect of an hour (1時間あたりの効果), drawn over the hours that people really spent."""

from __future__ import annotations

import math
from typing import Literal

import altair as alt

from tazuna.evaluation.effect import Dose
from tazuna.evaluation.estimate import Estimate
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.theme import LABEL_LINE, Row, Specification, data, finished, layered

_WIDTH, _HEIGHT = 480, 230
_WIDEST = 2.0
"""How far the band is drawn at most, in multiples of the effect of the most hours."""


def dose_figure(w: EffectWords) -> Figure | None:
    """A line from no hours and no effect, with its band; None without an effect of an hour and its hours."""
    t, found, dose = w.t, w.effect.per_hour, w.effect.dose
    if not isinstance(found, Estimate) or dose is None or not dose.most_hours > 0:
        return None
    title = t("Effect of the hours spent")
    points = _points(found, dose)
    notes = [
        t("The line supposes that every hour does the same; the band is its 95% interval."),
        t(
            "Mean hours: {offered} with an offer, {other} without; one in twenty spent more than {most}.",
            offered=f"{dose.hours_offered:.1f}",
            other=f"{dose.hours_not_offered:.1f}",
            most=f"{dose.most_hours:.0f}",
        ),
    ]
    if not found.is_bounded:
        notes.append(t("The data set no limit on one side or both: the band goes on beyond the figure."))
    return Figure(
        code="effect-dose",
        title=title,
        spec=finished(_specification(w, found, dose)),
        alternative=t(
            "{effect} an hour; over {hours} hours {most}.",
            effect=w.per_hour(found),
            hours=f"{dose.most_hours:.0f}",
            most=w.with_unit(w.signed(found.estimate * dose.most_hours)),
        ),
        table=Table(
            "effect-dose-table",
            title,
            (
                Column(t("Hours")),
                Column(t("Estimate"), "score"),
                Column(t("95% lower"), "score"),
                Column(t("95% upper"), "score"),
            ),
            tuple(
                (f"{hours:.1f}", w.signed(effect), w.limit(lower), w.limit(upper))
                for hours, effect, lower, upper in points
            ),
        ),
        notes=tuple(notes),
    )


def _points(found: Estimate, dose: Dose) -> list[tuple[float, float, float, float]]:
    """Hours, effect, and its limits, at quarters of the most hours."""
    hours = [dose.most_hours * quarter / 4 for quarter in range(1, 5)]
    return [(h, h * found.estimate, h * found.lower, h * found.upper) for h in hours]


def _specification(w: EffectWords, found: Estimate, dose: Dose) -> Specification:
    reach = dose.most_hours
    farthest = _WIDEST * max(abs(found.estimate) * reach, (w.deviation or 0.0) / 4)
    ends = [_held(slope * reach, farthest) for slope in (found.lower, found.upper, found.estimate)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    steps = [reach * step / 60 for step in range(61)]
    rows: list[Row] = [
        {
            "hours": hours,
            "effect": hours * found.estimate,
            "lower": _held(found.lower * hours if hours else 0.0, farthest),
            "upper": _held(found.upper * hours if hours else 0.0, farthest),
        }
        for hours in steps
    ]
    x = alt.X("hours:Q", scale=alt.Scale(domain=[0, reach], nice=False), axis=alt.Axis(title=w.t("Hours")))
    y = alt.Y(
        "effect:Q",
        scale=alt.Scale(domain=[low * 1.05, high * 1.05], nice=False),
        axis=alt.Axis(title=w.t("Effect"), tickCount=6),
    )
    base = alt.Chart(data(rows))
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(color=palette.INK, strokeWidth=1)
    means = (
        (dose.hours_not_offered, w.t("mean without an offer")),
        (dose.hours_offered, w.t("mean with an offer")),
    )
    return layered(
        base.mark_area(color=palette.BLUES[1], opacity=1).encode(x=x, y=alt.Y("lower:Q"), y2="upper:Q"),
        zero.encode(y="zero:Q"),
        base.mark_line(color=palette.ACCENT, strokeWidth=2.5).encode(x=x, y=y),
        *(mark for line, (hours, name) in enumerate(means) for mark in _mean(hours, name, line, reach)),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _mean(hours: float, name: str, line: int, reach: float) -> tuple[alt.Chart, alt.Chart]:
    """An upright line with its name, on a line of its own and towards the middle of the figure."""
    held = alt.Chart(data([{"hours": min(hours, reach), "name": name}])).encode(x=alt.X("hours:Q"))
    side: Literal["left", "right"] = "left" if hours < reach / 2 else "right"
    words = held.mark_text(align=side, dx=5 if side == "left" else -5, baseline="top")
    return (
        held.mark_rule(color=palette.INK, strokeDash=[4, 3]),
        words.encode(y=alt.value(4 + LABEL_LINE * line), text="name:N"),
    )


def _held(value: float, farthest: float) -> float:
    """A value, or the edge of the figure where it lies beyond."""
    return math.copysign(min(abs(value), farthest), value)
