"""Rung E (前後比較): before and after of those who took part, with nobody to compare; a change only."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.arrays import Asked, ChangeArrays
from tazuna.evaluation.assumptions import change_assumptions
from tazuna.evaluation.before_after import Change, before_after
from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.evaluation.response import response_by_side
from tazuna.evaluation.verdicts import Saying, change_verdict
from tazuna.language import message


def rung_e(asked: Asked, arrays: ChangeArrays, naive: Estimate | Refusal) -> Effect | Refusal:
    """The change of those who took part.

    Errors go by department; by person where all who took part are of one department, with a caution.

    Parameters
    ----------
    asked, arrays
        The question and its arrays.
    naive
        Those who took part less those who did not, for the result.
    """
    used = arrays.group & np.isfinite(arrays.before) & np.isfinite(arrays.after)
    one_department = len(np.unique(arrays.clusters[used])) == 1
    clusters = None if one_department else arrays.clusters
    found = before_after(arrays.before, arrays.after, group=arrays.group, clusters=clusters)
    if isinstance(found, Refusal):
        return found
    deviation = float(arrays.before[used].std(ddof=1))
    assumptions = change_assumptions(found)
    return Effect(
        question=asked.question,
        rung="E",
        estimand=message("change of those who took part and answered both times"),
        estimate=found.change,
        deviation=deviation,
        naive=naive,
        weights=message("everybody alike"),
        verdict=change_verdict(Saying(asked, deviation, assumptions), found.change),
        assumptions=assumptions,
        cautions=(*arrays.cautions, *_cautions(found, one_department=one_department)),
        attrition=response_by_side(arrays.people, arrays.group),
        balance=None,
        other_designs=(),
        not_above=(),
    )


def _cautions(found: Change, *, one_department: bool) -> tuple[Caution, ...]:
    if not one_department:
        return found.cautions
    alone = Caution(
        "one_department",
        message("All who took part are of one department, so what happened in it cannot be told apart."),
        message("Read the interval as that of this department; add people of other departments."),
    )
    return (*found.cautions, alone)
