"""Complete answers replayed as if each person had been asked one question at a time.

With a pilot's answers this shows, before anybody is asked adaptively, how many questions the form would take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.measurement.adaptive.bank import Bank, Places
from tazuna.measurement.adaptive.next_question import NO_QUESTION, StoppingRule, choose
from tazuna.measurement.adaptive.posterior import AreaPosterior, area_posterior
from tazuna.measurement.graded.items import NOT_ANSWERED, Answers, Floats

Chooser = Callable[[Places, npt.NDArray[np.bool_], AreaPosterior], Places]


@dataclass(frozen=True, slots=True)
class Replay:
    """How n people would have been asked.

    Parameters
    ----------
    asked
        Shape (n,): number of questions.
    precise
        Shape (n,): whether every area became as precise as wished.
    score, error
        Shape (n, A): at the end.
    given
        Shape (n, m): categories of the questions asked, -1 = not asked.
    """

    asked: Places
    precise: npt.NDArray[np.bool_]
    score: Floats
    error: Floats
    given: Answers

    @property
    def median_to_precise(self) -> float:
        """Median number of questions until precise; infinite where fewer than half ever were."""
        return float(np.median(np.where(self.precise, self.asked, np.inf)))


def replay(bank: Bank, complete: Answers, rule: StoppingRule) -> Replay:
    """As `next_step` would have asked.

    Parameters
    ----------
    bank
        The questions.
    complete
        Shape (n, m): categories (`Bank.categories_of`); a question without an answer counts as left out.
    rule
        When to stop.
    """
    return _replayed(bank, complete, rule, lambda _, asked, so_far: choose(bank, asked, so_far, rule))


def replay_in_order(bank: Bank, complete: Answers, orders: Places, rule: StoppingRule) -> Replay:
    """In an order fixed beforehand, stopping by the same rule.

    Parameters
    ----------
    bank, complete, rule
        As of `replay`.
    orders
        Shape (n, k): places of the questions.
    """

    def following(people: Places, asked: npt.NDArray[np.bool_], so_far: AreaPosterior) -> Places:
        step = int(asked[0].sum())
        if step >= min(orders.shape[1], rule.most):
            return np.full(len(people), NO_QUESTION)
        wanting = (so_far.errors > rule.error).any(axis=1)
        return np.where(wanting, orders[people, step], NO_QUESTION)

    return _replayed(bank, complete, rule, following)


def random_balanced_orders(bank: Bank, people: int, rng: np.random.Generator) -> Places:
    """Random orders that take one question of each area before a second of any, shape (people, m)."""
    shuffled = rng.random((people, len(bank.contents))).argsort(axis=1)
    area = bank.area_at[shuffled]
    turn = np.zeros_like(shuffled)
    for number in range(len(bank.areas)):
        here = area == number
        turn[here] = (here.cumsum(axis=1) - 1)[here]
    return np.asarray(np.take_along_axis(shuffled, turn.argsort(axis=1, kind="stable"), axis=1))


def _replayed(bank: Bank, complete: Answers, rule: StoppingRule, chooser: Chooser) -> Replay:
    n, areas = len(complete), len(bank.areas)
    given = np.full(complete.shape, NOT_ANSWERED, np.int8)
    asked = np.zeros(complete.shape, np.bool_)
    score, error = np.empty((2, n, areas))
    people = np.arange(n)
    while people.size:
        so_far = area_posterior(bank, given[people])
        score[people], error[people] = so_far.means, so_far.errors
        chosen = chooser(people, asked[people], so_far)
        going_on = chosen != NO_QUESTION
        people, chosen = people[going_on], chosen[going_on]
        given[people, chosen] = complete[people, chosen]
        asked[people, chosen] = True
    return Replay(asked.sum(axis=1), np.asarray((error <= rule.error).all(axis=1)), score, error, given)
