"""The computed sentences of the first page, the figures that stand out, and the decision that follows
from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tazuna.language import Translator
from tazuna.reporting.cells import Cell
from tazuna.reporting.content import Card, Decision, Sentence
from tazuna.reporting.figures.own_scales import own_scores
from tazuna.reporting.figures.score import SCORES, gaps_of
from tazuna.reporting.material import Material
from tazuna.reporting.numbers import date_text, interval, percent, points, whole
from tazuna.reporting.words import PEOPLE, VIEWPOINTS

STUCK = ("unreached", "not_growing", "not_pictured")
GAP_WORTH_A_DECISION = 10.0
"""Points that the lower limit of a gap must reach to be what is asked about."""
SHARE_WORTH_A_DECISION = 10.0
"""Percent that the lower limit of a group's share must reach to be what is asked about."""
DAYS_TO_ANSWER = 30


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference between a side of the company and the people (employees or everybody) on one score."""

    score: str
    side: str
    people: str
    difference: Cell
    company: Cell
    of_people: Cell


@dataclass(frozen=True, slots=True)
class Stuck:
    """An unmoved group (不動層) and its share of everybody who answered."""

    group: str
    share: Cell


def gap_of(m: Material, score: str, pair: str) -> Gap | None:
    """The gap of a score between the two viewpoints of ``pair``, or None where one of them has no figure."""
    side, _, other = pair.partition("-")
    cells = m.cells
    difference = cells.at(f"gap.{score}", viewpoint=pair)
    company, of_people = cells.at(score, viewpoint=side), cells.at(score, viewpoint=other)
    if difference is None or company is None or of_people is None:
        return None
    if not (difference.shown and company.shown and of_people.shown):
        return None
    return Gap(score, side, other, difference, company, of_people)


def largest_gap(m: Material) -> Gap | None:
    """The largest difference among the three views and all sides, whichever way it points."""
    found = [
        gap for score in SCORES[1:] for pair in gaps_of(m) if (gap := gap_of(m, score, pair)) is not None
    ]
    return max(found, key=lambda gap: abs(gap.difference.mean or 0.0), default=None)


def largest_stuck(m: Material) -> Stuck | None:
    """The largest of the three unmoved groups that has a figure."""
    found = [
        Stuck(group, share)
        for group in STUCK
        if (share := m.cells.at(f"share.unmoved.{group}")) is not None and share.shown
    ]
    return max(found, key=lambda stuck: stuck.share.mean or 0.0, default=None)


def three_sentences(m: Material) -> tuple[Sentence, Sentence, Sentence]:
    """One sentence a viewpoint of the frame, each with its interval, or what is missing for it."""
    return (
        Sentence(m.t("Management view"), _score_sentence(m)),
        Sentence(m.t("Organisation view"), _stuck_sentence(m)),
        Sentence(m.t("Individual view"), _used_sentence(m)),
    )


def _score_sentence(m: Material) -> str:
    t = m.t
    for pair in gaps_of(m):
        gap = gap_of(m, "ms", pair)
        if gap is not None:
            return t(
                "{company_name} {company}, {employees_name} {employees}: a difference of {gap}.",
                company_name=t(VIEWPOINTS[gap.side].template),
                company=t("{value} points", value=whole(gap.company.mean or 0.0)),
                employees_name=t(VIEWPOINTS[gap.people].template),
                employees=t("{value} points", value=whole(gap.of_people.mean or 0.0)),
                gap=_difference(gap.difference, t),
            )
    staff = m.cells.staff()
    people = m.cells.at("ms", viewpoint=staff)
    if people is not None and people.shown:
        return t(
            "{people} {score}. Nobody to compare with has answered.",
            people=t(VIEWPOINTS[staff].template),
            score=points(people, t),
        )
    return t("The management score cannot be shown: the questions were not asked, or too few answered.")


def _stuck_sentence(m: Material) -> str:
    t = m.t
    moved = m.cells.at("share.unmoved.moved")
    stuck = largest_stuck(m)
    if stuck is None:
        return t("The unmoved cannot be shown: the questions were not asked, or too few answered.")
    largest = t(
        "the largest group is “{group}” with {share}",
        group=m.ruled("unmoved", stuck.group),
        share=percent(stuck.share, t),
    )
    if moved is None or not moved.shown:
        return t("Among the unmoved {largest}.", largest=largest)
    limits = _complement(moved.upper), _complement(moved.lower)
    unmoved = Cell(moved.n, _complement(moved.mean), *limits, hidden=False)
    return t("{share} are unmoved; {largest}.", share=percent(unmoved, t), largest=largest)


def _used_sentence(m: Material) -> str:
    t = m.t
    bands = [
        (group.partition("|")[2], cell)
        for group in m.cells.groups("level*age_band", "used")
        if group.startswith("high|")
        and (cell := m.cells.at("used", group_by="level*age_band", group=group)) is not None
        and cell.shown
    ]
    if len(bands) > 1:
        low = min(bands, key=lambda band: band[1].mean or 0.0)
        high = max(bands, key=lambda band: band[1].mean or 0.0)
        said = t(
            "Of people with a high profile, those aged {low_band} feel least used: {low}; most, "
            "{high_band}: {high}.",
            low_band=m.ruled("age_band", low[0]),
            low=points(low[1], t),
            high_band=m.ruled("age_band", high[0]),
            high=points(high[1], t),
        )
        return said + _overlap_remark(low[1], high[1], t)
    high_level = m.cells.at("used", group_by="level", group="high")
    low_level = m.cells.at("used", group_by="level", group="low")
    if high_level is not None and low_level is not None and high_level.shown and low_level.shown:
        return t(
            "Being used: {high} with a high profile, {low} with a low one.",
            high=points(high_level, t),
            low=points(low_level, t),
        )
    profile = m.cells.at("co")
    if profile is not None and profile.shown:
        return t("The profile stands at {score}; being used cannot be compared.", score=points(profile, t))
    own = own_scores(m)
    if own:
        return t(
            "Your instrument: highest on “{high}”, {high_score}; lowest on “{low}”, {low_score}.",
            high=own[0][0],
            high_score=points(own[0][1], t),
            low=own[-1][0],
            low_score=points(own[-1][1], t),
        )
    return t("The profile cannot be shown: the questions were not asked, or too few answered.")


def _overlap_remark(low: Cell, high: Cell, t: Translator) -> str:
    if low.upper is None or high.lower is None or low.upper < high.lower:
        return ""
    return t(" The intervals overlap: this may be chance.")


def _complement(share: float | None) -> float | None:
    return None if share is None else 100.0 - share


def _difference(cell: Cell, t: Translator) -> str:
    return t("{value} points", value=whole(cell.mean or 0.0)) + interval(cell, t)


def cards(m: Material) -> tuple[Card, ...]:
    """The largest gap and the largest unmoved group, each with its size and interval."""
    t = m.t
    found = []
    gap = largest_gap(m)
    if gap is not None:
        found.append(
            Card(
                t("Largest gap"),
                t("{name}: {values}", name=m.scale(gap.score), values=_difference(gap.difference, t)),
                t(
                    "{company_name} {company}, {employees_name} {employees}",
                    company_name=t(VIEWPOINTS[gap.side].template),
                    company=points(gap.company, t),
                    employees_name=t(VIEWPOINTS[gap.people].template),
                    employees=points(gap.of_people, t),
                ),
            )
        )
    stuck = largest_stuck(m)
    if stuck is not None:
        found.append(
            Card(
                t("Largest unmoved group"),
                t("{name}: {values}", name=m.ruled("unmoved", stuck.group), values=percent(stuck.share, t)),
                t(
                    "about {count} of {n} people who answered",
                    count=f"{round((stuck.share.mean or 0.0) * (stuck.share.n or 0) / 100):,}",
                    n=f"{stuck.share.n or 0:,}",
                ),
            )
        )
    return tuple(found)


def decision(m: Material) -> Decision:
    """What is asked of the reader: the first that applies of a gap, a group, the lowest view, more
    answers.
    """
    t = m.t
    due = date_text(m.today + timedelta(days=DAYS_TO_ANSWER), m.language)
    question, reason = _asked(m)
    return Decision(
        heading=t("Please decide by {date}", date=due),
        question=question,
        reason=reason,
        rule=t(
            "How this was chosen: the largest gap, if its whole 95% interval is beyond {gap} points; else "
            "the largest unmoved group, if its whole interval is beyond {share}%; else the view with the "
            "lowest score. The date is {days} days after this report.",
            gap=whole(GAP_WORTH_A_DECISION),
            share=whole(SHARE_WORTH_A_DECISION),
            days=DAYS_TO_ANSWER,
        ),
    )


def _asked(m: Material) -> tuple[str, str]:
    t = m.t
    gap, stuck = largest_gap(m), largest_stuck(m)
    if gap is not None and _sure_size(gap.difference) >= GAP_WORTH_A_DECISION:
        side = t(VIEWPOINTS[gap.side].template)
        return (
            t("Do we take up “{view}” first, and who answers for it?", view=m.scale(gap.score)),
            t(
                "{side} and {people} differ most here, by {difference}.",
                side=side,
                people=t(PEOPLE[gap.people].template),
                difference=_difference(gap.difference, t),
            ),
        )
    if stuck is not None and (stuck.share.lower or 0.0) >= SHARE_WORTH_A_DECISION:
        return (
            t("Do we take up “{view}” first, and who answers for it?", view=m.ruled("unmoved", stuck.group)),
            t(
                "It is the largest unmoved group: {share} of those who answered.",
                share=percent(stuck.share, t),
            ),
        )
    staff = m.cells.staff()
    views = [(s, c) for s in SCORES[1:] if (c := m.cells.at(s, viewpoint=staff)) is not None and c.shown]
    if views:
        score, cell = min(views, key=lambda view: view[1].mean or 0.0)
        return (
            t("Do we take up “{view}” first, and who answers for it?", view=m.scale(score)),
            t(
                "It is the lowest of the three views among {people}: {score}.",
                people=t(PEOPLE[staff].template),
                score=points(cell, t),
            ),
        )
    if own_scores(m):
        return (
            t("Which of these scales do we want to change, and who answers for it?"),
            t("Tazuna has no rule that would choose among the scales of a loaded instrument."),
        )
    return (
        t("How do we get enough answers in the next wave, and who answers for it?"),
        t("Too few people answered to show a score: groups are shown from {k} answers.", k=m.k),
    )


def _sure_size(cell: Cell) -> float:
    """The limit of the interval that is nearer to 0, as a size; 0 where the interval holds 0 or is
    missing.
    """
    if cell.lower is None or cell.upper is None or cell.lower <= 0.0 <= cell.upper:
        return 0.0
    return min(abs(cell.lower), abs(cell.upper))
