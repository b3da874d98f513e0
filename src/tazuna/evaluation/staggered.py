"""Staggered roll-out (段階導入): effects by group of starters and period, after Callaway & Sant'Anna."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.collinearity import collinear
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.refusal import Caution, Refusal, everybody_treated, nobody_treated, one_cluster
from tazuna.evaluation.staggered_cautions import StaggeredNotes
from tazuna.evaluation.staggered_pairs import BasePeriod, Block, Comparison, blocks
from tazuna.evaluation.two_by_two import Method, TwoByTwo, two_by_two

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
    sample = _sample(panel, comparison, anticipation, notes)
    if isinstance(sample, Refusal):
        return sample
    influence, att, pairs = [], [], []
    compared = np.zeros(len(sample.y), dtype=np.bool_)
    for block in blocks(sample.index, sample.y.shape[1], comparison, base, anticipation):
        found = _estimated(sample, block, method, notes)
        if found is None:
            continue
        inside, effects = found
        spread = np.zeros((len(sample.y), len(effects.att)))
        spread[inside] = effects.influence * (len(sample.y) / inside.sum())
        compared |= inside & (sample.index != block.group)
        influence.append(spread)
        att.append(effects.att)
        pairs += [(block.group, t) for t in block.times]
    if not pairs:
        return notes.nothing_left()
    order = sorted(range(len(pairs)), key=lambda i: pairs[i])
    cells = np.array(pairs)[order]
    psi = np.concatenate(influence, axis=1)[:, order]
    return GroupTime(
        groups=panel.periods[cells[:, 0]],
        periods=panel.periods[cells[:, 1]],
        att=np.concatenate(att)[order],
        std_errors=std_errors(psi, sample.clusters),
        influence=psi,
        starts=np.append(panel.periods, np.inf)[sample.index],
        clusters=sample.clusters,
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
class _Sample:
    """The units used: outcomes (n, T), columns with a constant (n, k), start as an index (n,), clusters."""

    y: Floats
    x: Floats
    index: Integers
    clusters: Integers
    periods: Floats


def _sample(
    panel: Panel, comparison: Comparison, anticipation: int, notes: StaggeredNotes
) -> _Sample | Refusal:
    last = panel.outcomes.shape[1]
    # An index of T stands for units that do not start within the panel.
    index = np.searchsorted(panel.periods, panel.starts).astype(np.int64)
    complete = np.isfinite(panel.outcomes).all(axis=1) & np.isfinite(panel.covariates).all(axis=1)
    early = index <= anticipation
    used = complete & ~early
    notes.incomplete(int((~complete).sum()), len(index))
    notes.started_early(int((complete & early).sum()))
    index = index[used]
    if not (index < last).any():
        return nobody_treated()
    if comparison == "never" and not (index == last).any():
        return everybody_treated()
    x = np.column_stack([np.ones(len(index)), panel.covariates[used]])
    refused = collinear(x, ("constant", *panel.names), np.linalg.norm(x, axis=0), within_groups=False)
    if refused is not None:
        return refused
    own = np.arange(len(index)) if panel.clusters is None else panel.clusters[used]
    clusters = np.unique(own, return_inverse=True)[1].astype(np.int64)
    if clusters.max() == 0:
        return one_cluster()
    notes.few_clusters(int(clusters.max()) + 1)
    return _Sample(panel.outcomes[used], x, index, clusters, panel.periods)


def _estimated(
    sample: _Sample, block: Block, method: Method, notes: StaggeredNotes
) -> tuple[Flags, TwoByTwo] | None:
    """The pairs of a block with the units they rest on; None, with a note, where they cannot be computed."""
    own, x = sample.index == block.group, sample.x
    start = float(sample.periods[block.group])
    if own.sum() < x.shape[1] - 1 + _MORE_THAN_COLUMNS:
        notes.small_group(start, int(own.sum()))
        return None
    if block.others.sum() < x.shape[1] + 1:
        notes.nobody_to_compare(start, [float(sample.periods[t]) for t in block.times])
        return None
    # With one cluster on a side the errors would count that side as known exactly.
    if np.ptp(sample.clusters[own]) == 0 or np.ptp(sample.clusters[block.others]) == 0:
        notes.one_cluster(start)
        return None
    inside = own | block.others
    if not _full_rank(x[block.others]):
        notes.no_overlap(start)
        return None
    changes = sample.y[inside][:, block.times] - sample.y[inside][:, block.bases]
    effects = two_by_two(changes, own[inside], x[inside], method)
    if isinstance(effects, Refusal):
        notes.no_overlap(start)
        return None
    return inside, effects


def _full_rank(x: Floats) -> bool:
    gram = x.T @ x
    scale = np.sqrt(np.diag(gram))
    return bool(scale.min() > 0 and np.linalg.eigvalsh(gram / np.outer(scale, scale))[0] >= _FULL_RANK)
