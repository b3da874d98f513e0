"""Bounds (範囲) of hidden numbers: what whoever knows all published numbers can say of them.

Every hidden number lies in the polytope of numbers that are not negative and add up to what was published. A
linear programme gives its least and its greatest value; points of the polytope found for one number serve as
witnesses for all others, and components without a common hidden number are solved in one go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from tazuna.disclosure.relations import Floats, Integers

Booleans = NDArray[np.bool_]

PATIENCE = 4
"""Programmes for all numbers together that may decide none, before exact ones for those still undecided."""
HAIR = 1e-5
_EXACT = 1e-6


@dataclass(frozen=True, slots=True)
class Hidden:
    """Equations over hidden numbers.

    Parameters
    ----------
    equations
        Shape (rows, numbers): coefficients.
    truth
        Shape (numbers,): the numbers, which satisfy the equations.
    upper
        Shape (numbers,): what is known as most, infinite where nothing is.
    """

    equations: sparse.csr_array
    truth: Floats
    upper: Floats


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
        Shape (numbers,): the exact range where it is narrower than needed, else a range that is certain.
    """
    low, high = hidden.truth.copy(), hidden.truth.copy()
    in_none = np.bincount(hidden.equations.indices, minlength=low.size) == 0
    low[in_none], high[in_none] = 0.0, hidden.upper[in_none]
    left, idle, turn = low.size, 0, 0
    while idle < PATIENCE:
        narrow = high - low < needed - _EXACT
        if not narrow.any():
            return high - low
        left, idle = int(narrow.sum()), 0 if narrow.sum() < left else idle + 1
        reward = np.where(narrow, rng.exponential(size=low.size), 0.0)
        point = _extreme(hidden, reward if turn % 2 == 0 else -reward)
        low, high = np.minimum(low, point), np.maximum(high, point)
        turn += 1
    label = _components(hidden.equations)
    exact = np.zeros(low.size, dtype=bool)
    while True:
        undecided = np.flatnonzero((high - low < needed - _EXACT) & ~exact)
        if not undecided.size:
            return high - low
        # One number of each component is bounded exactly at a time: they do not hinder one another. A hair
        # of reward for the others, too little to move it, makes the point a witness for them too.
        _, first = np.unique(label[undecided], return_index=True)
        reward = np.zeros(low.size)
        reward[undecided] = HAIR * rng.choice([-1.0, 1.0], undecided.size) * rng.random(undecided.size)
        reward[undecided[first]] = 1.0
        for sign in (1.0, -1.0):
            if (high - low >= needed - _EXACT)[undecided[first]].all():
                break
            point = _extreme(hidden, sign * reward)
            low, high = np.minimum(low, point), np.maximum(high, point)
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


def _components(equations: sparse.csr_array) -> Integers:
    """The component of each number: numbers of different ones are in no equation together."""
    _, label = sparse.csgraph.connected_components(equations.T @ equations, directed=False)
    found: Integers = label.astype(np.int64)
    return found
