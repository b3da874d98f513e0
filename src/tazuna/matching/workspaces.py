"""Redraws of plain deferred acceptance seen from inside: with cut-offs, and without one of the people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from tazuna.matching.deferred_acceptance import DeferredAcceptance, Workspace
from tazuna.matching.lottery import Redraws
from tazuna.matching.market import Floats
from tazuna.matching.redraws import CHUNK, thread_count

Result = TypeVar("Result")


def redrawn_in_chunks(
    mechanism: DeferredAcceptance,
    draws: int,
    seed: str,
    of_chunk: Callable[[Iterable[Workspace]], Result],
    *,
    left_out: int | None = None,
    threads: int | None = None,
) -> Iterator[Result]:
    """What ``of_chunk`` makes of each few consecutive draws, in their order for any number of threads.

    Parameters
    ----------
    of_chunk
        Given the workspaces after each draw; it is the same workspace, overwritten.
    left_out
        Number of an applicant who does not take part.
    """

    def work(first: int) -> Result:
        redraws = Redraws(seed)
        numbers, workspace = mechanism.empty_numbers(), mechanism.workspace()
        if left_out is not None:
            workspace.active[left_out] = False

        def after_each() -> Iterator[Workspace]:
            for draw in range(first, min(first + CHUNK, draws)):
                redraws.fill(numbers, draw)
                mechanism.assign(numbers, workspace)
                yield workspace

        return of_chunk(after_each())

    count = thread_count(threads)
    if count == 1:
        yield from map(work, range(0, draws, CHUNK))
        return
    with ThreadPoolExecutor(count) as pool:
        yield from pool.map(work, range(0, draws, CHUNK))


def cutoffs_for_others(workspace: Workspace) -> Floats:
    """Float64, one a block: the position that somebody who holds no place of it must stay below.

    The worst admitted position where the block is full, even if nobody was refused; +inf where there is room,
    -inf without places.
    """
    room = np.where(workspace.size < workspace.places, np.inf, workspace.admitted)
    return np.where(workspace.places == 0, -np.inf, room)


def redrawn_cutoffs(
    mechanism: DeferredAcceptance,
    draws: int,
    seed: str,
    *,
    left_out: int | None = None,
    threads: int | None = None,
) -> Floats:
    """Float64, draws x blocks: `cutoffs_for_others` after each draw."""

    def of_chunk(workspaces: Iterable[Workspace]) -> Floats:
        return np.stack([cutoffs_for_others(workspace) for workspace in workspaces])

    chunks = redrawn_in_chunks(mechanism, draws, seed, of_chunk, left_out=left_out, threads=threads)
    return np.concatenate(list(chunks))
