"""What is to become of each question (設問ごとの判定): one plain sentence, by rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tazuna.language import Message, message
from tazuna.measurement.graded.different_items import DifferentItem
from tazuna.measurement.pilot.answer_shares import AnswerShares
from tazuna.measurement.pilot.asked import PilotQuestion
from tazuna.measurement.pilot.one_factor import Loading
from tazuna.measurement.pilot.wording_rules import WordingRules

Verdict = Literal[
    "backwards", "apart", "same", "everybody", "nobody", "differs", "left_out", "loose", "keep", "not_judged"
]
ORDER: tuple[Verdict, ...] = (
    "not_judged",
    "backwards",
    "apart",
    "same",
    "everybody",
    "nobody",
    "differs",
    "left_out",
    "loose",
    "keep",
)
"""The gravest first: where several hold, the first is the verdict and the others stand beside it."""
_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a question; ``says`` is one sentence."""

    kind: Verdict
    says: Message


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a question.

    Parameters
    ----------
    shares
        Of its answers.
    item_rest
        Correlation with the other questions of the scale; None where everybody answered alike.
    loading
        None where no factor could be fitted.
    twins
        Codes of questions that say the same and measure the scale at least as well.
    different
        Between groups, with the names of the two groups, each as far as it may be shown.
    """

    question: PilotQuestion
    shares: AnswerShares
    item_rest: float | None
    loading: Loading | None
    twins: tuple[str, ...]
    different: tuple[tuple[str, DifferentItem], ...]


def findings(evidence: Evidence, rules: WordingRules) -> tuple[Finding, ...]:
    """What is to be said of a question, the gravest first; never empty."""
    if evidence.shares.answered < rules.fewest_people:
        return (not_judged(rules),)
    found = (
        *_belonging(evidence, rules),
        *_twins(evidence),
        *_sides(evidence, rules),
        *_groups(evidence, rules),
        *_left_out(evidence, rules),
    )
    if not found:
        return (Finding("keep", message("Keep it.")),)
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.kind)))


def not_judged(rules: WordingRules) -> Finding:
    """Too few people answered this question."""
    return Finding(
        "not_judged",
        message("Not judged: it takes answers of {needed} people.", needed=rules.fewest_people),
    )


def _belonging(evidence: Evidence, rules: WordingRules) -> tuple[Finding, ...]:
    """Whether the question measures what the others do; sure only where the interval says so."""
    estimate, highest, limit = _interval(evidence, rules)
    if highest < 0:
        says = message("Its answers run against the others: turn them round, or reword the question.")
        return (Finding("backwards", says),)
    if highest < limit:
        says = message("It does not belong with the others: reword it or leave it out.")
        return (Finding("apart", says),)
    if estimate < limit:
        return (Finding("loose", message("It may not belong with the others: look at it again.")),)
    return ()


def _interval(evidence: Evidence, rules: WordingRules) -> tuple[float, float, float]:
    """Estimate, upper end of its 95% interval, and the limit: of the loading, else of the correlation."""
    loading = evidence.loading
    if loading is not None:
        return loading.value, loading.upper, rules.loading
    correlation = evidence.item_rest
    if correlation is None:
        return 1.0, 1.0, rules.item_rest
    error = _SURE * (1 - correlation**2) / max(1, evidence.shares.answered - 1) ** 0.5
    return correlation, correlation + error, rules.item_rest


def _twins(evidence: Evidence) -> tuple[Finding, ...]:
    return tuple(
        Finding("same", message("It says the same as {other}: one of the two is enough.", other=other))
        for other in evidence.twins
    )


def _sides(evidence: Evidence, rules: WordingRules) -> tuple[Finding, ...]:
    shares = evidence.shares
    if shares.agree >= rules.one_sided:
        says = message("Reword it: nearly everybody agrees ({share}%).", share=_percent(shares.agree))
        return (Finding("everybody", says),)
    if shares.disagree >= rules.one_sided:
        says = message("Reword it: nearly everybody disagrees ({share}%).", share=_percent(shares.disagree))
        return (Finding("nobody", says),)
    return ()


def _groups(evidence: Evidence, rules: WordingRules) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            "differs",
            message(
                "It means different things to {low} and {high}: standing alike, {high} score higher on it.",
                low=GroupName(by, one.lowest),
                high=GroupName(by, one.highest),
            ),
        )
        for by, one in evidence.different
        if one.differs and abs(one.size) >= rules.group_difference
    )


def _left_out(evidence: Evidence, rules: WordingRules) -> tuple[Finding, ...]:
    if evidence.shares.left_out < rules.left_out:
        return ()
    says = message("Reword it: many leave it out ({share}%).", share=_percent(evidence.shares.left_out))
    return (Finding("left_out", says),)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group in a sentence: reports have words for its code, others show the code."""

    by: str
    group: str

    def __str__(self) -> str:
        return self.group
