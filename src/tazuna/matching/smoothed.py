"""Less noisy chances (平滑化した確率): the formula of large markets, averaged over redraws."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tazuna.matching.analytic import analytic_chances, lotteries_of, walk_lists
from tazuna.matching.deferred_acceptance import DeferredAcceptance, Workspace, cutoffs
from tazuna.matching.market import Flags, Floats
from tazuna.matching.workspaces import cutoffs_for_others, redrawn_in_chunks


def smoothed_chances(
    mechanism: DeferredAcceptance, draws: int, seed: str, *, threads: int | None = None
) -> Floats:
    """The analytic chance, averaged over redraws with everybody's own seat left out of the cut-off.

    In each draw, somebody who holds a place of a block would lose it only to the best who was refused there:
    that position is their cut-off. For all others it is the worst admitted one. Less noisy than frequencies
    and good as a check on them, but only nearly unbiased: who moves on makes others move, too.

    Returns
    -------
    Float64, one an edge.
    """
    blocks, market = mechanism.blocks, mechanism.market
    lottery = lotteries_of(market, mechanism.rules.ties)[blocks.program][blocks.block]

    def of_chunk(workspaces: Iterable[Workspace]) -> Floats:
        total = np.zeros(market.edges)
        for workspace in workspaces:
            cutoff = cutoffs_for_others(workspace)[blocks.block]
            own = workspace.following[workspace.held >= 0] - 1
            cutoff[own] = workspace.refused[blocks.block[own]]
            good_enough = np.clip(cutoff - blocks.tier, 0.0, 1.0)
            walk_lists(blocks.start, blocks.edge, lottery, good_enough, total)
        return total

    sums = redrawn_in_chunks(mechanism, draws, seed, of_chunk, threads=threads)
    return np.asarray(sum(sums, np.zeros(market.edges)) / draws)


def one_draw_error(
    mechanism: DeferredAcceptance,
    chance: Floats,
    edges: Flags,
    draws: int,
    seed: str,
    *,
    threads: int | None = None,
) -> float:
    """How far off the analytic chance from a single draw is: root mean square over ``edges`` and draws.

    To be shown beside any analytic chance: in small markets the cut-offs of one draw say little.

    Parameters
    ----------
    chance
        Float64, one an edge: the truth, or the best that is known of it.
    edges
        Bool, one an edge: over which pairs; certain ones would only flatter.
    """
    market, blocks = mechanism.market, mechanism.blocks
    lotteries = lotteries_of(market, mechanism.rules.ties)

    def of_chunk(workspaces: Iterable[Workspace]) -> float:
        squares = 0.0
        for workspace in workspaces:
            found = analytic_chances(market, blocks, cutoffs(workspace), lotteries)
            squares += float(np.sum((found - chance)[edges] ** 2))
        return squares

    total = np.sum(list(redrawn_in_chunks(mechanism, draws, seed, of_chunk, threads=threads)))
    return float(np.sqrt(total / (draws * max(1, int(np.count_nonzero(edges))))))
