"""The outlook in sentences (見通しの文章) that a secretariat understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tazuna.evaluation.before_the_study import Outlook, SettingOutlook
from tazuna.evaluation.design_outlook import DesignOutlook
from tazuna.evaluation.evidence import Rung
from tazuna.evaluation.round_information import SettingName
from tazuna.evaluation.verdicts import MDE_WANTED, V_WANTED
from tazuna.language import Message, message

DESIGN_WORDS: Mapping[Rung, Message] = {
    "A": message("draw (lottery)"),
    "B": message("cut-off of an interview score"),
    "C": message("roll-out in steps, if half of the departments began earlier"),
    "D": message("adjusted comparison with people without a place, which only suggests"),
    "E": message("before and after, which tells a change and no effect"),
}
SETTING_WORDS: Mapping[SettingName, Message] = {
    "one_more_open": message("one more open place"),
    "two_tiers": message("two tiers"),
    "quarter_open": message("one place in four by open draw"),
    "two_tiers_quarter_open": message("two tiers and one place in four by open draw"),
    "half_open": message("every other place by open draw"),
}
_WORTH_SAYING = 0.005
"""Standard deviations by which the smallest effect must fall: two decimals are shown."""


def outlook_sentences(outlook: Outlook) -> tuple[Message, ...]:
    """What the round would show, what would let it show more, and what that rests on."""
    return (
        *_headline(outlook),
        *_more(outlook),
        *_single_programmes(outlook),
        _baseline(outlook),
        _attrition(outlook),
    )


def design_sentence(design: DesignOutlook, effect: float) -> Message:
    """One design in a line."""
    if design.refusal is not None:
        return message(
            "{rung} {name}: not possible. {why}",
            rung=design.rung,
            name=DESIGN_WORDS[design.rung],
            why=design.refusal.problem,
        )
    rounds = design.rounds if design.rounds_with_baseline is None else design.rounds_with_baseline
    power = design.power if design.power_with_baseline is None else design.power_with_baseline
    figures = {
        "rung": design.rung,
        "name": DESIGN_WORDS[design.rung],
        "mde": f"{design.best_mde:.2f}",
        "effect": f"{effect:g}",
        "power": f"{min(99.0, 100 * (power or 0)):.0f}",
    }
    if rounds is None:
        return message("{rung} {name}: from {mde} SD on; {effect} SD with {power}% probability", **figures)
    return message(
        "{rung} {name}: from {mde} SD on; {effect} SD with {power}% probability; rounds needed: {rounds}",
        **figures,
        rounds=f"{rounds:,}",
    )


def _headline(outlook: Outlook) -> Iterator[Message]:
    lottery = outlook.lottery
    if lottery.refusal is not None:
        yield message("By its draw alone this round would not show an effect.")
        yield lottery.refusal.problem
    if lottery.best_mde is None:
        return
    if lottery.refusal is None:
        yield _from(outlook, lottery.best_mde)
        if not lottery.carries_verdict:
            yield message(
                "That is too loose for a verdict (V of {v} and {mde} SD are needed); it would be shown as "
                "imprecise, with an adjusted comparison beside it.",
                v=f"{V_WANTED:g}",
                mde=f"{MDE_WANTED:g}",
            )
    rounds = lottery.rounds if lottery.rounds_with_baseline is None else lottery.rounds_with_baseline
    if rounds == 1:
        yield message(
            "One round is enough for an effect of {effect} SD (with at least 80% probability).",
            effect=f"{outlook.effect:g}",
        )
    elif rounds is not None:
        yield message(
            "{rounds} rounds like this one together would show an effect of {effect} SD.",
            rounds=f"{rounds:,}",
            effect=f"{outlook.effect:g}",
        )


def _from(outlook: Outlook, mde: float) -> Message:
    deviation = outlook.past.deviation
    if deviation is None:
        return message("This round would show effects from {mde} SD on.", mde=f"{mde:.2f}")
    return message(
        "This round would show effects from {mde} SD on, which is {points} points of {outcome}.",
        mde=f"{mde:.2f}",
        points=f"{mde * deviation:.1f}",
        outcome=outlook.outcome_label,
    )


def _more(outlook: Outlook) -> Iterator[Message]:
    now = outlook.lottery.best_mde
    better = [setting for setting in outlook.settings if _lower(setting.outlook.best_mde, now, _WORTH_SAYING)]
    for setting in better:
        yield message(
            "With {setting}: from {mde} SD on (V {v} instead of {now}).",
            setting=SETTING_WORDS[setting.other.setting],
            mde=f"{setting.outlook.best_mde:.2f}",
            v=f"{setting.other.information.v:.1f}",
            now=f"{outlook.information.now.v:.1f}",
        )
    for best in outlook.one_more[:1]:
        if best.more_v > 0 and _lower(best.outlook.best_mde, now, 0.0):
            yield _one_more(best)


def _one_more(best: SettingOutlook) -> Message:
    return message(
        "One more of the places at {program} given by open draw: from {mde} SD on (V {v} more).",
        program=best.other.program_id,
        v=f"{best.more_v:.2f}",
        mde=f"{best.outlook.best_mde:.2f}",
    )


def _lower(mde: float | None, now: float | None, by: float) -> bool:
    return mde is not None and (now is None or now - mde > by)


def _single_programmes(outlook: Outlook) -> Iterator[Message]:
    programs = outlook.information.programs
    if len(programs) > 1:
        yield message(
            "A single programme tells less: {program} tells most, with V = {v}. Ask about all of them, or "
            "about groups.",
            program=programs[0].program_id,
            v=f"{programs[0].v:.1f}",
        )


def _baseline(outlook: Outlook) -> Message:
    past = outlook.past
    figures = {"r": f"{past.r:.2f}", "share": f"{100 * outlook.with_baseline:.0f}"}
    if past.before is None or not len(past.answered):
        return message("Nobody has been asked before the round: ask the outcome before the draw.")
    if past.r_measured:
        return message(
            "Reckoned with a baseline from {before} of {share}% of the people concerned, and a correlation "
            "of {r} as measured between {earlier} and {before} ({people} people).",
            before=past.before,
            earlier=past.earlier,
            people=f"{past.answered_again:,}",
            **figures,
        )
    if outlook.outcome is None:
        return message(
            "Reckoned with a baseline from {before} of {share}% of the people concerned, and a correlation "
            "of {r}, which is assumed as long as no outcome is named.",
            before=past.before,
            **figures,
        )
    return message(
        "Reckoned with a baseline from {before} of {share}% of the people concerned, and a correlation of "
        "{r}, which is assumed: too few people answered in two earlier waves.",
        before=past.before,
        **figures,
    )


def _attrition(outlook: Outlook) -> Message:
    past = outlook.past
    if past.response_share is None:
        return message("Nobody is reckoned to be lost: there are no two waves that could tell.")
    return message(
        "Of {asked} people with an answer in {earlier}, {share}% answered again in {before}; so many are "
        "reckoned to answer after the round.",
        asked=f"{past.asked_again:,}",
        share=f"{100 * past.response_share:.0f}",
        earlier=past.earlier,
        before=past.before,
    )
