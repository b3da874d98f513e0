"""The naive comparison (単純比較): who took part less who did not, shown so that nobody has to compute it."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.adjusted import difference_in_means
from tazuna.evaluation.arrays import PeopleArrays
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Refusal, everybody_treated, nobody_treated


def naive_comparison(people: PeopleArrays) -> Estimate | Refusal:
    """Mean outcome of those who took part less that of everybody else who answered, unadjusted."""
    answered = people.answered
    y, took_part = people.outcome.y[answered], people.took_part[answered]
    if not took_part.any():
        return nobody_treated()
    if took_part.all():
        return everybody_treated()
    return difference_in_means(y, took_part)


def outcome_deviation(people: PeopleArrays) -> float:
    """Standard deviation of the outcome among those who did not take part; of everybody where there are none.

    0 where fewer than two answered.
    """
    answered = people.answered
    others = answered & ~people.took_part
    y = people.outcome.y[others if others.sum() > 1 else answered]
    return float(np.std(y, ddof=1)) if len(y) > 1 else 0.0
