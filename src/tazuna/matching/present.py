"""The chance of a place for a person's present ranking (いまの希望順位での確率), as they change it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.matching.blocks import Blocks
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import Flags, Floats, Indices, Integers
from tazuna.matching.rules import TieBreaking
from tazuna.matching.workspaces import redrawn_cutoffs

CACHED_FROM = 5000
"""Applicants above whom one person more or less no longer moves a cut-off: before, the error is .03."""
MOST_DRAWS, FEWEST_DRAWS = 1000, 50
ENTRIES_IN_TIME = 3_000_000
"""Entries of lists that two cores redraw well within 150 ms."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A list that somebody tries out.

    Parameters
    ----------
    programs
        Int64, one a choice, the first choice first: numbers of programmes.
    tiers
        Int32, one a choice: the tier that the person has or would have there.
    qualifies
        Bool, choices x layers: whether the person may have reserved places there; None for nowhere.
    """

    programs: Integers
    tiers: Indices
    qualifies: Flags | None = None


@dataclass(frozen=True, slots=True)
class PresentChance:
    """What the ranking is worth, if all others keep theirs.

    Parameters
    ----------
    chance, std_error
        Float64, one a choice; the standard error is that of averaging over so few draws.
    chance_any, std_error_any
        Of a place at all.
    draws
        How many.
    """

    chance: Floats
    std_error: Floats
    chance_any: float
    std_error_any: float
    draws: int


def draws_in_time(mechanism: DeferredAcceptance) -> int:
    """How many redraws of this market fit into the blink after a change of the ranking: 50 to 1,000."""
    return int(np.clip(ENTRIES_IN_TIME // max(1, mechanism.blocks.edge.size), FEWEST_DRAWS, MOST_DRAWS))


def present_chance(
    mechanism: DeferredAcceptance,
    applicant: int,
    ranking: Ranking,
    seed: str,
    *,
    draws: int | None = None,
    threads: int | None = None,
) -> PresentChance:
    """Redraw without the person, then see how far each draw's cut-offs would let the ranking come.

    The cut-offs of a market in which the person does not take part do not depend on what they rank, so the
    chance is averaged over lottery numbers exactly and only the cut-offs are simulated.

    Parameters
    ----------
    applicant
        Whose present list in the market does not count; -1 for somebody who is not in it.
    draws
        None: `draws_in_time`.
    """
    count = draws_in_time(mechanism) if draws is None else draws
    left_out = None if applicant < 0 else applicant
    cutoffs = redrawn_cutoffs(mechanism, count, seed, left_out=left_out, threads=threads)
    return _chance_of(ranking, cutoffs, mechanism.blocks, mechanism.rules.ties)


@dataclass(frozen=True, slots=True)
class CachedCutoffs:
    """Cut-offs of a large market, redrawn once for everybody.

    Parameters
    ----------
    cutoffs
        Float64, draws x blocks.
    blocks, ties
        Of the mechanism.
    """

    cutoffs: Floats
    blocks: Blocks
    ties: TieBreaking

    def chance_of(self, ranking: Ranking) -> PresentChance:
        """The chance of a ranking of anybody in the market, at once."""
        return _chance_of(ranking, self.cutoffs, self.blocks, self.ties)


def cached_cutoffs(
    mechanism: DeferredAcceptance, draws: int, seed: str, *, threads: int | None = None
) -> CachedCutoffs:
    """Redraw once so that any ranking can be answered at once.

    Raises
    ------
    ValueError
        The market has no more than `CACHED_FROM` applicants: there a person's own application moves the
        cut-offs and must be left out by `present_chance`.
    """
    people = len(mechanism.market.applicants)
    if people <= CACHED_FROM:
        raise ValueError(f"cached cut-offs need more than {CACHED_FROM} applicants, not {people}")
    cutoffs = redrawn_cutoffs(mechanism, draws, seed, threads=threads)
    return CachedCutoffs(cutoffs, mechanism.blocks, mechanism.rules.ties)


def _chance_of(ranking: Ranking, cutoffs: Floats, blocks: Blocks, ties: TieBreaking) -> PresentChance:
    draws = cutoffs.shape[0]
    good_enough = np.zeros((draws, ranking.programs.size))
    for choice, program in enumerate(ranking.programs):
        first, last = np.searchsorted(blocks.program, [program, program + 1])
        for block in range(first, last):
            layer = blocks.layers[blocks.layer[block]]
            if layer.kind == "reserved" and (
                ranking.qualifies is None or not ranking.qualifies[choice, blocks.layer[block]]
            ):
                continue
            tier = 1 if layer.kind == "open" else ranking.tiers[choice]
            share = np.clip(cutoffs[:, block] - tier, 0.0, 1.0)
            np.maximum(good_enough[:, choice], share, out=good_enough[:, choice])
    if ties == "single":
        reached = np.maximum.accumulate(good_enough, axis=1)
    else:
        reached = 1 - np.cumprod(1 - good_enough, axis=1)
    each = np.diff(reached, axis=1, prepend=0.0)
    any_place = each.sum(axis=1)
    return PresentChance(
        chance=each.mean(axis=0),
        std_error=each.std(axis=0) / np.sqrt(draws),
        chance_any=float(any_place.mean()),
        std_error_any=float(any_place.std() / np.sqrt(draws)),
        draws=draws,
    )
