"""A dip after the artefact check: do the questions work alike at all ages, and does the dip stay if not?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.errors import TazunaError
from tazuna.measurement.age_curve import AgeSums
from tazuna.measurement.dip.two_lines import TwoLines, two_lines
from tazuna.measurement.intervals import Floats

Verdict = Literal["none_found", "unchecked", "dip", "dip_without_differing", "artefact"]
"""``none_found``: no significant dip; ``unchecked``: a dip, but whether the questions work alike at all ages
could not be checked; ``dip``: and they do; ``dip_without_differing``: some do not, and the dip stays without
them; ``artefact``: it does not stay."""
_FEWEST_LEFT = 2


@dataclass(frozen=True, slots=True)
class QuestionByAge:
    """Whether one question works alike at all ages: difference in standard deviations, and the verdict."""

    code: str
    size: float
    differs: bool


@dataclass(frozen=True, slots=True)
class DipFinding:
    """What may be said of a dip.

    Parameters
    ----------
    test
        Of the score as it is.
    questions
        Each question between age bands, or why that could not be checked; None where nothing had to be.
    without_differing
        The test of the score without the questions that differ; None where none does, or too few are left.
    verdict
        A dip is claimed for ``dip`` and ``dip_without_differing`` alone.
    """

    test: TwoLines
    questions: tuple[QuestionByAge, ...] | TazunaError | None
    without_differing: TwoLines | None
    verdict: Verdict

    @property
    def claims_dip(self) -> bool:
        """Whether a dip may be claimed."""
        return self.verdict in ("dip", "dip_without_differing")


def dip_after_artefact_check(
    age: Floats,
    answers: Floats,
    codes: Sequence[str],
    departments: Floats,
    band_starts: Sequence[float],
    *,
    ends: tuple[float, float] | None = None,
) -> DipFinding:
    """Test a score for a dip, and where there seems to be one, test its questions between age bands.

    A dip can come from questions that people of one age understand or answer differently at the same level
    of what is measured. Such questions are looked for with the graded model
    (`tazuna.measurement.graded.different_items`), left out, and the dip is tested again.

    Parameters
    ----------
    age
        Shape (n,): years, NaN = unknown.
    answers
        Shape (n, m): keyed so that high means much, NaN = not answered. The questions share one response
        scale.
    codes
        Of the m questions.
    departments
        Shape (n,): a number for each person's department.
    band_starts
        Ages at which the second and later age bands begin.
    ends
        The least and the largest answer of the response scale; by default those that were given.

    Raises
    ------
    DipError
        Too few people or ages.
    """
    bounds = ends or (float(np.nanmin(answers)), float(np.nanmax(answers)))
    test = two_lines(age_sums(age, _scored(answers, bounds), departments))
    if not test.is_dip:
        return DipFinding(test, None, None, "none_found")
    questions = _by_age_band(age, answers, codes, band_starts)
    if isinstance(questions, TazunaError):
        return DipFinding(test, questions, None, "unchecked")
    kept = [at for at, question in enumerate(questions) if not question.differs]
    if len(kept) == len(codes):
        return DipFinding(test, questions, None, "dip")
    if len(kept) < _FEWEST_LEFT:
        return DipFinding(test, questions, None, "unchecked")
    again = two_lines(age_sums(age, _scored(answers[:, kept], bounds), departments))
    return DipFinding(test, questions, again, "dip_without_differing" if again.is_dip else "artefact")


def age_sums(age: Floats, scores: Floats, departments: Floats) -> AgeSums:
    """Sums of scores by department and year of age, of those who have both.

    Parameters
    ----------
    age, scores, departments
        Shape (n,); NaN = unknown.
    """
    known = np.isfinite(age) & np.isfinite(scores)
    ages, at_age = np.unique(age[known], return_inverse=True)
    units, at_unit = np.unique(departments[known], return_inverse=True)
    shape = (len(units), len(ages))
    cell = at_unit * len(ages) + at_age
    parts = (np.ones(known.sum()), scores[known], scores[known] ** 2)
    n, total, squares = (
        np.bincount(cell, part, shape[0] * shape[1]).reshape(shape).astype(np.float64) for part in parts
    )
    return AgeSums(ages, n, total, squares)


def _scored(answers: Floats, ends: tuple[float, float]) -> Floats:
    """Mean of the answered questions where at least half are answered, in hundredths of their range."""
    lowest, highest = ends
    answered = np.isfinite(answers)
    count = answered.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(answered, answers, 0.0).sum(axis=1) / count
        score = 100 * (mean - lowest) / (highest - lowest)
    return np.where((count > 0) & (2 * count >= answers.shape[1]), score, np.nan)


def _by_age_band(
    age: Floats, answers: Floats, codes: Sequence[str], band_starts: Sequence[float]
) -> tuple[QuestionByAge, ...] | TazunaError:
    # Compiling the graded model takes seconds: only who sees a dip waits for it.
    from tazuna.measurement.graded.different_items import different_items
    from tazuna.measurement.graded.fit import GradedError

    band = np.searchsorted(np.asarray(band_starts), age, side="right")
    parts = [answers[np.isfinite(age) & (band == place)] for place in range(len(band_starts) + 1)]
    names = [f"age band {place + 1}" for place in range(len(parts))]
    try:
        found = different_items(parts, codes, names)
    except GradedError as refused:
        return refused
    return tuple(QuestionByAge(item.code, item.size, item.differs) for item in found)
