"""Lotteries with known chances and a known effect, in which keen people choose the crowded programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import Offers


@dataclass(frozen=True, slots=True)
class Made:
    """n rows: applicants of one round or more, all at risk; ``without`` is the outcome without any place."""

    without: Floats
    keen: Floats
    draws: Flags
    person: Integers
    round: Integers

    def offers(self, drawn: Flags) -> Offers:
        """A draw beside the redraws."""
        return Offers(drawn, self.draws)


def made(seed: int, *, people: int = 60, rounds: int = 1, draws: int = 600) -> Made:
    """Programmes with 3, 6 and 12 places; the keener, the more crowded the choice; half come again."""
    rng = np.random.default_rng(seed)
    person = np.concatenate([number * (people // 2) + np.arange(people) for number in range(rounds)])
    traits = rng.normal(size=person.max() + 1)
    keen = traits[person]
    of_round = np.repeat(np.arange(rounds), people)
    choice = np.clip(np.digitize(keen + rng.normal(size=len(keen)), [-0.6, 0.3]), 0, 2)
    redrawn = np.zeros((draws, len(person)), bool)
    for number in range(rounds):
        for program, places in enumerate((12, 6, 3)):
            members = np.flatnonzero((of_round == number) & (choice == program))
            lots = rng.random((draws, len(members))).argsort(axis=1).argsort(axis=1)
            redrawn[:, members] = lots < min(places, len(members) - 1)
    without = 50 + 8 * keen + 3 * of_round + 6 * rng.normal(size=len(keen))
    at_risk = redrawn.any(axis=0) & ~redrawn.all(axis=0)
    return Made(without[at_risk], keen[at_risk], redrawn[:, at_risk], person[at_risk], of_round[at_risk])
