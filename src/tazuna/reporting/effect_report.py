"""The effect report (効果報告): one page whose first sentence is the verdict, with its figures behind it."""

from __future__ import annotations

import math
from datetime import date

from tazuna import __version__
from tazuna.evaluation.effect import Effect
from tazuna.evaluation.estimate import Estimate
from tazuna.language import Language
from tazuna.reporting.content import Card, Decision, FrontPage, Report, Sentence
from tazuna.reporting.effect_annex import annex
from tazuna.reporting.effect_answers import answers, how_sure, until_we_know
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_estimate import estimate_figure

TOO_SMALL = 0.2
"""Standard deviations; an effect surely below it is small by convention (Cohen 1988)."""


def effect_report(
    effect: Effect,
    language: Language,
    *,
    title: str,
    today: date,
    facts: tuple[tuple[str, str], ...] = (),
) -> Report:
    """Compose the page.

    Parameters
    ----------
    title
        Of the study.
    today
        The date printed on it.
    facts
        (name, value) of what makes the result repeatable, e.g. the hash of the study; printed at the end.
    """
    w = EffectWords(effect, language)
    t, question = w.t, effect.question
    registered = effect.preregistration_sha256
    hashes = ((t("Registered file (SHA-256)"), registered),) if registered else ()
    return Report(
        title=t("Effect report"),
        organisation=title,
        wave=w.opening(question.program_label),
        today=today,
        language=language,
        handling=t("Handle with care"),
        front=_front(w),
        parts=(annex(w),),
        provenance=((t("Tazuna version"), __version__), *hashes, *facts),
    )


def _front(w: EffectWords) -> FrontPage:
    t, effect = w.t, w.effect
    question = effect.question
    return FrontPage(
        sentences=(
            Sentence(t("Result"), w.say(effect.verdict.says)),
            Sentence(t("How sure"), how_sure(w)),
            Sentence(t("Until we know"), until_we_know(w)),
        ),
        figure=estimate_figure(w),
        cards=_cards(w),
        decision=_decision(w),
        facts=(
            (t("Rounds"), w.listed(question.rounds) or "–"),
            (t("Outcome"), w.say(question.outcome_label)),
            (t("Waves"), _waves(w)),
            (t("Design"), t("{rung}: {name}", rung=effect.rung, name=w.rung(effect.rung))),
            *((("1 SD", w.with_unit(w.plain(w.deviation))),) if w.deviation is not None else ()),
        ),
        notes=(),
        answers=answers(w),
    )


def _waves(w: EffectWords) -> str:
    question = w.effect.question
    if not question.before:
        return question.after
    return w.t("{before} to {after}", before=question.before, after=question.after)


def _cards(w: EffectWords) -> tuple[Card, ...]:
    t, effect = w.t, w.effect
    label = (
        t("Change") if effect.rung == "E" else t("Effect of a place") if effect.rung == "A" else t("Effect")
    )
    cards = [_card(w, label, effect.estimate)]
    if isinstance(effect.participation, Estimate):
        cards.append(_card(w, t("Effect of taking part"), effect.participation))
    return tuple(cards)


def _card(w: EffectWords, label: str, found: Estimate) -> Card:
    t = w.t
    return Card(
        label,
        w.sized(found.estimate),
        t("95% interval: {interval}; {p}", interval=w.interval(found), p=w.probability(found.p_value)),
    )


def _decision(w: EffectWords) -> Decision:
    """An interval on one side of 0 comes first, then one too near to 0 to matter, then what is open."""
    t, effect = w.t, w.effect
    question, reason = _asked(w)
    rule = t(
        "Rule: with strong or moderate evidence, an interval wholly on the good side calls for more, on the "
        "bad side for a stop or change, below {small} SD for another use; else for a round that can tell.",
        small=TOO_SMALL,
    )
    if effect.verdict.strength == "moderate" and effect.rung == "D":
        reason = t("{reason} Without a draw, hidden causes remain possible.", reason=reason)
    return Decision(t("Please decide"), question, reason, rule)


def _asked(w: EffectWords) -> tuple[str, str]:
    t, effect, found = w.t, w.effect, w.effect.estimate
    sure, wished = effect.verdict.strength in ("strong", "moderate"), effect.question.better
    if sure and found.excludes_zero:
        above = found.lower > 0
        reason = t("The whole interval is above 0.") if above else t("The whole interval is below 0.")
        if wished == "unknown":
            return t("Is this change wanted, and should there be more of it?"), reason
        if above == (wished == "high"):
            return t("Extend this programme?"), reason
        return t("Stop this programme, or change it?"), reason
    largest = found.upper if wished == "high" else -found.lower if wished == "low" else math.inf
    if sure and w.deviation is not None and largest < TOO_SMALL * w.deviation:
        reason = t("Even the good end of the interval is a small effect.")
        return t("Use the time and money for something else?"), reason
    if effect.rung == "A":
        reason = t("The places drawn so far leave open whether it helps.")
        return t("Draw more places openly in the next round?"), reason
    reason = t("Without a draw it stays open whether the keen ones simply joined.")
    return t("Give the next places by a fair draw among equals?"), reason
