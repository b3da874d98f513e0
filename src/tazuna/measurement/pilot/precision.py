"""How precise a score is (得点の精度) where people stand low, in the middle and high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.measurement.graded.information import item_information
from tazuna.measurement.graded.items import Floats, GradedItems
from tazuna.measurement.pilot.asked import PilotScale

Place = Literal["low", "middle", "high"]
PLACES: dict[Place, float] = {"low": -1.2816, "middle": 0.0, "high": 1.2816}
"""Standing θ: one in ten stands lower, half do, one in ten stands higher."""
_NORMAL = 1.96


@dataclass(frozen=True, slots=True)
class Precision:
    """At one standing.

    Parameters
    ----------
    theta
        The standing, in standard deviations of those who answered.
    score
        The score (0–100) to be expected there.
    lower, upper
        Between which 95 of 100 such scores lie.
    reliability
        Of the estimate of the standing by all questions: I(θ) / (1 + I(θ)).
    """

    theta: float
    score: float
    lower: float
    upper: float
    reliability: float


def precision(items: GradedItems, scale: PilotScale) -> dict[Place, Precision]:
    """The score and its range at `PLACES`.

    Given θ the answers are independent, so that the variance of the score is the mean of their variances
    over the number of questions (Lord 1984, doi:10.1111/j.1745-3984.1984.tb01031.x, for the models here).

    Parameters
    ----------
    items
        Of the scale's questions, in its order.
    scale
        With the ends of the response scales.
    """
    theta = np.array(list(PLACES.values()))
    mean, deviation = _score(items, scale, theta)
    reliability = reliability_at(items, theta)
    return {
        place: Precision(
            float(theta[k]),
            float(mean[k]),
            float(max(0.0, mean[k] - _NORMAL * deviation[k])),
            float(min(100.0, mean[k] + _NORMAL * deviation[k])),
            float(reliability[k]),
        )
        for k, place in enumerate(PLACES)
    }


def reliability_at(items: GradedItems, theta: Floats) -> Floats:
    """I / (1 + I) at each θ: shape (len(theta),)."""
    information = item_information(items, theta).sum(axis=0)
    return np.asarray(information / (1 + information))


def _score(items: GradedItems, scale: PilotScale, theta: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the score 0–100 at each θ."""
    chances = items.chances(theta)
    mean, variance = np.zeros(len(theta)), np.zeros(len(theta))
    for row, (question, levels) in enumerate(zip(scale.questions, items.levels, strict=True)):
        points = (np.array(levels) - question.lowest) * (100 / (question.highest - question.lowest))
        own = chances[row, : len(levels)]
        expected = points @ own
        mean += expected
        variance += points**2 @ own - expected**2
    count = len(scale.questions)
    return mean / count, np.sqrt(variance) / count
