"""Numbers, yes/no, dates and moments: from cells to typed columns, with what could not be read."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tazuna.intake.dates import parse_dates, parse_datetimes
from tazuna.intake.numbers import parse_booleans, parse_integers, parse_numbers
from tazuna.intake.parsed import Parsed
from tazuna.intake.words import BadCells, NormalisedKind, Typed, as_text
from tazuna.language import Message, message


def as_numbers(
    cells: pl.Series, *, whole: bool = False, low: float | None = None, high: float | None = None
) -> Typed:
    """Float64 (Int64 where ``whole``) in the forms of `numbers.parse_numbers`, from ``low`` to ``high``."""
    parsed = parse_integers(cells) if whole else parse_numbers(cells)
    typed = _typed(parsed, "bad_number", "number_form")
    out, limits = _out_of_range(typed.values, low, high)
    if not out.any():
        return typed
    bad = BadCells("out_of_range", out, limits, message("Correct the number, or empty the cell"))
    return replace(typed, values=typed.values.set(out, None), bad=(*typed.bad, bad))


def _out_of_range(numbers: pl.Series, low: float | None, high: float | None) -> tuple[pl.Series, Message]:
    out = pl.repeat(False, numbers.len(), eager=True)
    if low is not None:
        out = out | (numbers < low).fill_null(value=False)
    if high is not None:
        out = out | (numbers > high).fill_null(value=False)
    if low is not None and high is not None:
        return out, message("expected is a number from {low} to {high}", low=f"{low:g}", high=f"{high:g}")
    if low is not None:
        return out, message("expected is a number of {low} or more", low=f"{low:g}")
    return out, message("expected is a number of {high} or less", high="" if high is None else f"{high:g}")


def as_numbers_or_marks(cells: pl.Series) -> Typed:
    """Float64 where at least half of the cells are numbers, else text: marks whose order is to be named."""
    typed = as_numbers(cells)
    given = int(as_text(cells).is_not_null().sum())
    read = int(typed.values.is_not_null().sum())
    return typed if 2 * read >= given else Typed(as_text(cells))


def as_yes_no(cells: pl.Series) -> Typed:
    """Booleans in the forms that `numbers.parse_booleans` reads."""
    return _typed(parse_booleans(cells), "unknown_code", "number_form")


def as_dates(cells: pl.Series) -> Typed:
    """Dates in the forms that `dates.parse_dates` reads."""
    return _typed(parse_dates(cells), "bad_date", "date_form")


def as_moments(cells: pl.Series, timezone: str = "Asia/Tokyo") -> Typed:
    """Moments as wall-clock time in ``timezone``, in the forms that `dates.parse_datetimes` reads."""
    return _typed(parse_datetimes(cells, timezone), "bad_date", "date_form")


def _typed(parsed: Parsed, kind: str, form_kind: NormalisedKind) -> Typed:
    bad = tuple(
        BadCells(kind, cells.mask, cells.expected, cells.cure, cells.details) for cells in parsed.unread
    )
    wide = parsed.forms.get("full_width", 0)
    forms = sum(parsed.forms.values()) - wide
    counted: tuple[tuple[NormalisedKind, int], ...] = ((form_kind, forms), ("full_width", wide))
    return Typed(parsed.values, bad, tuple((name, count) for name, count in counted if count))
