"""Two-lines test (2直線検定): whether a mean falls with age and rises again after some age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.age_curve import AgeSums, smooth
from tazuna.measurement.intervals import CLUSTERS_NEEDED, LEVEL, Floats

POWER = 0.8
SIGNIFICANT = 0.05
FEWEST_PEOPLE = 100
FEWEST_AGES = 10
_MIDDLE = 0.1
"""Share of people at either end of the ages whose part of the curve is too unsure to look for the break."""
_PER_DECADE = 10.0


class DipError(TazunaError):
    """There are too few people or ages for a test of a dip."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the two lines: change of the mean in ten years of age, with 95% interval and p value."""

    slope: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True, slots=True)
class TwoLines:
    """The test of a dip.

    Parameters
    ----------
    n
        People.
    age
        Where the lines part: the lowest place of the curve, if there is a dip.
    before, after
        The line up to that age, and the one from it on.
    p_value
        Of a dip: the larger of both p values where the first line falls and the second rises, else 1.
    smallest_found
        Depth of the smallest dip that the test would find with a chance of 80%: the mean falls by so much
        from the youngest age to ``age`` and rises by as much to the oldest. What is less deep may be there
        unseen. NaN where the lines leave no error, or nobody is on one side.
    """

    n: int
    age: float
    before: Line
    after: Line
    p_value: float
    smallest_found: float

    @property
    def is_dip(self) -> bool:
        """Both slopes are significant (5%), the first falling, the second rising."""
        return self.p_value < SIGNIFICANT


def two_lines(sums: AgeSums) -> TwoLines:
    """Test for a dip (Simonsohn 2018, doi:10.1177/2515245918805755).

    A quadratic curve seems U-shaped where the truth only flattens. Here two lines are fitted, parted at an
    age by a jump, and a dip needs a significant fall and a significant rise. The age is set by his "Robin
    Hood" rule: of the ages whose smoothed mean is within a standard error of the lowest, the place that
    gives more of them to the less sure line. Standard errors by department from ten departments on, else
    robust ones of people (HC1).

    Parameters
    ----------
    sums
        Numbers, sums and squares by department and year of age.

    Raises
    ------
    DipError
        Fewer than a hundred people or ten ages.
    """
    by_age = sums.n.sum(axis=0)
    n = int(by_age.sum())
    if n < FEWEST_PEOPLE or np.count_nonzero(by_age) < FEWEST_AGES:
        raise DipError(
            message(
                "{n} people of {ages} different ages are too few for a test of a dip.",
                n=n,
                ages=np.count_nonzero(by_age),
            ),
            message("It needs {n} people and {ages} ages.", n=FEWEST_PEOPLE, ages=FEWEST_AGES),
        )
    flat = _lowest_ages(sums)
    first = _parted(sums, float(np.quantile(flat, 0.5)))
    # |z2| / (|z1| + |z2|), multiplied out: the less sure line gets the larger part of the flat ages.
    sure_before, sure_after = np.abs(first.slopes) * first.errors[::-1]
    share = sure_after / (sure_before + sure_after) if sure_before + sure_after > 0 else 0.5
    age = float(np.quantile(flat, share))
    parted = _parted(sums, age)
    before, after = (_line(parted, side) for side in (0, 1))
    falls_and_rises = before.slope < 0 < after.slope
    p_value = max(before.p_value, after.p_value) if falls_and_rises else 1.0
    return TwoLines(n, age, before, after, p_value, _smallest_found(sums, parted, age))


@dataclass(frozen=True, slots=True)
class _Parted:
    """Slopes by year before and after the break with standard errors: shape (2,) each."""

    slopes: Floats
    errors: Floats
    freedom: float


def _lowest_ages(sums: AgeSums) -> Floats:
    """Ages in the middle of the range whose smoothed mean is within one standard error of the lowest."""
    by_age = sums.n.sum(axis=0)
    share = np.cumsum(by_age) / by_age.sum()
    middle = (share >= _MIDDLE) & (share - by_age / by_age.sum() <= 1 - _MIDDLE) & (by_age > 0)
    curve = smooth(sums, sums.ages[middle])
    known = np.isfinite(curve.mean) & np.isfinite(curve.upper)
    ages, mean = curve.ages[known], curve.mean[known]
    error = (curve.upper[known] - mean) / special.ndtri(0.5 + LEVEL / 2)
    lowest = int(mean.argmin())
    return np.asarray(ages[mean <= mean[lowest] + error[lowest]])


def _parted(sums: AgeSums, age: float) -> _Parted:
    """Regression of the score on age up to the break, age from it on, and a jump (equation 2)."""
    late = (sums.ages > age).astype(np.float64)
    away = sums.ages - age
    x = np.column_stack([away * (1 - late), away * late, 1 - late, late])
    by_age, totals = sums.n.sum(axis=0), sums.total.sum(axis=0)
    bread = np.linalg.pinv(x.T @ (by_age[:, None] * x))
    fitted = x @ (bread @ x.T @ totals)
    departments = np.count_nonzero(sums.n.sum(axis=1))
    if departments >= CLUSTERS_NEEDED:
        scores = (sums.total - sums.n * fitted) @ x
        meat = scores.T @ scores * departments / (departments - 1)
        freedom = float(departments - 1)
    else:
        squares = sums.squares.sum(axis=0) - 2 * fitted * totals + fitted**2 * by_age
        people = float(by_age.sum())
        meat = x.T @ (squares[:, None] * x) * people / (people - 4)
        freedom = people - 4
    covariance = bread @ meat @ bread
    slopes = (bread @ x.T @ totals)[:2]
    return _Parted(slopes, np.sqrt(np.maximum(np.diag(covariance)[:2], 0.0)), freedom)


def _line(parted: _Parted, side: int) -> Line:
    slope, error = float(parted.slopes[side]), float(parted.errors[side])
    if error <= 0:
        return Line(_PER_DECADE * slope, float("nan"), float("nan"), 1.0)
    half = float(special.stdtrit(parted.freedom, 0.5 + LEVEL / 2)) * error
    p_value = float(2 * special.stdtr(parted.freedom, -abs(slope) / error))
    return Line(
        _PER_DECADE * slope, _PER_DECADE * (slope - half), _PER_DECADE * (slope + half), min(p_value, 1.0)
    )


def _smallest_found(sums: AgeSums, parted: _Parted, age: float) -> float:
    """Depth at which both lines are significant with a chance of 80%, the break known; NaN without errors."""
    spans = np.array([age - sums.ages[0], sums.ages[-1] - age])
    if (spans <= 0).any() or (parted.errors <= 0).any():
        return float("nan")
    limit = special.stdtrit(parted.freedom, 1 - SIGNIFICANT / 2)
    in_errors = 1 / (spans * parted.errors)

    def short_of(depth: float) -> float:
        return float(np.prod(special.stdtr(parted.freedom, depth * in_errors - limit)) - POWER)

    return float(optimize.brentq(short_of, 0.0, (limit + 50.0) / in_errors.min()))
