"""One group against one comparison group between two periods (差の差), with its influence function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg

from tazuna.evaluation.estimate import Flags, Floats
from tazuna.evaluation.logit import logit
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message

Method = Literal["dr", "reg", "ipw"]
"""Doubly robust; outcome regression; inverse probability weighting."""

_NEARLY_CERTAIN = 0.999
"""Chance of being treated from which on a comparison unit would weigh a thousandfold."""


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Effects on the treated for m pairs of periods.

    Parameters
    ----------
    att
        Shape (m,).
    influence
        Shape (n, m), mean 0: ``att`` less its truth is nearly the mean of a column.
    """

    att: Floats
    influence: Floats


def two_by_two(changes: Floats, treated: Flags, x: Floats, method: Method) -> TwoByTwo | Refusal:
    """Effect on the treated by difference in differences.

    Doubly robust (Sant'Anna & Zhao 2020, doi:10.1016/j.jeconom.2020.06.003):
    E[(w₁ - w₀)(ΔY - μ₀(X))] with w₁ = D/E[D], w₀ = p(X)(1-D)/(1-p(X)) over its mean, p a logit and μ₀ the
    least squares of the comparison group's change. ``reg`` leaves the weights out, ``ipw`` leaves μ₀ out
    (Heckman, Ichimura & Todd 1997, doi:10.2307/2971733; Abadie 2005, doi:10.1111/0034-6527.00321).
    The influence functions carry the estimation of p and μ₀.

    Parameters
    ----------
    changes
        Change of the outcome, shape (n, m), one column a pair of periods; treated and comparison only.
    treated
        Shape (n,).
    x
        Covariates with a constant, full rank on the comparison side, shape (n, k).
    method
        One of `Method`.

    Returns
    -------
    TwoByTwo or Refusal
        Refused with code ``no_overlap`` where a comparison unit is almost certain to be treated.
    """
    # Column by column in memory, products with one number a row run along many rows, not few columns.
    changes, x = np.asfortranarray(changes), np.asfortranarray(x)
    d = treated.astype(np.float64)
    if method == "reg":
        line = _outcome_model(changes, d, x)
        rest = changes - line.fitted
        att = (d @ rest) / d.sum()
        return TwoByTwo(att, (d[:, None] * (rest - att) - line.moved(d, x)) / d.mean())
    chance = logit(d, x)
    if isinstance(chance, Refusal):
        return chance
    if chance.chances[~treated].max() >= _NEARLY_CERTAIN:
        return _no_overlap()
    odds = (1 - d) * chance.chances / (1 - chance.chances)
    model = _outcome_model(changes, d, x) if method == "dr" else None
    rest = changes if model is None else changes - model.fitted
    gained, expected = (d @ rest) / d.sum(), (odds @ rest) / odds.sum()
    score = ((d - chance.chances)[:, None] * x) @ chance.inverse
    own = d[:, None] * (rest - gained)
    other = odds[:, None] * (rest - expected) + score @ ((odds[:, None] * x).T @ (rest - expected))
    if model is not None:
        own = own - model.moved(d, x)
        other = other - model.moved(odds, x)
    return TwoByTwo(gained - expected, own / d.mean() - other / odds.mean())


@dataclass(frozen=True, slots=True)
class _OutcomeModel:
    """Least squares of the comparison group's change: fitted (n, m), residuals there, X(X₀'X₀)⁻¹ there."""

    fitted: Floats
    residuals: Floats
    loadings: Floats

    def moved(self, weights: Floats, x: Floats) -> Floats:
        """Shape (n, m): how each unit, through the coefficients, moves the weighted sum of the fitted."""
        return self.residuals * (self.loadings @ (weights @ x))[:, None]


def _outcome_model(changes: Floats, d: Floats, x: Floats) -> _OutcomeModel:
    own = (1 - d)[:, None] * x
    q, r = linalg.qr(own, mode="economic")
    inverse = linalg.solve_triangular(r, np.eye(len(r)))
    fitted = x @ (inverse @ (q.T @ changes))
    loadings = q @ inverse.T
    return _OutcomeModel(fitted, (1 - d)[:, None] * (changes - fitted), loadings)


def _no_overlap() -> Refusal:
    return Refusal(
        "no_overlap",
        message("Some who are compared were almost certain to take part, so nobody comparable is left."),
        message("Take out covariates that decide about taking part, or widen who is compared."),
    )
