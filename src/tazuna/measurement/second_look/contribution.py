"""Contribution and the profile (貢献度とプロフィール): the correlation, and what unreliable measures hide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.measurement.contribution import contribution_link
from tazuna.measurement.intervals import Floats
from tazuna.measurement.population import ANSWER_ROW
from tazuna.measurement.reliability import pairwise_moments, reliability
from tazuna.measurement.scoring import ScoredScale
from tazuna.measurement.second_look.rows import Row, figure, or_none
from tazuna.study import Study

PROFILE = "co"
CORRECTIONS = ("observed", "for_score", "for_both")


@dataclass(frozen=True, slots=True)
class LinkFinding:
    """What the corrections divide by, and whether the intervals go by department."""

    by_department: bool
    reliability_of_score: float
    reliability_of_contribution: float


def contribution_rows(
    study: Study,
    people: pl.DataFrame,
    scales: tuple[ScoredScale, ...],
    departments: Floats,
    rng: np.random.Generator,
) -> tuple[list[Row], LinkFinding | None]:
    """Relate contribution to the profile's total.

    Parameters
    ----------
    study
        For the answers.
    people
        Those of one wave who answered.
    scales
        Of the study.
    departments
        Shape (people,): a number for each person's department.
    rng
        Of draws for the intervals.

    Returns
    -------
    rows
        ``correlation.observed``; ``.for_score``, corrected for an unreliable score; ``.for_both``.
    finding
        None where too few have both, or all have the same.
    """
    profile = next((scored for scored in scales if scored.code == PROFILE), None)
    if profile is None or people["contribution"].count() == 0:
        return [], None
    answers = study.responses[people[ANSWER_ROW]]
    found = reliability(pairwise_moments(answers, [q.code for q in profile.questions]), profile)
    if found is None:
        return [], None
    score, value = (people[name].fill_null(np.nan).to_numpy() for name in (PROFILE, "contribution"))
    link = or_none(lambda: contribution_link(score, value, departments, found, rng))
    if link is None:
        return [], None
    correlations = (link.observed, link.corrected_for_score, link.corrected_for_both)
    rows = [
        figure(f"correlation.{name}", link.n, each.value, each.lower, each.upper)
        for name, each in zip(CORRECTIONS, correlations, strict=True)
    ]
    finding = LinkFinding(link.by_department, link.reliability_of_score, link.reliability_of_contribution)
    return rows, finding
