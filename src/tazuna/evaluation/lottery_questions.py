"""Further questions to a draw (抽選へのそのほかの問い): who answered, for whom, colleagues, outcomes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from tazuna.evaluation.arrays import Asked, Covariates, LotteryArrays, Modifier
from tazuna.evaluation.collinearity import TOLERANCE
from tazuna.evaluation.comparison_arrays import BASELINE
from tazuna.evaluation.effect import Attrition, Calibration, FurtherOutcome, Subgroup
from tazuna.evaluation.estimate import Estimate, Flags, Floats
from tazuna.evaluation.folds import draw_folds
from tazuna.evaluation.lottery.calibration import calibration
from tazuna.evaluation.lottery.draws import Offers
from tazuna.evaluation.lottery.lee_bounds import lee_bounds
from tazuna.evaluation.lottery.modifiers import fault_of_modifier
from tazuna.evaluation.lottery.one_programme import effect_against_no_place
from tazuna.evaluation.lottery.recentred import lottery_effect
from tazuna.evaluation.lottery.response import response_by_offer
from tazuna.evaluation.lottery.spillover import spillover
from tazuna.evaluation.lottery.step_down import further_outcomes
from tazuna.evaluation.lottery.subgroups import subgroup_effects
from tazuna.evaluation.lottery_sample import LotterySample, lottery_sample
from tazuna.evaluation.refusal import Caution, Refusal, listed
from tazuna.language import message

REDRAWS_BESIDE = 2_000
"""The first so many redraws serve for colleagues and parts: near .05 a p-value is then told to .005."""
PEOPLE_A_COVARIATE = 5
ALWAYS = ("entry", "age_band", "baseline")
"""Modifiers that are looked at where nobody names or registered any, as far as the study knows them."""


def attrition_of(arrays: LotteryArrays, rng: np.random.Generator) -> Attrition:
    """Who answered, of everybody at risk who consents to evaluation; with bounds where somebody did not."""
    rows = arrays.offers.at_risk & arrays.consenting
    offers, answered = arrays.offers.among(rows), arrays.answered[rows]
    clusters = None if arrays.clusters is None else arrays.clusters[rows]
    bounds = None
    if not answered.all():
        bounds = lee_bounds(
            arrays.outcome.y[rows], answered, offers.offered, offers.chance, rng=rng, clusters=clusters
        )
    rounds = arrays.draws.round[rows] if len(arrays.draws.rounds) > 1 else None
    return response_by_offer(answered, offers, rounds=rounds, clusters=clusters, bounds=bounds)


def spillover_of(arrays: LotteryArrays) -> Estimate | Refusal:
    """Of colleagues' places, whatever they are, on everybody."""
    people, offers = arrays.people, arrays.draws.offers()
    known = np.isfinite(people.outcome.baseline).any()
    return spillover(
        people.outcome.y,
        people.department,
        arrays.row,
        _fewer(offers),
        baseline=people.outcome.baseline if known else None,
    )


def subgroups_of(
    arrays: LotteryArrays,
    sample: LotterySample,
    modifiers: Sequence[str] | None,
    preregistered: Collection[str],
    k: int,
) -> tuple[tuple[Subgroup, ...], tuple[Caution, ...]]:
    """Effects in parts, registered modifiers first, and why some are not split by.

    Parameters
    ----------
    arrays, sample
        The draw.
    modifiers
        Codes as asked; `ALWAYS` where None.
    preregistered
        Codes that were registered before the draw.
    k
        Threshold.
    """
    known = {modifier.code: modifier for modifier in arrays.modifiers}
    wanted = [code for code in ALWAYS if code in known] if modifiers is None else list(modifiers)
    found: list[Subgroup] = []
    refused: list[Refusal] = []
    for code in dict.fromkeys((*preregistered, *wanted)):
        fault = fault_of_modifier(code) or (None if code in known else _not_recorded(code, known))
        result = fault or _split(known[code], arrays, sample, k, preregistered=code in preregistered)
        if isinstance(result, Refusal):
            refused.append(result)
        else:
            found += result
    return tuple(found), tuple(Caution(why.code, why.problem, why.cure) for why in refused)


def further_of(
    arrays: LotteryArrays, samples: Sequence[LotterySample | Refusal]
) -> tuple[tuple[FurtherOutcome, ...], tuple[Caution, ...]]:
    """Secondary outcomes that can be estimated, and why the others cannot.

    Parameters
    ----------
    arrays
        The draw.
    samples
        For each of ``arrays.further`` its rows, or why they are too few.
    """
    found, left_out = [], []
    for outcome, sample in zip(arrays.further, samples, strict=True):
        label = outcome.outcome.label
        effect = (
            sample
            if isinstance(sample, Refusal)
            else lottery_effect(
                sample.y, sample.offers, sample.controls, sample.names, clusters=sample.clusters
            )
        )
        if isinstance(effect, Refusal):
            problem = message("{outcome} is left out: {reason}", outcome=label, reason=effect.problem)
            left_out.append(Caution(effect.code, problem, effect.cure))
        else:
            found.append((outcome.outcome.code, label, effect))
    return further_outcomes(found), tuple(left_out)


