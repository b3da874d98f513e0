"""Markets of any size for the benchmarks: popular programmes, four tiers, a tenth too few places."""

from __future__ import annotations

import numpy as np

from tazuna.matching.market import Market

LOAD = 0.9
"""Places for each applicant."""
TIERS = 4
POPULARITY = 0.7
"""Exponent of Zipf's law: the programme of rank r is named in proportion to r to the power of minus this."""
_AT_ONCE = 100_000


def large_market(people: int, programs: int, choices: int, seed: int = 0) -> Market:
    """Everybody lists so many different programmes, drawn by popularity."""
    rng = np.random.default_rng(seed)
    weight = np.arange(1, programs + 1) ** -POPULARITY
    upto = np.cumsum(weight / weight.sum())
    lists = [
        _lists(rng, min(_AT_ONCE, people - first), choices, upto) for first in range(0, people, _AT_ONCE)
    ]
    return Market(
        applicants=tuple(f"P{i:07d}" for i in range(people)),
        programs=tuple(f"G{s:05d}" for s in range(programs)),
        start=np.arange(0, people * choices + 1, choices, dtype=np.int64),
        program=np.concatenate(lists).ravel(),
        rank=np.tile(np.arange(1, choices + 1, dtype=np.int32), people),
        tier=rng.integers(1, TIERS + 1, people * choices).astype(np.int32),
        capacity=np.full(programs, max(1, int(LOAD * people / programs)), np.int64),
        screened=np.zeros(programs, np.bool_),
        sender=np.full(people, -1, np.int32),
        host=np.zeros(programs, np.int32),
        organisations=("C01",),
        minimum=np.zeros(programs, np.int64),
    )


def _lists(rng: np.random.Generator, people: int, choices: int, upto: np.ndarray) -> np.ndarray:
    """Int32, people x choices: rows without repetition; a row that has one is drawn again.

    Lists of everything are sorted by exponential waiting times, which is the same draw without repetition.
    """
    if choices == upto.size:
        waiting = rng.exponential(size=(people, choices)) / np.diff(upto, prepend=0.0)
        return np.argsort(waiting, axis=1).astype(np.int32)
    found = np.searchsorted(upto, rng.random((people, choices)))
    while True:
        in_order = np.sort(found, axis=1)
        again = (in_order[:, 1:] == in_order[:, :-1]).any(axis=1)
        if not again.any():
            return np.minimum(found, upto.size - 1).astype(np.int32)
        found[again] = np.searchsorted(upto, rng.random((int(again.sum()), choices)))
