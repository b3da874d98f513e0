"""Whom the draw decided about (抽選が結果を分けた人たち), beside all applicants and everybody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tazuna.evaluation.effect import AtRiskRow
from tazuna.evaluation.estimate import Flags, Floats, Integers


def at_risk_table(
    values: Floats,
    names: Sequence[str],
    person: Integers,
    chance: Floats,
    analysed: Flags,
    *,
    organisation: Integers,
    k: int,
) -> tuple[AtRiskRow, ...]:
    """Means of characteristics: of whom the effect speaks, and whom a reader may think of.

    Parameters
    ----------
    values
        Characteristics of everybody, shape (people, k), known before the draw; NaN where missing. A mean of
        zeros and ones is a share.
    names
        Of the k characteristics.
    person
        Row in ``values`` of each application to a round, shape (n,).
    chance
        Of an offer, shape (n,).
    analysed
        Shape (n,): the analysis sample. Its people are weighted by p(1-p), as the effect weights them.
    organisation
        Shape (people,): code of each person's organisation, negative where it is not known.
    k
        Threshold.

    Returns
    -------
    tuple of AtRiskRow
        Applicants count once, however many rounds they applied to. NaN where fewer than k people's value is
        known, and where the mean less that of the column before it would be of fewer than k people; the mean
        of everybody also where an organisation has fewer than k, whose own mean is hidden: the others'
        could be subtracted.
    """
    weight = np.bincount(person, chance * (1 - chance) * analysed, minlength=len(values))
    applied = np.bincount(person, minlength=len(values)) > 0
    groups = np.stack([weight, applied.astype(np.float64), np.ones(len(values))])
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        means = groups @ np.where(known, values, 0.0) / (groups @ known)
    means[_told(groups > 0, known, organisation, k)] = np.nan
    return tuple(
        AtRiskRow(name, *(float(mean) for mean in column))
        for name, column in zip(names, means.T, strict=True)
    )


def _told(groups: Flags, known: Flags, organisation: Integers, k: int) -> Flags:
    """Shape (3, characteristics): means that would tell of fewer than k people."""
    counts = groups.astype(np.int64) @ known
    of_organisations = np.stack(
        [np.bincount(organisation[organisation >= 0], one) for one in known[organisation >= 0].T]
    )
    small = ((of_organisations > 0) & (of_organisations < k)).any(axis=1)
    gone = counts < k
    gone[2] |= small
    before = np.zeros(known.shape[1], dtype=np.int64)
    for at in range(len(counts)):
        left = counts[at] - before
        gone[at] |= (left > 0) & (left < k)
        before = np.where(gone[at], before, counts[at])
    return gone
