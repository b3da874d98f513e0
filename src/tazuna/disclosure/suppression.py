"""Complementary suppression (補完秘匿): which further cells to hide, so that no hidden one can be calculated.

A row of numbers that add up gives a hidden one away when it is the only hidden one, or when all hidden ones
together are fewer than the protection interval. Where that is so, one more is hidden: that which spoils the
fewest other rows, and among those a small one. Which of the small ones is drawn, so that a hidden cell does
not tell that it is smaller than those shown (the minimality attack of Wong, Fu, Wang and Pei, VLDB 2007,
pages 543-554).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import Floats, Relations


class Rows:
    """The relations of one release as lists, to be walked through."""

    def __init__(self, relations: Relations) -> None:
        self.positions = relations.positions.height
        self.secret = relations.secret.tolist()
        self.whole = relations.wholes.indices.tolist()
        parts = relations.parts
        self.parts = [
            parts.indices[start:end].tolist()
            for start, end in zip(parts.indptr[:-1], parts.indptr[1:], strict=True)
        ]
        self.of: list[list[int]] = [[] for _ in range(relations.variables)]
        for row, whole in enumerate(self.whole):
            for variable in (whole, *self.parts[row]):
                self.of[variable].append(row)


class Hiding:
    """The hidden cells of one pattern of numbers, while more are being hidden.

    Parameters
    ----------
    rows
        The relations.
    counts
        Shape (variables,): numbers of people, remainders included; NaN where there is no such figure.
    remainders
        Shape (variables,): remainders that are not known to be nobody.
    hidden
        Shape (positions,): what is hidden already.
    k
        Threshold and protection interval.
    cost
        Shape (positions,): what hiding a cell costs beside the rows that it spoils.
    fixed
        Shape (positions,): of which no more are hidden.
    """

    def __init__(
        self,
        rows: Rows,
        counts: Floats,
        remainders: Booleans,
        hidden: Booleans,
        k: int,
        cost: Floats,
        fixed: Booleans | None = None,
    ) -> None:
        self.rows = rows
        self.k = k
        self.value = counts.tolist()
        self.cost = cost.tolist()
        self.fixed = np.zeros(rows.positions, dtype=bool).tolist() if fixed is None else fixed.tolist()
        self.hidden = [*hidden.tolist(), *remainders[rows.positions :].tolist()]
        # A negative remainder is of numbers that do not belong together, and relates nothing.
        self.valid = [
            all(self.value[v] >= 0 for v in (rows.whole[row], *rows.parts[row]))
            for row in range(len(rows.whole))
        ]

    def given_away(self, row: int) -> bool:
        """Whether the row alone gives a hidden number away."""
        if not self.valid[row]:
            return False
        parts = [variable for variable in self.rows.parts[row] if self.hidden[variable]]
        if self.hidden[self.rows.whole[row]]:
            return not parts
        if len(parts) == 1 and not self._secret(parts[0]):
            return False
        if len(parts) == 1:
            return True
        some = any(self.rows.secret[part] for part in parts)
        return some and sum(self.value[part] for part in parts) < self.k

    def close(self, start: Iterable[int]) -> None:
        """Hide cells until no row gives a hidden number away.

        Parameters
        ----------
        start
            The rows to look at first.
        """
        waiting = deque(start)
        while waiting:
            row = waiting.popleft()
            if self.given_away(row):
                more = self.next_in([row])
                if more is not None:
                    waiting.extend([row, *self.hide(more)])

    def hide(self, variable: int) -> list[int]:
        """Hide a cell; returns the rows that it is in."""
        self.hidden[variable] = True
        return self.rows.of[variable]

    def next_in(self, rows: Iterable[int]) -> int | None:
        """The shown cell of these rows that is hidden next; a whole only where no part is left."""
        rows = [row for row in rows if self.valid[row]]
        parts = {part for row in rows for part in self.rows.parts[row] if self._shown(part)}
        wholes = {self.rows.whole[row] for row in rows if self._shown(self.rows.whole[row])}
        return min(parts or wholes, key=self._loss, default=None)

    def next_around(self, variable: int) -> int | None:
        """The shown cell hidden next so that this hidden one can range further."""
        reached = set(self.rows.of[variable])
        while (found := self.next_in(sorted(reached))) is None:
            beside = {
                v for row in reached for v in (self.rows.whole[row], *self.rows.parts[row]) if self.hidden[v]
            }
            further = {row for v in beside for row in self.rows.of[v]} - reached
            if not further:
                return None
            reached = further | reached
        return found

    def _secret(self, variable: int) -> bool:
        """Whether a hidden number must not be known: any cell, and a small remainder of known people."""
        small = self.rows.secret[variable] and 0 < self.value[variable] < self.k
        return variable < self.rows.positions or small

    def _shown(self, variable: int) -> bool:
        if variable >= self.rows.positions or self.hidden[variable] or self.fixed[variable]:
            return False
        return bool(self.value[variable] >= 0)

    def _loss(self, variable: int) -> tuple[int, float]:
        """Rows that hiding this cell would spoil, then its cost."""
        rows = [row for row in self.rows.of[variable] if not self.given_away(row)]
        self.hidden[variable] = True
        spoilt = sum(self.given_away(row) for row in rows)
        self.hidden[variable] = False
        return spoilt, self.cost[variable]

    def positions(self) -> Booleans:
        """Shape (positions,): what is hidden now."""
        return np.array(self.hidden[: self.rows.positions], dtype=bool)
