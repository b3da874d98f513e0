"""Least squares (最小二乗法) with honest standard errors, with or without fixed effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg

from tazuna.evaluation.collinearity import collinear
from tazuna.evaluation.covariance import cluster_covariance, row_covariance
from tazuna.evaluation.estimate import Estimate, Floats, Integers, t_estimate
from tazuna.evaluation.refusal import Refusal, constant_outcome, listed, one_cluster, too_few_rows
from tazuna.evaluation.within import nested, within
from tazuna.language import message

Covariance = Literal["classical", "hc2", "hc3", "cr1", "cr2"]
"""Equal variances; each row its own (MacKinnon & White 1985); rows of a cluster together."""

_NO_SPREAD = 1e-20


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted regression.

    Parameters
    ----------
    names
        Of the k columns.
    coefficients
        Shape (k,), in units of the outcome per unit of the column.
    covariance
        Shape (k, k); NaN for a column of which a single row or cluster decides.
    residuals
        Shape (n,), of the rows as given (not weighted); after fixed effects, if any.
    df
        Degrees of freedom of t statistics: rows less parameters, or clusters less one.
    n, n_clusters
        Rows; clusters, where the covariance goes by cluster.
    kind
        The covariance used.
    """

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    residuals: Floats
    df: float
    n: int
    n_clusters: int | None
    kind: Covariance

    @property
    def std_errors(self) -> Floats:
        """Shape (k,)."""
        return np.sqrt(np.diag(self.covariance))

    def coefficient(self, name: str) -> float:
        """The coefficient of one column."""
        return float(self.coefficients[self.names.index(name)])

    def std_error(self, name: str) -> float:
        """The standard error of one column; NaN where a single row or cluster decides of it."""
        return float(self.std_errors[self.names.index(name)])

    def estimate(self, name: str, n_treated: int, n_comparison: int) -> Estimate | Refusal:
        """The coefficient of one column as an `Estimate` with a t interval."""
        std_error = self.std_error(name)
        if not std_error > 0:
            return Refusal(
                "one_unit_decides",
                message("All that is known of {column} comes from one row or one group.", column=name),
                message("Add people or groups, so that at least two on each side carry the comparison."),
            )
        return t_estimate(self.coefficient(name), std_error, self.df, n_treated, n_comparison)


def least_squares(
    y: Floats,
    x: Floats,
    names: Sequence[str],
    *,
    covariance: Covariance = "hc2",
    clusters: Integers | None = None,
    weights: Floats | None = None,
) -> Fit | Refusal:
    """Regress ``y`` on the columns of ``x``: β = (X'WX)⁻¹X'Wy.

    No constant is added: give a column of ones where one is wanted.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    x
        Columns, shape (n, k).
    names
        Of the k columns; a refusal uses them.
    covariance
        ``classical``: s²(X'X)⁻¹. ``hc2``, ``hc3``: squared residuals over (1-h) and (1-h)², h the leverage
        (MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7). ``cr1``: sums by cluster, times
        G/(G-1)·(n-1)/(n-k). ``cr2``: residuals of cluster g times (I-H_gg)^(-½) (Bell & McCaffrey 2002;
        Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004), with G-1 degrees of freedom.
    clusters
        Cluster of each row, shape (n,); needed by ``cr1`` and ``cr2`` only.
    weights
        Positive, shape (n,); equal where None.

    Returns
    -------
    Fit or Refusal
        Refused are missing values, too few rows or clusters, a constant outcome, collinear columns (by name)
        and an outcome that the columns reproduce without error.
    """
    return _regress(y, x, tuple(names), covariance, clusters, weights, effects=())


def fixed_effects(
    y: Floats,
    x: Floats,
    names: Sequence[str],
    effects: Sequence[Integers],
    *,
    covariance: Covariance = "cr1",
    clusters: Integers | None = None,
    weights: Floats | None = None,
) -> Fit | Refusal:
    """Regress with a constant for each group of each of ``effects``, by the within transformation.

    Parameters
    ----------
    y, x, names, covariance, clusters, weights
        As of `least_squares`; ``x`` without a constant.
    effects
        For each set of groups (people, waves, …) the group of each row, shape (n,).

    Returns
    -------
    Fit or Refusal
        As `least_squares`; a column that does not change within the groups is refused by name.
    """
    return _regress(y, x, tuple(names), covariance, clusters, weights, effects=effects)


def _regress(
    y: Floats,
    x: Floats,
    names: tuple[str, ...],
    kind: Covariance,
    clusters: Integers | None,
    weights: Floats | None,
    effects: Sequence[Integers],
) -> Fit | Refusal:
    if x.shape != (len(y), len(names)):
        raise ValueError(f"{x.shape} values for {len(y)} rows and {len(names)} names")
    if kind in ("cr1", "cr2") and clusters is None:
        raise ValueError(f"covariance {kind} goes by cluster, and no clusters are given")
    if kind not in ("cr1", "cr2"):
        clusters = None
    missing = [name for name, column in zip(names, x.T, strict=True) if not np.isfinite(column).all()]
    if missing or not np.isfinite(y).all():
        return _missing(missing)
    if np.ptp(y) == 0:
        return constant_outcome(float(y[0]))
    root = np.ones(len(y)) if weights is None else np.sqrt(weights)
    both, absorbed = np.column_stack([y, x]).astype(np.float64), 0
    if effects:
        taken = within(both, effects, weights)
        both, absorbed = taken.values, taken.absorbed
    norms = np.linalg.norm(x * root[:, None], axis=0)
    both *= root[:, None]
    free = len(y) - len(names) - absorbed
    if free < 1:
        return too_few_rows(len(y), len(names) + absorbed + 1)
    refused = collinear(both[:, 1:], names, norms, within_groups=bool(effects))
    if refused is not None:
        return refused
    q, r = linalg.qr(both[:, 1:], mode="economic")
    inverse = linalg.solve_triangular(r, np.eye(len(names)))
    coefficients = inverse @ (q.T @ both[:, 0])
    residuals = both[:, 0] - both[:, 1:] @ coefficients
    if residuals @ residuals <= _NO_SPREAD * (both[:, 0] @ both[:, 0]):
        return _perfect_fit(names)
    n_clusters = None
    if clusters is None:
        spread = row_covariance(q, residuals, inverse, kind, free)
    else:
        n_clusters = len(np.unique(clusters))
        if n_clusters < 2:
            return one_cluster()
        inside = sum(len(np.unique(effect)) for effect in effects if nested(effect, clusters))
        spread = cluster_covariance(
            q, residuals, inverse, clusters, kind, min(free + inside, len(y) - len(names))
        )
    return Fit(
        names=names,
        coefficients=coefficients,
        covariance=spread,
        residuals=residuals / root,
        df=float(free if n_clusters is None else n_clusters - 1),
        n=len(y),
        n_clusters=n_clusters,
        kind=kind,
    )


def _missing(names: Sequence[str]) -> Refusal:
    return Refusal(
        "missing_values",
        message("There are empty values in: {columns}", columns=listed(names) or "y"),
        message("Leave out the rows with empty values, or fill them and mark them, before the regression."),
    )


def _perfect_fit(names: Sequence[str]) -> Refusal:
    return Refusal(
        "perfect_fit",
        message("These columns give the outcome without any error: {columns}", columns=listed(names)),
        message("Check whether one of them is the outcome itself or was computed from it, and take it out."),
    )
