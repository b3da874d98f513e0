"""Staggered roll-out (段階導入): effects by group of starters and period, after Callaway & Sant'Anna."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.evaluation.collinearity import collinear
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.refusal import Caution, Refusal, everybody_treated, nobody_treated
from tazuna.evaluation.staggered_cautions import StaggeredNotes
from tazuna.evaluation.two_by_two import Method, TwoByTwo, two_by_two

Comparison = Literal["never", "not_yet"]
"""Units that never start; units that have not started by the later of the two periods."""
BasePeriod = Literal["varying", "universal"]
"""Before the start: the period before each; or always the last period before the start."""

_MORE_THAN_COLUMNS = 5
"""Units that a group needs beyond the number of covariates, as in R's `did`."""
_FULL_RANK = 1e-12


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of n units over T periods.

    Parameters
    ----------
    outcomes
        Shape (n, T), periods in order; NaN where missing.
    periods
        Shape (T,): rising times, such as years or numbers of waves.
    starts
        Shape (n,): the first treated time of each unit, infinite for never; nobody stops again.
    covariates
        Shape (n, k) from before the first start, without a constant; k may be 0.
    names
        Of the k covariates.
    clusters
        Shape (n,): groups that started together or share shocks; the units themselves where None.
    """

    outcomes: Floats
    periods: Floats
    starts: Floats
    covariates: Floats
    names: tuple[str, ...] = ()
    clusters: Integers | None = None


@dataclass(frozen=True, slots=True)
class GroupTime:
    """ATT(g, t): the effect at time t on the units that started at time g, for m pairs (g, t).

    Parameters
    ----------
    groups, periods
        Shape (m,): g and t.
    att, std_errors
        Shape (m,), in units of the outcome.
    influence
        Shape (n, m): influence function of each unit that was used.
    starts
        Shape (n,): period of the panel in which each unit started; infinite for never.
    clusters
        Shape (n,): 0 … clusters less one.
    before
        Shape (m,): whether the pair lies before the start, so that its effect should be 0.
    comparison_units
        Units that were compared with in some pair.
    cautions
        What was left out, and what makes the numbers less sure.
    """

    groups: Floats
    periods: Floats
    att: Floats
    std_errors: Floats
    influence: Floats
    starts: Floats
    clusters: Integers
    before: Flags
    comparison_units: int
    cautions: tuple[Caution, ...]

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return int(self.clusters.max()) + 1


def group_time_effects(
    panel: Panel,
    *,
    method: Method = "dr",
    comparison: Comparison = "never",
    base: BasePeriod = "varying",
    anticipation: int = 0,
) -> GroupTime | Refusal:
    """ATT(g, t) = E[Y_t(g) - Y_t(never) | starts at g], under parallel trends given the covariates.

    Each is a difference in differences between g and the comparison units from a base period to t (Callaway
    & Sant'Anna 2021, doi:10.1016/j.jeconom.2020.12.001). From the start on the base is the last period
    before it; before the start the pairs test parallel trends.

    Parameters
    ----------
    panel
        The data. Units with a missing value, and units that had started by the first period, are left out
        with a caution.
    method
        How covariates are used.
    comparison
        With whom to compare.
    base
        Base of the pairs before the start.
    anticipation
        Periods before the start in which people may already react; they count as treated.

    Returns
    -------
    GroupTime or Refusal
        Refused where nobody starts, nobody is left to compare with, covariates are collinear, or no pair can
        be computed.
    """
    notes = StaggeredNotes()
    index = _start_index(panel)
    complete = np.isfinite(panel.outcomes).all(axis=1) & np.isfinite(panel.covariates).all(axis=1)
    early = index <= anticipation
    used = complete & ~early
    notes.incomplete(int((~complete).sum()), len(index))
    notes.started_early(int((complete & early).sum()))
    index, y = index[used], panel.outcomes[used]
    last = panel.outcomes.shape[1]
    if not (index < last).any():
        return nobody_treated()
    if comparison == "never" and not (index == last).any():
        return everybody_treated()
    x = np.column_stack([np.ones(len(y)), panel.covariates[used]])
    refused = collinear(x, ("constant", *panel.names), np.linalg.norm(x, axis=0), within_groups=False)
    if refused is not None:
        return refused
    influence, att, pairs = [], [], []
    compared = np.zeros(len(y), dtype=np.bool_)
    for block in _blocks(index, last, comparison, base, anticipation):
        found = _estimated(y, x, index, block, method, notes, panel.periods)
        if found is None:
            continue
        inside, effects = found
        spread = np.zeros((len(y), len(effects.att)))
        spread[inside] = effects.influence * (len(y) / inside.sum())
        compared |= inside & (index != block.group)
        influence.append(spread)
        att.append(effects.att)
        pairs += [(block.group, t) for t in block.times]
    if not pairs:
        return notes.nothing_left()
    order = sorted(range(len(pairs)), key=lambda i: pairs[i])
    cells = np.array(pairs)[order]
    psi = np.concatenate(influence, axis=1)[:, order]
    own = np.arange(len(index)) if panel.clusters is None else panel.clusters[used]
    clusters = np.unique(own, return_inverse=True)[1].astype(np.int64)
    notes.few_clusters(int(clusters.max()) + 1)
    return GroupTime(
        groups=panel.periods[cells[:, 0]],
        periods=panel.periods[cells[:, 1]],
        att=np.concatenate(att)[order],
        std_errors=std_errors(psi, clusters),
        influence=psi,
        starts=np.append(panel.periods, np.inf)[index],
        clusters=clusters,
        before=cells[:, 1] < cells[:, 0] - anticipation,
        comparison_units=int(compared.sum()),
        cautions=notes.cautions(),
    )


def cluster_sums(influence: Floats, clusters: Integers) -> Floats:
    """Influence functions (n, m) summed by cluster, shape (clusters, m)."""
    order = np.argsort(clusters, kind="stable")
    starts = np.searchsorted(clusters[order], np.arange(clusters.max() + 1))
    sums: Floats = np.add.reduceat(influence[order], starts)
    return sums


def std_errors(influence: Floats, clusters: Integers) -> Floats:
    """√(G/(G-1) · Σ_c (Σ_i∈c ψ_i)²)/n for each of the m columns, G clusters; shape (m,)."""
    sums = cluster_sums(influence, clusters)
    groups = len(sums)
    correction = groups / (groups - 1) if groups > 1 else np.nan
    errors: Floats = np.sqrt(correction * (sums**2).sum(axis=0)) / len(influence)
    return errors


@dataclass(frozen=True, slots=True)
class _Block:
    """Pairs of one group that share their comparison units: times t and their base periods, as indices."""

    group: int
    times: tuple[int, ...]
    bases: tuple[int, ...]
    others: Flags


def _start_index(panel: Panel) -> Integers:
    """Period in which each unit starts, as an index; T for those that do not start within the panel."""
    return np.searchsorted(panel.periods, panel.starts).astype(np.int64)


def _blocks(
    index: Integers, last: int, comparison: Comparison, base: BasePeriod, anticipation: int
) -> Iterator[_Block]:
    never = index == last
    for group in np.unique(index[~never]).tolist():
        first = group - anticipation
        pairs = [(t, first - 1 if t >= first or base == "universal" else t - 1) for t in range(last)]
        pairs = [(t, start) for t, start in pairs if start >= 0 and t != start]
        if comparison == "never":
            yield _Block(group, *_split(pairs), never)
            continue
        by_horizon: dict[int, list[tuple[int, int]]] = {}
        for t, start in pairs:
            by_horizon.setdefault(max(t, start) + anticipation, []).append((t, start))
        for horizon, some in by_horizon.items():
            yield _Block(group, *_split(some), ((index > horizon) | never) & (index != group))


def _split(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(t for t, _ in pairs), tuple(start for _, start in pairs)


def _estimated(
    y: Floats,
    x: Floats,
    index: Integers,
    block: _Block,
    method: Method,
    notes: StaggeredNotes,
    periods: Floats,
) -> tuple[Flags, TwoByTwo] | None:
    """The pairs of a block with the units they rest on; None, with a note, where they cannot be computed."""
    own = index == block.group
    start = float(periods[block.group])
    if own.sum() < x.shape[1] - 1 + _MORE_THAN_COLUMNS:
        notes.small_group(start, int(own.sum()))
        return None
    if block.others.sum() < x.shape[1] + 1:
        notes.nobody_to_compare(start, [float(periods[t]) for t in block.times])
        return None
    inside = own | block.others
    columns = x[inside] if x.shape[1] == 1 else _varied(x[inside], block.others[inside])
    if columns is None:
        notes.no_overlap(start)
        return None
    changes = y[inside][:, block.times] - y[inside][:, block.bases]
    effects = two_by_two(changes, own[inside], columns, method)
    if isinstance(effects, Refusal):
        notes.no_overlap(start)
        return None
    return inside, effects


def _varied(x: Floats, others: Flags) -> Floats | None:
    """``x`` where its columns have full rank among the comparison units, else None."""
    gram = x[others].T @ x[others]
    scale = np.sqrt(np.diag(gram))
    if scale.min() == 0 or np.linalg.eigvalsh(gram / np.outer(scale, scale))[0] < _FULL_RANK:
        return None
    return x
