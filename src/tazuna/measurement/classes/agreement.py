"""Agreement (一致度) of two groupings of the same people: adjusted Rand index and cross table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two groupings agree.

    Parameters
    ----------
    rows, columns
        Names of the groups of the first and of the second grouping.
    counts
        Shape (rows, columns): people in both. Counts of people: not to be shown without protection.
    adjusted_rand
        1 = the same groups under whatever names, 0 = as by chance; NaN where nobody is in both groupings.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Codes
    adjusted_rand: float

    @property
    def n(self) -> int:
        """People placed by both groupings."""
        return int(self.counts.sum())


def agreement(first: Codes, second: Codes, rows: Sequence[str], columns: Sequence[str]) -> Agreement:
    """Compare two groupings.

    Parameters
    ----------
    first, second
        Shape (n,): index of each person's group, -1 = unknown; people unknown to either are left out.
    rows, columns
        Names of the groups.
    """
    counts = cross_table(first, second, len(rows), len(columns))
    return Agreement(tuple(rows), tuple(columns), counts, adjusted_rand(counts))


def cross_table(first: Codes, second: Codes, rows: int, columns: int) -> Codes:
    """Numbers of people by two groupings, shape (rows, columns); -1 = unknown, left out."""
    known = (first >= 0) & (second >= 0)
    flat = np.bincount(first[known] * columns + second[known], minlength=rows * columns)
    return flat.reshape(rows, columns)


def adjusted_rand(counts: Codes) -> float:
    """Adjusted Rand index of a cross table (Hubert & Arabie 1985, doi:10.1007/BF01908075).

    Of all pairs of people, those whom both groupings join, less what chance would give with the same group
    sizes, as a share of the most there could be. 1 where both groupings are one group.

    Examples
    --------
    >>> adjusted_rand(np.array([[0, 30], [20, 0]]))
    1.0
    """
    n = counts.sum()
    if n < 2:
        return float("nan")
    both = _pairs(counts)
    rows, columns, every = _pairs(counts.sum(axis=1)), _pairs(counts.sum(axis=0)), _pairs(n)
    chance = rows * columns / every
    most = (rows + columns) / 2
    return 1.0 if most == chance else float((both - chance) / (most - chance))


def _pairs(counts: Codes | np.int64) -> float:
    sizes = np.asarray(counts, dtype=np.float64)
    return float((sizes * (sizes - 1) / 2).sum())
