"""Age curve (年齢曲線): a smooth mean by age, with interval, computed from sums of one year of age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

from tazuna.disclosure.cell import FIGURES
from tazuna.measurement.cells import cell_frame
from tazuna.measurement.intervals import CLUSTERS_NEEDED, LEVEL, Floats
from tazuna.measurement.moments import PLACE, Measure, pooled_upward, unit_sums

BANDWIDTH = 8.0
"""Half width of the window in years: people less than this many years away count, the nearer the more."""
CURVE_MEASURES = ("co", "used", "opportunity")
_ENDS = (0.02, 0.98)


@dataclass(frozen=True, slots=True)
class AgeSums:
    """Sums by department and year of age.

    Parameters
    ----------
    ages
        Shape (A,), years, ascending.
    n, total, squares
        Shape (departments, A): number of answers, their sum, the sum of their squares.
    """

    ages: Floats
    n: Floats
    total: Floats
    squares: Floats


@dataclass(frozen=True, slots=True)
class AgeCurve:
    """The curve at each age; arrays of shape (points,). NaN where the window holds fewer than two ages."""

    ages: Floats
    n: Floats
    mean: Floats
    lower: Floats
    upper: Floats


def smooth(sums: AgeSums, at: Floats, bandwidth: float = BANDWIDTH) -> AgeCurve:
    """Local linear regression with tricube weights (Cleveland 1979, doi:10.1080/01621459.1979.10481038).

    The value at age a is the intercept of the weighted line through the answers of people less than
    ``bandwidth`` years away, a linear function Σ l·y of their answers. Its variance is Σ l²e² with e the
    residuals from that line (heteroscedastic), or Σ over departments of (Σ l·e)², times G/(G-1), from ten
    departments on.

    Parameters
    ----------
    sums
        What is smoothed.
    at
        Ages at which the curve is wanted, years.
    bandwidth
        Half width of the window, years.

    Returns
    -------
    AgeCurve
        ``n`` counts the people inside the window.
    """
    away = sums.ages - at[:, None]
    kernel = np.clip(1 - (np.abs(away) / bandwidth) ** 3, 0, None) ** 3
    by_age, totals, squares = sums.n.sum(axis=0), sums.total.sum(axis=0), sums.squares.sum(axis=0)
    weight = kernel * by_age
    w0, w1, w2 = (np.sum(weight * away**power, axis=1, keepdims=True) for power in (0, 1, 2))
    spread = w0 * w2 - w1**2
    # A line needs two ages; with one the spread is zero but for rounding.
    spread = np.where(np.count_nonzero(weight, axis=1, keepdims=True) >= 2, spread, np.nan)
    by_answer = kernel * (w2 - w1 * away) / spread
    slope = (kernel * (w0 * away - w1) / spread) @ totals
    value = by_answer @ totals
    line = value[:, None] + slope[:, None] * away
    people = (kernel > 0) @ by_age
    plain = np.sum(by_answer**2 * (squares - 2 * line * totals + line**2 * by_age), axis=1)
    by_department = by_answer @ sums.total.T - (by_answer * line) @ sums.n.T
    departments = np.count_nonzero((kernel > 0) @ sums.n.T, axis=1)
    clustered = departments >= CLUSTERS_NEEDED
    freedom = np.where(clustered, departments - 1.0, people - 2.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(
            clustered,
            departments / (departments - 1) * np.sum(by_department**2, axis=1),
            people / freedom * plain,
        )
        half = special.stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(np.maximum(variance, 0.0))
    half = np.where(freedom >= 1, half, np.nan)
    return AgeCurve(at, people, value, value - half, value + half)


def curve_cells(people: pl.DataFrame, measures: Sequence[Measure], above: pl.DataFrame) -> pl.DataFrame:
    """Age curves of score, being used and opportunity as cells, for everybody and by level.

    The curve runs over the ages from the 2nd to the 98th in a hundred of those asked, so that its ends tell
    nobody's age.

    Parameters
    ----------
    people, measures, above
        As for `tazuna.measurement.cells.group_cells`.

    Returns
    -------
    pl.DataFrame
        Columns of `tazuna.disclosure.cell.CELL_SCHEMA`: ``group_by`` ``age_curve`` (group ``30``) and
        ``level*age_curve`` (group ``high|30``); n is the number of people inside the window.
    """
    curved = [measure for measure in measures if measure.name in CURVE_MEASURES]
    labels: list[tuple[str, ...]] = []
    curves: list[AgeCurve] = []
    spans = _spans(people, above)
    for keys in ((), ("level",)) if curved else ():
        by_age = unit_sums(people, (*keys, "age"), curved).drop_nulls([*keys, "age"])
        places = pooled_upward(by_age, above).partition_by(*PLACE, *keys, as_dict=True)
        for (organisation, wave, *group), part in sorted(places.items()):
            at = spans[organisation, wave]
            place = (organisation, wave, "all", "*".join([*keys, "age_curve"]))
            labels += [(*place, "|".join([*group, f"{age:.0f}"])) for age in at]
            curves += [smooth(_age_sums(part, measure), at) for measure in curved]
    names = [measure.name for measure in curved]
    figures = (_columns([getattr(curve, part) for curve in curves], len(names)) for part in FIGURES)
    return cell_frame(labels, names, *figures)


def _columns(parts: list[Floats], width: int) -> Floats:
    """Stack runs of ``width`` columns under one another."""
    rows = [np.column_stack(parts[first : first + width]) for first in range(0, len(parts), max(width, 1))]
    return np.vstack([np.empty((0, width)), *rows])


def _spans(people: pl.DataFrame, above: pl.DataFrame) -> dict[tuple[str, str], Floats]:
    """Ages of the curve by organisation and wave."""
    asked = people.drop_nulls("age").group_by(*PLACE, "age").len()
    pooled = asked.with_columns(pl.col(pl.Categorical).cast(pl.String)).join(above, on="organisation_id")
    by_age = pooled.group_by("above", "wave", "age").agg(pl.col("len").sum()).sort("age")
    spans = {}
    for (organisation, wave), part in by_age.partition_by("above", "wave", as_dict=True).items():
        share = part["len"].cum_sum().to_numpy() / part["len"].sum()
        first, last = (part["age"][int(np.searchsorted(share, end))] for end in _ENDS)
        spans[organisation, wave] = np.arange(first, last + 1, dtype=np.float64)
    return spans


def _age_sums(part: pl.DataFrame, measure: Measure) -> AgeSums:
    ages, age_code = np.unique(part["age"].to_numpy(), return_inverse=True)
    unit_code = part["unit"].rank("dense").to_numpy() - 1
    tables = np.zeros((3, unit_code.max() + 1, ages.size))
    for table, name in zip(tables, ("n", "total", "squares"), strict=True):
        table[unit_code, age_code] = part[f"{measure.name}|{name}"].to_numpy()
    return AgeSums(ages.astype(np.float64), *tables)
