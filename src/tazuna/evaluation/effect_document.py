"""An effect as ``effect.json`` holds it: every entry is there, null where the design does not define it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from tazuna.evaluation.effect import (
    Assumption,
    Attrition,
    Calibration,
    Dose,
    Effect,
    FirstStage,
    FurtherOutcome,
    Needed,
    OtherDesign,
    Subgroup,
)
from tazuna.evaluation.estimate import Estimate
from tazuna.evaluation.refusal import Finding, Refusal
from tazuna.language import LANGUAGES, Message

SCHEMA = "tazuna/effect/1"
_ESTIMAND_CODES = {
    "A": "offer_at_risk",
    "B": "place_near_cutoff",
    "C": "started",
    "D": "took_part",
    "E": "change",
}
Entries = dict[str, object]


def effect_document(effect: Effect) -> Entries:
    """The entries of ``effect.json`` after its head.

    Numbers that are infinite or undefined are null; ``interval_unbounded`` says which end is open
    (``lower``, ``upper``, ``both``, or null).
    """
    question = effect.question
    return {
        "design": effect.rung,
        "program": question.program,
        "program_label": _words(question.program_label),
        "rounds": list(question.rounds),
        "outcome": question.outcome,
        "outcome_label": _words(question.outcome_label),
        "before": question.before,
        "after": question.after,
        "verdict": {**_words(effect.verdict.says), "strength": effect.verdict.strength},
        "estimand": {"code": _ESTIMAND_CODES[effect.rung], **_words(effect.estimand)},
        **_estimate(effect.estimate),
        "standardised": _standardised(effect),
        "outcome_sd": _number(effect.deviation),
        "n_at_risk": effect.n_at_risk,
        "v": _number(effect.v),
        "n_eff": _number(effect.n_eff),
        "mde": _number(effect.mde),
        "rounds_needed": effect.rounds_needed,
        "places_needed": effect.places_needed,
        "needed": _needed(effect.needed),
        "weights": _words(effect.weights),
        "naive": _result(effect.naive),
        "participation": _result(effect.participation),
        "per_hour": _result(effect.per_hour),
        "dose": _dose(effect.dose),
        "first_stage": _first_stage(effect.first_stage),
        "against_no_place": _result(effect.against_no_place),
        "fallback_share": None if effect.fallback_share is None else _shares(effect.fallback_share),
        "robustness_value": _number(effect.robustness_value),
        "attrition": _attrition(effect.attrition),
        "spillover": _result(effect.spillover),
        "subgroups": [_subgroup(one) for one in effect.subgroups],
        "further_outcomes": [_further(one) for one in effect.further_outcomes],
        "at_risk": [
            {
                "characteristic": row.characteristic,
                "at_risk": _number(row.at_risk),
                "applicants": _number(row.applicants),
                "everybody": _number(row.everybody),
            }
            for row in effect.at_risk
        ],
        "calibration": _calibration(effect.calibration),
        "assumptions": [_assumption(one) for one in effect.assumptions],
        "cautions": [_finding(one) for one in effect.cautions],
        "other_designs": [_other(one) for one in effect.other_designs],
        "not_above": [{"design": rung, **_finding(why)} for rung, why in effect.not_above],
        "redraws": effect.redraws,
        "preregistration_sha256": effect.preregistration_sha256,
        "deviations": None if effect.deviations is None else [_words(one) for one in effect.deviations],
    }


def _estimate(found: Estimate) -> Entries:
    return {
        "estimate": _number(found.estimate),
        "std_error": _number(found.std_error),
        "interval": [_number(found.lower), _number(found.upper)],
        "interval_unbounded": _open_end(found),
        "p_value": _number(found.p_value),
        "n_treated": found.n_treated,
        "n_comparison": found.n_comparison,
        "inference": found.inference,
    }


def _open_end(found: Estimate) -> str | None:
    below, above = math.isinf(found.lower), math.isinf(found.upper)
    if below and above:
        return "both"
    return "lower" if below else "upper" if above else None


def _standardised(effect: Effect) -> Entries | None:
    if not effect.deviation > 0:
        return None
    estimate, lower, upper = effect.standardised
    return {
        "estimate": _number(estimate),
        "std_error": _number(effect.estimate.std_error / effect.deviation),
        "interval": [_number(lower), _number(upper)],
    }


def _result(found: Estimate | Refusal | None) -> Entries | None:
    """An estimate, or ``{"refused": …}``, or null where the design does not ask for it."""
    if found is None:
        return None
    return {"refused": _finding(found)} if isinstance(found, Refusal) else _estimate(found)


def _first_stage(found: FirstStage | None) -> Entries | None:
    if found is None:
        return None
    shares = {
        "offered_share": _number(found.offered_share),
        "not_offered_share": _number(found.not_offered_share),
    }
    return {**_estimate(found.estimate), **shares}


def _needed(found: Needed | None) -> Entries | None:
    if found is None:
        return None
    return {
        "effect_sd": found.effect,
        "v": _number(found.v),
        "rounds": found.rounds,
        "places": found.places,
    }


def _dose(found: Dose | None) -> Entries | None:
    if found is None:
        return None
    return {
        "hours_offered": _number(found.hours_offered),
        "hours_not_offered": _number(found.hours_not_offered),
        "most_hours": _number(found.most_hours),
    }


def _attrition(found: Attrition | None) -> Entries | None:
    if found is None:
        return None
    return {
        "asked_treated": found.asked_treated,
        "asked_comparison": found.asked_comparison,
        "answered_treated": found.answered_treated,
        "answered_comparison": found.answered_comparison,
        "difference": _result(found.difference),
        "bounds": [_number(found.lower_bound), _number(found.upper_bound)],
        "bounds_interval": _numbers(found.bounds_interval or (None, None)),
    }


def _subgroup(found: Subgroup) -> Entries:
    return {
        "modifier": found.modifier,
        "modifier_label": _words(found.modifier_label),
        "group": found.group,
        "group_label": None if found.group_label is None else _words(found.group_label),
        "result": _result(found.result),
        "difference_p": _number(found.difference_p),
        "preregistered": found.preregistered,
    }


def _further(found: FurtherOutcome) -> Entries:
    return {
        "outcome": found.outcome,
        "outcome_label": _words(found.outcome_label),
        **_estimate(found.estimate),
        "adjusted_p": _number(found.adjusted_p),
    }


def _calibration(found: Calibration | None) -> Entries | None:
    if found is None:
        return None
    parts = {"lottery": found.lottery, "adjusted": found.adjusted, "difference": found.difference}
    return {name: _estimate(part) for name, part in parts.items()}


def _assumption(found: Assumption) -> Entries:
    return {
        "code": found.code,
        **_words(found.says),
        "check": _words(found.check),
        "held": found.held,
    }


def _other(found: OtherDesign) -> Entries:
    head: Entries = {"design": found.rung, "estimand": _words(found.estimand)}
    if isinstance(found.result, Refusal):
        return {**head, "estimate": None, "interval": [None, None], "refused": _finding(found.result)}
    return {**head, **_estimate(found.result), "refused": None}


def _finding(found: Finding) -> Entries:
    return {"code": found.code, "problem": _words(found.problem), "cure": _words(found.cure)}


def _words(said: Message) -> Entries:
    return {language: said.text(language) for language in LANGUAGES}


def _shares(found: Mapping[str, float]) -> Entries:
    return {name: _number(share) for name, share in found.items()}


def _numbers(values: Iterable[float | None]) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
