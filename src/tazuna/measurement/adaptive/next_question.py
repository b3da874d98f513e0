"""The next question (次の設問): a pure function of the bank and the answers so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tazuna.language import message
from tazuna.measurement.adaptive.bank import Bank, Places, expect_calibrated
from tazuna.measurement.adaptive.contents import AdaptiveError
from tazuna.measurement.adaptive.posterior import AreaPosterior, area_posterior
from tazuna.measurement.graded.information import item_information
from tazuna.measurement.graded.items import Answers
from tazuna.measurement.graded.population import grid

NO_QUESTION = -1
Ending = Literal["precise", "most_asked", "none_left"]


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """When to stop.

    Parameters
    ----------
    error
        Standard error to reach in every area, in deviations of θ.
    most
        Questions to ask at most.
    """

    error: float = 0.50
    most: int = 24


@dataclass(frozen=True, slots=True)
class AreaScore:
    """One area so far: expected score and its standard error, and how many of its questions were answered."""

    area: str
    score: float
    error: float
    answered: int


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """Ask this question; it belongs to ``area``, and ``scores`` is what the answers tell so far."""

    code: str
    area: str
    scores: tuple[AreaScore, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """Ask no more.

    ``ending`` is ``precise`` where every area is as precise as wished, ``most_asked`` at the largest number
    of questions, ``none_left`` where the areas that are not precise have no more questions.
    """

    ending: Ending
    scores: tuple[AreaScore, ...]


def next_step(
    bank: Bank,
    answers: Mapping[str, int],
    rule: StoppingRule | None = None,
    *,
    left_out: Collection[str] = (),
) -> NextQuestion | Finished:
    """What to do after the answers so far; the same answers in any order give the same step.

    The next question belongs to the area that is known worst and still not precise enough or not covered: of
    that area's items the one asked least, of its questions the one with most expected information
    (van der Linden & Pashley 2010, doi:10.1007/978-0-387-85461-8_1). So each item is asked at least once.
    How often a question is shown is not limited: everybody begins with the same one, and some may never be
    asked. Nothing is secret here, but such questions gather no answers for the next calibration.

    Parameters
    ----------
    bank
        Calibrated.
    answers
        By code of the question, as stored.
    rule
        When to stop; `StoppingRule()` where None.
    left_out
        Questions that the person saw and did not answer; they are not asked again and count as asked.

    Raises
    ------
    AdaptiveError
        The bank is not calibrated, does not know a question, or an answer is none that its question takes.
    """
    expect_calibrated(bank)
    rule = rule or StoppingRule()
    _expect_known(bank, [*answers, *left_out])
    row = np.full((1, len(bank.contents)), np.nan)
    for code, answer in answers.items():
        row[0, bank.items.codes.index(code)] = answer
    given = bank.categories_of(row)
    posterior = area_posterior(bank, given)
    shown = {*answers, *left_out}
    asked = np.array([[code in shown for code in bank.items.codes]])
    chosen = int(choose(bank, asked, posterior, rule)[0])
    scores = _scores(bank, given, posterior)
    if chosen == NO_QUESTION:
        return Finished(_ending(scores, rule, len(shown)), scores)
    return NextQuestion(bank.contents[chosen].code, bank.contents[chosen].area, scores)


def choose(bank: Bank, asked: npt.NDArray[np.bool_], posterior: AreaPosterior, rule: StoppingRule) -> Places:
    """The next question of each of n people, `NO_QUESTION` where to stop.

    Parameters
    ----------
    bank
        The questions.
    asked
        Shape (n, m): what each has been asked, answered or not.
    posterior
        Of the same people.
    rule
        When to stop.
    """
    area_at, item_at = bank.area_at, bank.item_at
    in_area = area_at[:, None] == np.arange(len(bank.areas))
    in_item = item_at[:, None] == np.arange(item_at.max() + 1)
    times = (asked @ in_item.astype(np.int64))[:, item_at]
    uncovered = (times == 0) @ in_area
    left = ~asked @ in_area
    wanting = ((posterior.errors > rule.error) | uncovered) & left
    area = np.where(wanting, posterior.errors, -1.0).argmax(axis=1)
    possible = ~asked & in_area.T[area]
    least = np.where(possible, times, len(bank.contents)).min(axis=1, keepdims=True)
    possible &= times == least
    worth = posterior.weights[np.arange(len(asked)), area] @ item_information(bank.items, grid()).T
    chosen = np.where(possible, worth, -1.0).argmax(axis=1)
    going_on = wanting.any(axis=1) & (asked.sum(axis=1) < rule.most)
    return np.where(going_on, chosen, NO_QUESTION)


def _expect_known(bank: Bank, codes: Collection[str]) -> None:
    for code in codes:
        if code not in bank.items.codes:
            raise AdaptiveError(
                message("The bank has no question “{code}”.", code=code),
                message("Pass the answers to the questions of the bank only."),
            )


def _scores(bank: Bank, given: Answers, posterior: AreaPosterior) -> tuple[AreaScore, ...]:
    answered = np.bincount(bank.area_at[given[0] >= 0], minlength=len(bank.areas))
    return tuple(
        AreaScore(area, float(score), float(error), int(n))
        for area, score, error, n in zip(
            bank.areas, posterior.means[0], posterior.errors[0], answered, strict=True
        )
    )


def _ending(scores: tuple[AreaScore, ...], rule: StoppingRule, asked: int) -> Ending:
    if all(score.error <= rule.error for score in scores):
        return "precise"
    return "most_asked" if asked >= rule.most else "none_left"
