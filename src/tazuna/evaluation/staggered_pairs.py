"""Which groups are compared with whom, between which periods, in a staggered roll-out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.evaluation.estimate import Flags, Integers

Comparison = Literal["never", "not_yet"]
"""Units that never start; units that have not started by the later of the two periods."""
BasePeriod = Literal["varying", "universal"]
"""Before the start: the period before each; or always the last period before the start."""


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs of one group that share their comparison units: times t and their base periods, as indices."""

    group: int
    times: tuple[int, ...]
    bases: tuple[int, ...]
    others: Flags


def blocks(
    index: Integers, last: int, comparison: Comparison, base: BasePeriod, anticipation: int
) -> Iterator[Block]:
    """All pairs (group, period), together where they share their comparison units.

    Parameters
    ----------
    index
        Shape (n,): period in which each unit starts; ``last`` for those that do not.
    last
        Number of periods.
    comparison, base, anticipation
        As of `staggered.group_time_effects`.
    """
    never = index == last
    for group in np.unique(index[~never]).tolist():
        first = group - anticipation
        pairs = [(t, first - 1 if t >= first or base == "universal" else t - 1) for t in range(last)]
        pairs = [(t, start) for t, start in pairs if start >= 0 and t != start]
        if comparison == "never":
            yield Block(group, *_split(pairs), never)
            continue
        by_horizon: dict[int, list[tuple[int, int]]] = {}
        for t, start in pairs:
            by_horizon.setdefault(max(t, start) + anticipation, []).append((t, start))
        for horizon, some in by_horizon.items():
            yield Block(group, *_split(some), ((index > horizon) | never) & (index != group))


def _split(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(t for t, _ in pairs), tuple(start for _, start in pairs)
