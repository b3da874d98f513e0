"""What every mechanism (割当方式) can do: be run on one draw, and again on as many others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tazuna.matching.lottery import Numbers, empty_numbers
from tazuna.matching.market import Flags, Floats, Integers, Market
from tazuna.matching.rules import Rules


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of a mechanism.

    Parameters
    ----------
    held
        Int64, one an applicant: the edge of the market, i.e. person and programme, or -1 for no place.
    cutoffs
        Float64, one a block, where the mechanism has cut-offs: the worst admitted position; +inf where nobody
        was turned away, -inf where there is no place. Empty where it has none.
    """

    held: Integers
    cutoffs: Floats


class Mechanism(ABC):
    """A pure function from lottery numbers to places, for one market under one set of rules.

    Its only randomness is the draw, so that re-running it gives everybody's chance (Borusyak & Hull 2023,
    https://doi.org/10.3982/ECTA19367).
    """

    def __init__(self, market: Market, rules: Rules) -> None:
        self.market = market
        self.rules = rules

    def empty_numbers(self) -> Numbers:
        """Room for the numbers of one draw."""
        pairs = self.market.edges if self.rules.ties == "multiple" else None
        return empty_numbers(len(self.market.applicants), pairs)

    @abstractmethod
    def workspace(self) -> Any:
        """Arrays that `assign` overwrites; one for each thread."""

    @abstractmethod
    def assign(self, numbers: Numbers, workspace: Any) -> Integers:
        """The edge that each applicant holds (int64; -1: no place)."""

    def in_arrays(
        self,
        draws: int,  # noqa: ARG002 — only some mechanisms have such a form
    ) -> Callable[[Sequence[Numbers]], Integers] | None:
        """What gives several draws at once, int64, draws x applicants, as `assign` gives one.

        None where there is no such form, or where for so many ``draws`` it would take longer.
        """
        return None

    def taking_part(self, numbers: Numbers) -> Flags:  # noqa: ARG002 — a mechanism may draw who takes part
        """Bool, one an applicant: who may get a place in this draw at all."""
        return np.ones(len(self.market.applicants), np.bool_)

    def cutoffs(self, workspace: Any) -> Floats:  # noqa: ARG002 — not every mechanism has cut-offs
        """Cut-offs after a run, one a block as in `Outcome`; empty where the mechanism has none."""
        return np.empty(0)

    def run(self, numbers: Numbers) -> Outcome:
        """One draw, with its cut-offs."""
        workspace = self.workspace()
        held = self.assign(numbers, workspace)
        return Outcome(held, self.cutoffs(workspace))
