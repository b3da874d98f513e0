"""Age curve (年齢曲線): a smooth mean by age, with interval, computed from sums of one year of age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

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
    points = [_at(sums, age, bandwidth) for age in at]
    n, mean, half = (
        (np.array(column) for column in zip(*points, strict=True)) if points else (np.empty(0),) * 3
    )
    return AgeCurve(at, n, mean, mean - half, mean + half)


def _at(sums: AgeSums, age: float, bandwidth: float) -> tuple[float, float, float]:
    """Number in the window, value, and half the interval's width at one age."""
    away = sums.ages - age
    inside = np.abs(away) < bandwidth
    d, n, total, squares = away[inside], sums.n[:, inside], sums.total[:, inside], sums.squares[:, inside]
    kernel = (1 - (np.abs(d) / bandwidth) ** 3) ** 3
    by_age = n.sum(axis=0)
    weight = kernel * by_age
    w0, w1, w2 = weight.sum(), weight @ d, weight @ d**2
    spread = w0 * w2 - w1**2
    people = float(by_age.sum())
    if np.count_nonzero(by_age) < 2 or spread <= 0:
        return people, np.nan, np.nan
    by_answer = kernel * (w2 - w1 * d) / spread
    sum_by_age = total.sum(axis=0)
    value = by_answer @ sum_by_age
    slope = kernel * (w0 * d - w1) / spread @ sum_by_age
    line = value + slope * d
    clusters = int(np.count_nonzero(n.sum(axis=1)))
    if clusters >= CLUSTERS_NEEDED:
        variance = float(clusters / (clusters - 1) * np.sum(((total - line * n) @ by_answer) ** 2))
        freedom = clusters - 1.0
    else:
        residual_squares = squares.sum(axis=0) - 2 * line * sum_by_age + line**2 * by_age
        freedom = people - 2
        variance = float(people / max(freedom, 1.0) * np.sum(by_answer**2 * residual_squares))
    if freedom < 1:
        return people, float(value), np.nan
    return (
        people,
        float(value),
        float(special.stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(max(variance, 0.0))),
    )


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
    frames = [cell_frame(_LABELS.clear(), [], *(np.empty((0, 0)),) * 4)]
    if not curved:
        return frames[0]
    for keys in ((), ("level",)):
        sums = pooled_upward(unit_sums(people, (*keys, "age"), curved), above)
        spans = _spans(people, above)
        for place, part in sums.partition_by(*PLACE, *keys, as_dict=True, maintain_order=True).items():
            organisation, wave, *group = map(str, place)
            at = spans.get((organisation, wave))
            if at is not None:
                frames.append(_curves(organisation, wave, group, part, curved, at))
    return pl.concat(frames)


_LABELS = pl.DataFrame(schema=dict.fromkeys((*PLACE, "viewpoint", "group_by", "group"), pl.String))


def _spans(people: pl.DataFrame, above: pl.DataFrame) -> dict[tuple[str, str], Floats]:
    """Ages of the curve by organisation and wave."""
    asked = people.drop_nulls("age").group_by(*PLACE, "age").len()
    asked = asked.with_columns(pl.col(pl.Categorical).cast(pl.String)).join(above, on="organisation_id")
    spans = {}
    for place, part in (
        asked.group_by("above", "wave", "age")
        .agg(pl.col("len").sum())
        .partition_by("above", "wave", as_dict=True)
        .items()
    ):
        by_age = part.sort("age")
        share = by_age["len"].cum_sum().to_numpy() / by_age["len"].sum()
        first, last = (by_age["age"][int(np.searchsorted(share, end))] for end in _ENDS)
        spans[str(place[0]), str(place[1])] = np.arange(first, last + 1, dtype=np.float64)
    return spans


def _curves(
    organisation: str,
    wave: str,
    group: list[str],
    part: pl.DataFrame,
    measures: Sequence[Measure],
    at: Floats,
) -> pl.DataFrame:
    ages, age_code = np.unique(part["age"].to_numpy(), return_inverse=True)
    units, unit_code = np.unique(part["unit"].to_numpy(), return_inverse=True)

    def table(column: str) -> Floats:
        values = np.zeros((units.size, ages.size))
        values[unit_code, age_code] = part[column].to_numpy()
        return values

    parts = ("n", "total", "squares")
    curves = [
        smooth(AgeSums(ages.astype(np.float64), *(table(f"{measure.name}|{name}") for name in parts)), at)
        for measure in measures
    ]
    labels = pl.DataFrame(
        {
            "organisation_id": organisation,
            "wave": wave,
            "viewpoint": "all",
            "group_by": "*".join([*(["level"] if group else []), "age_curve"]),
            "group": ["|".join([*group, f"{age:.0f}"]) for age in at],
        }
    )
    figures = (
        np.column_stack([getattr(curve, name) for curve in curves])
        for name in ("n", "mean", "lower", "upper")
    )
    return cell_frame(labels, [measure.name for measure in measures], *figures)
