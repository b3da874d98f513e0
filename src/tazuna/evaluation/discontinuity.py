"""A cut-off in an interview score (回帰不連続デザイン): rung B, for screened programmes.

People just above and just below the cut-off are alike but for the place. The effect holds for people near
the cut-off, not for those far from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.bandwidth import best_bandwidth, triangular
from tazuna.evaluation.estimate import Estimate, Flags, Floats, Integers
from tazuna.evaluation.refusal import (
    Caution,
    Refusal,
    constant_outcome,
    everybody_treated,
    nobody_treated,
)
from tazuna.evaluation.regression import least_squares
from tazuna.evaluation.score_density import DensityJump, density_jump
from tazuna.language import message

FEWEST_A_SIDE = 20
"""People within the bandwidth on each side below which no estimate is given."""
_FEWEST_VALUES = 4
_GRID = 10
"""Different scores on a side below which a line between them is guesswork."""


@dataclass(frozen=True, slots=True)
class PlaceboCutoff:
    """A cut-off at which nothing happened.

    Parameters
    ----------
    cutoff
        In units of the score.
    result
        What the same method finds there, or why it cannot.
    """

    cutoff: float
    result: Estimate | Refusal


@dataclass(frozen=True, slots=True)
class Discontinuity:
    """Effect at the cut-off.

    Parameters
    ----------
    estimate
        Local linear.
    corrected
        Local quadratic within the same bandwidth, which is the bias-corrected estimate with its robust
        interval where both bandwidths are equal (Calonico, Cattaneo & Titiunik 2014,
        doi:10.3982/ECTA11757). A reader who doubts the straight lines reads this one.
    bandwidth
        In units of the score.
    density
        Jump in the density of scores; None where scores take too few values.
    placebos
        Other cut-offs, each with people of one side only.
    cautions
        What a reader must know beside the number.
    """

    estimate: Estimate
    corrected: Estimate | Refusal
    bandwidth: float
    density: DensityJump | None
    placebos: tuple[PlaceboCutoff, ...]
    cautions: tuple[Caution, ...]


def discontinuity(
    y: Floats,
    score: Floats,
    treated: Flags,
    cutoff: float,
    *,
    bandwidth: float | None = None,
    placebos: Sequence[float] | None = None,
    clusters: Integers | None = None,
) -> Discontinuity | Refusal:
    """Effect at a cut-off that decides without exception (a sharp design).

    Least squares of Y on 1, D, R and D·R, R the score less the cut-off, weighted by the triangular kernel
    1 - |R|/h (Hahn, Todd & Van der Klaauw 2001, doi:10.1111/1468-0262.00183); HC2 errors, by cluster CR2.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    score
        Shape (n,): higher is better.
    treated
        Shape (n,): who got a place; everybody at or above the cut-off and nobody below.
    cutoff
        In units of the score.
    bandwidth
        In units of the score; that of `bandwidth.best_bandwidth` where None.
    placebos
        Other cut-offs; the median score of either side where None.
    clusters
        Shape (n,).

    Returns
    -------
    Discontinuity or Refusal
        Refused are missing values, all or none treated, a constant outcome, a cut-off with exceptions, too
        few different scores, and fewer than `FEWEST_A_SIDE` people on a side of the bandwidth.
    """
    refused = _fault(y, score, treated, cutoff)
    if refused is not None:
        return refused
    distance = score - cutoff
    h = best_bandwidth(y, distance) if bandwidth is None else float(bandwidth)
    found = _jump(y, distance, h, 1, clusters)
    if isinstance(found, Refusal):
        return found
    density = density_jump(distance)
    if placebos is None:
        placebos = [float(np.median(score[side])) for side in (~treated, treated)]
    return Discontinuity(
        estimate=found,
        corrected=_jump(y, distance, h, 2, clusters),
        bandwidth=h,
        density=density,
        placebos=tuple(_placebo(y, score, cutoff, other, clusters) for other in placebos),
        cautions=_cautions(distance, h, density),
    )


def _jump(
    y: Floats, distance: Floats, h: float, degree: int, clusters: Integers | None
) -> Estimate | Refusal:
    """Height of the step at distance 0, by a polynomial on each side within the bandwidth."""
    weight = triangular(distance, h)
    inside = weight > 0
    r, above = distance[inside], (distance[inside] >= 0).astype(np.float64)
    counts = int(above.sum()), int((1 - above).sum())
    if min(counts) < FEWEST_A_SIDE:
        return _too_few_near(counts, h)
    powers = [(r / h) ** power for power in range(1, degree + 1)]
    columns = [np.ones(len(r)), above, *powers, *(above * power for power in powers)]
    names = [
        "(constant)",
        "(above)",
        *(f"(score {kind} {i})" for kind in ("below", "above") for i in range(1, degree + 1)),
    ]
    fit = least_squares(
        y[inside],
        np.column_stack(columns),
        names,
        covariance="hc2" if clusters is None else "cr2",
        clusters=None if clusters is None else clusters[inside],
        weights=weight[inside],
    )
    return fit if isinstance(fit, Refusal) else fit.estimate("(above)", *counts)


def _placebo(
    y: Floats, score: Floats, cutoff: float, other: float, clusters: Integers | None
) -> PlaceboCutoff:
    """The method at ``other``, with people of one side of the true cut-off only, so without its step."""
    side = score >= cutoff if other >= cutoff else score < cutoff
    distance = score[side] - other
    ends = distance >= 0, distance < 0
    if min(len(np.unique(distance[end])) for end in ends) < _FEWEST_VALUES or np.ptp(y[side]) == 0:
        counts = int(ends[0].sum()), int(ends[1].sum())
        return PlaceboCutoff(other, _too_few_near(counts, float(np.abs(distance).max(initial=0.0))))
    h = best_bandwidth(y[side], distance)
    return PlaceboCutoff(other, _jump(y[side], distance, h, 1, None if clusters is None else clusters[side]))


def _fault(y: Floats, score: Floats, treated: Flags, cutoff: float) -> Refusal | None:
    if not (len(y) == len(score) == len(treated)):
        raise ValueError(f"{len(y)} outcomes, {len(score)} scores, {len(treated)} flags of treatment")
    if not (np.isfinite(y).all() and np.isfinite(score).all()):
        return Refusal(
            "missing_values",
            message("Outcomes or interview scores are missing."),
            message("Leave out people without a score or an outcome, and say how many they are."),
        )
    if treated.all():
        return everybody_treated()
    if not treated.any():
        return nobody_treated()
    if np.ptp(y) == 0:
        return constant_outcome(float(y[0]))
    above = score >= cutoff
    exceptions = int((above != treated).sum())
    if exceptions:
        return Refusal(
            "not_sharp",
            message(
                "The cut-off {cutoff} did not decide alone: {missed} at or above it got no place, {let_in} "
                "below it got one.",
                cutoff=f"{cutoff:g}",
                missed=int((above & ~treated).sum()),
                let_in=int((~above & treated).sum()),
            ),
            message(
                "Check the cut-off; if places also went by other reasons, use the comparison group instead."
            ),
        )
    values = min(len(np.unique(score[above])), len(np.unique(score[~above])))
    if values < _FEWEST_VALUES:
        return Refusal(
            "few_scores",
            message(
                "On a side of the cut-off there are only {values} different scores, and {needed} are needed.",
                values=values,
                needed=_FEWEST_VALUES,
            ),
            message("Use the scores before rounding, or the sum of the interviewers' points."),
        )
    return None


def _too_few_near(counts: tuple[int, int], h: float) -> Refusal:
    return Refusal(
        "too_few_near_cutoff",
        message(
            "Within {width} points of the cut-off there are {above} people at or above it and {below} below; "
            "{needed} are needed on each side.",
            width=f"{h:.3g}",
            above=counts[0],
            below=counts[1],
            needed=FEWEST_A_SIDE,
        ),
        message("Put several rounds with the same interview together, or use the comparison group instead."),
    )


def _cautions(distance: Floats, h: float, density: DensityJump | None) -> tuple[Caution, ...]:
    found: list[Caution] = []
    if density is not None and density.p_value < 0.05:
        found.append(
            Caution(
                "score_density_jumps",
                message(
                    "Just above the cut-off there are {times} times as many people as just below (p = {p}): "
                    "scores may have been given with the cut-off in mind.",
                    times=f"{np.exp(density.log_difference):.2g}",
                    p=f"{density.p_value:.3f}",
                ),
                message(
                    "Ask how scores were given, and whether the cut-off was known; do not read this as proof."
                ),
            )
        )
    near = np.abs(distance) < h
    values = min(len(np.unique(distance[near & side])) for side in (distance >= 0, distance < 0))
    if values < _GRID:
        found.append(
            Caution(
                "coarse_scores",
                message(
                    "Near the cut-off there are only {values} different scores on a side.", values=values
                ),
                message("The lines between them are guesses: read the interval as too narrow."),
            )
        )
    return tuple(found)
