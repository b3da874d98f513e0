"""What designs B to E could show of a round to come, beside the lottery (抽選以外のデザインの見通し)."""

from __future__ import annotations

from math import inf

import numpy as np
import polars as pl

from tazuna.evaluation.adjusted_checks import FEWEST_A_SIDE
from tazuna.evaluation.design_outlook import (
    DesignOutlook,
    answering_share,
    baseline_share,
    has_baseline,
    lottery_outlook,
    outlook_of_mde,
)
from tazuna.evaluation.estimate import Floats
from tazuna.evaluation.past_waves import PastWaves
from tazuna.evaluation.power import before_after_mde, design_effect, discontinuity_mde, two_arm_mde
from tazuna.evaluation.refusal import Refusal
from tazuna.evaluation.round_information import InformationBySetting
from tazuna.evaluation.staggered_power import staggered_mde
from tazuna.language import message
from tazuna.matching.drawing import Ready
from tazuna.study import Study

DEPARTMENTS_A_SIDE = 5
"""Departments on each side of a roll-out below which nothing can be told."""


def design_outlooks(
    study: Study, ready: Ready, found: InformationBySetting, past: PastWaves, effect: float
) -> tuple[DesignOutlook, ...]:
    """Designs A to E.

    Parameters
    ----------
    found
        What the draw decides about.
    past
        What earlier waves tell.
    effect
        Of interest, in standard deviations.
    """
    return (
        lottery_outlook(found.now, past, baseline_share(ready, found, past), effect),
        _cutoff(ready, found, past, effect),
        _roll_out(study, past, effect),
        _comparison(ready, found, past, effect),
        _change(ready, found, past, effect),
    )


def _cutoff(ready: Ready, found: InformationBySetting, past: PastWaves, effect: float) -> DesignOutlook:
    """Rung B, at best: everybody with an interview score, however far from the cut-off."""
    market = ready.market
    screened = market.screened & found.asked
    if not screened.any():
        return DesignOutlook(
            "B",
            Refusal(
                "no_screened_programme",
                message("No programme chooses by interview score, so there is no cut-off to compare at."),
                message(
                    "Where an interview decides anyway, write tie_breaker = score and record the scores."
                ),
            ),
        )
    listed = np.bincount(market.program, minlength=screened.size)[screened]
    above = float(np.minimum(market.capacity[screened], listed).sum()) * answering_share(past)
    below = float(listed.sum()) * answering_share(past) - above
    df = max(above + below - 4, 1.0)
    return outlook_of_mde(
        "B", lambda r: discontinuity_mde(below, above, baseline_r=r), past.r, effect, df, (above, below)
    )


def _roll_out(study: Study, past: PastWaves, effect: float) -> DesignOutlook:
    """Rung C, if half of the departments began after the next wave and the others later."""
    sizes = _departments(study, past)
    half = len(sizes) // 2
    if half < DEPARTMENTS_A_SIDE or past.before is None:
        return DesignOutlook(
            "C",
            Refusal(
                "too_few_departments",
                message(
                    "Only {departments} departments have answers; a roll-out in steps needs {needed}.",
                    departments=len(sizes),
                    needed=2 * DEPARTMENTS_A_SIDE,
                ),
                message("Let more departments or companies take part, some earlier and some later."),
            ),
        )
    waves = [wave.wave for wave in study.waves].index(past.before) + 2
    people = int(sizes.sum() * answering_share(past) / 2)
    inflation = design_effect(float(sizes.mean()), past.icc, float(sizes.std() / sizes.mean()))
    plan = staggered_mde({waves: people}, people, waves, wave_r=past.r, inflation=max(inflation, 1.0))
    sides = float(half), float(len(sizes) - half)
    return outlook_of_mde("C", lambda _: plan, None, effect, inf, sides, adds_up=False)


def _comparison(ready: Ready, found: InformationBySetting, past: PastWaves, effect: float) -> DesignOutlook:
    """Rung D: those with a place against everybody else, all with both answers."""
    has = has_baseline(ready, past)
    treated = float(found.chance[has].sum()) * answering_share(past)
    comparison = len(past.answered) * answering_share(past) - treated
    if past.before is None or not len(past.answered):
        return DesignOutlook(
            "D",
            Refusal(
                "no_baseline",
                message("Nobody has been asked before the round, so people cannot be made comparable."),
                message("Ask the outcome of everybody before the round starts."),
            ),
        )
    if min(treated, comparison) < FEWEST_A_SIDE:
        return DesignOutlook(
            "D",
            Refusal(
                "too_few_people",
                message(
                    "Only {treated} people with a place and {comparison} others would have both answers; "
                    "{needed} are needed on each side.",
                    treated=f"{treated:.0f}",
                    comparison=f"{comparison:.0f}",
                    needed=FEWEST_A_SIDE,
                ),
                message("Offer more places, put several rounds together, or raise the response rate."),
            ),
            treated,
            comparison,
        )
    df = treated + comparison - 2
    return outlook_of_mde(
        "D",
        lambda r: two_arm_mde(treated, comparison, baseline_r=r),
        past.r,
        effect,
        df,
        (treated, comparison),
    )


def _change(ready: Ready, found: InformationBySetting, past: PastWaves, effect: float) -> DesignOutlook:
    """Rung E: those with a place, before and after."""
    both = float(found.chance[has_baseline(ready, past)].sum()) * answering_share(past)
    plan = before_after_mde(both, past.r)
    return outlook_of_mde("E", lambda _: plan, None, effect, max(both - 1, 1.0), (both, 0.0))


def _departments(study: Study, past: PastWaves) -> Floats:
    """People with the outcome in each department."""
    if past.before is None or "department" not in study.tables["people"].columns:
        return np.zeros(0)
    people = study.people_at(past.before).select("person_id", "department").drop_nulls()
    known = people.filter(pl.col("person_id").is_in(past.answered.implode()))
    return known.group_by("department", maintain_order=True).len()["len"].cast(pl.Float64).to_numpy()
