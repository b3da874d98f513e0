"""The effect of an hour (1時間あたりの効果), drawn over the hours that people really spent."""

from __future__ import annotations

import math

from tazuna.evaluation.effect import Dose
from tazuna.evaluation.estimate import Estimate
from tazuna.reporting import palette
from tazuna.reporting.content import Column, Figure, Table
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.marks import category, mark, quantity
from tazuna.reporting.figures.theme import LABEL_LINE, Row, Specification, finished, layered

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
    x = quantity("hours", scale={"domain": [0, reach], "nice": False}, axis={"title": w.t("Hours")})
    scale = {"domain": [low * 1.05, high * 1.05], "nice": False}
    y = quantity("effect", scale=scale, axis={"title": w.t("Effect"), "tickCount": 6})
    band = {"x": x, "y": quantity("lower"), "y2": {"field": "upper"}}
    means = (
        (dose.hours_not_offered, w.t("mean without an offer")),
        (dose.hours_offered, w.t("mean with an offer")),
    )
    return layered(
        mark("area", rows, band, color=palette.BLUES[1], opacity=1),
        mark("rule", [{"zero": 0}], {"y": quantity("zero")}, color=palette.INK, strokeWidth=1),
        mark("line", rows, {"x": x, "y": y}, color=palette.ACCENT, strokeWidth=2.5),
        *(one for line, (hours, name) in enumerate(means) for one in _mean(hours, name, line, reach)),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _mean(hours: float, name: str, line: int, reach: float) -> tuple[Specification, Specification]:
    """An upright line with its name, on a line of its own and towards the middle of the figure."""
    rows: list[Row] = [{"hours": min(hours, reach), "name": name}]
    side, apart = ("left", 5) if hours < reach / 2 else ("right", -5)
    words = {"x": quantity("hours"), "y": {"value": 4 + LABEL_LINE * line}, "text": category("name")}
    return (
        mark("rule", rows, {"x": quantity("hours")}, color=palette.INK, strokeDash=[4, 3]),
        mark("text", rows, words, align=side, dx=apart, baseline="top"),
    )


def _held(value: float, farthest: float) -> float:
    """A value, or the edge of the figure where it lies beyond."""
    return math.copysign(min(abs(value), farthest), value)
