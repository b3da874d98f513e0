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

    Returns
    -------
    tuple of AtRiskRow
        Applicants count once, however many rounds they applied to. NaN where nobody's value is known.
    """
    weight = np.bincount(person, chance * (1 - chance) * analysed, minlength=len(values))
    applied = np.bincount(person, minlength=len(values)) > 0
    groups = np.stack([weight, applied.astype(np.float64), np.ones(len(values))])
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        means = groups @ np.where(known, values, 0.0) / (groups @ known)
    return tuple(
        AtRiskRow(name, *(float(mean) for mean in column))
        for name, column in zip(names, means.T, strict=True)
    )
