"""Ordinal factor analysis of several groups (多母集団の順序カテゴリ因子分析), thresholds and all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from tazuna.measurement.factor.fit import improper_variances
from tazuna.measurement.factor.fit_indices import FitIndices, fit_indices
from tazuna.measurement.factor.least_squares import least_squares, scaled_and_shifted
from tazuna.measurement.factor.matrices import Floats
from tazuna.measurement.factor.maximum_likelihood import Sample, starting_values
from tazuna.measurement.factor.ordinal_moments import OrdinalMoments
from tazuna.measurement.factor.ordinal_steps import OrdinalLayout


@dataclass(frozen=True, slots=True)
class OrdinalGroupsFit:
    """A factor model of ordered answers in several groups.

    Parameters
    ----------
    layout
        Which parameters there are, and which groups share them.
    theta
        Estimates, shape (q,), in the order of ``layout.labels``.
    plain
        The statistic before, Σ (n_g - 1) F_g: no χ² variable.
    rests, slopes
        Of each group: observed less implied thresholds and correlations, shape (m,), and the slope of what is
        implied, shape (m, q).
    bread
        Shape (q, q): the inverse of Σ n_g Δ_gᵀ W_g Δ_g.
    improper
        Questions and factors whose variance came out below 0: such a model must not be read.
    """

    layout: OrdinalLayout
    theta: Floats
    plain: float
    rests: tuple[Floats, ...]
    slopes: tuple[Floats, ...]
    bread: Floats
    improper: tuple[str, ...]

    @property
    def values(self) -> dict[str, float]:
        """Label → estimate."""
        return dict(zip(self.layout.labels, self.theta.tolist(), strict=True))

    @property
    def df(self) -> int:
        """Thresholds and correlations less parameters."""
        return sum(map(len, self.rests)) - len(self.theta)


def fit_ordinal_groups(
    moments: Sequence[OrdinalMoments], layout: OrdinalLayout, start: Mapping[str, float] | None = None
) -> OrdinalGroupsFit:
    """Fit thresholds and correlations of all groups at once, in the delta parameterisation.

    Minimises Σ_g (n_g - 1) Σ (s - σ(θ))²/γ over thresholds s = (τ - ν - Λα)/sd(y) and correlations, γ their
    asymptotic variances (Muthén, du Toit & Spisic 1997).

    Parameters
    ----------
    moments
        One a group, of the same categories.
    layout
        Which parameters there are.
    start
        Label → value to begin with; others begin with computed values.

    Raises
    ------
    FactorError
        A model that is not identified or does not settle.
    """
    bounds = np.cumsum([0, *(len(part.gamma) for part in moments)])
    weight = np.concatenate([(part.n - 1) / np.diag(part.gamma) for part in moments])

    def residuals(theta: Floats) -> tuple[Floats, Floats]:
        parts = [_residuals(layout, part, theta, group) for group, part in enumerate(moments)]
        return np.concatenate([rest for rest, _ in parts]), np.concatenate([slope for _, slope in parts])

    begin = _starting(layout, moments)
    if start is not None:
        begin = np.array([start.get(label, at) for label, at in zip(layout.labels, begin, strict=True)])
    theta, rest, slope = least_squares(begin, layout.labels, weight, residuals)
    rests = tuple(rest[a:b] for a, b in pairwise(bounds))
    slopes = tuple(slope[a:b] for a, b in pairwise(bounds))
    whole = np.zeros((len(theta), len(theta)))
    for part, own in zip(moments, slopes, strict=True):
        whole += part.n * own.T @ (own / np.diag(part.gamma)[:, None])
    bread = np.asarray(np.linalg.inv(whole), np.float64)
    return OrdinalGroupsFit(
        layout=layout,
        theta=theta,
        plain=float(weight @ rest**2),
        rests=rests,
        slopes=slopes,
        bread=bread,
        improper=_improper(layout, theta),
    )


def ordinal_covariance(fit: OrdinalGroupsFit, moments: Sequence[OrdinalMoments]) -> Floats:
    """Covariance of the estimates, shape (q, q), robust to the weights."""
    return np.asarray(fit.bread @ _meat(moments, fit.slopes, fit.slopes) @ fit.bread)


def ordinal_indices(fit: OrdinalGroupsFit, moments: Sequence[OrdinalMoments]) -> FitIndices:
    """Indices from the scaled and shifted statistic, as lavaan's "scaled" column."""
    people, groups = sum(part.n for part in moments), len(moments)
    told = fit.bread @ _meat(moments, fit.slopes, fit.slopes)
    trace, square = -float(np.trace(told)), float(np.sum(told * told.T))
    baseline, alone, alone_square, pairs, residual = 0.0, 0.0, 0.0, 0, 0.0
    for part, rest, slope in zip(moments, fit.rests, fit.slopes, strict=True):
        t, variance = part.threshold_count, np.diag(part.gamma)
        whole = part.gamma / variance[:, None]
        weighted = slope / variance[:, None]
        trace += float(np.trace(whole))
        twice = weighted.T @ part.gamma @ (whole @ weighted)
        square += float(np.sum(whole * whole.T)) - 2 * part.n * float(np.sum(fit.bread * twice))
        among = whole[t:, t:]
        alone, alone_square = alone + float(np.trace(among)), alone_square + float(np.sum(among * among.T))
        baseline += (part.n - 1) * float(np.sum(part.pairs**2 / variance[t:]))
        pairs += len(part.pairs)
        p = len(part.correlations)
        residual += part.n / people * float(np.sqrt(np.sum(rest[t:] ** 2) / (len(part.pairs) + p)))
    return fit_indices(
        scaled_and_shifted(fit.plain, fit.df, trace, square),
        fit.df,
        scaled_and_shifted(baseline, pairs, alone, alone_square),
        pairs,
        residual,
        people - groups,
        groups,
    )


