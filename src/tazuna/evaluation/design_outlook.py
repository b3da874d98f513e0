"""What a design could show of a round to come (デザインの見通し), before anybody has been drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, inf, sqrt

import numpy as np
import polars as pl

from tazuna.evaluation.estimate import Flags
from tazuna.evaluation.evidence import Rung
from tazuna.evaluation.past_waves import PastWaves
from tazuna.evaluation.power import Plan, lottery_mde, power_at, standard_errors_needed
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.round_information import InformationBySetting, RoundInformation
from tazuna.evaluation.rung_a import SIDE_FLOOR, V_FLOOR
from tazuna.evaluation.verdicts import MDE_WANTED, V_WANTED
from tazuna.language import message
from tazuna.matching.drawing import Ready


@dataclass(frozen=True, slots=True)
class DesignOutlook:
    """One design.

    Parameters
    ----------
    rung
        Which.
    refusal
        Why it could not be used; None where it could.
    n_treated, n_comparison
        People (C: departments) expected on each side with the answers that are needed; None where untold.
    v
        Rung A: information of those who will answer.
    mde, mde_with_baseline
        Smallest effect in standard deviations that shows with a probability of 80%, without and with the
        outcome asked before the round; None where they cannot be told.
    power, power_with_baseline
        Probability of seeing the effect of interest.
    rounds, rounds_with_baseline
        Rounds like this one until it shows with 80%; None where rounds do not add up.
    carries_verdict
        Rung A: whether a verdict would be given, or the figure only shown as imprecise.
    """

    rung: Rung
    refusal: Refusal | None = None
    n_treated: float | None = None
    n_comparison: float | None = None
    v: float | None = None
    mde: float | None = None
    mde_with_baseline: float | None = None
    power: float | None = None
    power_with_baseline: float | None = None
    rounds: int | None = None
    rounds_with_baseline: int | None = None
    carries_verdict: bool | None = None

    @property
    def usable(self) -> bool:
        """Whether the design could be used."""
        return self.refusal is None

    @property
    def best_mde(self) -> float | None:
        """With the baseline where it helps."""
        return self.mde if self.mde_with_baseline is None else self.mde_with_baseline


def baseline_share(ready: Ready, found: InformationBySetting, past: PastWaves) -> float:
    """Share of the people whom the draw decides about who have a baseline; of all applicants where none."""
    has = has_baseline(ready, past)
    at_risk = (found.chance > 0) & (found.chance < 1)
    rows = at_risk if at_risk.any() else np.ones(has.size, np.bool_)
    return float(has[rows].mean()) if rows.any() else 0.0


def lottery_outlook(
    now: RoundInformation, past: PastWaves, with_baseline: float, effect: float
) -> DesignOutlook:
    """Rung A. Those who will not answer take their share of V with them.

    Parameters
    ----------
    with_baseline
        Share of the people at risk with a baseline.
    """
    v = now.v * answering_share(past)
    sides = now.offered_at_risk * answering_share(past), now.not_offered_at_risk * answering_share(past)
    refusal = None
    if v < V_FLOOR or min(sides) < SIDE_FLOOR:
        refusal = Refusal(
            "too_little_information",
            message(
                "The draw would decide too little: V = {v} ({needed} are needed), with {offered} people "
                "offered and {not_offered} not offered a place among those it decides about ({side} on each "
                "side are needed).",
                v=f"{v:.1f}",
                needed=f"{V_FLOOR:g}",
                offered=f"{sides[0]:.0f}",
                not_offered=f"{sides[1]:.0f}",
                side=f"{SIDE_FLOOR:g}",
            ),
            message("Use fewer tiers, give more places by open draw, or put several rounds together."),
        )
    r = past.r * sqrt(with_baseline)
    outlook = outlook_of_mde("A", lambda r: lottery_mde(v, baseline_r=r), r, effect, inf, sides)
    refusal = outlook.refusal or refusal
    carries = refusal is None and v >= V_WANTED and (outlook.best_mde or inf) <= MDE_WANTED
    return replace(outlook, refusal=refusal, v=v, carries_verdict=carries)


def outlook_of_mde(
    rung: Rung,
    mde: Callable[[float], Plan | Refusal],
    r: float | None,
    effect: float,
    df: float,
    sides: tuple[float, float],
    *,
    adds_up: bool = True,
) -> DesignOutlook:
    """The figures that follow from the smallest effect.

    Parameters
    ----------
    mde
        Smallest effect by the correlation of outcome and baseline.
    r
        That correlation; None where a baseline is part of the design or does not help.
    effect
        Of interest.
    df
        Degrees of freedom.
    sides
        People expected on each side.
    adds_up
        Whether rounds like this one can be put together.
    """
    plain = mde(0.0)
    if isinstance(plain, Refusal):
        return DesignOutlook(rung, plain, *sides)
    helped = mde(r) if r is not None and r > 0 else None
    best = helped.value if isinstance(helped, Plan) else None
    return DesignOutlook(
        rung,
        None,
        *sides,
        mde=plain.value,
        mde_with_baseline=best,
        power=_power(effect, plain.value, df),
        power_with_baseline=None if best is None else _power(effect, best, df),
        rounds=_rounds(effect, plain.value) if adds_up else None,
        rounds_with_baseline=_rounds(effect, best) if adds_up and best is not None else None,
    )


def _power(effect: float, mde: float, df: float) -> float:
    return power_at(standard_errors_needed(0.8, df) * effect / mde, df)


def _rounds(effect: float, mde: float) -> int:
    """Information grows with the number of rounds, the smallest effect shrinks with its root."""
    return max(1, ceil((mde / effect) ** 2 - 1e-9))


def answering_share(past: PastWaves) -> float:
    """Share of the people with a baseline who will answer again; all where nothing tells it."""
    return 1.0 if past.response_share is None else past.response_share


def has_baseline(ready: Ready, past: PastWaves) -> Flags:
    """Bool, one an applicant of the market."""
    applicants = pl.Series("person_id", list(ready.market.applicants), dtype=pl.String)
    return applicants.is_in(past.answered.implode()).to_numpy()
