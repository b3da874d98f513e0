"""Rung A (抽選): people with the same chance, between whom only the draw decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tazuna.evaluation.arrays import Asked, LotteryArrays
from tazuna.evaluation.assumptions import lottery_assumptions
from tazuna.evaluation.draw_check import draw_balance, draw_balance_p
from tazuna.evaluation.effect import Assumption, Calibration, Effect, Needed
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.lottery.one_programme import fallback_mix
from tazuna.evaluation.lottery.recentred import LotteryEffect, lottery_effect
from tazuna.evaluation.lottery_questions import (
    against_no_place_of,
    attrition_of,
    calibration_of,
    further_of,
    known_before,
    programs_asked,
    samples_of_further,
    spillover_of,
    subgroups_of,
)
from tazuna.evaluation.lottery_sample import LotterySample, lottery_sample
from tazuna.evaluation.lottery_taking_part import taking_part
from tazuna.evaluation.needed import needed_for
from tazuna.evaluation.people_at_risk import people_at_risk
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.evaluation.verdicts import Saying, lottery_verdict
from tazuna.language import Message, message

V_FLOOR = 5.0
"""Information Σ p(1-p) below which a draw gives no number."""
SIDE_FLOOR = 5.0
"""People expected on each side below which a draw gives no number."""
EFFECT_OF_INTEREST = 0.3
"""Standard deviations: the effect until which rounds are counted where nobody names one."""


def rung_a(
    asked: Asked,
    arrays: LotteryArrays,
    naive: Estimate | Refusal,
    rng: np.random.Generator,
    *,
    beside: Estimate | Refusal | None = None,
    modifiers: Sequence[str] | None = None,
    preregistered: Collection[str] = (),
    effect_of_interest: float = EFFECT_OF_INTEREST,
    alike: Assumption | None = None,
) -> Effect | Refusal:
    """Effect of the offer on the people about whom the draw decided, with everything that goes with it.

    Parameters
    ----------
    asked, arrays
        The question and its arrays.
    naive
        Unadjusted, for the result.
    rng
        For folds, and for the bootstrap around the bounds for missing answers.
    beside
        Rung D's estimate, which the verdict shows where the draw is too small.
    modifiers, preregistered
        What the effect is split by, and what of that was registered; see `lottery_questions.subgroups_of`.
    effect_of_interest
        In standard deviations: until it would show, how many rounds.
    alike
        Whether the outcome's questions work alike in both arms (`tazuna.evaluation.arms_alike`).

    Returns
    -------
    Effect or Refusal
        Refused are information below `V_FLOOR`, fewer than `SIDE_FLOOR` people expected on a side, and what
        `recentred.lottery_effect` refuses.
    """
    sample = lottery_sample(arrays)
    found = _too_little(sample) or lottery_effect(
        sample.y, sample.offers, sample.controls, sample.names, clusters=sample.clusters
    )
    if isinstance(found, Refusal):
        return found
    # Arrays that do not wait for each other; what draws from ``rng`` stays in its order.
    with ThreadPoolExecutor() as threads:
        of_colleagues = threads.submit(spillover_of, arrays)
        of_taking_part = threads.submit(taking_part, arrays, sample)
        in_parts = threads.submit(subgroups_of, arrays, sample, modifiers, preregistered, asked.k)
        attrition, calibrated = attrition_of(arrays, rng), calibration_of(arrays, sample, rng)
        colleagues, through = of_colleagues.result(), of_taking_part.result()
        subgroups, not_split = in_parts.result()
    known = known_before(arrays, sample.rows)
    balance_p = draw_balance_p(sample.offers, known.x, sample.plain_controls, sample.clusters)
    assumptions = (
        *lottery_assumptions(found.redraws, balance_p, attrition, colleagues),
        *((alike,) if alike else ()),
    )
    further, left_out = further_of(
        arrays, [_too_little(other) or other for other in samples_of_further(arrays)]
    )
    until_found = _needed(found, sample, arrays, found.estimate.estimate / (found.deviation or np.inf))
    return Effect(
        question=asked.question,
        rung="A",
        estimand=_estimand(asked),
        estimate=found.estimate,
        deviation=found.deviation,
        naive=naive,
        weights=message("people by p(1-p), p their chance of an offer: an even chance counts most"),
        verdict=lottery_verdict(
            Saying(asked, found.deviation, assumptions),
            found.estimate,
            v=found.v,
            mde=found.mde,
            beside=beside,
        ),
        assumptions=assumptions,
        cautions=(*arrays.cautions, *not_split, *left_out, *_uncalibrated(calibrated)),
        attrition=attrition,
        balance=draw_balance(sample.offers, known.x, known.names),
        other_designs=(),
        not_above=(),
        participation=through.participation,
        per_hour=through.per_hour,
        first_stage=through.first_stage,
        dose=through.dose,
        against_no_place=against_no_place_of(asked, arrays, sample),
        n_at_risk=int(arrays.offers.at_risk.sum()),
        v=found.v,
        n_eff=found.n_eff,
        mde=found.mde,
        fallback_share=None
        if asked.any_place
        else fallback_mix(arrays.draws, programs_asked(asked, arrays), sample.rows),
        subgroups=subgroups,
        further_outcomes=further,
        at_risk=people_at_risk(arrays, sample.rows, asked.k),
        calibration=calibrated if isinstance(calibrated, Calibration) else None,
        spillover=colleagues,
        redraws=found.redraws,
        rounds_needed=None if until_found is None else until_found.rounds,
        places_needed=None if until_found is None else until_found.places,
        needed=_needed(found, sample, arrays, effect_of_interest),
        labels=dict(zip(known.names, known.labels, strict=True)),
    )


def _too_little(sample: LotterySample) -> Refusal | None:
    offered, without = sample.expected
    if sample.v >= V_FLOOR and min(offered, without) >= SIDE_FLOOR:
        return None
    return Refusal(
        "too_little_information",
        message(
            "The draw decided about {people} people who answered: V = Σ p(1-p) = {v} (needed: {v_floor}), "
            "expected {offered} with an offer and {without} without (needed: {side_floor} each; seen: "
            "{seen_offered} and {seen_without}).",
            people=len(sample.y),
            v=f"{sample.v:.1f}",
            v_floor=f"{V_FLOOR:g}",
            offered=f"{offered:.1f}",
            without=f"{without:.1f}",
            side_floor=f"{SIDE_FLOOR:g}",
            seen_offered=int(sample.offers.offered.sum()),
            seen_without=int((~sample.offers.offered).sum()),
        ),
        message(
            "Pool several rounds, use fewer tiers or more open places in the next round, or ask about any "
            "place instead of one programme."
        ),
    )


def _estimand(asked: Asked) -> Message:
    if asked.any_place:
        return message(
            "effect of the offer of a place on people about whom the draw decided, compared with applying "
            "and not getting one"
        )
    return message(
        "effect of the offer of {program} on people about whom the draw decided, compared with what they get "
        "without it",
        program=asked.question.program_label,
    )


def _needed(
    found: LotteryEffect, sample: LotterySample, arrays: LotteryArrays, effect: float
) -> Needed | None:
    residual = found.residual_deviation / found.deviation if found.deviation else 1.0
    return needed_for(effect, found.v, sample.expected[0], len(arrays.draws.rounds), residual)


def _uncalibrated(found: Calibration | Refusal) -> tuple[Caution, ...]:
    if isinstance(found, Calibration):
        return ()
    problem = message(
        "The comparison group could not be held against the draw on the same people: {reason}",
        reason=found.problem,
    )
    return (Caution("no_calibration", problem, found.cure),)
