"""How near to a cut-off people must be (帯域幅) to be compared across it."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.estimate import Floats

_TRIANGULAR = 3.4375
"""C_K of the triangular kernel."""


def triangular(distance: Floats, bandwidth: float) -> Floats:
    """Kernel weight 1 - |distance|/h, 0 from h on; any shape."""
    return np.maximum(1 - np.abs(distance) / bandwidth, 0.0)


def best_bandwidth(y: Floats, distance: Floats) -> float:
    """Bandwidth of Imbens & Kalyanaraman (2012, doi:10.1093/restud/rdr043) for the triangular kernel.

    h = C_K [ (σ₊² + σ₋²) / (f (( m₊'' - m₋'')² + r₊ + r₋)) ]^(1/5) n^(-1/5): the variance near the cut-off
    over density and squared difference of curvature, where r = 2160 σ²/(n₂h₂⁴) guards against a curvature of
    0. Pilot bandwidths are 1.84 s n^(-1/5) for density and variance, and 3.56 (σ²/(f max(m₃², 0.01)))^(1/7)
    n^(-1/7) on either side for the curvature, m₃ the third derivative of a cubic with a jump. Outcome and
    score are first put on unit spread, so that 0.01 means the same in any unit and h scales with the score.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    distance
        Score less cut-off, shape (n,), at least four different values on each side.

    Returns
    -------
    float
        In units of the score; never beyond the farthest score.
    """
    unit = float(distance.std())
    r, outcome = distance / unit, (y - y.mean()) / y.std()
    n, above = len(r), r >= 0
    pilot = 1.84 * r.std(ddof=1) * n ** (-1 / 5)
    near = np.abs(r) <= pilot
    # Few people may stand nearest; then the variance of the whole side serves.
    variances = [_spread(outcome[side & near], outcome[side]) for side in (above, ~above)]
    density = max(int(near.sum()), 1) / (2 * n * pilot)
    cubic = np.column_stack([np.ones(n), above, r, r**2, r**3])
    third = 6 * float(np.linalg.lstsq(cubic, outcome, rcond=None)[0][4])
    curvatures, guards = [], []
    for side, variance in zip((above, ~above), variances, strict=True):
        width = 3.56 * (variance / (density * max(third**2, 0.01))) ** (1 / 7) * int(side.sum()) ** (-1 / 7)
        width = max(width, float(np.sort(np.unique(np.abs(r[side])))[:4][-1]))
        inside = side & (np.abs(r) <= width)
        square = np.column_stack([np.ones(int(inside.sum())), r[inside], r[inside] ** 2])
        curvatures.append(2 * float(np.linalg.lstsq(square, outcome[inside], rcond=None)[0][2]))
        guards.append(2160 * variance / (int(inside.sum()) * width**4))
    bend = (curvatures[0] - curvatures[1]) ** 2 + sum(guards)
    best = _TRIANGULAR * (sum(variances) / (density * bend)) ** (1 / 5) * n ** (-1 / 5)
    return float(min(best, np.abs(r).max()) * unit)


def _spread(near: Floats, side: Floats) -> float:
    found = float(near.var(ddof=1)) if len(near) > 2 else 0.0
    return found if found > 0 else max(float(side.var(ddof=1)), 1e-6)
