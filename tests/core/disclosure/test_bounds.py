"""Ranges of hidden numbers are those that a linear programme a number finds."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from tazuna.disclosure.bounds import ranges
from tazuna.disclosure.polytope import Hidden
from tazuna.disclosure.witnesses import witnessed

K = 10.0
WITHIN = 0.01
"""Of a person: how near witnesses come to a limit."""


def table(rows: int, columns: int, rng: np.random.Generator) -> Hidden:
    """A table of which the margins are known and some cells are hidden, some of them of nobody."""
    cells = rng.poisson(4.0, (rows, columns)).astype(float)
    hidden = np.flatnonzero(rng.random(rows * columns) < 0.7)
    of_row, of_column = np.divmod(hidden, columns)
    numbers = np.arange(hidden.size)
    equations = sparse.csr_array(
        (
            np.ones(2 * hidden.size),
            (np.concatenate([of_row, rows + of_column]), np.concatenate([numbers, numbers])),
        ),
        shape=(rows + columns, hidden.size),
    )
    upper = np.where(rng.random(hidden.size) < 0.2, cells.ravel()[hidden] + 6.0, np.inf)
    return Hidden(equations, cells.ravel()[hidden], upper)


def limits(hidden: Hidden) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least and the greatest value of every number, by a programme each."""
    ends = np.column_stack([np.zeros(hidden.truth.size), hidden.upper])
    known = hidden.equations @ hidden.truth
    low, high = (
        np.array(
            [
                sign * linprog(sign * one, A_eq=hidden.equations, b_eq=known, bounds=ends).fun
                for one in np.eye(hidden.truth.size)
            ]
        )
        for sign in (1, -1)
    )
    return low, high


@pytest.mark.parametrize("seed", range(6))
def test_no_witness_is_outside_the_limits(seed: int) -> None:
    hidden = table(4, 5, np.random.default_rng(seed))
    low, high = witnessed(hidden, np.full(hidden.truth.size, K))
    least, most = limits(hidden)
    assert (low >= least - 1e-6).all()
    assert (high <= most + 1e-6).all()


@pytest.mark.parametrize("seed", range(6))
def test_a_range_is_narrow_exactly_where_programmes_find_it_narrow(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hidden = table(4, 5, rng)
    found = ranges(hidden, np.full(hidden.truth.size, K), rng)
    least, most = limits(hidden)
    whole = np.floor(most + WITHIN) - np.ceil(least - WITHIN)
    assert ((found >= K) == (whole >= K)).all()
    assert found[whole < K] == pytest.approx(whole[whole < K])


def test_a_number_that_the_margins_tell_has_no_range() -> None:
    only = Hidden(
        sparse.csr_array(np.array([[1.0, 0.0], [1.0, 1.0]])), np.array([4.0, 30.0]), np.full(2, np.inf)
    )
    assert ranges(only, np.full(2, K), np.random.default_rng(1)).tolist() == [0.0, 0.0]


def test_two_numbers_of_which_the_sum_is_known_range_as_far_as_the_sum() -> None:
    both = Hidden(sparse.csr_array(np.ones((1, 2))), np.array([3.0, 9.0]), np.full(2, np.inf))
    assert (ranges(both, np.full(2, K), np.random.default_rng(1)) >= K).all()
    assert ranges(both, np.full(2, 20.0), np.random.default_rng(1)).tolist() == [12.0, 12.0]


def test_a_number_known_as_most_narrows_the_range() -> None:
    both = Hidden(sparse.csr_array(np.ones((1, 2))), np.array([3.0, 9.0]), np.array([4.0, np.inf]))
    assert ranges(both, np.full(2, K), np.random.default_rng(1)).tolist() == [4.0, 4.0]


def test_a_number_of_nobody_can_still_have_been_somebody() -> None:
    cells = np.array([0.0, 12.0, 12.0, 0.0])
    equations = sparse.csr_array(
        np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]), shape=(4, 4)
    )
    found = ranges(Hidden(equations, cells, np.full(4, np.inf)), np.full(4, K), np.random.default_rng(1))
    assert (found >= K).all()


def test_numbers_of_which_the_sum_is_nobody_are_known_and_hinder_no_witness() -> None:
    equations = sparse.csr_array(
        np.array([[1.0, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1], [1, 0, 1, 0, 1, 0]])
    )
    hidden = Hidden(equations, np.array([0.0, 0, 20, 20, 15, 5]), np.full(6, np.inf))
    assert ranges(hidden, np.full(6, K), np.random.default_rng(1))[:2].tolist() == [0.0, 0.0]
    assert (ranges(hidden, np.full(6, K), np.random.default_rng(1))[2:] >= K).all()
