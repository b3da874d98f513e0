"""The parts of the pilot report (予備調査レポート): question by question, between groups, and behind."""

from __future__ import annotations

from tazuna.errors import TazunaError
from tazuna.measurement.pilot.pilot import JudgedScale
from tazuna.reporting.content import (
    Block,
    Column,
    Items,
    Missing,
    Paragraph,
    Part,
    Section,
    Table,
    Value,
)
from tazuna.reporting.figures.pilot_answers import answers_figure, name_of
from tazuna.reporting.figures.pilot_groups import group_figures
from tazuna.reporting.figures.pilot_precision import precision_figure
from tazuna.reporting.figures.pilot_reliability import with_interval
from tazuna.reporting.pilot_words import PilotWords


def questions_part(w: PilotWords) -> Part:
    """A section a scale: verdicts and answers."""
    t = w.t
    return Part(
        "questions",
        t("The questions one by one"),
        t("One sentence a question says what to do; the figures below and the last part say why."),
        tuple(
            Section(f"scale-{number}", w.scale(scale), _of_scale(w, scale, number))
            for number, scale in enumerate(w.pilot.scales, start=1)
        ),
    )


def _of_scale(w: PilotWords, scale: JudgedScale, number: int) -> tuple[Block, ...]:
    blocks: tuple[Block | None, ...] = (
        Paragraph(_finding(w, scale), "finding"),
        _verdicts(w, scale, number),
        answers_figure(w, scale, number) or _measurements(w),
    )
    return tuple(block for block in blocks if block is not None)


def _finding(w: PilotWords, scale: JudgedScale) -> str:
    t, found = w.t, scale.found.reliability
    kept = sum(judged.verdict == "keep" for judged in scale.questions)
    said = t("{kept} of {count} questions can stay.", kept=kept, count=len(scale.questions))
    if found is None:
        return said
    return said + t(" Reliability (alpha): {alpha}.", alpha=with_interval(w, found))


def _verdicts(w: PilotWords, scale: JudgedScale, number: int) -> Table:
    """Question, wording where it is known, verdict, and what else was found."""
    t = w.t
    with_wording = any(judged.question.wording for judged in scale.questions)
    columns = (
        Column(t("Question")),
        *((Column(t("Wording")),) if with_wording else ()),
        Column(t("What to do")),
    )
    rows: list[tuple[Value, ...]] = [
        (
            name_of(judged),
            *((w.wording(judged.question),) if with_wording else ()),
            " ".join(w.say(finding.says) for finding in judged.findings),
        )
        for judged in scale.questions
    ]
    return Table(f"verdicts-{number}", t("{scale}: verdicts", scale=w.scale(scale)), columns, tuple(rows))


def _measurements(w: PilotWords) -> Missing:
    t = w.t
    return Missing(
        t("There is no figure of the answers."),
        t("They are measurements, no answers in categories."),
        t("Verdicts rest on the factor model and on the correlations."),
    )


def _without_graded(w: PilotWords, scale: JudgedScale) -> Missing | None:
    refused = scale.found.graded
    if not isinstance(refused, TazunaError):
        return None
    cure = "" if refused.cure is None else w.say(refused.cure)
    return Missing(w.t("There is no figure of the precision."), w.say(refused.problem), cure)


def precision_part(w: PilotWords) -> Part:
    """A figure a scale, or why there is none."""
    t = w.t
    return Part(
        "precision",
        t("How precise are the scores?"),
        t("A score is precise where many thresholds sit; where there are none, people cannot be told apart."),
        tuple(
            Section(f"precision-of-{number}", w.scale(scale), (block,))
            for number, scale in enumerate(w.pilot.scales, start=1)
            if (block := precision_figure(w, scale, number) or _without_graded(w, scale)) is not None
        ),
    )


def groups_part(w: PilotWords) -> Part:
    """By each grouping, or why nothing was compared."""
    t = w.t
    figures = group_figures(w)
    sections = [Section("compared", t("Questions and groups"), tuple(figures))] if figures else []
    missing = _not_compared(w)
    if missing is not None:
        sections.append(Section("not-compared", t("What could not be compared"), (missing,)))
    return Part(
        "groups",
        t("Do the questions mean the same to all?"),
        t("People of the same standing on a scale are compared: a question should then be answered alike."),
        tuple(sections),
    )


def _not_compared(w: PilotWords) -> Items | Missing | None:
    t = w.t
    entries = [
        (f"{w.scale(scale)}, {w.by(one.by)}", one.found.text(w.language).replace("\n", " "))
        for scale in w.pilot.scales
        for one in scale.comparisons
        if isinstance(one.found, TazunaError)
    ]
    if entries:
        return Items(tuple(entries))
    if any(scale.comparisons for scale in w.pilot.scales):
        return None
    return Missing(
        t("Groups were not compared."),
        t("A question may mean one thing to the young and another to the old; then means mislead."),
        t("Give age, gender or language of the people, or name a column of the table after --group."),
    )
