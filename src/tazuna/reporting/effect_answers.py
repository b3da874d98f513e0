"""What a reader asks of an effect (効果), answered in a few lines each."""

from __future__ import annotations

from collections.abc import Callable

from tazuna.evaluation.evidence import Rung, Sureness
from tazuna.language import Message, message
from tazuna.reporting.content import Block, Items, Paragraph, Section
from tazuna.reporting.effect_words import EffectWords
from tazuna.reporting.figures.effect_subgroups import subgroup_name

STRENGTH: dict[Sureness, Message] = {
    "strong": message("Strong evidence."),
    "moderate": message("Moderate evidence."),
    "weak": message("Weak evidence."),
    "none": message("Not enough to say."),
}
DESIGNS: dict[Rung, Message] = {
    "A": message("A draw decided who got a place, so only chance separates the two sides."),
    "B": message(
        "Those just above the cut-off of the interview score are compared with those just below it."
    ),
    "C": message("Those who started earlier are compared with those who had not started yet."),
    "D": message(
        "Those who took part are compared with others alike in what was recorded; the rest may differ."
    ),
    "E": message(
        "The same people before and after: nobody to compare with, so other causes remain possible."
    ),
}
_MOST_ON_THE_PAGE = 2
"""Characteristics, cautions and further matters on the page; the annex has all."""
_MOST_ASSUMPTIONS, _MOST_PROGRAMMES = 4, 3

Entry = tuple[str, str]


def answers(w: EffectWords) -> tuple[Section, ...]:
    """The questions that this effect has an answer to, in the order in which they are asked."""
    t = w.t
    asked: tuple[tuple[str, str, Callable[[EffectWords], list[Entry]]], ...] = (
        ("how", t("How do we know?"), how),
        ("against", t("Compared with what?"), against),
        ("whom", t("For whom?"), for_whom),
        ("else", t("What else could explain it?"), what_else),
        ("answered", t("Who answered?"), who_answered),
        ("above", t("Why no stronger design?"), why_no_stronger),
        ("cautions", t("To be kept in mind"), cautions),
    )
    return tuple(
        Section(f"effect-{code}", title, _blocks(entries))
        for code, title, write in asked
        if (entries := write(w))
    )


def _blocks(entries: list[Entry]) -> tuple[Block, ...]:
    """Entries with a heading as items, those without as paragraphs."""
    return tuple(Items(((heading, words),)) if heading else Paragraph(words) for heading, words in entries)


def how(w: EffectWords) -> list[Entry]:
    """The design's size: people, information, smallest visible effect, and whether it was registered."""
    t, effect = w.t, w.effect
    found = effect.estimate
    entries = []
    if effect.n_at_risk is not None:
        entries.append((t("Decided by the draw"), t("{count} people", count=effect.n_at_risk)))
    entries.append(
        (
            t("In the estimate"),
            t(
                "{treated} with and {comparison} without",
                treated=found.n_treated,
                comparison=found.n_comparison,
            )
            if found.n_comparison
            else t("{count} people", count=found.n_treated),
        )
    )
    if effect.v is not None and effect.n_eff is not None:
        entries.append(
            (
                t("Information"),
                t(
                    "V = {v}: as good as {people} people at even chances",
                    v=f"{effect.v:.1f}",
                    people=f"{effect.n_eff:.0f}",
                ),
            )
        )
    if effect.mde is not None:
        entries.append(
            (
                t("Smallest effect to be seen"),
                t(
                    "{size} SD, in four of five cases",
                    size=f"{effect.mde:.2f}",
                ),
            )
        )
    if effect.redraws:
        entries.append((t("Test"), t("the draw repeated {count} times", count=f"{effect.redraws:,}")))
    if effect.rounds_needed is not None and effect.places_needed:
        entries.append(
            (
                t("To see the size found"),
                t(
                    "{places} more places, {rounds} rounds in all",
                    places=effect.places_needed,
                    rounds=effect.rounds_needed,
                ),
            )
        )
    entries.append((t("Registered beforehand"), registered(w)))
    return entries


def registered(w: EffectWords) -> str:
    """Whether the analysis was laid down before, and where it departs from that."""
    t, deviations = w.t, w.effect.deviations
    if deviations is None:
        return t("not registered")
    if not deviations:
        return t("yes, and kept to")
    return t("yes, with {count} deviations: {first}", count=len(deviations), first=w.say(deviations[0]))


def against(w: EffectWords) -> list[Entry]:
    """The comparison in words, and where people of one programme would have gone without it."""
    t, effect = w.t, w.effect
    entries = [("", w.opening(effect.estimand))]
    if effect.fallback_share:
        shares = sorted(effect.fallback_share.items(), key=lambda item: (item[0] == "", -item[1]))
        named = [(name, share) for name, share in shares if name]
        first = [f"{w.called(name)} {w.percent(share)}" for name, share in named[:_MOST_PROGRAMMES]]
        if rest := sum(share for _, share in named[_MOST_PROGRAMMES:]):
            first.append(t("others {share}", share=w.percent(rest)))
        if "" in effect.fallback_share:
            first.append(t("no place {share}", share=w.percent(effect.fallback_share[""])))
        entries.append((t("Without this place"), w.listed(first)))
    entries.append((t("Weights"), w.opening(effect.weights)))
    if effect.first_stage is not None:
        stage = effect.first_stage
        entries.append(
            (
                t("Took part"),
                t(
                    "{offered} of those with an offer, {other} of those without",
                    offered=w.percent(stage.offered_share),
                    other=w.percent(stage.not_offered_share),
                ),
            )
        )
    return entries


