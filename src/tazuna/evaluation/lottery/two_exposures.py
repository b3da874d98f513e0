"""Two things that the same draw moves (2つの要因): the effect of one, with that of the other unknown.

If b is the effect of the first and o that of the second, y - b·x - o·z is what people would have had without
either: no redraw could change it. A test of b alone must hold for every o, since the redraws of the first
move the second along with them: whoever misses one programme often gets another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
from scipy import linalg, sparse

from tazuna.evaluation.estimate import LEVEL, Flags, Floats, Integers
from tazuna.evaluation.studentised import RowsOrClusters

NUISANCE_LEVEL = 0.001
"""Chance allowed for the effect of the second to lie outside the set searched; added to the p-value."""

Exposures = Callable[[slice], tuple[Floats | Flags, Floats | Flags]]
"""Both exposures in some of the redraws, each of shape (redraws, n)."""

_CELLS_AT_ONCE = 60_000
_SINGULAR = 1e-10
_TIE = 1e-9
_OTHER_EFFECTS = np.linspace(-np.pi / 2, np.pi / 2, 61)
_EFFECTS = np.linspace(np.pi / 2, 0, 61)[1:]
_FINE_ENOUGH = 1e-6


@dataclass(frozen=True)
class Redrawn:
    """Coefficients of one exposure in R redraws, beside the other and the controls.

    Parameters
    ----------
    coefficients
        Shape (R, 3): on what the draw leaves unexplained, on the first and on the second exposure of the
        draw, each exposure counted in its standard errors. 0 where a redraw says nothing.
    variances
        Shape (R, 6): their robust variances and covariances, in the order 00, 01, 02, 11, 12, 22.
    """

    coefficients: Floats
    variances: Floats

    def as_far(self, effects: Floats, statistic: Floats, scale: Floats) -> Floats:
        """Share of redraws at least as far from 0 as the draw, plus that of the draw itself; shape (m,).

        Parameters
        ----------
        effects
            Shape (3, m): weights of the three outcomes.
        statistic, scale
            Shape (m,): the statistic of the draw, times and by which number; a zero scale is infinity.
        """
        weights = np.stack([(1 if j == k else 2) * effects[j] * effects[k] for j, k in _pairs(len(effects))])
        # The square of a redraw times scale² is at least statistic² times its variance.
        sides = np.concatenate([scale**2 * weights, (_TIE - 1) * statistic**2 * weights]).T
        # Row by row: counting along an axis makes integers of all first and takes six times as long.
        count = np.array([np.count_nonzero(row) for row in sides @ self._squares_and_variances >= 0])
        return (1 + count) / (1 + len(self.coefficients))

    @cached_property
    def _squares_and_variances(self) -> Floats:
        """Shape (12, R): products of the coefficients, in the order of the variances, then these."""
        products = [self.coefficients[:, j] * self.coefficients[:, k] for j, k in _pairs(3)]
        return np.stack([*products, *self.variances.T])


@dataclass(frozen=True, slots=True)
class TwoExposures:
    """The effects of two exposures, and the test of the first.

    Parameters
    ----------
    estimate, std_error
        Coefficient of the first exposure beside the second and the controls; robust.
    other, other_std_error
        Of the second.
    information
        Mean over the redraws of the squares of the first exposure that neither the second nor the controls
        explain; for a yes-or-no exposure comparable to Σ p(1-p).
    first, second
        See `Redrawn`.
    """

    estimate: float
    std_error: float
    other: float
    other_std_error: float
    information: float
    first: Redrawn
    second: Redrawn

    def p_value(self, b: float = 0.0) -> float:
        """P-value of the effect ``b`` of the first exposure, whatever that of the second.

        The largest p-value over all effects of the second that its own redraw test does not reject at 0.1%,
        plus 0.1% (Berger & Boos 1994, doi:10.1080/01621459.1994.10476836). Valid at every size of sample
        where effects are constant. The set is searched on 61 points, one more taken on each side.
        """
        return self._p_value((b - self.estimate) / self.std_error)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The smallest interval around every b with a p-value above 1 - ``level``.

        Searched as a half circle, b = estimate + std_error·tan φ, from the outside in on 60 points a side,
        then by halving; infinite on a side where not even the outermost point is rejected.
        """
        lower, upper = (
            self.estimate + self.std_error * self._end(side * _EFFECTS, 1 - level) for side in (-1, 1)
        )
        if self.p_value() > 1 - level:
            return min(lower, 0.0), max(upper, 0.0)
        return lower, upper

    def _end(self, angles: Floats, limit: float) -> float:
        """The outermost effect not rejected, in standard errors from the estimate; ``angles`` go inwards."""
        fits = (self._p_value(float(np.tan(angle))) > limit for angle in angles)
        at = next((number for number, fit in enumerate(fits) if fit), len(angles) - 1)
        if at == 0:
            return float(np.copysign(np.inf, angles[0]))
        outer, inner = float(angles[at - 1]), float(angles[at])
        while abs(outer - inner) > _FINE_ENOUGH:
            middle = (outer + inner) / 2
            if self._p_value(float(np.tan(middle))) > limit:
                inner = middle
            else:
                outer = middle
        return float(np.tan(inner))

    def _p_value(self, away: float) -> float:
        """``away`` in standard errors from the estimate."""
        cos, sin = np.cos(_OTHER_EFFECTS), np.sin(_OTHER_EFFECTS)
        effects = np.stack([cos, -away * cos, -sin])
        possible = self.second.as_far(effects, sin, cos) > NUISANCE_LEVEL
        possible[1:] |= possible[:-1].copy()
        possible[:-1] |= possible[1:].copy()
        searched = effects[:, possible]
        shares = self.first.as_far(searched, np.full(searched.shape[1], away), np.ones(searched.shape[1]))
        return min(1.0, float(shares.max(initial=0.0)) + NUISANCE_LEVEL)


