"""How figures are written in sentences, tables and on marks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tazuna.language import Language, Translator
from tazuna.reporting.content import ColumnKind, Mark, Value

if TYPE_CHECKING:
    from tazuna.reporting.cells import Cell

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def whole(value: float) -> str:
    """Rounded to a whole number with a true minus sign, never "−0"."""
    rounded = round(value)
    return f"{rounded:,}" if rounded >= 0 else f"−{-rounded:,}"


def interval(cell: Cell, t: Translator) -> str:
    """``［17〜25］``, or empty where there is no interval."""
    if cell.lower is None or cell.upper is None:
        return ""
    return t(" [{lower}–{upper}]", lower=whole(cell.lower), upper=whole(cell.upper))


def points(cell: Cell, t: Translator) -> str:
    """``51点［48〜54］``; the cell has a figure."""
    return t("{value} points", value=whole(_mean(cell))) + interval(cell, t)


def percent(cell: Cell, t: Translator) -> str:
    """``38%［35〜41］``; the cell has a figure."""
    return t("{value}%", value=whole(_mean(cell))) + interval(cell, t)


def mark_label(cell: Cell, t: Translator, unit: str = "", decimals: int = 0) -> str:
    """What stands beside a mark: the figure, then its interval."""
    if decimals == 0:
        return f"{whole(_mean(cell))}{unit}{interval(cell, t)}"
    value = f"{_mean(cell):.{decimals}f}{unit}"
    if cell.lower is None or cell.upper is None:
        return value
    lower, upper = (f"{limit:.{decimals}f}" for limit in (cell.lower, cell.upper))
    return value + t(" [{lower}–{upper}]", lower=lower, upper=upper)


def figures_of(cell: Cell | None) -> tuple[Value, Value, Value, Value]:
    """n, figure, lower and upper limit as table values."""
    if cell is None:
        return (None, None, None, None)
    if cell.hidden:
        return (Mark.HIDDEN, Mark.HIDDEN, Mark.HIDDEN, Mark.HIDDEN)
    return (cell.n, cell.mean, cell.lower, cell.upper)


def mean_of(cell: Cell | None) -> Value:
    """The figure alone as a table value."""
    return figures_of(cell)[1]


def written(value: Value, kind: ColumnKind, t: Translator) -> str:
    """A table value as text for page and PDF."""
    if isinstance(value, Mark):
        return t("not shown")
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if kind == "count":
        return f"{value:,.0f}"
    if kind == "coefficient":
        return f"{value:.3f}".replace("-", "−")
    number = f"{value:.1f}".replace("-", "−")
    return f"{number}%" if kind == "percent" else number


def date_text(day: date, language: Language) -> str:
    """2026年11月20日, or 20 November 2026."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _mean(cell: Cell) -> float:
    if cell.mean is None:
        raise ValueError("a hidden or empty cell has no figure to write")
    return cell.mean
