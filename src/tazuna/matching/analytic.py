"""Chances from the cut-offs of one draw (ボーダーからの確率): the formula that holds in large markets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.compiled import compiled
from tazuna.matching.blocks import Blocks
from tazuna.matching.market import Floats, Indices, Integers, Market
from tazuna.matching.rules import TieBreaking


@dataclass(frozen=True, slots=True)
class Screening:
    """What the local score needs to know about programmes that break ties by interview score.

    Parameters
    ----------
    scores
        Float64, one an edge: interview score, more is better; only those at screened programmes are read.
    bandwidth
        Float64, one a programme, in points of the score: how near to the last admitted score luck is held to
        decide. 0: nobody's.
    host_tier
        Int32, one an edge: the host's tier before the scores refined it; None where there was only one. Luck
        is possible only in the tier of the last admitted.
    """

    scores: Floats
    bandwidth: Floats
    host_tier: Indices | None = None


def lotteries_of(market: Market, ties: TieBreaking) -> Integers:
    """Int64, one a programme: which lottery breaks its ties.

    Programmes of one lottery share its number: all with a single one, none with several. Mixtures are written
    by hand: same number, same lottery.
    """
    programs = len(market.programs)
    return np.zeros(programs, np.int64) if ties == "single" else np.arange(programs)


def analytic_chances(
    market: Market,
    blocks: Blocks,
    cutoffs: Floats,
    lotteries: Integers,
    screening: Screening | None = None,
) -> Floats:
    """Each chance, as if the cut-offs of this draw were those of every draw.

    With c the cut-off of a block and ρ the tier there, q = clip(c - ρ, 0, 1) is the share of lottery numbers
    that are good enough. Let MID_v be the largest q on lottery v among the better choices (most informative
    disqualification). Then the chance of s with lottery v is

        max(0, q_s - MID_v) · ∏ (1 - MID_w) over the other lotteries w.

    With one lottery this is max(0, q_s - max q_b); with one a programme q_s ∏ (1 - q_b). A screened programme
    counts as a lottery of its own with q = 0, ½ or 1: surely refused (n), within the bandwidth (c), surely
    admitted (a). Its open places are drawn like any others.

    Parameters
    ----------
    market, blocks
        The blocks of the market.
    cutoffs
        Float64, one a block: worst admitted position; +inf where nobody was refused (as good as K + 1 with K
        tiers), -inf where there is no place. See `Outcome`.
    lotteries
        Int64, one a programme; see `lotteries_of`.
    screening
        For the local score at screened programmes; without it their refined tiers decide like any others.

    Returns
    -------
    Float64, one an edge.

    References
    ----------
    Abdulkadiroğlu, Angrist, Narita & Pathak (2017), https://doi.org/10.3982/ECTA13925, theorem 1 and, for
    mixed lotteries, appendix A.9; the same (2022), https://doi.org/10.3982/ECTA17125, for the local score.
    """
    lottery = lotteries[blocks.program]
    good_enough = np.clip(cutoffs[blocks.block] - blocks.tier, 0.0, 1.0)
    if screening is not None:
        drawn = np.array([layer.kind == "open" for layer in blocks.layers])[blocks.layer]
        screened = market.screened[blocks.program] & ~drawn
        lottery = np.where(screened, lotteries.max(initial=0) + 1 + blocks.program, lottery)
        entries = np.flatnonzero(screened[blocks.block])
        good_enough[entries] = _near_the_cutoff(market, blocks, cutoffs, screening, entries)
    chance = np.zeros(market.edges)
    walk_lists(blocks.start, blocks.edge, lottery[blocks.block].astype(np.int64), good_enough, chance)
    return chance


def _near_the_cutoff(
    market: Market, blocks: Blocks, cutoffs: Floats, screening: Screening, entries: Integers
) -> Floats:
    """q at screened programmes: 1, ½ or 0 by the distance of the score from the last admitted one."""
    edge, block = blocks.edge[entries], blocks.block[entries]
    tier = np.ones_like(market.tier) if screening.host_tier is None else screening.host_tier
    admitted = blocks.tier[entries] <= np.floor(cutoffs[block])
    last_tier = np.full(blocks.count, -np.inf)
    np.maximum.at(last_tier, block[admitted], tier[edge[admitted]])
    marginal = tier[edge] == last_tier[block]
    last_score = np.full(blocks.count, np.inf)
    of_margin = admitted & marginal
    np.minimum.at(last_score, block[of_margin], screening.scores[edge[of_margin]])
    ahead = screening.scores[edge] - last_score[block]
    width = screening.bandwidth[market.program[edge]]
    by_score = np.where(ahead >= width, 1.0, np.where(ahead >= -width, 0.5, 0.0))
    by_tier = np.where(tier[edge] < last_tier[block], 1.0, 0.0)
    return np.where(np.isposinf(cutoffs[block]), 1.0, np.where(marginal, by_score, by_tier))


@compiled
def walk_lists(
    start: Integers, edge: Indices, lottery: Integers, good_enough: Floats, chance: Floats
) -> None:
    """Add to each edge's ``chance`` what its entries are worth, walking down each list once.

    ``lottery``, ``good_enough``: one an entry, the lottery and q of `analytic_chances`.
    """
    used_up = np.zeros(lottery.max() + 1 if lottery.size else 0)
    for person in range(start.size - 1):
        others_left = 1.0
        for entry in range(start[person], start[person + 1]):
            before, now = used_up[lottery[entry]], good_enough[entry]
            if now <= before or others_left == 0.0:
                continue
            # others_left is the product over all lotteries; its own factor is taken out again.
            chance[edge[entry]] += others_left / (1.0 - before) * (now - before)
            others_left *= (1.0 - now) / (1.0 - before)
            used_up[lottery[entry]] = now
        for entry in range(start[person], start[person + 1]):
            used_up[lottery[entry]] = 0.0
