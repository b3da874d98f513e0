"""Running the same mechanism on many draws: how often each pair comes together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.matching.lottery import Numbers, Redraws
from tazuna.matching.market import Indices, Integers
from tazuna.matching.mechanism import Mechanism

CHUNK = 25
"""Draws that a thread takes at a time: few enough to share evenly, and to show progress."""
TOGETHER = 1000
"""Draws of a small market at a time, where arrays give them: a few MB."""

Progress = Callable[[int], None]
"""Told how many draws are done."""
Visit = Callable[[int, Integers], None]
"""Given the index of a draw and the edges held in it; must not keep the array."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each edge was held.

    Parameters
    ----------
    held
        Int64, one an edge.
    draws
        Out of how many.
    """

    held: Integers
    draws: int


def count_offers(
    mechanism: Mechanism,
    draws: int,
    seed: str,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Counts:
    """Redraw and count; the counts are the same for any number of threads.

    Parameters
    ----------
    draws
        How many.
    seed
        Of `Redraws`.
    threads
        None for one a core.
    """
    edges = mechanism.market.edges
    totals = [np.zeros(edges, np.int64) for _ in range(thread_count(threads))]

    def visit_with(thread: int) -> Visit:
        def visit(_: int, held: Integers) -> None:
            totals[thread][held[held >= 0]] += 1

        return visit

    each_draw(mechanism, draws, seed, visit_with, threads=threads, progress=progress)
    return Counts(np.sum(totals, axis=0), draws)


def redrawn_offers(
    mechanism: Mechanism,
    draws: int,
    seed: str,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Indices:
    """Int32, draws x applicants: the edge held in each draw, or -1."""
    offers: npt.NDArray[np.int32] = np.empty((draws, len(mechanism.market.applicants)), np.int32)

    def visit(draw: int, held: Integers) -> None:
        offers[draw] = held

    each_draw(mechanism, draws, seed, lambda _: visit, threads=threads, progress=progress)
    return offers


def each_draw(
    mechanism: Mechanism,
    draws: int,
    seed: str,
    visit_with: Callable[[int], Visit],
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Run every draw once and visit it.

    Parameters
    ----------
    visit_with
        Given the number of a thread (0, 1, …), what that thread does with each draw. Which thread meets which
        draw is not fixed: what is collected must not depend on it.
    """
    in_arrays = mechanism.in_arrays(draws)
    count, size = thread_count(threads), CHUNK if in_arrays is None else TOGETHER
    waiting = iter(range(0, draws, size))

    def work(thread: int) -> None:
        redraws, visit = Redraws(seed), visit_with(thread)
        held_in = (
            _one_by_one(mechanism, redraws)
            if in_arrays is None
            else _together(mechanism, redraws, in_arrays, min(size, draws))
        )
        for first in waiting:  # next() on a range's iterator is one step of the interpreter: no lock needed
            some = range(first, min(first + size, draws))
            for draw, held in zip(some, held_in(some), strict=True):
                visit(draw, held)
            if progress is not None:
                progress(len(some))

    if count == 1:
        work(0)
        return
    with ThreadPoolExecutor(count) as pool:
        for finished in [pool.submit(work, thread) for thread in range(count)]:
            finished.result()


def _one_by_one(mechanism: Mechanism, redraws: Redraws) -> Callable[[range], Iterable[Integers]]:
    """For as many draws as there are: the room of one."""
    numbers, workspace = mechanism.empty_numbers(), mechanism.workspace()

    def held_in(draws: range) -> Iterator[Integers]:
        for draw in draws:
            redraws.fill(numbers, draw)
            yield mechanism.assign(numbers, workspace)

    return held_in


def _together(
    mechanism: Mechanism,
    redraws: Redraws,
    in_arrays: Callable[[Sequence[Numbers]], Integers],
    most: int,
) -> Callable[[range], Iterable[Integers]]:
    """For up to ``most`` draws of a small market at a time."""
    room = [mechanism.empty_numbers() for _ in range(most)]

    def held_in(draws: range) -> Integers:
        several = room[: len(draws)]
        for draw, numbers in zip(draws, several, strict=True):
            redraws.fill(numbers, draw)
        return in_arrays(several)

    return held_in


def thread_count(threads: int | None) -> int:
    """How many threads `each_draw` starts: as many as asked for, or one a core."""
    return threads if threads is not None else os.cpu_count() or 1
