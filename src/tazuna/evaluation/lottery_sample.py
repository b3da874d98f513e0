"""The analysis sample of a lottery (分析対象): rows at risk with an answer, and the controls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.arrays import LotteryArrays, OutcomeArrays
from tazuna.evaluation.estimate import Flags, Floats, Integers
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.recentred import main_controls


@dataclass(frozen=True, slots=True)
class LotterySample:
    """m of the n rows of a lottery.

    Parameters
    ----------
    rows
        Bool, shape (n,): at risk, answered and consenting.
    y
        Shape (m,).
    offers
        Of the m rows.
    controls, names
        Shape (m, k): constant, chance, rounds and the outcome before; k names.
    plain_controls
        The same without the outcome before.
    clusters
        Shape (m,): people, where somebody is in two rounds.
    """

    rows: Flags
    y: Floats
    offers: Offers
    controls: Floats
    names: tuple[str, ...]
    plain_controls: Floats
    clusters: Integers | None

    @property
    def expected(self) -> tuple[float, float]:
        """People expected on each side, Σp and Σ(1-p)."""
        chance = self.offers.chance
        return float(chance.sum()), float((1 - chance).sum())

    @property
    def v(self) -> float:
        """Σ p(1-p)."""
        chance = self.offers.chance
        return float(chance @ (1 - chance))


def lottery_sample(arrays: LotteryArrays, outcome: OutcomeArrays | None = None) -> LotterySample:
    """Rows and controls for an outcome; the primary one where None."""
    asked = arrays.outcome if outcome is None else outcome
    rows = arrays.offers.at_risk & np.isfinite(asked.y) & arrays.consenting
    offers = arrays.offers.among(rows)
    rounds = arrays.draws.round[rows] if len(arrays.draws.rounds) > 1 else None
    baseline = asked.baseline[rows]
    controls, names = main_controls(offers.chance, rounds, baseline if np.isfinite(baseline).any() else None)
    return LotterySample(
        rows=rows,
        y=asked.y[rows],
        offers=offers,
        controls=controls,
        names=names,
        plain_controls=main_controls(offers.chance, rounds)[0],
        clusters=None if arrays.clusters is None else arrays.clusters[rows],
    )
