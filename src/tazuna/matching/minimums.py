"""Smallest numbers with which programmes run (最少催行人数): closing and re-running."""

from __future__ import annotations

from typing import Any

import numpy as np

from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.matching.blocks import Blocks
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Floats, Integers, Market
from tazuna.matching.mechanism import Mechanism


class CloseAndRerun(Mechanism):
    """Run; close the programme furthest below its minimum; run again with the same numbers; and so on.

    Every programme in which somebody holds a place then has its minimum. A programme that nobody holds is not
    closed, since people may come to it when others close. Of programmes equally far below, the last closes.

    **Manipulable**: who leaves a programme off their list can make it close, and so decide whom they compete
    with elsewhere. Not stable: people would rather have a closed programme than what they got.

    Parameters
    ----------
    inside
        Deferred acceptance, with or without limits on regions; runs on a workspace with ``places``.
    blocks
        Those of the mechanism inside.
    """

    def __init__(self, inside: Mechanism, blocks: Blocks) -> None:
        super().__init__(inside.market, inside.rules)
        self.inside = inside
        self.blocks = blocks

    def workspace(self) -> Any:
        """Arrays of the mechanism inside."""
        return self.inside.workspace()

    def assign(self, numbers: Numbers, workspace: Any) -> Integers:
        """The edge that each applicant holds, or -1; see `Mechanism.assign`."""
        market = self.market
        workspace.places[:] = self.blocks.places
        while True:
            held = self.inside.assign(numbers, workspace)
            filled = _filled(market, held)
            missing = np.where(filled > 0, market.minimum - filled, 0)
            if missing.size == 0 or missing.max() <= 0:
                return held
            closing = missing.size - 1 - int(missing[::-1].argmax())
            workspace.places[self.blocks.program == closing] = 0

    def cutoffs(self, workspace: Any) -> Floats:
        """Those of the last run inside."""
        return self.inside.cutoffs(workspace)


def expect_room_for_minimums(market: Market, blocks: Blocks) -> None:
    """Refuse extended seats where a programme cannot keep its minimum out of ordinary places.

    With extended seats (Fragiadakis, Iwasaki, Troyan, Ueda & Yokoo 2015, Strategyproof matching with minimum
    quotas, ACM Transactions on Economics and Computation 4(1), article 6) each programme has as many regular
    places as its minimum, and all other places together take at most so many people that the rest fill the
    minimums. The minimums are then certain **only if everybody who takes part lists every programme** and
    there are enough people; else a regular place can stay empty because those left did not ask for it.

    Raises
    ------
    StudyError
        The minimum of a programme is above its places that are neither reserved nor open.
    """
    tiered = np.array([layer.kind == "tiered" for layer in blocks.layers])[blocks.layer]
    regular = np.bincount(blocks.program, np.where(tiered, blocks.places, 0), len(market.programs))
    for program in np.flatnonzero(regular < market.minimum)[:1]:
        raise StudyError(
            message(
                "The programme {program} has a minimum of {minimum} but only {regular} places that are "
                "neither reserved nor open, and minimums = “extended_seats” keeps the minimum among those.",
                program=market.programs[program],
                minimum=int(market.minimum[program]),
                regular=int(regular[program]),
            ),
            message("Lower the minimum, reserve or open fewer places, or choose minimums = “report”."),
        )


def _filled(market: Market, held: Integers) -> Integers:
    """Int64, one a programme: people who hold it."""
    return np.bincount(market.program[held[held >= 0]], minlength=len(market.programs))