def for_whom(w: EffectWords, most: int = _MOST_ON_THE_PAGE) -> list[Entry]:
    """Groups by characteristic, the registered ones first."""
    t, effect = w.t, w.effect
    modifiers = list(dict.fromkeys(one.modifier for one in effect.subgroups))
    planned = {one.modifier for one in effect.subgroups if one.preregistered}
    modifiers.sort(key=lambda modifier: modifier not in planned)
    entries = []
    for modifier in modifiers[:most]:
        groups = [one for one in effect.subgroups if one.modifier == modifier]
        told = [
            t(
                "{name}: {values}",
                name=subgroup_name(w, one),
                values=w.result(one.result),
            )
            for one in groups
        ]
        tested = groups[0].difference_p
        if tested is not None:
            told.append(t("difference between them {p}", p=w.probability(tested)))
        entries.append((w.opening(groups[0].modifier_label), t("; ").join(told)))
    if len(modifiers) > most:
        entries.append(("", more(w, len(modifiers) - most)))
    if effect.subgroups:
        return entries
    return [("", t("Not split by group."))]


def what_else(w: EffectWords) -> list[Entry]:
    """What must be believed, each with its mark in words, the failed ones first."""
    t, effect = w.t, w.effect
    ranked = sorted(effect.assumptions, key=lambda one: (False, None, True).index(one.held))
    entries = [assumption(w, one.held, one.says, one.check) for one in ranked[:_MOST_ASSUMPTIONS]]
    if len(ranked) > _MOST_ASSUMPTIONS:
        entries.append(("", more(w, len(ranked) - _MOST_ASSUMPTIONS)))
    if effect.robustness_value is not None:
        entries.append(
            (
                t("How strong a hidden cause"),
                t(
                    "To bring the effect to 0, it would have to explain {share} of what is left open, both "
                    "of taking part and of the outcome (robustness value).",
                    share=w.percent(effect.robustness_value),
                ),
            )
        )
    return entries


def assumption(w: EffectWords, held: bool | None, says: Message, check: Message) -> Entry:
    """An assumption with its mark: holds, does not hold, or cannot be checked."""
    t = w.t
    mark = {True: t("[holds]"), False: t("[does not hold]"), None: t("[cannot be checked]")}[held]
    return (t("{mark} {says}", mark=mark, says=w.say(says)), w.say(check))


def who_answered(w: EffectWords) -> list[Entry]:
    """Shares that answered by side, their difference, and the bounds."""
    t, found = w.t, w.effect.attrition
    if found is None:
        return []
    sides = t(
        "{treated} of {treated_asked} with and {comparison} of {comparison_asked} without",
        treated=found.answered_treated,
        treated_asked=found.asked_treated,
        comparison=found.answered_comparison,
        comparison_asked=found.asked_comparison,
    )
    entries = [(t("Answers"), sides)]
    if found.difference is not None:
        entries.append((t("Difference between the sides"), w.probability(found.difference.p_value)))
    if found.lower_bound is not None and found.upper_bound is not None:
        entries.append(
            (
                t("Whatever the others would say"),
                t(
                    "effect between {lower} and {upper} (Lee bounds)",
                    lower=w.signed(found.lower_bound),
                    upper=w.signed(found.upper_bound),
                ),
            )
        )
    return entries


def why_no_stronger(w: EffectWords) -> list[Entry]:
    """For each rung above, why it is not open."""
    return [(w.rung(rung), w.say(refusal.problem)) for rung, refusal in w.effect.not_above]


def cautions(w: EffectWords) -> list[Entry]:
    """The first cautions; the annex has all, with what to do."""
    found = w.effect.cautions
    entries = [("", w.say(one.problem)) for one in found[:_MOST_ON_THE_PAGE]]
    if len(found) > _MOST_ON_THE_PAGE:
        entries.append(("", more(w, len(found) - _MOST_ON_THE_PAGE)))
    return entries


def more(w: EffectWords, count: int) -> str:
    """Where the rest is."""
    return w.t("{count} more in the annex (web page).", count=count)


def until_we_know(w: EffectWords) -> str:
    """How many more rounds and places until an effect worth having would show."""
    t, needed = w.t, w.effect.needed
    if needed is not None and needed.places == 0:
        return t(
            "Enough was drawn: an effect of {size} SD would show in four of five cases.",
            size=f"{needed.effect:.2g}",
        )
    if needed is not None:
        return t(
            "An effect of {size} SD would show in four of five cases with {places} more places drawn like "
            "these ({rounds} rounds in all).",
            size=f"{needed.effect:.2g}",
            places=needed.places,
            rounds=needed.rounds,
        )
    if w.effect.rung == "A":
        return t("How many more places it takes cannot be told from these figures.")
    return t("A round drawn by lot among equals can tell; its preview says how many places that takes.")


def how_sure(w: EffectWords) -> str:
    """The strength in a word, and the design in a sentence."""
    t, effect = w.t, w.effect
    return t(
        "{strength} {design}",
        strength=t(STRENGTH[effect.verdict.strength].template),
        design=t(DESIGNS[effect.rung].template),
    )
