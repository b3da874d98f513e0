"""What redraws of a mechanism show on average (期待値): fill of programmes and regions, chances of pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.matching.market import Flags, Floats, Integers
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.redraws import Progress, Visit, each_draw


@dataclass(frozen=True, slots=True)
class Expectation:
    """Averages over redraws.

    Parameters
    ----------
    chance, chance_any
        Float64, one an edge and one an applicant: share of draws with this place, and with any.
    filled
        Float64, one a programme: places filled.
    full, below
        Float64, one a programme: share of draws with every place filled, with fewer than the minimum.
    below_lower
        Float64, one a region: share of draws with fewer than it wishes for.
    placed
        People with a place.
    """

    chance: Floats
    chance_any: Floats
    filled: Floats
    full: Floats
    below: Floats
    below_lower: Floats
    placed: float


def expected_of(
    mechanism: Mechanism,
    draws: int,
    seed: str,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Expectation:
    """Redraw so many times and average; the same for any number of threads."""
    market, regions = mechanism.market, mechanism.rules.regions
    programs, totals = len(market.programs), list[tuple[Integers, ...]]()
    member: Flags = np.array([region.programs for region in regions], np.bool_).reshape(-1, programs)
    lower = np.array([region.lower for region in regions], np.int64)

    def visit_with(_: int) -> Visit:
        held_in, full, below, below_lower = (
            np.zeros(size, np.int64) for size in (market.edges, programs, programs, len(regions))
        )
        totals.append((held_in, full, below, below_lower))

        def visit(_: int, held: Integers) -> None:
            edges = held[held >= 0]
            held_in[edges] += 1
            filled = np.bincount(market.program[edges], minlength=programs)
            full[:] += filled >= market.capacity
            below[:] += filled < market.minimum
            below_lower[:] += member @ filled < lower

        return visit

    each_draw(mechanism, draws, seed, visit_with, threads=threads, progress=progress)
    held_in, full, below, below_lower = (np.sum(parts, axis=0) / draws for parts in zip(*totals, strict=True))
    return Expectation(
        chance=held_in,
        chance_any=np.bincount(market.applicant_of_edge(), held_in, len(market.applicants)).astype(
            np.float64
        ),
        filled=np.bincount(market.program, held_in, programs).astype(np.float64),
        full=full,
        below=below,
        below_lower=below_lower,
        placed=float(held_in.sum()),
    )
