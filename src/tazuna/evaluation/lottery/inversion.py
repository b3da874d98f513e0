"""Intervals from redraws (検定の反転): every effect b that the draw does not contradict.

If b is the effect of one unit of x, then y - b·x is what people would have had without any x: no redraw could
change it. So b is tested by comparing the studentised coefficient of the draw on y - b·x with those of the
redraws, and the interval holds every b that is not rejected (Rosenbaum 2002, doi:10.1214/ss/1042727942).
With x the offer itself this gives the effect of the offer; with x taking part, or hours, the effect of these,
valid however weakly the offer moves them (Imbens & Rosenbaum 2005, doi:10.1111/j.1467-985X.2004.00339.x).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from tazuna.evaluation.estimate import LEVEL, Flags, Floats, Integers
from tazuna.evaluation.studentised import RowsOrClusters, studentised

_TIE = 1e-9
"""Share by which a redraw may fall short of the draw and still count as equal: rounding."""
_EXACT = 1e-12
"""A squared standard error below this share of its squared coefficient is 0 up to rounding."""
_ANGLES = 361
_FINER = 33
_FINE_ENOUGH = 1e-10
_AT_A_TIME = 4
"""Angles: few enough for their numbers to stay in the processor's cache."""
_CELLS_AT_A_TIME = 8_000
"""Angles times redraws where the redraws are few: more angles at once, for fewer calls."""


