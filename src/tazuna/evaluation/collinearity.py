"""Columns that say the same (多重共線性), refused by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tazuna.evaluation.estimate import Floats
from tazuna.evaluation.refusal import Refusal, listed
from tazuna.language import message

TOLERANCE = 1e-7
"""Length of what a column adds to those before it, relative to its own; R's `lm` draws the line there too."""


def collinear(x: Floats, names: Sequence[str], norms: Floats, *, within_groups: bool) -> Refusal | None:
    """Refuse columns that are sums of multiples of columns before them.

    Parameters
    ----------
    x
        Shape (n, k).
    names
        Of the k columns.
    norms
        Shape (k,): lengths before fixed effects were taken out, to tell a column that they explain.
    within_groups
        Whether fixed effects were taken out.

    Returns
    -------
    Refusal or None
        None where every column adds something.
    """
    kept: list[int] = []
    basis = np.empty_like(x)
    told: dict[str, Sequence[str]] = {}
    for j, column in enumerate(x.T):
        rest = column.copy()
        for _ in range(2):  # The second time removes what rounding left of the first.
            rest -= basis[:, : len(kept)] @ (basis[:, : len(kept)].T @ rest)
        length = np.linalg.norm(rest)
        if length <= TOLERANCE * norms[j] or norms[j] == 0:
            told[names[j]] = [names[i] for i in _partners(x, j, kept)]
        else:
            basis[:, len(kept)] = rest / length
            kept.append(j)
    if not told:
        return None
    partners = listed(dict.fromkeys(name for some in told.values() for name in some))
    if partners:
        problem = message(
            "These columns say nothing that others do not say already: {columns} (see {partners})",
            columns=listed(told),
            partners=partners,
        )
    elif within_groups:
        problem = message(
            "These columns do not change within the groups that are compared: {columns}", columns=listed(told)
        )
    else:
        problem = message("These columns hold nothing but zeros: {columns}", columns=listed(told))
    return Refusal("collinear_covariates", problem, message("Take them out of the covariates."))


def _partners(x: Floats, j: int, kept: Sequence[int]) -> list[int]:
    """Those of ``kept`` that take part in the sum that gives column j."""
    if not kept:
        return []
    before = x[:, list(kept)]
    lengths = np.linalg.norm(before, axis=0)
    share = np.linalg.lstsq(before / lengths, x[:, j], rcond=None)[0]
    size = np.linalg.norm(x[:, j])
    return [i for i, part in zip(kept, share, strict=True) if abs(part) > 1e-6 * size and size > 0]
