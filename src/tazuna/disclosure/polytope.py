"""The polytope (多面体) of hidden numbers: all that they could be for whoever knows all published ones.

Hidden numbers are not negative and add up to what was published. Numbers that are in no equation together
fall into components; those of about the same size are looked at together, as one stack of arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tazuna.disclosure.relations import Floats, Integers

Booleans = NDArray[np.bool_]

_SIZES = np.array([4, 8, 16, 32, 64, 128, 256, 512])
LARGEST = int(_SIZES[-1])
"""Numbers in a component; larger ones are not stacked."""
_NULL = 1e-9


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

    def with_room(self) -> Hidden:
        """The same with the room below each known limit as a further number, so that none has a limit."""
        limited = np.flatnonzero(np.isfinite(self.upper))
        if not limited.size:
            return self
        rows, numbers = np.arange(limited.size), self.truth.size
        limits = sparse.csr_array(
            (np.ones(2 * limited.size), (np.tile(rows, 2), np.concatenate([limited, numbers + rows]))),
            shape=(limited.size, numbers + limited.size),
        )
        before = self.equations.tocoo()
        shape = (before.shape[0], numbers + limited.size)
        wider = sparse.csr_array((before.data, (before.row, before.col)), shape=shape)
        truth = np.concatenate([self.truth, (self.upper - self.truth)[limited]])
        return Hidden(sparse.vstack([wider, limits], format="csr"), truth, np.full(truth.size, np.inf))


def without_nobody(hidden: Hidden) -> tuple[Hidden, Integers]:
    """Leave out numbers that must be zero, since a sum of nobody is one of them; also says which are left.

    Nothing lies inside a polytope with such numbers.
    """
    known = np.abs(hidden.equations @ hidden.truth) < _NULL
    up, down = (sign.astype(np.int64) for sign in (hidden.equations > 0, hidden.equations < 0))
    live = np.ones(hidden.truth.size, dtype=np.int64)
    while True:
        one_sided = known & ((up @ live == 0) | (down @ live == 0))
        left = live * ((up + down).T @ one_sided.astype(np.int64) == 0)
        if (left == live).all():
            break
        live = left
    at = np.flatnonzero(live)
    return Hidden(hidden.equations[:, at], hidden.truth[at], hidden.upper[at]), at


@dataclass(frozen=True, slots=True)
class Stack:
    """B components of at most n numbers, which can move in at most p directions.

    Parameters
    ----------
    at
        Shape (B, n): the numbers; -1 where a component has fewer.
    moves
        Shape (B, n, p): directions in which all equations stay satisfied, orthonormal; zero beyond the last.
    idle
        Shape (B, p): directions that a component does not have.
    """

    at: Integers
    moves: Floats
    idle: Booleans

    @property
    def fixed(self) -> Booleans:
        """Shape (B, n): numbers that the equations alone determine, and places without a number."""
        found: Booleans = np.logical_not((np.abs(self.moves) > _NULL).any(axis=2))
        return found


def components(equations: sparse.csr_array) -> tuple[Integers, sparse.csr_array]:
    """The component of each number, and the equations' cross-products: shape (numbers, numbers)."""
    together = equations.T @ equations
    _, label = sparse.csgraph.connected_components(together, directed=False)
    return label.astype(np.int64), together


def stacks(equations: sparse.csr_array, wanted: Booleans) -> Iterator[Stack]:
    """The components that hold a wanted number, by size; those over `LARGEST` are left out.

    Parameters
    ----------
    equations
        Shape (rows, numbers).
    wanted
        Shape (numbers,).
    """
    label, together = components(equations)
    pairs = together.tocoo()
    count = np.bincount(label)
    first = np.cumsum(count) - count
    place = np.empty(label.size, dtype=np.int64)
    place[np.argsort(label, kind="stable")] = np.arange(label.size)
    place -= first[label]
    asked = (np.bincount(label, weights=wanted) > 0) & (count > 1) & (count <= LARGEST)
    size_of = np.searchsorted(_SIZES, count)
    for number in np.unique(size_of[asked]):
        chosen = asked & (size_of == number)
        within = np.where(chosen, np.cumsum(chosen) - 1, -1)
        shape = (int(chosen.sum()), int(count[chosen].max()))
        at = np.full(shape, -1)
        mine = np.flatnonzero(chosen[label])
        at[within[label[mine]], place[mine]] = mine
        gram = np.zeros((*shape, shape[1]))
        held = chosen[label[pairs.row]]
        row, column = pairs.row[held], pairs.col[held]
        gram[within[label[row]], place[row], place[column]] = pairs.data[held]
        moves, idle = _null_space(gram, at < 0)
        if moves.shape[2]:
            yield Stack(at, moves, idle)


def _null_space(gram: Floats, without: Booleans) -> tuple[Floats, Booleans]:
    """Directions that no equation notices: eigenvectors of the cross-products with eigenvalue zero."""
    diagonal = np.arange(gram.shape[1])
    gram[:, diagonal, diagonal] += without
    values, vectors = np.linalg.eigh(gram)
    free = (values < _NULL).sum(axis=1)
    idle: Booleans = np.arange(free.max(initial=0)) >= free[:, None]
    moves = np.where(idle[:, None, :], 0.0, vectors[:, :, : idle.shape[1]])
    return np.where(np.abs(moves) > _NULL, moves, 0.0), idle
