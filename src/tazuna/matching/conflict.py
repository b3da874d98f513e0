"""The smallest set of conditions that cannot hold together (矛盾する条件の最小の組).

The method is implicit hitting set duality: a set of conditions is in conflict exactly when it meets every
correction set, which is a set of conditions whose removal makes the case possible.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from tazuna.language import Language, Message
from tazuna.matching.market import Flags, Floats, Integers

Correct = Callable[[frozenset[int]], frozenset[int] | None]
"""Kept conditions → conditions to drop so that the rest is possible, kept ones never; None where none are."""

Possible = Callable[[frozenset[int]], bool]
"""Whether these conditions can hold together."""

MOST_CORRECTIONS = 30
_EXACT = {"mip_rel_gap": 0.0}
_NEAR = {"mip_rel_gap": 0.5, "node_limit": 20}
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with a name: what it says and what could be changed about it."""

    name: str
    says: Message
    cure: Message


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a case is impossible.

    Parameters
    ----------
    conditions
        They cannot hold together; without any one of them the others can.
    smallest
        Whether no set of fewer conditions is in conflict. False where the search was cut short: the set is
        then irreducible, and a smaller one may exist elsewhere.
    shortage
        Who is concerned, where the case allows to name them.
    """

    conditions: tuple[Condition, ...]
    smallest: bool
    shortage: Message | None = None

    def lines(self, language: Language) -> tuple[str, ...]:
        """The shortage, then each condition with its cure, in ``language``."""
        shortage = () if self.shortage is None else (self.shortage.text(language),)
        return shortage + tuple(f"{c.says.text(language)} → {c.cure.text(language)}" for c in self.conditions)


@dataclass(frozen=True, slots=True)
class LinearCondition:
    """A condition as linear inequalities ``lower <= coefficients @ x <= upper`` over whole numbers x.

    Parameters
    ----------
    condition
        Its name.
    coefficients
        Shape (rows, variables).
    lower, upper
        Float64, one a row; infinite where a side is open.
    """

    condition: Condition
    coefficients: csr_array
    lower: Floats
    upper: Floats

    @classmethod
    def of(
        cls, condition: Condition, rows: Floats | Flags, lower: float = -np.inf, upper: float = np.inf
    ) -> LinearCondition:
        """The same bounds for each of the ``rows``: shape (variables,) or (rows, variables)."""
        matrix = csr_array(np.atleast_2d(rows).astype(np.float64))
        count = matrix.shape[0]
        return cls(condition, matrix, np.full(count, lower), np.full(count, upper))


def smallest_conflict(
    count: int,
    correct: Correct,
    possible: Possible,
    *,
    core: Callable[[], frozenset[int]] | None = None,
    most_corrections: int = MOST_CORRECTIONS,
) -> tuple[tuple[int, ...], bool] | None:
    """The smallest subset of ``range(count)`` that is impossible, or None where everything is possible.

    Parameters
    ----------
    count
        Number of conditions.
    correct, possible
        The oracles. The sets that ``correct`` gives need not be small, but the smaller, the fewer are needed.
    core
        Some impossible set to shrink where the search is cut short; by default everything.
    most_corrections
        Correction sets to collect before the search is cut short.

    Returns
    -------
    tuple or None
        The indices, and whether no smaller set is in conflict. Of several smallest sets the solver's first.

    References
    ----------
    Ignatiev, Previti, Liffiton & Marques-Silva (2015), "Smallest MUS extraction with minimal hitting set
    dualization", CP 2015, doi:10.1007/978-3-319-23219-5_13.
    """
    corrections: list[frozenset[int]] = []
    kept: frozenset[int] = frozenset()
    while len(corrections) <= most_corrections:
        dropped = correct(kept)
        if dropped is None:
            return tuple(sorted(kept)), True
        if not dropped:
            return None
        corrections.append(dropped)
        kept = _smallest_hitting_set(count, corrections)
    found = _irreducible(core() if core else frozenset(range(count)), possible)
    return found, len(found) == len(kept)


def linear_conflict(conditions: Sequence[LinearCondition], most: Floats) -> Conflict | None:
    """The smallest conflict among linear conditions on whole numbers 0 … ``most``, or None.

    The oracle is a mixed-integer program with one switch a condition, which drops few conditions.

    Parameters
    ----------
    conditions
        The earlier ones are named first.
    most
        Float64, one a variable: its upper bound.
    """
    program = _Switched.of(conditions, most)
    found = smallest_conflict(len(conditions), program.correct, program.possible, core=program.core)
    if found is None:
        return None
    indices, smallest = found
    return Conflict(tuple(conditions[k].condition for k in indices), smallest)


def _smallest_hitting_set(count: int, sets: Sequence[frozenset[int]]) -> frozenset[int]:
    rows = np.repeat(np.arange(len(sets)), [len(members) for members in sets])
    columns = np.concatenate([sorted(members) for members in sets])
    matrix = coo_array((np.ones(rows.size), (rows, columns)), shape=(len(sets), count)).tocsr()
    solved = milp(
        np.ones(count),
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, 1, np.inf),
        options=_EXACT,
    )
    return frozenset(np.flatnonzero(solved.x > 0.5).tolist())


def _irreducible(core: frozenset[int], possible: Possible) -> tuple[int, ...]:
    """A part of the core that is impossible, and possible without any one of its conditions.

    The conditions are taken in from the last until they are impossible together (found by halving); then one
    after the other is dropped as long as the rest stays impossible.
    """
    order = sorted(core, reverse=True)
    enough = bisect_left(range(len(order)), True, key=lambda size: not possible(frozenset(order[:size])))
    kept = frozenset(order[:enough])
    for index in order[:enough]:
        if not possible(kept - {index}):
            kept -= {index}
    return tuple(sorted(kept))


@dataclass(frozen=True, slots=True)
class _Switched:
    """The conditions with a switch each: switched off, its rows bind nothing."""

    count: int
    most: Floats
    matrix: csr_array
    lower: Floats
    upper: Floats
    owner: Integers

    @classmethod
    def of(cls, conditions: Sequence[LinearCondition], most: Floats) -> _Switched:
        rows = vstack([c.coefficients for c in conditions], format="csr")
        lower = np.concatenate([c.lower for c in conditions])
        upper = np.concatenate([c.upper for c in conditions])
        owner = np.repeat(np.arange(len(conditions)), [c.lower.size for c in conditions])
        at_least = rows.minimum(0) @ most
        at_most = rows.maximum(0) @ most
        below, above = np.isfinite(lower), np.isfinite(upper)
        slack_below = _switches(np.maximum(lower - at_least, 0)[below], owner[below], len(conditions))
        slack_above = _switches(-np.maximum(at_most - upper, 0)[above], owner[above], len(conditions))
        matrix = vstack(
            [hstack([rows[below], slack_below]), hstack([rows[above], slack_above])], format="csr"
        )
        return cls(
            len(conditions),
            most,
            matrix,
            np.concatenate([lower[below], np.full(int(above.sum()), -np.inf)]),
            np.concatenate([np.full(int(below.sum()), np.inf), upper[above]]),
            np.concatenate([owner[below], owner[above]]),
        )

    def correct(self, kept: frozenset[int]) -> frozenset[int] | None:
        found = self._solve(kept, np.ones(self.count), _NEAR)
        if found is None:
            return frozenset(range(self.count)) - kept if self.possible(kept) else None
        return frozenset(np.flatnonzero(found > 0.5).tolist())

    def possible(self, kept: frozenset[int]) -> bool:
        return self._solve(kept, np.zeros(self.count), _EXACT) is not None

    def _solve(self, kept: frozenset[int], cost: Floats, options: Mapping[str, float]) -> Floats | None:
        """The switches at little cost with the ``kept`` conditions on, or None where none were found."""
        most_off = np.ones(self.count)
        most_off[sorted(kept)] = 0
        variables = self.most.size
        solved = milp(
            np.concatenate([np.zeros(variables), cost]),
            integrality=np.ones(variables + self.count),
            bounds=Bounds(0, np.concatenate([self.most, most_off])),
            constraints=LinearConstraint(self.matrix, self.lower, self.upper),
            options=dict(options),
        )
        return None if solved.x is None else np.asarray(solved.x[variables:])

    def core(self) -> frozenset[int]:
        """An impossible set: the conditions that carry weight in a proof over fractions, else all.

        Every row may be missed at a cost of one a unit; the rows whose dual value is not 0 are impossible
        together (Farkas).
        """
        variables = self.most.size
        below = np.isfinite(self.lower)
        signed = csr_array(self.matrix[:, :variables].multiply(np.where(below, -1.0, 1.0)[:, None]))
        rows = signed.shape[0]
        solved = linprog(
            np.concatenate([np.zeros(variables), np.ones(rows)]),
            A_ub=hstack([signed, -eye_array(rows)], format="csr"),
            b_ub=np.where(below, -self.lower, self.upper),
            bounds=np.column_stack(
                [np.zeros(variables + rows), np.concatenate([self.most, np.full(rows, np.inf)])]
            ),
            method="highs",
        )
        carrying = frozenset(self.owner[np.abs(solved.ineqlin.marginals) > _NOTHING].tolist())
        return carrying if not self.possible(carrying) else frozenset(range(self.count))


def _switches(slack: Floats, owner: np.ndarray[tuple[int], np.dtype[np.int64]], count: int) -> csr_array:
    """Shape (rows, conditions): how far the switch of its condition opens each row."""
    return csr_array(eye_array(count, format="csr")[owner].multiply(slack[:, None]))
