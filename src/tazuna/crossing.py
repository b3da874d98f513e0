"""Where a function crosses zero, for answers that no formula gives."""

from __future__ import annotations

from collections.abc import Callable


def zero_of(function: Callable[[float], float], low: float, high: float) -> float:
    """Where ``function``, of different sign at ``low`` and ``high``, is 0 (Brent's method).

    `scipy.optimize` is loaded here, by whoever needs it: that takes longer than evaluating most rounds.

    Raises
    ------
    ValueError
        The function has the same sign at both ends.
    """
    from scipy import optimize

    return float(optimize.brentq(function, low, high))
