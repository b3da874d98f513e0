"""Before a staggered roll-out: the smallest effect that a schedule of starts would show."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np

from tazuna.evaluation.power import Plan, detectable, standard_errors_needed
from tazuna.evaluation.refusal import Refusal, everybody_treated, nobody_treated


def staggered_mde(
    starters: Mapping[int, int],
    never: int,
    waves: int,
    *,
    wave_r: float,
    inflation: float = 1.0,
    power: float = 0.8,
) -> Plan | Refusal:
    """Smallest overall effect that this schedule shows with probability ``power``; an approximation.

    The simple mean of ATT(g, t) (`aggregation`) is a sum of wave means with contrasts c_g: 1/m on the m waves
    from the start on, -1 on the wave before, and against them c_0 = Σ W_g c_g for those who never start. With
    the same correlation between any two waves, Var = (1-r)σ²(Σ W_g² c_g'c_g/n_g + c_0'c_0/n_0), where W_g is
    the share of group g among the pairs by size.

    Parameters
    ----------
    starters
        People who start, by the number of the wave (2 is the first with a wave before it).
    never
        People who do not start within these waves.
    waves
        Number of waves.
    wave_r
        Correlation of the outcome between two waves.
    inflation
        `power.design_effect`, where whole departments or companies start together.
    power
        Probability of seeing the effect.

    Returns
    -------
    Plan or Refusal
        The effect in standard deviations of the outcome; refused where nobody starts after the first wave,
        or nobody never starts.
    """
    used = {start: people for start, people in starters.items() if 2 <= start <= waves and people > 0}
    if not used:
        return nobody_treated()
    if never < 1:
        return everybody_treated()
    starts, people = np.array(list(used)), np.array(list(used.values()), dtype=np.float64)
    times = np.arange(1, waves + 1)
    after = times >= starts[:, None]
    contrasts = after / after.sum(axis=1, keepdims=True) - (times == starts[:, None] - 1)
    weights = people * after.sum(axis=1)
    weights /= weights.sum()
    compared = weights @ contrasts
    variance = (weights**2 * (contrasts**2).sum(axis=1) / people).sum() + (compared**2).sum() / never
    spread = sqrt((1 - wave_r) * inflation * float(variance))
    return detectable(standard_errors_needed(power) * spread, power)
