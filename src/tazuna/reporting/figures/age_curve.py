"""Age curves (年齢曲線): the score, being used (活用実感) and opportunity over age, by level of the
profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from tazuna.reporting import palette
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Column, Figure, NativeChart, NativeSeries, Table, Value
from tazuna.reporting.figures.dots import round_domain
from tazuna.reporting.figures.theme import Row, Specification, data, finished, layered, side_by_side, spread
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import figures_of, whole

CURVES = ("co", "used", "opportunity")
LEVELS = ("high", "middle", "low")
EVERYBODY = "all"
_HEIGHT = 205
_WIDTHS = {1: 560, 2: 340, 3: 218}
"""Width of a panel by their number, so that the figure fills its place."""
_LABEL_HEIGHT = 14.0
_LABEL_YEARS = 11
_TABLE_STEP = 5

Curve = tuple[tuple[int, Cell], ...]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Lowest and highest score, youngest and oldest age, and the width in px of each panel."""

    scores: tuple[float, float]
    ages: tuple[int, int]
    width: int


def age_curve_figure(m: Material) -> Figure | None:
    """Three panels: the profile of everybody, then being used and opportunity by level; None without
    curves.
    """
    t = m.t
    curves = {("co", EVERYBODY): _curve(m, "co", EVERYBODY)}
    curves |= {(measure, level): _curve(m, measure, level) for measure in CURVES[1:] for level in LEVELS}
    shown = [cell for curve in curves.values() for _, cell in curve if cell.shown]
    if not shown:
        return None
    low, high = round_domain(shown, 10.0)
    domain = (max(low, 0.0), min(high, 100.0))
    ages = [age for curve in curves.values() for age, cell in curve if cell.shown]
    panels = [
        measure
        for measure in CURVES
        if any(c.shown for k, v in curves.items() if k[0] == measure for _, c in v)
    ]
    axes = _Axes(domain, (min(ages), max(ages)), _WIDTHS[len(panels)])
    charts = [_panel(m, measure, curves, axes) for measure in panels]
    title = t("Profile, being used and opportunity by age")
    return Figure(
        code="age-curve",
        title=title,
        spec=finished(side_by_side(charts, columns=len(charts), column=18)),
        alternative=_words(m, curves),
        table=_table(m, curves),
        notes=(
            t(
                "Local linear curve, window of {years} years on either side, bands are 95% intervals, drawn "
                "within the score's range of 0 to 100. Level of the profile: low under 40, middle 40 to 59, "
                "high from 60 points. Where a line is missing, it is not shown, for protection.",
                years=f"{m.methods.bandwidth:.0f}",
            ),
            t("Whether a dip is real has not been tested.")
            if m.look is None
            else t("Whether a dip is real: see “A second look at groups and answers” in the annex."),
        ),
        native=_native(m, curves),
    )


def _curve(m: Material, measure: str, level: str) -> Curve:
    group_by = "age_curve" if level == EVERYBODY else "level*age_curve"
    found = []
    for group in m.cells.groups(group_by, measure):
        of, _, age = group.rpartition("|")
        cell = m.cells.at(measure, group_by=group_by, group=group)
        if (of or EVERYBODY) == level and cell is not None:
            found.append((int(float(age)), cell))
    return tuple(sorted(found, key=lambda point: point[0]))


def _level_name(m: Material, level: str) -> str:
    return m.t("Everybody") if level == EVERYBODY else m.short_level(level)