def two_exposures(
    y: Floats,
    drawn: tuple[Floats | Flags, Floats | Flags],
    redrawn: Exposures,
    redraws: int,
    controls: Floats,
    *,
    covariance: RowsOrClusters = "hc2",
    clusters: Integers | None = None,
) -> TwoExposures:
    """Regress the outcome on both exposures and the controls, in the draw and in every redraw.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    drawn
        The two exposures of the draw, shape (n,) each.
    redrawn
        Gives them in some of the redraws.
    redraws
        How many there are, R.
    controls
        Shape (n, k) with full column rank, with a constant; the expected values of both exposures belong
        here.
    covariance
        ``hc2`` or ``cr1``.
    clusters
        Shape (n,), for ``cr1``.

    Raises
    ------
    ValueError
        If the draw does not tell the exposures apart, or they give the outcome without error.
    """
    regression = _Regression(controls, covariance, clusters)
    x, z = (np.asarray(part, dtype=np.float64) for part in drawn)
    one = regression.of(y[:, None], x[None, :], z[None, :])
    (estimate, other), (std_error, other_std_error) = one.coefficients[:, 0, 0], one.std_errors[:, 0]
    if not (one.lengths.min() > 0 and std_error > 0 and other_std_error > 0):
        raise ValueError("the draw does not tell the two exposures apart")
    rest = y - estimate * x - other * z
    outcomes = np.column_stack([rest, std_error * x, other_std_error * z])
    step = max(1, _CELLS_AT_ONCE // len(y))
    parts = [
        regression.of(outcomes, *redrawn(slice(start, min(start + step, redraws))))
        for start in range(0, redraws, step)
    ]
    coefficients = np.concatenate([part.coefficients for part in parts], axis=1)
    variances = np.concatenate([part.variances for part in parts], axis=1)
    return TwoExposures(
        estimate=float(estimate),
        std_error=float(std_error),
        other=float(other),
        other_std_error=float(other_std_error),
        information=float(np.concatenate([part.lengths[0] for part in parts]).mean()),
        first=Redrawn(coefficients[0], variances[0]),
        second=Redrawn(coefficients[1], variances[1]),
    )


@dataclass(frozen=True, slots=True)
class _Several:
    """Of r assignments and m outcomes: coefficients (2, r, m), variances (2, r, pairs), lengths (2, r)."""

    coefficients: Floats
    variances: Floats
    lengths: Floats

    @property
    def std_errors(self) -> Floats:
        """Of the first outcome, shape (2, r)."""
        return np.sqrt(self.variances[:, :, 0])


class _Regression:
    """Two exposures partialled out of each other and of the controls (Frisch & Waugh 1933)."""

    def __init__(self, controls: Floats, covariance: RowsOrClusters, clusters: Integers | None) -> None:
        self.q: Floats = linalg.qr(controls, mode="economic")[0]
        self.base: Floats = (self.q**2).sum(axis=1)
        self.sums: sparse.csr_array | None = None
        self.correction = 1.0
        if covariance == "cr1":
            if clusters is None:
                raise ValueError("covariance cr1 goes by cluster, and no clusters are given")
            code = np.unique(clusters, return_inverse=True)[1]
            n, groups = len(code), int(code.max()) + 1
            self.sums = sparse.csr_array((np.ones(n), (np.arange(n), code)))
            self.correction = groups / (groups - 1) * (n - 1) / (n - controls.shape[1] - 2)

    def of(self, outcomes: Floats, x: Floats | Flags, z: Floats | Flags) -> _Several:
        """Coefficients of both on outcomes of shape (n, m), for assignments of shape (r, n)."""
        y = outcomes - self.q @ (self.q.T @ outcomes)
        first, second = (self._rest(np.asarray(part, dtype=np.float64)) for part in (x, z))
        own, other = (first**2).sum(axis=1), (second**2).sum(axis=1)
        both = (first * second).sum(axis=1)
        determinant = own * other - both**2
        told = determinant > _SINGULAR * own * other
        own, other, determinant = (np.where(told, part, 1.0) for part in (own, other, determinant))
        alone = first - (both / other)[:, None] * second, second - (both / own)[:, None] * first
        lengths = np.stack([determinant / other, determinant / own])
        b = np.stack([(d @ y) / length[:, None] for d, length in zip(alone, lengths, strict=True)])
        residuals = [
            y[:, j] - b[0, :, j, None] * first - b[1, :, j, None] * second for j in range(y.shape[1])
        ]
        leverage = (
            first**2 * (other / determinant)[:, None]
            - 2 * first * second * (both / determinant)[:, None]
            + second**2 * (own / determinant)[:, None]
        )
        # A row of leverage one has no residual, so what it would add is 0, not 0/0.
        share = np.maximum(1 - self.base - leverage, 1e-9)
        variances = np.stack(
            [
                self._meat(d, residuals, share) / length[:, None] ** 2
                for d, length in zip(alone, lengths, strict=True)
            ]
        )
        # Of which nothing is known counts as 0 standard errors from 0.
        unknown = [float(j == k) for j, k in _pairs(y.shape[1])]
        return _Several(
            np.where(told[None, :, None], b, 0.0),
            np.where(told[None, :, None], variances, unknown),
            np.where(told, lengths, 0.0),
        )

    def _rest(self, exposure: Floats) -> Floats:
        centred: Floats = exposure - (exposure @ self.q) @ self.q.T
        size = (exposure**2).sum(axis=1, keepdims=True)
        centred[((centred**2).sum(axis=1, keepdims=True) <= 1e-14 * size)[:, 0]] = 0.0
        return centred

    def _meat(self, d: Floats, residuals: list[Floats], share: Floats) -> Floats:
        """Σ d²e_j e_k/share by row, or sums by cluster; shape (r, pairs)."""
        pairs = _pairs(len(residuals))
        if self.sums is None:
            squares = d**2 / share
            weighted = [squares * e for e in residuals]
            meat = np.stack([(weighted[j] * residuals[k]).sum(axis=1) for j, k in pairs], axis=1)
        else:
            scores = [(d * e) @ self.sums for e in residuals]
            meat = np.stack([(scores[j] * scores[k]).sum(axis=1) for j, k in pairs], axis=1)
        found: Floats = self.correction * meat
        return found


def _pairs(m: int) -> list[tuple[int, int]]:
    """Of m outcomes, each with itself and with those after it."""
    return list(combinations_with_replacement(range(m), 2))
