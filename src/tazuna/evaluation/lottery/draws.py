"""Draws and redraws (抽選と再抽選) of one or more rounds, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.evaluation.estimate import Flags, Floats, Integers

NO_PLACE = -1


@dataclass(frozen=True, slots=True)
class Offers:
    """Who was offered the places that are asked about, in the draw and in R redraws of the same rules.

    Parameters
    ----------
    offered
        Shape (n,): in the draw itself. A place that somebody gave back and this person got later is no offer.
    redrawn
        Shape (R, n).
    """

    offered: Flags
    redrawn: Flags

    @property
    def chance(self) -> Floats:
        """Shape (n,): share of the redraws with an offer, the assignment propensity score."""
        share: Floats = self.redrawn.mean(axis=0, dtype=np.float64)
        return share

    @property
    def at_risk(self) -> Flags:
        """Shape (n,): whom the draw decides about, 0 < p < 1."""
        chance = self.chance
        return (chance > 0) & (chance < 1)

    def among(self, rows: Flags) -> Offers:
        """Those of some rows."""
        return Offers(self.offered[rows], np.ascontiguousarray(self.redrawn[:, rows]))


@dataclass(frozen=True, slots=True)
class Draws:
    """One row for each applicant of each round, n rows; round by round.

    Parameters
    ----------
    person
        Shape (n,): code of the person, the same in every round.
    round
        Shape (n,): index in ``rounds``.
    rounds
        Names.
    programs
        Ids that ``held`` and ``redrawn`` index, over all rounds.
    held
        Int32, shape (n,): place that the draw gave, or `NO_PLACE`.
    redrawn
        Int32, shape (R, n): the same in R redraws; rounds are redrawn independently of each other.
    """

    person: Integers
    round: Integers
    rounds: tuple[str, ...]
    programs: tuple[str, ...]
    held: npt.NDArray[np.int32]
    redrawn: npt.NDArray[np.int32]

    def offers(self, asked: Flags | None = None) -> Offers:
        """Offers of some programmes.

        Parameters
        ----------
        asked
            Shape (programs,): the programmes asked about; any place where None.
        """
        if asked is None:
            return Offers(self.held >= 0, self.redrawn >= 0)
        # The last entry stands for no place, which index -1 finds.
        table = np.append(asked, False)
        return Offers(table[self.held], table[self.redrawn])
