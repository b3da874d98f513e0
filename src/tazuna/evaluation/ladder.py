"""The ladder of designs (評価デザインのはしご): the highest rung that the data carry, and why none above.

========= ====================================== ==========================================================
rung      asked for as                           the data carry it where
========= ====================================== ==========================================================
A         ``lottery``                            the draw is in the study, V ≥ 5, 5 expected on each side
B         ``discontinuity``                      an interview score alone decided, 20 a side in the width
C         ``staggered``                          units started at different times, trends before them agree
D         ``comparison``                         similar people did not take part, balance is reached
E         ``change``                             ten people answered before and after
========= ====================================== ==========================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tazuna.evaluation.arms_alike import arms_alike
from tazuna.evaluation.arrays import Asked, LotteryArrays, PeopleArrays
from tazuna.evaluation.comparison_arrays import change_arrays, comparison_arrays
from tazuna.evaluation.cutoff_arrays import cutoff_arrays
from tazuna.evaluation.effect import Effect, OtherDesign
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.evidence import Rung
from tazuna.evaluation.held_rounds import REDRAWS, HeldRounds, held_rounds
from tazuna.evaluation.lottery_arrays import lottery_arrays
from tazuna.evaluation.naive import naive_comparison, outcome_deviation
from tazuna.evaluation.panel_arrays import panel_arrays
from tazuna.evaluation.people_arrays import people_arrays
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.evaluation.rung_a import EFFECT_OF_INTEREST, rung_a
from tazuna.evaluation.rung_b import rung_b
from tazuna.evaluation.rung_c import rung_c
from tazuna.evaluation.rung_d import rung_d
from tazuna.evaluation.rung_e import rung_e
from tazuna.evaluation.small_groups import protected
from tazuna.language import Message, message
from tazuna.matching.redraws import Progress
from tazuna.study import Study

RUNGS: tuple[Rung, ...] = ("A", "B", "C", "D", "E")
DESIGNS: Mapping[str, Rung] = {
    **{rung: rung for rung in RUNGS},
    "lottery": "A",
    "discontinuity": "B",
    "staggered": "C",
    "comparison": "D",
    "change": "E",
}
"""What a rung is asked for as."""
ESTIMANDS: Mapping[Rung, Message] = {
    "A": message("by the draw"),
    "B": message("near the cut-off of the interview score"),
    "C": message("by the staggered start"),
    "D": message("compared with similar people"),
    "E": message("change of those who took part"),
}
"""What a rung that gives no number would have estimated."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """How to evaluate, beside what is asked.

    Parameters
    ----------
    covariates
        Columns to adjust for in a comparison; what the study knows of everybody where None.
    modifiers, preregistered
        What the effect of a draw is split by, and what of that was registered before it.
    draws, threads
        Redraws, and how many at a time.
    effect_of_interest
        In standard deviations: until it would show, how many rounds.
    seed
        Of folds and bootstraps.
    """

    covariates: Sequence[str] | None = None
    modifiers: Sequence[str] | None = None
    preregistered: Sequence[str] = ()
    draws: int = REDRAWS
    threads: int | None = None
    effect_of_interest: float = EFFECT_OF_INTEREST
    seed: int = 1


@dataclass(frozen=True, slots=True)
class NoDesign:
    """Why there is no number at all: each rung that was asked for, with its refusal."""

    refusals: tuple[tuple[Rung, Refusal], ...]


def evaluate(
    study: Study,
    path: Path,
    asked: Asked,
    analysis: Analysis,
    *,
    design: Rung | None = None,
    progress: Progress | None = None,
) -> Effect | NoDesign:
    """The effect by the highest rung that the data carry, or by the rung asked for.

    Parameters
    ----------
    study, path
        The study, and where its files are, among them those of its draws.
    asked
        The question.
    analysis
        How to evaluate.
    design
        The rung to take; the highest that the data carry where None.
    progress
        Told of redraws.
    """
    found = climb(study, path, asked, analysis, progress)
    carried = [rung for rung in RUNGS if isinstance(found[rung], Effect)]
    wanted = RUNGS if design is None else (design,)
    chosen = next((rung for rung in wanted if rung in carried), None)
    if chosen is None:
        return NoDesign(tuple((rung, why) for rung in wanted if isinstance(why := found[rung], Refusal)))
    effect = found[chosen]
    if not isinstance(effect, Effect):
        raise TypeError(f"rung {chosen} carries no effect")
    at = RUNGS.index(chosen)
    higher = [rung for rung in RUNGS[:at] if rung in carried]
    return replace(
        effect,
        cautions=(*effect.cautions, *(_higher(rung) for rung in higher[:1])),
        other_designs=(*effect.other_designs, *(_other(rung, found[rung]) for rung in RUNGS[at + 1 :])),
        not_above=tuple((rung, why) for rung in RUNGS[:at] if isinstance(why := found[rung], Refusal)),
    )


def climb(
    study: Study, path: Path, asked: Asked, analysis: Analysis, progress: Progress | None = None
) -> dict[Rung, Effect | Refusal]:
    """Every rung: its effect, or why there is none."""
    held = held_rounds(study, path, asked, draws=analysis.draws, threads=analysis.threads, progress=progress)
    drawn = held if isinstance(held, HeldRounds) else None
    people = people_arrays(
        study,
        asked,
        published=None if drawn is None else drawn.first_published,
        covariates=analysis.covariates,
    )
    if isinstance(people, Refusal):
        return dict.fromkeys(RUNGS, people)
    naive = naive_comparison(people)
    found: dict[Rung, Effect | Refusal] = {
        "E": _change(asked, people, naive),
        "D": _comparison(asked, people, naive, analysis),
        "C": _staggered(study, asked, people, naive, analysis),
        "B": _discontinuity(study, asked, people, naive, drawn),
    }
    below = found["D"]
    found["A"] = _lottery(
        study,
        asked,
        held,
        people,
        naive,
        analysis,
        beside=below.estimate if isinstance(below, Effect) else below,
    )
    return {rung: _shown(_sized(one), asked.k) for rung, one in found.items()}


def _sized(found: Effect | Refusal) -> Effect | Refusal:
    """Refused where those who are compared with all have one outcome: it has no size in deviations then."""
    if isinstance(found, Refusal) or found.deviation > 0:
        return found
    return Refusal(
        "constant_comparison",
        message("Those who are compared with all have the same outcome, so no effect has a size."),
        message("Choose an outcome on which people differ, or check how the column was filled."),
    )


def _shown(found: Effect | Refusal, k: int) -> Effect | Refusal:
    return found if isinstance(found, Refusal) else protected(found, k)


def _change(asked: Asked, people: PeopleArrays, naive: Estimate | Refusal) -> Effect | Refusal:
    arrays = change_arrays(asked, people)
    return arrays if isinstance(arrays, Refusal) else rung_e(asked, arrays, naive)


def _comparison(
    asked: Asked, people: PeopleArrays, naive: Estimate | Refusal, analysis: Analysis
) -> Effect | Refusal:
    arrays = comparison_arrays(asked, people)
    if isinstance(arrays, Refusal):
        return arrays
    return rung_d(asked, arrays, naive, np.random.default_rng(analysis.seed))


def _staggered(
    study: Study, asked: Asked, people: PeopleArrays, naive: Estimate | Refusal, analysis: Analysis
) -> Effect | Refusal:
    arrays = panel_arrays(study, asked)
    if isinstance(arrays, Refusal):
        return arrays
    deviation = outcome_deviation(people)
    return rung_c(asked, arrays, naive, deviation, np.random.default_rng(analysis.seed))


def _discontinuity(
    study: Study,
    asked: Asked,
    people: PeopleArrays,
    naive: Estimate | Refusal,
    held: HeldRounds | None,
) -> Effect | Refusal:
    arrays = cutoff_arrays(study, asked, people, held)
    return arrays if isinstance(arrays, Refusal) else rung_b(asked, arrays, naive)


def _lottery(
    study: Study,
    asked: Asked,
    held: HeldRounds | Refusal,
    people: PeopleArrays,
    naive: Estimate | Refusal,
    analysis: Analysis,
    beside: Estimate | Refusal,
) -> Effect | Refusal:
    arrays: LotteryArrays | Refusal = (
        held if isinstance(held, Refusal) else lottery_arrays(study, asked, held, people)
    )
    if isinstance(arrays, Refusal):
        return arrays
    return rung_a(
        asked,
        arrays,
        naive,
        np.random.default_rng(analysis.seed),
        beside=beside,
        modifiers=analysis.modifiers,
        preregistered=analysis.preregistered,
        effect_of_interest=analysis.effect_of_interest,
        alike=arms_alike(study, asked, arrays),
    )


def _other(rung: Rung, found: Effect | Refusal) -> OtherDesign:
    if isinstance(found, Refusal):
        return OtherDesign(rung, ESTIMANDS[rung], found)
    return OtherDesign(rung, found.estimand, found.estimate)


def _higher(rung: Rung) -> Caution:
    return Caution(
        "higher_design_possible",
        message("The data also carry design {rung}, which needs fewer assumptions.", rung=rung),
        message("Report it instead: leave --design out."),
    )
