"""How the answers to each question lie (回答の分布): by category, left out, on one side of the middle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.measurement.item_table import Floats
from tazuna.measurement.pilot.asked import PilotQuestion


@dataclass(frozen=True, slots=True)
class AnswerShares:
    """Shares of the answers to one question.

    Parameters
    ----------
    answered
        People who answered it.
    left_out
        Of those who answered any question of the scale, the share that left this one out.
    counts
        Answer as stored (not turned round) → how many gave it; empty for measurements.
    agree, disagree
        Share of the answers above and below the middle of the response scale, as stored.
    """

    answered: int
    left_out: float
    counts: dict[int, int]
    agree: float
    disagree: float


def answer_shares(
    answers: Floats, questions: tuple[PilotQuestion, ...], *, ordered: bool
) -> tuple[AnswerShares, ...]:
    """Of each question of a scale.

    Parameters
    ----------
    answers
        Shape (n, p), keyed; NaN = not answered.
    questions
        The p questions.
    ordered
        Whether the answers are categories that can be counted.
    """
    some = answers[np.isfinite(answers).any(axis=1)]
    return tuple(
        _of_question(column, question, ordered=ordered)
        for column, question in zip(some.T, questions, strict=True)
    )


def _of_question(column: Floats, question: PilotQuestion, *, ordered: bool) -> AnswerShares:
    given = column[np.isfinite(column)]
    stored = question.lowest + question.highest - given if question.reversed else given
    middle = (question.lowest + question.highest) / 2
    counts: dict[int, int] = {}
    if ordered:
        chosen = np.bincount((stored - question.lowest).astype(np.int64), minlength=_categories(question))
        counts = {int(question.lowest) + place: int(count) for place, count in enumerate(chosen)}
    n = max(1, len(given))
    return AnswerShares(
        answered=len(given),
        left_out=1 - len(given) / max(1, len(column)),
        counts=counts,
        agree=float((stored > middle).sum() / n),
        disagree=float((stored < middle).sum() / n),
    )


def _categories(question: PilotQuestion) -> int:
    return int(question.highest - question.lowest) + 1