def programs_asked(asked: Asked, arrays: LotteryArrays) -> Flags:
    """Shape (programs,): those asked about."""
    return np.array([program in asked.programs for program in arrays.draws.programs], dtype=np.bool_)


def against_no_place_of(
    asked: Asked, arrays: LotteryArrays, sample: LotterySample
) -> Estimate | Refusal | None:
    """One programme against no place at all; None where any place is meant."""
    if asked.any_place:
        return None
    elsewhere = arrays.draws.offers(~programs_asked(asked, arrays)).among(sample.rows)
    return effect_against_no_place(
        sample.y, sample.offers, elsewhere, sample.controls, sample.names, clusters=sample.clusters
    )


def calibration_of(
    arrays: LotteryArrays, sample: LotterySample, rng: np.random.Generator
) -> Calibration | Refusal:
    """Rung D on the same people and weights, as if nobody knew the draw.

    Covariates enter in their order, the outcome before first, one for `PEOPLE_A_COVARIATE` of the smaller
    side: the people of a draw are few.
    """
    rounds = arrays.draws.round[sample.rows] if len(arrays.draws.rounds) > 1 else None
    baseline = arrays.outcome.baseline[sample.rows]
    measured = np.isfinite(baseline)
    known = known_before(arrays, sample.rows)
    offered = int(sample.offers.offered.sum())
    most = max(1, min(offered, len(sample.y) - offered) // PEOPLE_A_COVARIATE)
    known = known.only(np.array(_independent(known.x)[:most], dtype=np.int64))
    return calibration(
        sample.y,
        sample.offers,
        known.x,
        known.names,
        folds=draw_folds(sample.offers.offered, rng, clusters=sample.clusters),
        rounds=rounds,
        baseline=baseline if measured.any() else None,
        clusters=sample.clusters,
    )


def known_before(arrays: LotteryArrays, rows: Flags) -> Covariates:
    """The outcome before, where it is known of anybody, and the covariates; of some rows."""
    known, baseline = arrays.covariates.among(rows), arrays.outcome.baseline[rows]
    measured = np.isfinite(baseline)
    if not measured.any():
        return known
    filled = np.where(measured, baseline, baseline[measured].mean())
    return replace(
        known,
        x=np.column_stack([filled, known.x]),
        names=(BASELINE, *known.names),
        labels=(message("{outcome} before", outcome=arrays.outcome.outcome.label), *known.labels),
    )


def samples_of_further(arrays: LotteryArrays) -> list[LotterySample]:
    """Rows of each further outcome, which not everybody answered who answered the primary one."""
    return [lottery_sample(arrays, outcome) for outcome in arrays.further]


def _split(
    modifier: Modifier, arrays: LotteryArrays, sample: LotterySample, k: int, *, preregistered: bool
) -> tuple[Subgroup, ...] | Refusal:
    baseline = arrays.outcome.baseline[sample.rows]
    among = Modifier(
        modifier.code,
        modifier.label,
        modifier.group[sample.rows],
        modifier.groups,
        modifier.group_labels,
    )
    return subgroup_effects(
        among,
        sample.y,
        _fewer(sample.offers),
        rounds=arrays.draws.round[sample.rows] if len(arrays.draws.rounds) > 1 else None,
        baseline=baseline if np.isfinite(baseline).any() else None,
        clusters=sample.clusters,
        preregistered=preregistered,
        k=k,
    )


def _fewer(offers: Offers) -> Offers:
    return replace(offers, redrawn=offers.redrawn[:REDRAWS_BESIDE])


def _not_recorded(code: str, known: Iterable[str]) -> Refusal:
    return Refusal(
        "modifier_not_recorded",
        message("The effect is not split by “{modifier}”: the study does not have it.", modifier=code),
        message(
            "Add the column to the study, or split by one of these: {modifiers}", modifiers=listed(known)
        ),
    )


def _independent(x: Floats) -> list[int]:
    """Columns that add something to a constant and to those before them."""
    basis = np.full((len(x), 1), 1 / np.sqrt(len(x)))
    kept = []
    for at, column in enumerate(x.T):
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > TOLERANCE * float(np.linalg.norm(column)):
            basis = np.column_stack([basis, rest / length])
            kept.append(at)
    return kept