@dataclass(frozen=True)
class Inversion:
    """The test of every b at once.

    On the draw or a redraw the studentised coefficient of y - b·x is (α - bβ)/√(v₀ + v₁b + v₂b²): five
    numbers say it for all b. They are kept for b counted from the point estimate in standard errors.

    Parameters
    ----------
    estimate
        The b at which the coefficient of the draw is 0: the difference itself where x is the offer, two-stage
        least squares with the draw as instrument where x is something that follows from it.
    std_error
        Of ``estimate``, robust, in the same units.
    coefficients
        Shape (1 + R, 2): α and β, first of the draw, then of the R redraws.
    variances
        Shape (1 + R, 3): v₀, v₁ and v₂.
    """

    estimate: float
    std_error: float
    coefficients: Floats
    variances: Floats

    @property
    def redraws(self) -> int:
        """R, how many redraws the draw is compared with."""
        return len(self.coefficients) - 1

    def p_value(self, b: float) -> float:
        """Two-sided p-value of the effect ``b``: (1 + redraws as far from 0 as the draw)/(R + 1).

        An infinite ``b`` gives the limit, which is the p-value of x not moving with the draw at all.
        """
        return float(self._p_values(np.array([self._angle(b)]))[0])

    def statistics(self, b: float = 0.0) -> Floats:
        """Shape (1 + R,): the studentised coefficients of y - b·x, first of the draw, then of the redraws.

        0 where a redraw says nothing, since the controls give all its offers; infinite where it has no error.
        """
        numerator, variance = (part[0] for part in self._parts(np.array([self._angle(b)]), slice(None)))
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = np.where(variance > 0, numerator / np.sqrt(variance), np.inf)
        return found

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The smallest interval around every b with a p-value above 1 - ``level``.

        Where the p-value stays above it however large b is, the data set no bound and both ends are infinite.
        The b that are not rejected may lie in several pieces; the interval spans them all. The line of all b
        is searched as a half circle, b = estimate + std_error·tan θ, on which infinity is a point like any
        other, from the outside in, ever more finely around the outermost b that is not rejected.
        """
        if self._p_values(np.array([np.pi / 2]))[0] > 1 - level:
            return -np.inf, np.inf
        ends = [self._outermost(side * np.pi / 2, 1 - level) for side in (-1, 1)]
        lower, upper = (self.estimate + self.std_error * float(np.tan(end)) for end in ends)
        if self.p_value(0.0) > 1 - level:
            return min(lower, 0.0), max(upper, 0.0)
        return lower, upper

    def _outermost(self, end: float, limit: float) -> float:
        """The angle nearest to ``end`` whose p-value is above ``limit``."""
        inner, outer, steps = 0.0, end, _ANGLES
        while abs(outer - inner) > _FINE_ENOUGH:
            angles = np.linspace(inner, outer, steps)
            last = self._last_above(angles[:-1], limit)
            inner, outer, steps = float(angles[last]), float(angles[last + 1]), _FINER
        return inner

    def _last_above(self, angles: Floats, limit: float) -> int:
        """Index of the last angle with a p-value above ``limit``, sought from the end; 0 where none has."""
        step = max(_AT_A_TIME, _CELLS_AT_A_TIME // (1 + self.redraws))
        for start in reversed(range(0, len(angles), step)):
            above = np.flatnonzero(self._p_values(angles[start : start + step]) > limit)
            if above.size:
                return start + int(above[-1])
        return 0

    def _angle(self, b: float) -> float:
        return float(np.arctan((b - self.estimate) / self.std_error))

    def _p_values(self, angles: Floats) -> Floats:
        """Shape of ``angles``."""
        numerator, variance = self._parts(angles, slice(1))
        cos, sin = np.cos(angles), np.sin(angles)
        terms = np.stack([cos**2, cos * sin, sin**2], axis=1)
        # Multiplied out, so that an error of 0 on either side needs no case of its own: the square of a
        # redraw times the variance of the draw is at least the square of the draw times that of the redraw.
        weights = np.concatenate([variance * terms, (_TIE - 1) * numerator**2 * terms], axis=1)
        as_far = weights @ self._squares_and_variances >= 0
        # Row by row: counting along an axis makes integers of all first and takes six times as long.
        return (1 + np.array([np.count_nonzero(row) for row in as_far])) / (1 + self.redraws)

    @cached_property
    def _squares_and_variances(self) -> Floats:
        """Shape (6, R): of each redraw, what cos² θ, cos θ sin θ and sin² θ have before them in both."""
        first, second = self.coefficients[1:].T
        return np.stack([first**2, -2 * first * second, second**2, *self.variances[1:].T])

    def _parts(self, angles: Floats, some: slice) -> tuple[Floats, Floats]:
        """Coefficients and variances of some draws, times cos θ and cos² θ; shape (angles, draws)."""
        cos, sin = np.cos(angles), np.sin(angles)
        numerator = np.stack([cos, -sin], axis=1) @ self.coefficients[some].T
        variance = np.stack([cos**2, cos * sin, sin**2], axis=1) @ self.variances[some].T
        return numerator, np.maximum(variance, 0.0)


def inverted(
    y: Floats,
    x: Floats,
    assignment: Floats | Flags,
    redrawn: Floats | Flags,
    controls: Floats,
    *,
    covariance: RowsOrClusters = "hc2",
    clusters: Integers | None = None,
    weights: Floats | None = None,
) -> Inversion:
    """Test every effect b of a unit of ``x``: that y - b·x does not depend on the draw.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    x
        What is thought to work, shape (n,): the offer, taking part (0 and 1), hours.
    assignment
        The draw, shape (n,).
    redrawn
        Shape (R, n).
    controls, covariance, clusters, weights
        As of `studentised.studentised`.

    Raises
    ------
    ValueError
        If x does not move with the draw, or y is given by x and the controls without error: refuse before.
    """
    test = partial(studentised, controls=controls, covariance=covariance, clusters=clusters, weights=weights)
    drawn = assignment[None, :]
    outcome, moved = test(np.column_stack([y, x]), drawn).coefficients[0]
    estimate = float(outcome / moved) if moved else np.nan
    rest = y - estimate * x
    std_error = float(test(rest[:, None], drawn).std_errors[0, 0] / abs(moved)) if moved else np.nan
    if not (np.isfinite(estimate) and std_error > 0):
        raise ValueError("no effect of x can be told from this draw")
    unit = std_error * x
    tested = np.column_stack([rest, unit, rest - unit])
    both = [test(tested, drawn), test(tested, redrawn)]
    return Inversion(
        estimate,
        std_error,
        *_five_numbers(
            np.concatenate([found.coefficients for found in both]),
            np.concatenate([found.std_errors for found in both]) ** 2,
        ),
    )


def _five_numbers(coefficients: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """α, β and v₀, v₁, v₂ from the tests of y, of x, and of y - x, since v(1) = v₀ + v₁ + v₂."""
    known = np.isfinite(coefficients[:, 0])
    numbers = np.where(known[:, None], coefficients[:, :2], 0.0)
    squares = np.where(np.isfinite(squares), squares, 0.0)
    v0, v2, at_one = squares.T
    # Where a redraw gives the same offers as the draw, x = offer leaves nothing but rounding.
    exact = v2 <= _EXACT * numbers[:, 1] ** 2
    v2 = np.where(exact, 0.0, v2)
    v1 = np.where(exact, 0.0, at_one - v0 - v2)
    # A redraw of which nothing is known counts as 0 standard errors from 0.
    variances = np.where(known[:, None], np.stack([v0, v1, v2], axis=1), [1.0, 0.0, 1.0])
    return numbers, variances
