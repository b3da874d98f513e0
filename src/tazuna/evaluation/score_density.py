"""Whether scores were nudged across the cut-off (得点の操作): a jump in how many people have which score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.bandwidth import triangular
from tazuna.evaluation.estimate import Floats, two_sided

_KAPPA = 3.348
"""Constant of the bandwidth for the triangular kernel."""
_ROUNDING = 1e-5
"""Of a bin, by which a score on a grid may miss the edge of its bin."""
_FEWEST_BINS = 12


@dataclass(frozen=True, slots=True)
class DensityJump:
    """Jump of the density of scores at the cut-off.

    Parameters
    ----------
    log_difference
        Logarithm of the density just above over that just below.
    std_error
        Its standard error.
    p_value
        Two-sided, of no jump.
    bandwidth, bin_width
        In units of the score.
    """

    log_difference: float
    std_error: float
    p_value: float
    bandwidth: float
    bin_width: float


def density_jump(distance: Floats) -> DensityJump | None:
    """Test of McCrary (2008, doi:10.1016/j.jeconom.2007.05.005).

    Scores are counted in bins of width b = 2 s/√n that do not straddle the cut-off; on each side a straight
    line is fitted to the counts with the triangular kernel. θ = ln f₊ - ln f₋ has the standard error
    √( (24/5)/(n h) · (1/f₊ + 1/f₋) ). The bandwidth h is the mean over the sides of
    3.348 (σ² (range) / Σ f''²)^(1/5), σ² and f'' from a fourth-degree polynomial.

    Parameters
    ----------
    distance
        Score less cut-off, shape (n,).

    Returns
    -------
    DensityJump or None
        None where scores take too few values for bins (fewer than 12 bins a side), or a line does not reach
        the cut-off above 0: then only the histogram can be looked at.
    """
    n = len(distance)
    width = 2 * float(distance.std(ddof=1)) / float(np.sqrt(n))
    if not width > 0:
        return None
    values = np.unique(np.round(distance / width, 6)) * width
    narrowest = float(np.diff(values).min()) if len(values) > 1 else np.inf
    if len(values) < n / 2 and narrowest > width / 4:
        # Scores on a grid: each bin holds as many of its values, or the counts would only show the grid.
        width = narrowest * max(1.0, float(np.round(width / narrowest)))
    sides = [_counted(distance[distance >= 0], width, 1), _counted(distance[distance < 0], width, -1)]
    if min(len(middle) for middle, _ in sides) < _FEWEST_BINS:
        return None
    heights = [(middle, count / (n * width)) for middle, count in sides]
    bandwidth = float(np.mean([_bandwidth(middle, height) for middle, height in heights]))
    if not np.isfinite(bandwidth):
        return None
    at = [_at_cutoff(middle, height, bandwidth) for middle, height in heights]
    if not min(at) > 0:
        return None
    difference = float(np.log(at[0]) - np.log(at[1]))
    error = float(np.sqrt(24 / 5 / (n * bandwidth) * (1 / at[0] + 1 / at[1])))
    return DensityJump(difference, error, two_sided(difference / error, np.inf), bandwidth, float(width))


def _counted(distance: Floats, width: float, sign: int) -> tuple[Floats, Floats]:
    """Middles of the bins and people in them, from the cut-off outwards to the farthest score."""
    # Below, a bin is open where above it is closed: a score at the cut-off counts as above.
    steps = distance / width
    place = np.floor(steps + _ROUNDING) if sign > 0 else np.ceil(-steps - _ROUNDING) - 1
    counts = np.bincount(place.astype(np.int64)).astype(np.float64)
    middle: Floats = sign * (np.arange(len(counts), dtype=np.float64) + 0.5) * width
    return middle, counts


def _bandwidth(middle: Floats, height: Floats) -> float:
    scale = float(np.abs(middle).max())
    powers = np.vander(middle / scale, 5, increasing=True)
    beta = np.linalg.lstsq(powers, height, rcond=None)[0]
    residual = height - powers @ beta
    variance = float(residual @ residual) / (len(middle) - 5)
    bend = powers[:, :3] @ (beta[2:] * np.array([2.0, 6.0, 12.0])) / scale**2
    bent = float(bend @ bend)
    if not bent > 0:
        return float("nan")
    # Never so narrow that fewer than five bins carry a line, never beyond the scores.
    width = scale / (len(middle) - 0.5)
    return float(np.clip(_KAPPA * (variance * scale / bent) ** (1 / 5), 5 * width, scale))


def _at_cutoff(middle: Floats, height: Floats, bandwidth: float) -> float:
    weight = triangular(middle, bandwidth)
    root = np.sqrt(weight)
    line = np.column_stack([root, root * middle])
    return float(np.linalg.lstsq(line, root * height, rcond=None)[0][0])
