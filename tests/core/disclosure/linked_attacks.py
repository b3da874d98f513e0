"""Attacks with more than a wave's table of one measure: the rule, the other wave, other measures.

They use published rows alone and share no code with what they attack; `attacks` has what they build on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy.optimize import linprog
from tests.core.disclosure.attacks import ANSWERED, WITH_MS, Known, Vectors, members, unknowns, what_is_known
from tests.core.disclosure.made_companies import SIDES, WAVES

_ROUNDING = 1e-6


def asked_in_both_waves(released: pl.DataFrame, true: pl.DataFrame) -> Known:
    """How many were asked, for somebody who knows that nobody came, went or changed department meanwhile.

    That is so in these companies: only ages and levels change. What one wave shows is a number of the other.
    """
    departments = sorted(true.filter(group_by="department")["group"].unique().to_list())
    atoms = [atom for atom in unknowns(departments) if atom[2] == ""]
    nothing = np.zeros(len(atoms), dtype=np.int64)
    sums, values, wanted, truth = [], [], [], []
    rates = pl.col("measure") == "response_rate", ~pl.col("group_by").str.contains("level")
    rows = zip(
        released.filter(rates).iter_rows(named=True), true.filter(rates).iter_rows(named=True), strict=True
    )
    for row, unprotected in rows:
        vector = members(unprotected, atoms)
        both = np.concatenate([vector, nothing] if row["wave"] == WAVES[0] else [nothing, vector])
        (wanted if row["suppressed"] else sums).append(both)
        (truth if row["suppressed"] else values).append(unprotected["n"])
    for department in departments:
        for side in SIDES:
            here = np.array([atom[0] == department and atom[3] == side for atom in atoms], dtype=np.int64)
            sums.append(np.concatenate([here, -here]))
            values.append(0)
    return Known(*(np.array(part, dtype=np.int64) for part in (sums, values, wanted, truth)))


def linked_measures(released: pl.DataFrame, true: pl.DataFrame, wave: str) -> Known:
    """Those with the score ``ms`` are some of those who answered, department by department, age by age."""
    answered, scored = (what_is_known(released, true, wave, kind) for kind in (ANSWERED, WITH_MS))
    width = answered.sums.shape[1]
    one = np.eye(width, dtype=np.int64)

    def placed(vectors: Vectors, at: int) -> Vectors:
        empty = np.zeros((len(vectors), width), dtype=np.int64)
        return np.hstack([vectors if at == part else empty for part in range(3)])

    # Unknown numbers: those who answered, those with the score, those who answered without it.
    parts = np.hstack([one, -one, -one])
    return Known(
        sums=np.vstack([placed(answered.sums, 0), placed(scored.sums, 1), parts]),
        values=np.concatenate([answered.values, scored.values, np.zeros(width, dtype=np.int64)]),
        wanted=np.vstack([placed(answered.wanted, 0), placed(scored.wanted, 1)]),
        truth=np.concatenate([answered.truth, scored.truth]),
    )


def known_by_the_rule(known: Known, k: int, targets: int, *, all_small: bool) -> tuple[int, float]:
    """How closely numbers below k are known to somebody who knows the rule of hiding.

    Parameters
    ----------
    known
        Of one wave.
    targets
        How many hidden numbers are attacked.
    all_small
        The rule: everything hidden is below k (threshold alone). Otherwise only that something hidden is, the
        rest being hidden for its sake; which it is, the release does not say.

    Returns
    -------
    exact
        Numbers that are known exactly.
    narrowest
        The least range of whole numbers.
    """
    wanted, at = np.unique(known.wanted, axis=0, return_index=True)
    truth = known.truth[at]
    sums, first = np.unique(known.sums, axis=0, return_index=True)
    known = replace(known, sums=sums, values=known.values[first], wanted=wanted, truth=truth)
    small = np.flatnonzero((truth > 0) & (truth < k))
    exact, narrowest = 0, np.inf
    for target in np.random.default_rng(1).permutation(small)[:targets]:
        if all_small:
            ends = _ends(known, wanted[target], wanted, k)
        else:
            ends = _ends_if_something_is_small(known, int(target), k)
        if ends is None:  # The rule contradicts what is shown.
            continue
        width = np.floor(ends[1] + _ROUNDING) - np.ceil(ends[0] - _ROUNDING)
        exact += width == 0 and round(ends[0]) == truth[target]
        narrowest = min(narrowest, width)
    return int(exact), float(narrowest)


def _ends_if_something_is_small(known: Known, target: int, k: int) -> tuple[float, float] | None:
    """The hull over everything hidden that may be the small one; no further than k apart."""
    low, high = np.inf, -np.inf
    for candidate in (target, *np.random.default_rng(target).permutation(len(known.wanted))):
        ends = _ends(known, known.wanted[target], known.wanted[[candidate]], k)
        if ends is not None:
            low, high = min(low, ends[0]), max(high, ends[1])
        if high - low >= k:
            break
    return (low, high) if low <= high else None


def _ends(known: Known, target: Vectors, small: Vectors, k: int) -> tuple[float, float] | None:
    found = [
        linprog(
            sign * target,
            A_ub=small,
            b_ub=np.full(len(small), k - 1),
            A_eq=known.sums,
            b_eq=known.values,
            bounds=(0, None),
        )
        for sign in (1, -1)
    ]
    if any(one.fun is None for one in found):
        return None
    return float(found[0].fun), -float(found[1].fun)
