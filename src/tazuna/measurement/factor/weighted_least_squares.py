"""Ordinal factor analysis by diagonally weighted least squares (WLSMV, 順序カテゴリの因子分析)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.language import message
from tazuna.measurement.factor.fit import FactorFit, columns_of, expect_people, improper_residuals
from tazuna.measurement.factor.fit_indices import FitIndices, fit_indices
from tazuna.measurement.factor.least_squares import least_squares, scaled_and_shifted
from tazuna.measurement.factor.matrices import Floats, Matrices
from tazuna.measurement.factor.maximum_likelihood import FactorError, Sample, starting_values
from tazuna.measurement.factor.model import FactorModel
from tazuna.measurement.factor.ordinal_moments import OrdinalMoments, ordinal_moments
from tazuna.measurement.graded.items import as_categories, levels_of

_SAME_QUESTION = 0.99


@dataclass(frozen=True, slots=True)
class OrdinalFit:
    """A factor model of ordered answers.

    Parameters
    ----------
    fit
        Estimates in units of the standard normal variables behind the answers; its indices use the scaled and
        shifted χ² (Asparouhov & Muthén 2010), as lavaan's "scaled" column.
    naive
        Indices from the plain statistic, which is no χ² variable; lavaan's "standard" column.
    moments
        Thresholds and polychoric correlations.
    left_out
        People who left a question out.
    """

    fit: FactorFit
    naive: FitIndices
    moments: OrdinalMoments
    left_out: int


def fit_wlsmv(answers: Floats, names: Sequence[str], model: FactorModel) -> OrdinalFit:
    """Fit a factor model to ordered answers.

    Minimises Σ (r - ρ(θ))²/γ over the polychoric correlations, γ their asymptotic variances (Muthén, du
    Toit & Spisic 1997). The statistic (n - 1) F is scaled and shifted so that its mean and variance are
    those of χ².

    Parameters
    ----------
    answers
        Shape (n, p): columns ``names``, whole numbers, NaN = not answered; only complete rows are used.
    names
        Of the columns.
    model
        From `parse_model` with ``ordinal=True``, of one group.

    Raises
    ------
    FactorError
        As `fit_ml`; also two questions that are answered as if they were one.
    """
    if model.groups != 1 or model.with_means:
        raise ValueError("an ordinal model has one group and no means")
    values = answers[:, columns_of(names, model)]
    some = values[np.isfinite(values).any(axis=1)]
    complete = some[np.isfinite(some).all(axis=1)]
    expect_people([complete], model)
    levels = levels_of(complete)
    categories = np.array([len(known) for known in levels], dtype=np.int64)
    moments = ordinal_moments(as_categories(complete, levels), categories)
    expect_different(moments, model)
    matrices = Matrices(model)
    start = starting_values(
        matrices, [Sample(moments.n, moments.correlations, np.zeros(len(model.observed)))]
    )
    weight = 1 / np.diag(moments.gamma)[moments.threshold_count :]
    theta, _, slope = least_squares(
        start, matrices.labels, weight, lambda at: _residuals(matrices, moments, at)
    )
    return _ordinal_fit(matrices, moments, theta, slope, len(some) - len(complete))


def _residuals(matrices: Matrices, moments: OrdinalMoments, theta: Floats) -> tuple[Floats, Floats]:
    implied = matrices.moments(theta)
    i, j = moments.upper, moments.lower
    rest = moments.pairs - implied.covariance[i, j]
    slope = implied.left[i] * implied.right[j] + implied.right[i] * implied.left[j]
    return rest, slope @ implied.join


def _ordinal_fit(
    matrices: Matrices, moments: OrdinalMoments, theta: Floats, slope: Floats, left_out: int
) -> OrdinalFit:
    gamma = moments.gamma[moments.threshold_count :, moments.threshold_count :]
    weight, n = 1 / np.diag(gamma), moments.n
    pairs = len(weight)
    weighted = weight[:, None] * slope
    bread = np.linalg.inv(slope.T @ weighted)
    rest = _residuals(matrices, moments, theta)[0]
    plain = (n - 1) * float(weight @ rest**2)
    baseline = (n - 1) * float(weight @ moments.pairs**2)
    df = pairs - len(theta)
    # U Γ with U = W - W Δ (Δᵀ W Δ)⁻¹ Δᵀ W; without parameters U = W.
    whole = weight[:, None] * gamma
    lacking = whole - weighted @ (bread @ (weighted.T @ gamma))
    residual = float(np.sqrt(np.sum(rest**2) / (pairs + len(moments.correlations))))
    scaled = fit_indices(
        _adjusted(plain, df, lacking),
        df,
        _adjusted(baseline, pairs, whole),
        pairs,
        residual,
        n - 1,
    )
    covariance = bread @ weighted.T @ gamma @ weighted @ bread / n
    return OrdinalFit(
        fit=FactorFit(
            matrices=matrices,
            theta=theta,
            covariance=covariance,
            indices=scaled,
            n=(n,),
            incomplete=0,
            log_likelihood=None,
            improper=improper_residuals(matrices, theta),
        ),
        naive=fit_indices(plain, df, baseline, pairs, residual, n - 1),
        moments=moments,
        left_out=left_out,
    )


def _adjusted(statistic: float, df: int, lacking: Floats) -> float:
    """Scaled and shifted by UΓ."""
    return scaled_and_shifted(statistic, df, float(np.trace(lacking)), float(np.sum(lacking * lacking.T)))


def expect_different(moments: OrdinalMoments, model: FactorModel) -> None:
    """Refuse two questions that are answered as if they were one.

    Raises
    ------
    FactorError
    """
    strongest = int(np.argmax(np.abs(moments.pairs)))
    if abs(moments.pairs[strongest]) > _SAME_QUESTION:
        names = (model.observed[moments.lower[strongest]], model.observed[moments.upper[strongest]])
        raise FactorError(
            message("{codes} are answered as if they were one question.", codes=" / ".join(names)),
            message("Leave one of them out of the model."),
        )
