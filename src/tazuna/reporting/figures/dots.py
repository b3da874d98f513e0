"""Dots with intervals in panels: one form for scores, gaps, shares and means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tazuna.language import Translator
from tazuna.reporting import palette
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Column, ColumnKind, Figure, NativeChart, NativeSeries, Table, Value
from tazuna.reporting.figures.marks import as_written, category, mark, quantity
from tazuna.reporting.figures.theme import (
    LABEL_LINE,
    Row,
    Specification,
    as_lines,
    finished,
    label_room,
    layered,
    side_by_side,
    wrapped,
)
from tazuna.reporting.numbers import figures_of, mark_label, mean_of, whole

_LABEL_ROOM = 104.0
"""Width in px of the longest label beside a mark."""
_BESIDE_ROOM = 26.0
"""What a second figure in the label needs more."""
_MARK_ROOM = 7.0
"""Half the width of a mark: one at the axis' beginning must not touch the row's name."""


class Worded(Protocol):
    """What a figure is written from knows at least its language."""

    @property
    def t(self) -> Translator:
        """The translator into the figure's language."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colour and shape of a mark; shapes keep the marks apart in greyscale."""

    colour: str = palette.ACCENT
    shape: str = "circle"
    hollow: bool = False


BESIDE = Look(palette.QUIET_INK, "square", hollow=True)
"""The mark of a figure to compare with."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One mark: its panel, its row in the panel, the figure.

    ``beside`` is a second figure on the same row, drawn hollow, to compare with.
    """

    panel: str
    name: str
    cell: Cell
    look: Look = Look()
    beside: Cell | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The form of the panels.

    Parameters
    ----------
    domain
        Lowest and highest value of the axis.
    columns
        Panels side by side.
    width
        Of one panel with the room for its labels, in px.
    row_height
        In px.
    label_width
        Half-width characters on one line of a row's name.
    kind, decimals, unit
        How values are written: in the table, and beside the marks.
    """

    domain: tuple[float, float] = (0.0, 100.0)
    columns: int = 2
    width: int = 250
    row_height: int = 24
    label_width: int = 26
    kind: ColumnKind = "score"
    decimals: int = 0
    unit: str = ""


def dot_figure(
    m: Worded,
    dots: Sequence[Dot],
    frame: Frame,
    *,
    code: str,
    title: str,
    headings: tuple[str, str, str],
    notes: tuple[str, ...],
    beside: str | None = None,
) -> Figure | None:
    """A figure of panels with its table; None where no mark has a figure.

    Parameters
    ----------
    dots
        Panel by panel, each panel's rows from top to bottom.
    headings
        Of the table's columns for panel, row and value; ``beside`` of that to compare with.
    """
    if not any(dot.cell.shown for dot in dots):
        return None
    panels = tuple(dict.fromkeys(dot.panel for dot in dots))
    places = {panel: [i for i, dot in enumerate(dots) if dot.panel == panel] for panel in panels}
    panelled = int(any(panels))
    native = NativeChart(
        "bar",
        tuple(NativeSeries(panel, rows[0], rows[-1]) for panel, rows in places.items()),
        label_column=panelled,
        value_column=panelled + 2,
        interval_columns=(panelled + 3, panelled + 4),
    )
    return Figure(
        code=code,
        title=title,
        spec=finished(_panels(m, dots, panels, frame)),
        alternative=_words(m, dots, panels, frame),
        table=dot_table(
            m, dots, frame, code=f"{code}-table", caption=title, headings=headings, beside=beside
        ),
        notes=notes,
        native=native,
    )


def dot_table(
    m: Worded,
    dots: Sequence[Dot],
    frame: Frame,
    *,
    code: str,
    caption: str,
    headings: tuple[str, str, str],
    beside: str | None = None,
) -> Table:
    """The numbers of the marks, without a column of panels where there is one panel without a name.

    ``beside`` heads the column of the figures to compare with.
    """
    t = m.t
    panel, name, value = headings
    columns = [
        Column(panel),
        Column(name),
        Column("n", "count"),
        Column(value, frame.kind),
        Column(t("95% lower"), frame.kind),
        Column(t("95% upper"), frame.kind),
    ]
    rows: list[tuple[Value, ...]] = [(d.panel, d.name, *figures_of(d.cell)) for d in dots]
    if beside is not None:
        columns.append(Column(beside, frame.kind))
        rows = [(*row, mean_of(d.beside)) for row, d in zip(rows, dots, strict=True)]
    if not any(d.panel for d in dots):
        columns, rows = columns[1:], [row[1:] for row in rows]
    return Table(code, caption, tuple(columns), tuple(rows))


def looks_legend(t: Translator, looks: Mapping[str, Look]) -> str:
    """Which mark means what, in words for a note: ● 経営, ◆ 人事 …"""
    signs = {
        "circle": ("●", "○"),
        "square": ("■", "□"),
        "diamond": ("◆", "◇"),
        "triangle-up": ("▲", "△"),
        "triangle-down": ("▼", "▽"),
    }
    return str(t("  ").join(f"{signs[look.shape][look.hollow]} {name}" for name, look in looks.items()))


def _panels(m: Worded, dots: Sequence[Dot], panels: Sequence[str], frame: Frame) -> Specification:
    names = [[d.name for d in dots if d.panel == panel] for panel in panels]
    alike = all(rows == names[0] for rows in names)
    charts = [
        _panel(
            m,
            [d for d in dots if d.panel == panel],
            frame,
            labelled=not alike or place % frame.columns == 0,
            scaled=not alike or place + frame.columns >= len(panels),
        )
        for place, panel in enumerate(panels)
    ]
    return side_by_side(charts, columns=frame.columns)


def _panel(m: Worded, dots: Sequence[Dot], frame: Frame, *, labelled: bool, scaled: bool) -> Specification:
    low, high = frame.domain
    order = [wrapped(name, frame.label_width) for name in dict.fromkeys(dot.name for dot in dots)]
    rows = [_row(m, dot, frame) for dot in dots if dot.cell.shown or dot.cell.hidden]
    margin = (high - low) * _MARK_ROOM / frame.width
    room = _LABEL_ROOM + (_BESIDE_ROOM if any(dot.beside for dot in dots) else 0.0)
    beyond = high + (high - low) * room / (frame.width - room)
    step = {"title": None, "values": _ticks(low, high), "labels": scaled, "ticks": scaled, "domain": scaled}
    x = quantity("mean", scale={"domain": [low - margin, beyond], "nice": False, "zero": False}, axis=step)
    side = {
        "title": None,
        "ticks": False,
        "domain": False,
        "labels": labelled,
        "labelExpr": "split(datum.label, '\\n')",
        "minExtent": label_room(order) if labelled else 0,
    }
    y = category("name", sort=order, scale={"domain": order}, axis=side)
    colour = as_written("colour")
    shown = [row for row in rows if not row["hidden"]]
    bar = {"x": quantity("lower", title=None), "x2": {"field": "upper"}, "y": y, "color": colour}
    point = {"x": x, "y": y, "color": colour, "shape": as_written("shape")}
    layers = [
        mark("rule", shown, bar, strokeWidth=2.5),
        mark("point", shown, point, filled=True, size=85, opacity=1),
        mark("text", rows, {"x": quantity("end"), "y": y, "text": category("label")}, align="left", dx=11),
    ]
    others = [row for row in rows if "beside" in row]
    if others:
        at = {"x": quantity("beside"), "y": y}
        look = {"shape": BESIDE.shape, "color": BESIDE.colour, "strokeWidth": 2}
        layers.insert(1, mark("point", others, at, filled=False, size=85, opacity=1, **look))
    if low < 0 < high:
        zero = {"x": quantity("zero")}
        layers.insert(0, mark("rule", [{"zero": 0}], zero, color=palette.INK, strokeWidth=1))
    height = sum(frame.row_height + LABEL_LINE * name.count("\n") for name in order)
    title = as_lines(dots[0].panel, 30) if dots[0].panel else None
    return layered(*layers, width=frame.width, height=height, title=title)


def _row(m: Worded, dot: Dot, frame: Frame) -> Row:
    cell, (low, high) = dot.cell, frame.domain
    row: Row = {
        "name": wrapped(dot.name, frame.label_width),
        "hidden": cell.hidden,
        "colour": dot.look.colour,
        "shape": dot.look.shape,
    }
    if cell.hidden or cell.mean is None:
        return row | {"mean": low, "lower": low, "upper": low, "end": low, "label": m.t("not shown")}
    lower = cell.mean if cell.lower is None else max(cell.lower, low)
    upper = cell.mean if cell.upper is None else min(cell.upper, high)
    label, end = mark_label(cell, m.t, frame.unit, frame.decimals), max(upper, cell.mean)
    if dot.beside is not None and dot.beside.mean is not None:
        row["beside"], end = dot.beside.mean, max(end, dot.beside.mean)
        label = m.t("{theirs} / {others}", theirs=label, others=whole(dot.beside.mean))
    return row | {"mean": cell.mean, "lower": lower, "upper": upper, "end": end, "label": label}


def _ticks(low: float, high: float) -> list[float]:
    """About five round numbers from ``low`` to ``high``."""
    step = next(s for s in (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1e9) if (high - low) / s <= 6)
    first = -(-low // step)
    return [round(k * step, 6) for k in range(int(first), int(high // step) + 1)]


def round_domain(cells: Sequence[Cell], step: float, *, floor: float | None = None) -> tuple[float, float]:
    """The range of all intervals, widened to multiples of ``step``; it begins at ``floor`` where one
    is given.
    """
    ends = [v for c in cells if c.shown for v in (c.mean, c.lower, c.upper) if v is not None]
    low = min(ends, default=0.0) if floor is None else floor
    high = max([*ends, low + step])
    return (low // step * step, -(-high // step) * step)


def _words(m: Worded, dots: Sequence[Dot], panels: Sequence[str], frame: Frame) -> str:
    t = m.t
    parts = []
    for panel in panels:
        values = t(", ").join(
            f"{d.name} {_in_words(m, d, frame)}"
            for d in dots
            if d.panel == panel and (d.cell.shown or d.cell.hidden)
        )
        parts.append(t("{name}: {values}", name=panel, values=values) if panel else values)
    return t("; ").join(parts)


def _in_words(m: Worded, dot: Dot, frame: Frame) -> str:
    if not dot.cell.shown:
        return m.t("not shown")
    return mark_label(dot.cell, m.t, frame.unit, frame.decimals)
