"""What an offer leads to (参加と時間): taking part and hours, and the effect of each, in a lottery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.evaluation.arrays import LotteryArrays
from tazuna.evaluation.effect import Dose, FirstStage
from tazuna.evaluation.estimate import Estimate, Floats
from tazuna.evaluation.lottery.two_stage import TwoStage, first_stage, two_stage_effect
from tazuna.evaluation.lottery_sample import LotterySample
from tazuna.evaluation.refusal import Refusal
from tazuna.language import message

_MOST = 0.95


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Parts of an `Effect`; see there."""

    participation: Estimate | Refusal
    first_stage: FirstStage | None
    per_hour: Estimate | Refusal
    dose: Dose | None


def taking_part(arrays: LotteryArrays, sample: LotterySample) -> TakingPart:
    """Effect of taking part and of an hour, by two-stage least squares with the draw as instrument."""
    took_part = arrays.took_part[sample.rows]
    stage = first_stage(took_part, sample.offers, sample.controls, sample.names, clusters=sample.clusters)
    hours = arrays.hours[sample.rows]
    unknown = int((~np.isfinite(hours)).sum())
    return TakingPart(
        participation=_two_stage(sample, took_part.astype(np.float64)),
        first_stage=None if isinstance(stage, Refusal) else stage,
        per_hour=_hours_missing(unknown) if unknown else _two_stage(sample, hours),
        dose=None if unknown or not took_part.any() else _dose(sample, hours),
    )


def _two_stage(sample: LotterySample, exposure: Floats) -> Estimate | Refusal:
    found = two_stage_effect(
        sample.y, exposure, sample.offers, sample.controls, sample.names, clusters=sample.clusters
    )
    return found.estimate if isinstance(found, TwoStage) else found


def _dose(sample: LotterySample, hours: Floats) -> Dose:
    offered, chance = sample.offers.offered, sample.offers.chance
    return Dose(
        hours_offered=float(np.average(hours[offered], weights=1 - chance[offered])),
        hours_not_offered=float(np.average(hours[~offered], weights=chance[~offered])),
        most_hours=float(np.quantile(hours[hours > 0], _MOST)) if (hours > 0).any() else 0.0,
    )


def _hours_missing(people: int) -> Refusal:
    return Refusal(
        "hours_missing",
        message("The hours of {people} people who took part are not recorded.", people=people),
        message("Fill in the column hours of the table participation."),
    )
