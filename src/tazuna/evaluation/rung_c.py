"""Rung C (段階導入): departments or companies that started at different times, where trends were parallel."""

from __future__ import annotations

import numpy as np

from tazuna.evaluation.aggregation import aggregate
from tazuna.evaluation.arrays import Asked, PanelArrays
from tazuna.evaluation.assumptions import REJECTED, rollout_assumptions
from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.pre_trend import PreTrend, pre_trend
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.staggered import group_time_effects
from tazuna.evaluation.staggered_pairs import Comparison
from tazuna.evaluation.verdicts import Saying, rollout_verdict
from tazuna.language import message


def rung_c(
    asked: Asked,
    arrays: PanelArrays,
    naive: Estimate | Refusal,
    deviation: float,
    rng: np.random.Generator,
) -> Effect | Refusal:
    """Mean effect on the units that started, by group of starters weighted by size.

    Compared with units that never start; where all start, with those that had not started yet. Refused where
    trends before the first start differ (p < .05 by the F distribution), or cannot be tested.

    Parameters
    ----------
    asked, arrays
        The question and its arrays.
    naive
        Unadjusted, for the result.
    deviation
        Standard deviation of the outcome between people, by which sizes divide.
    rng
        For the bands of the aggregation.
    """
    comparison: Comparison = "never" if np.isinf(arrays.panel.starts).any() else "not_yet"
    pairs = group_time_effects(arrays.panel, comparison=comparison)
    if isinstance(pairs, Refusal):
        return pairs
    trend = pre_trend(pairs)
    if isinstance(trend, Refusal):
        return trend
    if trend.p_value_f < REJECTED:
        return _not_parallel(trend)
    found = aggregate(pairs, "group", rng)
    if isinstance(found, Refusal):
        return found
    assumptions = rollout_assumptions(trend)
    return Effect(
        question=asked.question,
        rung="C",
        estimand=message("mean effect on the units that started, since their start")
        if comparison == "never"
        else message("mean effect on the units that started, compared with those that started later"),
        estimate=found.overall,
        deviation=deviation,
        naive=naive,
        weights=message("groups of units that started together, by their number of units"),
        verdict=rollout_verdict(Saying(asked, deviation, assumptions), found.overall),
        assumptions=assumptions,
        cautions=(*arrays.cautions, *pairs.cautions),
        attrition=None,
        balance=None,
        other_designs=(),
        not_above=(),
    )


def _not_parallel(found: PreTrend) -> Refusal:
    return Refusal(
        "trends_differ",
        message(
            "Before the start, those who started and the others already went apart (p = {p}), so a "
            "difference after it proves nothing.",
            p=f"{found.p_value_f:.3f}",
        ),
        message("Compare with units of a like past, or use the comparison group instead."),
    )
