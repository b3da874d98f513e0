"""The outlook as a document (outlook.json): figures to four decimals, sentences in both languages."""

from __future__ import annotations

from dataclasses import asdict

from tazuna.evaluation.before_the_study import Outlook, SettingOutlook
from tazuna.evaluation.design_outlook import DesignOutlook
from tazuna.evaluation.outlook_words import outlook_sentences
from tazuna.evaluation.past_waves import PastWaves
from tazuna.evaluation.power import lottery_v, two_arm_size
from tazuna.language import LANGUAGES, Message
from tazuna.matching.information import rounded

SCHEMA = "tazuna/outlook/1"


def outlook_document(outlook: Outlook) -> dict[str, object]:
    """Everything of an `Outlook` but who is who."""
    now = outlook.information.now
    return {
        "round": outlook.round,
        "program": outlook.program,
        "outcome": outlook.outcome,
        "outcome_label": None if outlook.outcome_label is None else _in_words(outlook.outcome_label),
        "effect": outlook.effect,
        "draws": outlook.draws,
        "sentences": [_in_words(sentence) for sentence in outlook_sentences(outlook)],
        "information": rounded({**asdict(now), "n_eff": 4 * now.v}),
        "needed": rounded(_needed(outlook)),
        "past": rounded(_past(outlook.past, outlook.with_baseline)),
        "designs": [_design(design) for design in outlook.designs],
        "programs": [rounded(asdict(program)) for program in outlook.information.programs],
        "one_more_open_place": [_setting(setting) for setting in outlook.one_more],
        "other_settings": [_setting(setting) for setting in outlook.settings],
    }


def _needed(outlook: Outlook) -> dict[str, float]:
    """For the effect of interest: information of a lottery, people on each side of an even experiment."""
    r = outlook.past.r
    return {
        "v": lottery_v(outlook.effect).value,
        "v_with_baseline": lottery_v(outlook.effect, baseline_r=r).value,
        "people_a_side": two_arm_size(outlook.effect).value,
        "people_a_side_with_baseline": two_arm_size(outlook.effect, baseline_r=r).value,
    }


def _past(past: PastWaves, with_baseline: float) -> dict[str, object]:
    return {
        "before": past.before,
        "earlier": past.earlier,
        "people_with_baseline": len(past.answered),
        "share_with_baseline": with_baseline,
        "asked_again": past.asked_again,
        "answered_again": past.answered_again,
        "response_share": past.response_share,
        "r": past.r,
        "r_measured": past.r_measured,
        "icc": past.icc,
        "icc_measured": past.icc_measured,
        "deviation": past.deviation,
    }


def _design(design: DesignOutlook) -> dict[str, object]:
    facts = {name: value for name, value in asdict(design).items() if name not in ("rung", "refusal")}
    refusal = design.refusal
    return {
        "design": design.rung,
        "usable": design.usable,
        "refusal": None
        if refusal is None
        else {
            "code": refusal.code,
            "problem": _in_words(refusal.problem),
            "cure": _in_words(refusal.cure),
        },
        **rounded(facts),
    }


def _setting(setting: SettingOutlook) -> dict[str, object]:
    return {
        "setting": setting.other.setting,
        "program_id": setting.other.program_id,
        "more_v": rounded(setting.more_v),
        **rounded(asdict(setting.other.information)),
        "mde": rounded(setting.outlook.mde),
        "mde_with_baseline": rounded(setting.outlook.mde_with_baseline),
    }


def _in_words(sentence: Message) -> dict[str, str]:
    return {language: sentence.text(language) for language in LANGUAGES}
