"""Bounds (範囲) of hidden numbers: what whoever knows all published numbers can say of them.

Every hidden number lies in the polytope of numbers that are not negative and add up to what was published.
Witnesses show of most that they can range far enough. For the rest a linear programme gives the least and
the greatest value; components without a common hidden number are solved in one go, and points found for one
number serve as witnesses for all others.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from tazuna.disclosure.polytope import Hidden, components, without_nobody
from tazuna.disclosure.relations import Floats, Integers
from tazuna.disclosure.witnesses import whole_range, wide, witnessed

HAIR = 1e-5


def ranges(hidden: Hidden, needed: Floats, rng: np.random.Generator) -> Floats:
    """How far each hidden number can range, at least as far as ``needed``.

    Parameters
    ----------
    hidden
        The equations; blocks without a common number may stand beside one another.
    needed
        Shape (numbers,): the search ends for a number when it is known to range this far; 0 asks nothing.
    rng
        For the directions that are tried.

    Returns
    -------
    Floats
        Shape (numbers,): the range where it is narrower than needed, else a range that is certain. Numbers of
        people are whole: limits of 2.4 and 12.6 leave 3 to 12.
    """
    some, live = without_nobody(hidden)
    found = np.zeros(needed.size)
    found[live] = _ranges(some, needed[live], rng)
    return found


def _ranges(hidden: Hidden, needed: Floats, rng: np.random.Generator) -> Floats:
    in_none = np.bincount(hidden.equations.indices, minlength=hidden.truth.size) == 0
    low, high = witnessed(hidden, np.where(in_none, 0.0, needed))
    low[in_none], high[in_none] = 0.0, hidden.upper[in_none]
    undecided = np.flatnonzero(~wide(low, high, needed))
    if not undecided.size:
        return whole_range(low, high)
    label, _ = components(hidden.equations)
    some = np.flatnonzero(np.isin(label, label[undecided]))
    part = Hidden(hidden.equations[:, some], hidden.truth[some], hidden.upper[some])
    low[some], high[some] = _programmes(part, needed[some], (low[some], high[some]), label[some], rng)
    return whole_range(low, high)


def _programmes(
    hidden: Hidden,
    needed: Floats,
    limits: tuple[Floats, Floats],
    label: Integers,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Widen the limits until each number ranges far enough or is bounded exactly.

    One number of each component is bounded exactly at a time: they do not hinder one another. A hair of
    reward for the others, too little to move it, makes the point a witness for them too.
    """
    low, high = limits
    exact = np.zeros(low.size, dtype=bool)
    while True:
        undecided = np.flatnonzero(~wide(low, high, needed) & ~exact)
        if not undecided.size:
            return low, high
        _, first = np.unique(label[undecided], return_index=True)
        reward = np.zeros(low.size)
        reward[undecided] = HAIR * rng.choice([-1.0, 1.0], undecided.size) * rng.random(undecided.size)
        reward[undecided[first]] = 1.0
        for sign in (1.0, -1.0):
            open_ones = undecided[first][~wide(low, high, needed)[undecided[first]]]
            if not open_ones.size:
                break
            some = np.flatnonzero(np.isin(label, label[open_ones]))
            part = Hidden(hidden.equations[:, some], hidden.truth[some], hidden.upper[some])
            point = _extreme(part, sign * reward[some])
            low[some], high[some] = np.minimum(low[some], point), np.maximum(high[some], point)
        exact[undecided[first]] = True


def _extreme(hidden: Hidden, reward: Floats) -> Floats:
    """The point of the polytope that the reward likes best."""
    rows = hidden.equations[np.flatnonzero(np.diff(hidden.equations.indptr))]
    ends = np.column_stack([np.zeros(hidden.truth.size), hidden.upper])
    # Rewards fall without bound where a hidden total has no known limit: a limit far off stands for none.
    ends[:, 1] = np.minimum(ends[:, 1], 4 * hidden.truth.sum() + 1e3)
    found = linprog(
        -reward,
        A_eq=rows,
        b_eq=rows @ hidden.truth,
        bounds=ends,
        method="highs-ds",
        options={"presolve": False},
    )
    if found.x is None:  # Without a witness a range stays narrow, which hides more.
        return hidden.truth
    point: Floats = np.asarray(found.x)
    return point