def step_test(
    freer: OrdinalGroupsFit, stricter: OrdinalGroupsFit, moments: Sequence[OrdinalMoments]
) -> tuple[float, int, float]:
    """χ² of what a step adds, its degrees of freedom and the chance of it.

    The difference of the plain statistics, scaled and shifted by (U₀ - U₁)Γ (Satorra 2000; Asparouhov &
    Muthén 2010), each model's slope taken at its own estimates.
    """
    df = stricter.df - freer.df
    change = stricter.plain - freer.plain
    if df == 0:
        return change, df, 1.0
    both = _meat(moments, freer.slopes, stricter.slopes)
    less = freer.bread @ _meat(moments, freer.slopes, freer.slopes)
    more = stricter.bread @ _meat(moments, stricter.slopes, stricter.slopes)
    across = freer.bread @ both @ stricter.bread
    square = np.sum(less * less.T) + np.sum(more * more.T) - 2 * np.sum(across * both)
    trace = float(np.trace(less) - np.trace(more))
    chi2 = scaled_and_shifted(change, df, trace, float(square))
    return chi2, df, float(special.chdtrc(df, max(chi2, 0.0)))


def _residuals(
    layout: OrdinalLayout, moments: OrdinalMoments, theta: Floats, group: int
) -> tuple[Floats, Floats]:
    """Of one group: shapes (t + pairs,) and (t + pairs, q)."""
    implied = layout.matrices.moments(layout.of_factors(theta), group)
    scale, at = layout.scales(theta, group), layout.scale_at[group]
    own, i, j = layout.question, moments.upper, moments.lower
    apart = layout.thresholds(theta, group) - implied.mean[own]
    together, unit = implied.covariance[i, j], scale[i] * scale[j]
    t, k = len(own), len(layout.matrices.labels)
    rest = np.concatenate([_thresholds(moments) - scale[own] * apart, moments.pairs - unit * together])
    slope = np.zeros((len(rest), len(theta)))
    slope[:t, :k] = -scale[own, None] * (implied.mean_slope[own] @ implied.join)
    slope[np.arange(t), layout.threshold_at[group]] += scale[own]
    outer = implied.left[i] * implied.right[j] + implied.right[i] * implied.left[j]
    slope[t:, :k] = unit[:, None] * (outer @ implied.join)
    free = np.flatnonzero(at[own] >= 0)
    slope[free, at[own[free]]] += apart[free]
    for one, other in ((i, j), (j, i)):
        free = np.flatnonzero(at[one] >= 0)
        slope[t + free, at[one[free]]] += scale[other[free]] * together[free]
    return rest, slope


def _thresholds(moments: OrdinalMoments) -> Floats:
    """Question by question, as γ has them."""
    return moments.thresholds[np.isfinite(moments.thresholds)]


def _starting(layout: OrdinalLayout, moments: Sequence[OrdinalMoments]) -> Floats:
    samples = [Sample(part.n, part.correlations, np.zeros(len(part.correlations))) for part in moments]
    theta = np.ones(len(layout.labels))
    theta[: len(layout.matrices.labels)] = starting_values(layout.matrices, samples)
    for group in reversed(range(len(moments))):
        theta[layout.threshold_at[group]] = _thresholds(moments[group])
    return theta


def _meat(moments: Sequence[OrdinalMoments], left: Sequence[Floats], right: Sequence[Floats]) -> Floats:
    """Σ n_g Δ_gᵀ W_g Γ_g W_g Δ_g of two models' slopes."""
    found = np.zeros((left[0].shape[1], right[0].shape[1]))
    for part, one, other in zip(moments, left, right, strict=True):
        variance = np.diag(part.gamma)[:, None]
        found += part.n * (one / variance).T @ part.gamma @ (other / variance)
    return found


def _improper(layout: OrdinalLayout, theta: Floats) -> tuple[str, ...]:
    """Questions of which the factors explain more than all, and factors of a variance below 0."""
    matrices = layout.matrices
    negative = improper_variances(matrices, layout.of_factors(theta))
    found = [name for name in negative if name in matrices.model.latent]
    for group in range(matrices.model.groups):
        explained = np.diag(matrices.moments(layout.of_factors(theta), group).covariance)
        share = explained * layout.scales(theta, group) ** 2
        found += [name for name, value in zip(matrices.observed, share, strict=True) if value > 1]
    return tuple(dict.fromkeys(found))
