"""Standardised solution (標準化解): loadings as correlations would be, with their errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.measurement.factor.fit import FactorFit
from tazuna.measurement.factor.matrices import Floats, Matrices

_NUDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Standardised:
    """One entry in units of standard deviations of both sides.

    Parameters
    ----------
    left, operator, right
        As in the model.
    group
        From 0.
    value, std_error
        The error by the delta method; 0 where the value follows from the unit alone.
    """

    left: str
    operator: str
    right: str
    group: int
    value: float
    std_error: float


def standardised(fit: FactorFit, *, ordinal: bool = False) -> tuple[Standardised, ...]:
    """Loadings, paths, covariances and variances, lavaan's ``std.all``.

    Parameters
    ----------
    fit
        The model.
    ordinal
        Whether the questions' variances are 1 by definition.
    """
    entries = [p for p in fit.matrices.model.parameters if p.operator != "~1"]

    def values(theta: Floats) -> Floats:
        return np.concatenate(
            [_values(fit.matrices, theta, group, ordinal) for group in range(fit.matrices.model.groups)]
        )

    slope = np.empty((len(entries), len(fit.theta)))
    for k, start in enumerate(fit.theta):
        nudge = np.zeros(len(fit.theta))
        nudge[k] = _NUDGE * max(1.0, abs(start))
        slope[:, k] = (values(fit.theta + nudge) - values(fit.theta - nudge)) / (2 * nudge[k])
    errors = np.sqrt(np.maximum(np.einsum("ek,kl,el->e", slope, fit.covariance, slope), 0.0))
    found = values(fit.theta)
    ordered = [p for group in range(fit.matrices.model.groups) for p in entries if p.group == group]
    return tuple(
        Standardised(p.left, p.operator, p.right, p.group, float(value), float(error))
        for p, value, error in zip(ordered, found, errors, strict=True)
    )


def _values(matrices: Matrices, theta: Floats, group: int, ordinal: bool) -> Floats:
    loading, path, spread, residual, _, _ = matrices.filled(theta, group)
    reach = np.linalg.inv(np.eye(len(path)) - path)
    factor_variance = np.diag(reach @ spread @ reach.T)
    common = np.diag(loading @ reach @ spread @ reach.T @ loading.T)
    own = 1 - common if ordinal else np.diag(residual)
    of_factor = np.sqrt(factor_variance)
    of_question = np.ones(len(common)) if ordinal else np.sqrt(common + own)
    found = []
    for parameter in matrices.model.parameters:
        if parameter.group != group or parameter.operator == "~1":
            continue
        kind, i, j = matrices.place(parameter)
        match kind:
            case "loading":
                value = loading[i, j] * of_factor[j] / of_question[i]
            case "path":
                value = path[i, j] * of_factor[j] / of_factor[i]
            case "spread":
                # A covariance goes by the deviations of its own two sides, which are residuals below others.
                by = of_factor[i] * of_factor[j] if i == j else np.sqrt(spread[i, i] * spread[j, j])
                value = spread[i, j] / by
            case _:
                by = of_question[i] * of_question[j] if i == j else np.sqrt(own[i] * own[j])
                value = residual[i, j] / by
        found.append(value)
    return np.array(found)
