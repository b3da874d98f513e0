"""How sure one person's own score is (個人得点の幅): from the scale's reliability, else from the spread of
the person's own answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from tazuna.instrument.model import Question
from tazuna.measurement.intervals import LEVEL, Floats
from tazuna.measurement.reliability import Reliability
from tazuna.measurement.scoring import ScoredScale, score_expression

Basis = Literal["reliability", "own_answers"]
Change = Literal["higher", "lower", "unclear"]


@dataclass(frozen=True, slots=True)
class PersonInterval:
    """A person's score with its 95% interval, all in points (0–100).

    ``basis`` says what the interval rests on: the ``reliability`` of the scale, or the person's
    ``own_answers``.
    """

    score: float
    lower: float
    upper: float
    standard_error: float
    basis: Basis


def person_interval(
    scored: ScoredScale, answers: Mapping[str, int], standard_error: float | None = None
) -> PersonInterval | None:
    """A person's score on a scale, as `score_people` gives it, with its interval.

    Parameters
    ----------
    scored
        The scale.
    answers
        The person's answers as stored, by question code; questions of other scales may be among them.
    standard_error
        The scale's standard error of measurement, points; None where it is not known: then the spread of the
        person's own answers is taken.

    Returns
    -------
    PersonInterval or None
        None where too few questions are answered for a score, or a single one for an interval.
    """
    row = {question.code: [answers.get(question.code)] for question in scored.questions}
    score = pl.DataFrame(row, schema=dict.fromkeys(row, pl.Int16)).select(score_expression(scored)).item()
    if score is None:
        return None
    answered = [question for question in scored.questions if question.code in answers]
    points = np.array([_points(question, answers[question.code]) for question in answered])
    if standard_error is not None:
        return interval_from_reliability(points, standard_error, asked=scored.asked)
    return interval_from_own_answers(points, max(_points_a_category(question) for question in answered))


def standard_error_of_measurement(figures: Reliability, scored: ScoredScale) -> float:
    """Standard error of measurement (測定の標準誤差) of a scale's score, ``SD · √(1 - alpha)``, in points.

    The variance of the sum follows from alpha and the variances of the p questions,
    ``V = Σ var_i / (1 - alpha (p-1)/p)``, which is Cronbach's formula solved for V.

    Parameters
    ----------
    figures
        Reliability of the scale.
    scored
        The scale.

    Returns
    -------
    float
        For a person who answered all questions.

    References
    ----------
    Harvill (1991), doi:10.1111/j.1745-3992.1991.tb00195.x
    """
    p = len(scored.questions)
    of_questions = sum(
        (figures.items[question.code].sd * _points_a_category(question)) ** 2 for question in scored.questions
    )
    of_sum = of_questions / (1 - figures.alpha * (p - 1) / p)
    return float(np.sqrt(of_sum * (1 - figures.alpha)) / p)


def interval_from_reliability(answers: Floats, standard_error: float, *, asked: int) -> PersonInterval:
    """The mean of a person's answers with ``± 1.96`` standard errors of measurement.

    Parameters
    ----------
    answers
        The answered questions of the scale, keyed and rescaled to 0–100, shape (answered,), at least one.
    standard_error
        Of the scale when all ``asked`` questions are answered, points; with fewer it grows by
        ``√(asked / answered)``.
    """
    error = standard_error * np.sqrt(asked / answers.size)
    return _around(float(answers.mean()), float(error), float(stats.norm.ppf(0.5 + LEVEL / 2)), "reliability")


def interval_from_own_answers(answers: Floats, step: float) -> PersonInterval | None:
    """The mean of a person's answers with a t interval from their spread.

    The questions count as a sample of all that could be asked of the scale. Equal answers are not
    certainty: each stands for a stretch as wide as a category, so the variance is at least ``step² / 12``.

    Parameters
    ----------
    answers
        As for `interval_from_reliability`.
    step
        Width of a category in points, 25 for five categories.

    Returns
    -------
    PersonInterval or None
        None with fewer than two answers.

    References
    ----------
    Sheppard (1898), doi:10.1112/plms/s1-29.1.353
    """
    n = answers.size
    if n < 2:
        return None
    variance = max(float(answers.var(ddof=1)), step**2 / 12)
    reach = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1))
    return _around(float(answers.mean()), float(np.sqrt(variance / n)), reach, "own_answers")


def change(before: PersonInterval, after: PersonInterval, *, comparisons: int = 1) -> Change:
    """Whether a person's score differs by more than its errors explain: the reliable change index.

    ``|after - before| > 1.96 √(SE² + SE²)`` (Jacobson & Truax 1991, doi:10.1037/0022-006X.59.1.12).

    Parameters
    ----------
    before, after
        Two scores: of two waves, or of two scales at one.
    comparisons
        Among how many pairs this one was picked for its difference; the limit grows with it (Bonferroni).

    Examples
    --------
    >>> first = PersonInterval(50.0, 40.0, 60.0, 5.0, "reliability")
    >>> change(first, PersonInterval(58.0, 48.0, 68.0, 5.0, "reliability"))
    'unclear'
    >>> change(first, PersonInterval(70.0, 60.0, 80.0, 5.0, "reliability"))
    'higher'
    """
    difference = after.score - before.score
    error = float(np.hypot(before.standard_error, after.standard_error))
    if abs(difference) <= stats.norm.ppf(1 - (1 - LEVEL) / (2 * comparisons)) * error:
        return "unclear"
    return "higher" if difference > 0 else "lower"


def _points_a_category(question: Question) -> float:
    return 100 / (question.response.highest - question.response.lowest)


def _points(question: Question, answer: int) -> float:
    lowest, highest = question.response.lowest, question.response.highest
    above_lowest = answer - lowest if question.key == 1 else highest - answer
    return above_lowest * _points_a_category(question)


def _around(score: float, error: float, reach: float, basis: Basis) -> PersonInterval:
    return PersonInterval(
        score, max(0.0, score - reach * error), min(100.0, score + reach * error), error, basis
    )
