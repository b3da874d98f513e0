"""Contribution (貢献度) and the profile: correlation with interval, corrected for unreliable measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.measurement.intervals import CLUSTERS_NEEDED, LEVEL, Floats
from tazuna.measurement.reliability import Reliability

SINGLE_RATER = 0.52
"""Reliability of one supervisor's rating of overall performance, between raters (Viswesvaran, Ones & Schmidt
1996, doi:10.1037/0021-9010.81.5.557); no figure is known for Japanese personnel ratings."""
FEWEST_PEOPLE = 30
_DRAWS = 4_000


class ContributionError(TazunaError):
    """Contribution cannot be related to the profile."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation with its 95% interval; a corrected one may lie beyond 1, and then says nothing more."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class ContributionLink:
    """How far contribution goes with the profile. It says nothing of what causes what.

    Parameters
    ----------
    n
        People with a score and a contribution.
    by_department
        Whether the intervals come from departments (ten or more) or from people.
    observed
        Pearson's correlation of score and contribution.
    corrected_for_score
        As if the score were free of error, contribution as it is: what a reader may compare between scales.
    corrected_for_both
        As if both were; rests on `reliability_of_contribution`, which is an assumption unless it was
        measured.
    reliability_of_score, reliability_of_contribution
        What the corrections divide by.
    """

    n: int
    by_department: bool
    observed: Correlation
    corrected_for_score: Correlation
    corrected_for_both: Correlation
    reliability_of_score: float
    reliability_of_contribution: float


def contribution_link(
    score: Floats,
    contribution: Floats,
    departments: Floats,
    reliability: Reliability,
    rng: np.random.Generator,
    *,
    reliability_of_contribution: float = SINGLE_RATER,
) -> ContributionLink:
    """Relate contribution to a score.

    ``r_c = r / √(ρ_score ρ_contribution)`` (Spearman 1904, doi:10.2307/1412159). Its interval draws r and
    ρ_score together (Charles 2005, doi:10.1037/1082-989X.10.2.206): r from departments drawn with
    replacement, or below ten departments from Fisher's z; alpha from Feldt's F distribution.

    Parameters
    ----------
    score, contribution
        Shape (n,); NaN = unknown. Ordered contribution as 1, 2, …
    departments
        Shape (n,): a number for each person's department.
    reliability
        Of the score: `tazuna.measurement.reliability.reliability`.
    rng
        Source of the draws.
    reliability_of_contribution
        Between raters.

    Raises
    ------
    ContributionError
        Fewer than thirty people, no spread, or a reliability that nothing can be divided by.
    """
    known = np.isfinite(score) & np.isfinite(contribution)
    x, y = score[known], contribution[known]
    _expect_usable(x, y, reliability.alpha, reliability_of_contribution)
    units, at_unit = np.unique(departments[known], return_inverse=True)
    observed = float(np.corrcoef(x, y)[0, 1])
    by_department = len(units) >= CLUSTERS_NEEDED
    if by_department:
        drawn = _correlations_of_drawn_departments(x, y, at_unit, len(units), rng)
    else:
        drawn = np.tanh(np.arctanh(observed) + rng.standard_normal(_DRAWS) / np.sqrt(len(x) - 3))
    alphas = _alphas(reliability, rng)
    of_both = float(np.sqrt(reliability_of_contribution))
    corrected = observed / float(np.sqrt(reliability.alpha))
    spread = drawn / np.sqrt(alphas)
    return ContributionLink(
        n=len(x),
        by_department=by_department,
        observed=_with_interval(observed, drawn),
        corrected_for_score=_with_interval(corrected, spread),
        corrected_for_both=_with_interval(corrected / of_both, spread / of_both),
        reliability_of_score=reliability.alpha,
        reliability_of_contribution=reliability_of_contribution,
    )


def _expect_usable(x: Floats, y: Floats, alpha: float, other: float) -> None:
    if len(x) < FEWEST_PEOPLE:
        raise ContributionError(
            message(
                "Only {n} people have a score and a contribution; relating them needs {needed}.",
                n=len(x),
                needed=FEWEST_PEOPLE,
            )
        )
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise ContributionError(message("Everybody has the same score or the same contribution."))
    for found in (alpha, other):
        if not 0 < found <= 1:
            raise ContributionError(
                message(
                    "A correlation cannot be corrected by a reliability of {found}.", found=f"{found:.2f}"
                )
            )


def _correlations_of_drawn_departments(
    x: Floats,
    y: Floats,
    unit: np.ndarray[tuple[int], np.dtype[np.int64]],
    units: int,
    rng: np.random.Generator,
) -> Floats:
    """Correlation in each draw of departments, from their sums; centred first, for precision."""
    a, b = x - x.mean(), y - y.mean()
    parts = (np.ones_like(a), a, b, a * a, b * b, a * b)
    sums = np.column_stack([np.bincount(unit, part, units) for part in parts])
    weights = rng.multinomial(units, np.full(units, 1 / units), size=_DRAWS)
    n, sa, sb, saa, sbb, sab = (weights @ sums).T
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (sab - sa * sb / n) / np.sqrt((saa - sa**2 / n) * (sbb - sb**2 / n))
    return np.asarray(found)


def _alphas(reliability: Reliability, rng: np.random.Generator) -> Floats:
    """Draws of alpha (Feldt 1965): 1 - (1 - alpha) · F with n-1 and (n-1)(p-1) degrees of freedom."""
    freedom = reliability.n - 1, (reliability.n - 1) * (len(reliability.items) - 1)
    alphas = 1 - (1 - reliability.alpha) * rng.f(*freedom, size=_DRAWS)
    return np.where(alphas > 0, alphas, np.nan)


def _with_interval(value: float, draws: Floats) -> Correlation:
    lower, upper = np.nanpercentile(draws, [50 - 50 * LEVEL, 50 + 50 * LEVEL])
    return Correlation(value, float(lower), float(upper))