def _panel(
    m: Material,
    measure: str,
    curves: dict[tuple[str, str], Curve],
    axes: _Axes,
) -> Specification:
    domain, ages = axes.scores, axes.ages
    rows: list[Row] = []
    ends: list[Row] = []
    for (of, level), curve in curves.items():
        if of != measure or not any(cell.shown for _, cell in curve):
            continue
        look = {"level": level, "colour": palette.LEVEL_COLOURS.get(level, palette.INK)}
        for piece, run in enumerate(_runs(curve)):
            rows += [
                {
                    "age": age,
                    "mean": c.mean,
                    "lower": c.lower,
                    "upper": c.upper,
                    "piece": f"{level}{piece}",
                    **look,
                }
                for age, c in run
            ]
        age, last = next((a, c) for a, c in reversed(curve) if c.shown)
        ends.append({"age": age, "mean": last.mean, "label": _level_name(m, level), **look})
    apart = _LABEL_HEIGHT * (domain[1] - domain[0]) / _HEIGHT
    for end, place in zip(ends, spread([end["mean"] for end in ends], apart), strict=True):
        end["place"] = place
    last_age = ages[1] + (ages[1] - ages[0]) * _LABEL_YEARS / 40
    ticks = list(range(-(-ages[0] // 10) * 10, ages[1] + 1, 10))
    x_scale = alt.Scale(domain=[ages[0], last_age], nice=False, zero=False)
    x = alt.X("age:Q", scale=x_scale, axis=alt.Axis(title=m.t("Age"), values=ticks, format="d"))
    y_scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    y = alt.Y("mean:Q", scale=y_scale, axis=alt.Axis(title=None, tickCount=6))
    colour = alt.Color("colour:N", scale=None)
    levels = [EVERYBODY, *LEVELS]
    dashes = [[1, 0], *(list(palette.LEVEL_DASHES[level]) for level in LEVELS)]
    dash = alt.StrokeDash("level:N", sort=levels, scale=alt.Scale(domain=levels, range=dashes), legend=None)
    base = alt.Chart(data(rows)).encode(x=x, detail="piece:N")
    return layered(
        base.mark_area(opacity=0.16, clip=True).encode(
            y=alt.Y("lower:Q", title=None), y2="upper:Q", fill=alt.Fill("colour:N", scale=None)
        ),
        base.mark_line(strokeWidth=2.4, clip=True).encode(y=y, color=colour, strokeDash=dash),
        alt.Chart(data(ends)).mark_text(align="left", dx=5).encode(x=x, y="place:Q", text="label:N"),
        width=axes.width,
        height=_HEIGHT,
        title=m.scale(measure),
    )


def _runs(curve: Curve) -> list[list[tuple[int, Cell]]]:
    """Stretches of the curve without a hidden point: a line never bridges what is protected."""
    runs: list[list[tuple[int, Cell]]] = [[]]
    for age, cell in curve:
        if cell.shown:
            runs[-1].append((age, cell))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _sampled(curve: Curve) -> Sequence[tuple[int, Cell]]:
    return [(age, cell) for age, cell in curve if age % _TABLE_STEP == 0]


def _table(m: Material, curves: dict[tuple[str, str], Curve]) -> Table:
    t = m.t
    rows: list[tuple[Value, ...]] = [
        (m.scale(measure), _level_name(m, level), age, *figures_of(cell))
        for (measure, level), curve in curves.items()
        for age, cell in _sampled(curve)
    ]
    columns = (
        Column(t("Measure")),
        Column(t("Level of the profile")),
        Column(t("Age"), "count"),
        Column(t("n in the window"), "count"),
        Column(t("Score"), "score"),
        Column(t("95% lower"), "score"),
        Column(t("95% upper"), "score"),
    )
    return Table("age-curve-table", t("Age curves, every fifth year"), columns, tuple(rows))


def _native(m: Material, curves: dict[tuple[str, str], Curve]) -> NativeChart:
    """The lines of being used, by level."""
    first, series = 0, []
    for (measure, level), curve in curves.items():
        count = len(_sampled(curve))
        if measure == "used" and count:
            series.append(
                NativeSeries(f"{m.scale(measure)} {_level_name(m, level)}", first, first + count - 1)
            )
        first += count
    return NativeChart("scatter", tuple(series), label_column=2, value_column=4)


def _words(m: Material, curves: dict[tuple[str, str], Curve]) -> str:
    t = m.t
    parts = []
    for (measure, level), curve in curves.items():
        values = [(age, cell.mean) for age, cell in curve if cell.mean is not None]
        if values:
            low, high = min(values, key=lambda v: v[1]), max(values, key=lambda v: v[1])
            parts.append(
                t(
                    "{measure}, {level}: lowest {low} at {low_age}, highest {high} at {high_age}",
                    measure=m.scale(measure),
                    level=_level_name(m, level),
                    low=whole(low[1]),
                    low_age=low[0],
                    high=whole(high[1]),
                    high_age=high[0],
                )
            )
    return str(t("; ").join(parts))
