"""The pilot report (予備調査レポート): is our wording any good, question by question?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tazuna import __version__
from tazuna.errors import TazunaError
from tazuna.language import Language
from tazuna.measurement.pilot.pilot import JudgedScale, Pilot
from tazuna.reporting.content import Card, Decision, FrontPage, Report, Sentence
from tazuna.reporting.figures.pilot_precision import GROUPS
from tazuna.reporting.figures.pilot_reliability import reliability_figure, with_interval
from tazuna.reporting.page_files import write_page_files
from tazuna.reporting.pilot_words import CHANGE, LOOK, PilotWords
from tazuna.reporting.sections.pilot import groups_part, precision_part, questions_part
from tazuna.reporting.sections.pilot_behind import behind_part


def pilot_report(
    pilot: Pilot,
    language: Language,
    *,
    title: str,
    wave: str,
    today: date,
    facts: tuple[tuple[str, str], ...] = (),
) -> Report:
    """Compose the report.

    Parameters
    ----------
    title, wave
        Of the study or of the table, and of the wave as people call it.
    today
        The date printed on it.
    facts
        (name, value) of what makes the result repeatable, e.g. the hash of the input; printed at the end.
    """
    w = PilotWords(pilot, language)
    t = w.t
    return Report(
        title=t("Pilot report: is our wording any good?"),
        organisation=title,
        wave=wave,
        today=today,
        language=language,
        handling=t("Handle with care"),
        front=_front(w),
        parts=(questions_part(w), precision_part(w), groups_part(w), behind_part(w)),
        provenance=(
            (t("Tazuna version"), __version__),
            (t("Rules for wordings"), pilot.rules.version),
            *facts,
        ),
    )


def write_pilot_report(report: Report, folder: Path) -> tuple[str, ...]:
    """Write page, document and figures into ``folder``, which exists; returns their names."""
    name = report.title.split(":")[0].split("：")[0]
    return write_page_files(report, folder, (name, report.organisation, report.wave))


def first_sentence(w: PilotWords) -> str:
    """How many questions can stay."""
    t, questions = w.t, w.pilot.questions
    kept, change, look = (len(w.with_verdict(kinds)) for kinds in (("keep",), CHANGE, LOOK))
    if kept == len(questions):
        return t("All {count} questions can stay as they are.", count=kept)
    said = t("{kept} of {count} questions can stay as they are.", kept=kept, count=len(questions))
    open_ = len(questions) - kept - change - look
    for number, words in (
        (change, t("{count} should be reworded or left out.", count=change)),
        (look, t("{count} should be looked at again.", count=look)),
        (open_, t("{count} cannot be judged yet.", count=open_)),
    ):
        said = t("{first} {second}", first=said, second=words) if number else said
    return said


def _front(w: PilotWords) -> FrontPage:
    t, pilot = w.t, w.pilot
    return FrontPage(
        sentences=(
            Sentence(t("Wording"), first_sentence(w)),
            Sentence(t("Scores"), _scores(w)),
            Sentence(t("Groups"), _groups(w)),
        ),
        figure=reliability_figure(w),
        cards=_cards(w),
        decision=_decision(w),
        facts=(
            (t("Answered"), _answered(w)),
            (t("Scales"), str(len(pilot.scales))),
            (t("Questions"), str(len(pilot.questions))),
            (t("Smallest group shown"), str(pilot.release.k[pilot.wave])),
        ),
        notes=(
            t(
                "A wording is judged by what people answered. Whether they understand it as it was meant, "
                "only interviews tell."
            ),
        ),
    )


def _answered(w: PilotWords) -> str:
    t, pilot = w.t, w.pilot
    if not pilot.asked:
        return t("{n} people", n=f"{pilot.answered:,}")
    return t(
        "{n} of {asked} people ({percent}%)",
        n=f"{pilot.answered:,}",
        asked=f"{pilot.asked:,}",
        percent=f"{100 * pilot.answered / pilot.asked:.0f}",
    )


def _weak(w: PilotWords) -> tuple[JudgedScale, ...]:
    """Scales whose reliability does not carry means of groups."""
    return tuple(
        scale
        for scale in w.pilot.scales
        if scale.found.reliability is not None and scale.found.reliability.alpha < GROUPS
    )


def _scores(w: PilotWords) -> str:
    t, weak = w.t, _weak(w)
    known = [scale for scale in w.pilot.scales if scale.found.reliability is not None]
    if not known:
        return t("The reliability of the scores cannot be computed.")
    if not weak:
        return t("All {count} scores are reliable enough to compare groups (.70 or more).", count=len(known))
    named = (
        f"{w.scale(scale)} {with_interval(w, found)}"
        for scale in weak
        if (found := scale.found.reliability) is not None
    )
    return t(
        "{good} of {count} scores are reliable enough to compare groups (.70 or more); not: {weak}.",
        good=len(known) - len(weak),
        count=len(known),
        weak=w.listed(named),
    )


def _groups(w: PilotWords) -> str:
    t = w.t
    compared = [
        one for scale in w.pilot.scales for one in scale.comparisons if not isinstance(one.found, TazunaError)
    ]
    if not compared:
        return t("Whether questions mean the same to all groups could not be compared.")
    by = w.listed(dict.fromkeys(w.by(one.by) for one in compared))
    differing = [
        judged for judged in w.pilot.questions if any(found.kind == "differs" for found in judged.findings)
    ]
    if not differing:
        return t("No question means different things to different people (compared by: {by}).", by=by)
    return t(
        "These mean different things to different people: {codes} (compared by: {by}).",
        codes=w.codes(differing),
        by=by,
    )


def _cards(w: PilotWords) -> tuple[Card, ...]:
    """The questions by what is to be done with them, where there are any."""
    t = w.t
    told = (
        (t("Keep"), w.with_verdict(("keep",))),
        (t("Reword or leave out"), w.with_verdict(CHANGE)),
        (t("Look at again"), w.with_verdict((*LOOK, "not_judged"))),
    )
    return tuple(
        Card(label, t("Questions: {count}", count=len(found)), w.codes(found))
        for label, found in told
        if found
    )


def _decision(w: PilotWords) -> Decision:
    """Questions to change come first, then scores that are too unreliable, then what is open."""
    t = w.t
    change, weak = w.with_verdict(CHANGE), _weak(w)
    rule = t(
        "Rule: questions with a finding come first; then scores below .70; else the wording stays. The last "
        "part has the limits."
    )
    if change:
        question = t("Change {codes} before the next wave?", codes=w.codes(change, 6))
        reason = t("The part “The questions one by one” gives the reason for each. Then ask a new pilot.")
    elif weak:
        question = t(
            "Add questions to {scales}?", scales=w.listed(_with_more(w, scale) for scale in weak[:3])
        )
        reason = t("As long as they stay so short, read no means of small groups from them.")
    else:
        question = t("Ask the next wave with the same wording?")
        reason = t("Waves can only be compared where the questions stay the same.")
    return Decision(t("Please decide"), question, reason, rule)


def _with_more(w: PilotWords, scale: JudgedScale) -> str:
    """How many more questions of the same kind it takes (Spearman & Brown)."""
    t, found = w.t, scale.found.reliability
    if found is None or not 0 < found.alpha < GROUPS:
        return w.scale(scale)
    length = GROUPS * (1 - found.alpha) / (found.alpha * (1 - GROUPS))
    more = max(1, -int(-(length - 1) * len(scale.questions) // 1))
    return t("{scale} (about {more} more)", scale=w.scale(scale), more=more)
