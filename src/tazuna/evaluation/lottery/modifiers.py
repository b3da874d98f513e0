"""By what an effect may be split (効果を分けてよい区分): what was known before the draw, and nothing else."""

from __future__ import annotations

from tazuna.evaluation.refusal import Refusal, listed
from tazuna.language import Message, message

BEFORE_THE_DRAW: dict[str, Message] = {
    "entry": message("volunteered or nominated"),
    "age_band": message("age band"),
    "baseline": message("outcome before, in thirds"),
    "first_choice.feedback_promised": message("feedback promised by the first choice"),
    "first_choice.stretch": message("difficulty of the first choice"),
    "first_choice.boundary": message("first choice inside or outside the company"),
    "tie": message("tie to the place"),
}
"""Modifiers that are allowed, with their words; features of the programme that the person ranked first."""

AFTER_THE_DRAW: dict[str, Message] = {
    "feedback_received": message("feedback received"),
    "hours": message("hours spent"),
    "sheet_quality": message("quality of the sheet"),
    "challenge_first_month": message("challenge in the first month"),
    "watcher": message("somebody who watched and told"),
    "journal_entries": message("journal entries"),
    "status": message("whether the place was completed"),
}
"""Known for those only who got a place, and in part a result of it: never split by."""

_INSTEAD = {
    "feedback_received": message(
        "Split by whether the first choice promised feedback, known before the draw."
    ),
    "hours": message("Ask for the effect of an hour instead (two-stage least squares on the hours)."),
    "challenge_first_month": message("Split by the difficulty of the first choice, known before the draw."),
    "status": message("Ask for the effect of taking part instead (two-stage least squares)."),
}


def fault_of_modifier(code: str) -> Refusal | None:
    """Refuse what came after the draw, and what is not known to have come before it.

    Splitting by something that the place itself brought about compares people who differ in more than the
    draw, even where the draw was fair (Rosenbaum 1984, doi:10.2307/2981697). How much of a thing works is
    answered by two-stage least squares on it, with the draw as instrument.

    Parameters
    ----------
    code
        One of `BEFORE_THE_DRAW`, `AFTER_THE_DRAW`, or anything that a user wrote.
    """
    if code in BEFORE_THE_DRAW:
        return None
    if code in AFTER_THE_DRAW:
        return Refusal(
            "modifier_after_draw",
            message(
                "The effect is not split by “{modifier}”: it came after the draw, and only those who got a "
                "place have it, so the groups would differ in more than the draw.",
                modifier=AFTER_THE_DRAW[code],
            ),
            _INSTEAD.get(
                code,
                message(
                    "Split by something known before the draw, or ask for the effect of an hour (two-stage "
                    "least squares on the hours)."
                ),
            ),
        )
    return Refusal(
        "unknown_modifier",
        message("An effect can't be split by “{modifier}”.", modifier=code),
        message("Choose one of: {modifiers}", modifiers=listed(BEFORE_THE_DRAW)),
    )
