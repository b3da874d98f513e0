"""Charts that the spreadsheet itself draws from the numbers beside them."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from tazuna.reporting import palette
from tazuna.reporting.content import Figure, NativeChart, NativeSeries, Value

_COLOURS = ("#000060", "#4979f5", "#9db7f9", "#ac3e00")
_PATTERNS = ("", "wide_upward_diagonal", "", "wide_downward_diagonal")
_DASHES = ("solid", "dash", "round_dot", "long_dash_dot")
_MARKERS = ("square", "diamond", "triangle", "circle")


def native_chart(workbook: Workbook, figure: Figure, sheet: str, top: int) -> Chart | None:
    """The figure's chart over its table, whose first body row is ``top`` (0-based) of ``sheet``.

    Told apart by pattern, dash and marker besides colour. None where no series has a figure.
    """
    native = figure.native
    if native is None or not any(_numbers(figure, series, native.value_column) for series in native.series):
        return None
    kind = {
        "bar": {"type": "bar"},
        "line": {"type": "line"},
        "scatter": {"type": "scatter", "subtype": "straight"},
    }
    chart = workbook.add_chart(kind[native.kind])
    looks = zip(cycle(_COLOURS), cycle(_PATTERNS), cycle(_DASHES), cycle(_MARKERS), strict=False)
    for series, look in zip(native.series, looks, strict=False):
        chart.add_series(_series(native, series, figure, sheet, top, look))
    chart.set_title({"name": figure.title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom"} if len(native.series) > 1 else {"none": True})
    axis = {"major_gridlines": {"visible": True, "line": {"color": palette.FAINT_LINE}}, "num_format": "0"}
    if native.kind == "bar":
        chart.set_x_axis(axis)
        chart.set_y_axis({"reverse": True})
    else:
        chart.set_y_axis(axis)
        chart.set_x_axis({"num_format": "0"})
    chart.set_size({"width": 860, "height": 340})
    return chart


def _series(
    native: NativeChart,
    series: NativeSeries,
    figure: Figure,
    sheet: str,
    top: int,
    look: tuple[str, str, str, str],
) -> dict[str, Any]:
    colour, pattern, dash, marker = look
    first, last = top + series.first, top + series.last
    found: dict[str, Any] = {
        "name": series.name,
        "categories": [sheet, first, native.label_column, last, native.label_column],
        "values": [sheet, first, native.value_column, last, native.value_column],
    }
    if native.kind == "bar":
        found["gap"] = 60
        found["border"] = {"color": palette.INK, "width": 0.75}
        found["fill"] = {"color": colour}
        if pattern:
            found["pattern"] = {"pattern": pattern, "fg_color": colour, "bg_color": palette.GROUND}
    else:
        found["line"] = {"color": colour, "width": 2, "dash_type": dash}
        found["marker"] = {"type": marker, "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
    if native.interval_columns is not None:
        bars = "x_error_bars" if native.kind == "bar" else "y_error_bars"
        found[bars] = _error_bars(native, series, figure, native.interval_columns)
    return found


def _error_bars(
    native: NativeChart, series: NativeSeries, figure: Figure, columns: tuple[int, int]
) -> dict[str, Any]:
    """Lengths of the bars below and above each value; 0 where there is no interval."""
    lower, upper = columns
    minus, plus = [], []
    for row in figure.table.rows[series.first : series.last + 1]:
        value, low, high = (_number(row[place]) for place in (native.value_column, lower, upper))
        minus.append(0.0 if value is None or low is None else value - low)
        plus.append(0.0 if value is None or high is None else high - value)
    return {
        "type": "custom",
        "minus_values": minus,
        "plus_values": plus,
        "line": {"color": palette.QUIET_INK},
    }


def _numbers(figure: Figure, series: NativeSeries, column: int) -> list[float]:
    rows = figure.table.rows[series.first : series.last + 1]
    return [number for row in rows if (number := _number(row[column])) is not None]


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
