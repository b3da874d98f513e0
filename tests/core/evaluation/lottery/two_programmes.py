"""A crowded programme whose losers often get another one, so that the draw of one moves the other along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.estimate import Flags, Floats
from tazuna.evaluation.lottery.draws import Draws, Offers


@dataclass(frozen=True, slots=True)
class TwoProgrammes:
    """R draws of n people: places of the first and of the second programme, and outcomes without either."""

    first: Flags
    second: Flags
    without: Floats

    @property
    def controls(self) -> Floats:
        """A constant and both chances."""
        return np.column_stack([np.ones(len(self.without)), self.first.mean(0), self.second.mean(0)])

    def offers(self, number: int) -> tuple[Offers, Offers]:
        """Draw ``number`` against all, for each programme."""
        return Offers(self.first[number], self.first), Offers(self.second[number], self.second)

    def draws(self, number: int) -> Draws:
        """The same as `Draws`."""
        held = np.where(self.first, 0, np.where(self.second, 1, -1)).astype(np.int32)
        n = len(self.without)
        return Draws(np.arange(n), np.zeros(n, np.int64), ("r1",), ("first", "second"), held[number], held)


def two_programmes(seed: int, *, people: int = 80, draws: int = 400) -> TwoProgrammes:
    """A quarter of places in the first, half in the second; two in three rank the second after the first."""
    rng = np.random.default_rng(seed)
    also = rng.random(people) < 2 / 3
    keen = rng.normal(size=people)
    favoured = keen > 0.8
    first, second = np.zeros((2, draws, people), bool)
    for number in range(draws):
        order = np.argsort(rng.random(people) - 0.3 * favoured)
        first[number, order[: people // 4]] = True
        left = order[people // 4 :]
        left = left[also[left]]
        second[number, left[: people // 3]] = True
    return TwoProgrammes(first, second, 50 + 6 * keen + 6 * rng.normal(size=people))
