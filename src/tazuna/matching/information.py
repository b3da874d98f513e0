"""What a round can show (情報量): V, how many people that is worth, the smallest effect that would show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

DETECTION = 2.8
"""z of a two-sided test at 5% plus z of a power of 80% (1.96 + 0.84)."""
BASELINE_CORRELATION = 0.7
"""Of the outcome with the same question before the round; the baseline takes 1 - r² of the variance away."""
EFFECTS = (0.2, 0.3, 0.5)
"""Effects in standard deviations for which the rounds that they need are told."""


@dataclass(frozen=True, slots=True)
class Information:
    """What chances make of a round.

    Parameters
    ----------
    v
        Σ p(1 - p), p the chance of a place of each person: the variance of the number of offers.
    at_risk
        People with 0 < p < 1, whom the draw decides about.
    """

    v: float
    at_risk: int

    @property
    def n_eff(self) -> float:
        """People of an even experiment (p = ½) with as much information: 4 V."""
        return 4 * self.v

    @property
    def mde(self) -> float | None:
        """Smallest effect in standard deviations found with a probability of 80%; None where V is 0."""
        return smallest_effect(self.v)

    @property
    def mde_with_baseline(self) -> float | None:
        """The same where the outcome was also asked before the round (r = 0.7)."""
        return smallest_effect(self.v, BASELINE_CORRELATION)

    def to_dict(self) -> dict[str, float | int | None]:
        """For a JSON file."""
        return {
            "v": rounded(self.v),
            "at_risk": self.at_risk,
            "n_eff": rounded(self.n_eff),
            "mde": rounded(self.mde),
            "mde_with_baseline": rounded(self.mde_with_baseline),
        }


def information_of(chance: npt.ArrayLike, draws: int | None = None) -> Information:
    """V and the people at risk.

    Parameters
    ----------
    chance
        One a person: the chance of any place.
    draws
        Where chances are shares of so many redraws, their p(1 - p) is too small by 1/draws and is put right;
        None for exact ones.

    Examples
    --------
    >>> information_of([0.5, 0.5, 1.0, 0.0]).v
    0.5
    """
    p = np.asarray(chance, np.float64)
    variance = p * (1 - p)
    if draws is not None and draws > 1:
        variance = variance * draws / (draws - 1)
    return Information(float(variance.sum()), int(np.count_nonzero((p > 0) & (p < 1))))


def smallest_effect(v: float, correlation: float = 0.0) -> float | None:
    """Effect in standard deviations that V shows with a probability of 80%: 2.8 √(1 - r²) / √V.

    The difference of means, each person weighted by p(1 - p), has the variance σ² / V (Borusyak & Hull 2023,
    https://doi.org/10.3982/ECTA19367).

    Examples
    --------
    >>> round(smallest_effect(16.0), 2), round(smallest_effect(16.0, 0.7), 2)
    (0.7, 0.5)
    """
    return None if v <= 0 else DETECTION * math.sqrt((1 - correlation**2) / v)


@dataclass(frozen=True, slots=True)
class RoundsNeeded:
    """How many rounds like this one must be pooled until an effect would show.

    Parameters
    ----------
    effect
        In standard deviations.
    v
        That it needs.
    rounds, rounds_with_baseline
        None where a round shows nothing.
    """

    effect: float
    v: float
    rounds: int | None
    rounds_with_baseline: int | None


def rounds_needed(v: float, effects: Sequence[float] = EFFECTS) -> tuple[RoundsNeeded, ...]:
    """For each effect the rounds of this V that show it together.

    Examples
    --------
    >>> rounds_needed(16.0, [0.3])[0].rounds
    6
    """
    found = []
    for effect in effects:
        needed = (DETECTION / effect) ** 2
        with_baseline = needed * (1 - BASELINE_CORRELATION**2)
        found.append(
            RoundsNeeded(
                effect,
                needed,
                None if v <= 0 else math.ceil(needed / v),
                None if v <= 0 else math.ceil(with_baseline / v),
            )
        )
    return tuple(found)


def rounded(value: Any) -> Any:
    """The same with every number of it to four decimals, for a JSON file."""
    match value:
        case dict():
            return {name: rounded(inside) for name, inside in value.items()}
        case list() | tuple():
            return [rounded(inside) for inside in value]
        case float():
            return round(value, 4)
    return value
