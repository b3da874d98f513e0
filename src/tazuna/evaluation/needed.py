"""How much more until we know (あと何回・何枠): rounds and places until an effect of a size would show."""

from __future__ import annotations

from math import ceil, sqrt

from tazuna.evaluation.effect import Needed
from tazuna.evaluation.power import lottery_v

_ROUNDING = 1e-9


def needed_for(effect: float, v: float, expected: float, rounds: int, residual: float) -> Needed | None:
    """Rounds and places until ``effect`` would show in four of five cases.

    Parameters
    ----------
    effect
        In standard deviations of the outcome; its sign does not matter.
    v
        Σ p(1-p) of the rounds so far, above 0.
    expected
        Σ p of the people at risk: places that the draw decided about.
    rounds
        Rounds so far; further ones are taken to be as informative.
    residual
        Residual over whole standard deviation of the outcome.

    Returns
    -------
    Needed or None
        None where there is no effect whose size could be asked about.
    """
    if effect == 0:
        return None
    wanted = lottery_v(effect, baseline_r=sqrt(max(0.0, 1 - residual**2)) if residual < 1 else 0.0).value
    missing = max(0.0, wanted - v)
    return Needed(
        effect=effect,
        v=wanted,
        rounds=max(1, ceil(rounds * wanted / v - _ROUNDING)),
        places=ceil(missing * expected / v - _ROUNDING),
    )
