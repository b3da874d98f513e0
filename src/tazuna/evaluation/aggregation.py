"""Effects of a staggered roll-out put together: overall, by group, by period, by time since the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.evaluation.estimate import Estimate, Flags, Floats, t_estimate, t_quantile
from tazuna.evaluation.multiplier import DRAWS, critical_value
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.staggered import GroupTime, std_errors
from tazuna.language import message

Kind = Literal["simple", "group", "calendar", "event"]
"""All pairs from the start on by size; by group; by period; by periods since the start."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Effects by ``keys`` and their mean.

    Parameters
    ----------
    kind
        What the keys are: groups, periods, or time since the start (negative before it); none for ``simple``.
    keys, effects, std_errors
        Shape (j,).
    lower, upper
        Shape (j,): 95% interval of each alone.
    band_lower, band_upper
        Shape (j,): band that holds all of them at once with 95%.
    overall
        Their mean from the start on; for ``group`` weighted by size.
    """

    kind: Kind
    keys: Floats
    effects: Floats
    std_errors: Floats
    lower: Floats
    upper: Floats
    band_lower: Floats
    band_upper: Floats
    overall: Estimate


@dataclass(frozen=True, slots=True)
class _Sum:
    """A weighted sum of pairs, with its influence function (n,)."""

    effect: float
    influence: Floats


def aggregate(
    found: GroupTime, kind: Kind, rng: np.random.Generator, draws: int = DRAWS
) -> Aggregate | Refusal:
    """Put ATT(g, t) together (Callaway & Sant'Anna 2021, section 3; doi:10.1016/j.jeconom.2020.12.001).

    Weights are the groups' shares among units; that these are estimated enters the errors.

    Parameters
    ----------
    found
        Effects by group and period.
    kind
        How to put them together.
    rng, draws
        For the band.

    Returns
    -------
    Aggregate or Refusal
        Refused where no pair from the start on was computed.
    """
    after = found.periods >= found.groups
    if not after.any():
        return Refusal(
            "no_pairs",
            message("No effect after a start could be computed."),
            message("Add units that start later or never, or a wave after the start."),
        )
    parts = _parts(found, kind, after)
    keys = np.array(sorted(parts))
    sums = [parts[key] for key in sorted(parts)]
    overall = _overall(found, kind, after, keys, sums)
    effects = np.array([one.effect for one in sums])
    psi = np.stack([one.influence for one in sums], axis=1) if sums else np.empty((len(found.starts), 0))
    errors = std_errors(psi, found.clusters)
    df = found.n_clusters - 1
    alone = t_quantile(df, 0.975) * errors
    band = critical_value(psi, found.clusters, rng, draws) * errors
    error = float(std_errors(overall.influence[:, None], found.clusters)[0])
    if not error > 0:
        return _no_error()
    return Aggregate(
        kind=kind,
        keys=keys,
        effects=effects,
        std_errors=errors,
        lower=effects - alone,
        upper=effects + alone,
        band_lower=effects - band,
        band_upper=effects + band,
        overall=t_estimate(
            overall.effect,
            error,
            df,
            int(np.isin(found.starts, found.groups[after]).sum()),
            found.comparison_units,
        ),
    )


def _parts(found: GroupTime, kind: Kind, after: Flags) -> dict[float, _Sum]:
    if kind == "simple":
        return {}
    if kind == "group":
        return {
            g: _equal(found, after & (found.groups == g)) for g in np.unique(found.groups[after]).tolist()
        }
    if kind == "calendar":
        times = np.unique(found.periods[after]).tolist()
        return {t: _by_size(found, after & (found.periods == t)) for t in times}
    since = found.periods - found.groups
    return {e: _by_size(found, since == e) for e in np.unique(since).tolist()}


def _overall(found: GroupTime, kind: Kind, after: Flags, keys: Floats, sums: list[_Sum]) -> _Sum:
    if kind == "simple":
        return _by_size(found, after)
    if kind == "group":
        return _weighted(
            found,
            keys,
            np.array([one.effect for one in sums]),
            np.stack([one.influence for one in sums], axis=1),
        )
    late = [one for key, one in zip(keys.tolist(), sums, strict=True) if kind == "calendar" or key >= 0]
    effect = float(np.mean([one.effect for one in late]))
    return _Sum(effect, np.mean([one.influence for one in late], axis=0))


def _equal(found: GroupTime, chosen: Flags) -> _Sum:
    return _Sum(float(found.att[chosen].mean()), found.influence[:, chosen].mean(axis=1))


def _by_size(found: GroupTime, chosen: Flags) -> _Sum:
    return _weighted(found, found.groups[chosen], found.att[chosen], found.influence[:, chosen])


def _weighted(found: GroupTime, groups: Floats, effects: Floats, influence: Floats) -> _Sum:
    """Mean of ``effects`` by the share of their groups among units, with the influence of those shares."""
    member = (found.starts[:, None] == groups).astype(np.float64)
    shares = member.mean(axis=0)
    weights = shares / shares.sum()
    moved = (member - shares) / shares.sum()
    of_weights = moved - moved.sum(axis=1, keepdims=True) * weights
    return _Sum(float(weights @ effects), influence @ weights + of_weights @ effects)


def _no_error() -> Refusal:
    return Refusal(
        "no_spread",
        message("The outcome changes in the same way for everybody, so no error can be told."),
        message("Choose an outcome on which people differ, or check how the column was filled."),
    )
