"""The pilot (予備調査) as a whole: every scale and question judged, group figures behind the door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA
from tazuna.disclosure.release import Release, release_cells
from tazuna.errors import TazunaError
from tazuna.language import Message, message
from tazuna.measurement.graded.different_items import DifferentItem
from tazuna.measurement.graded.fit import GradedFit
from tazuna.measurement.intervals import wilson_interval
from tazuna.measurement.item_table import Floats
from tazuna.measurement.pilot.answer_shares import AnswerShares, answer_shares
from tazuna.measurement.pilot.asked import Asked, PilotQuestion, PilotScale
from tazuna.measurement.pilot.between_groups import GroupComparison, compare_groups
from tazuna.measurement.pilot.one_factor import Loading, OneFactor, one_factor
from tazuna.measurement.pilot.precision import Place, Precision, precision
from tazuna.measurement.pilot.verdicts import Evidence, Finding, Verdict, findings, not_judged
from tazuna.measurement.pilot.wording_rules import WordingRules, wording_rules
from tazuna.measurement.psychometrics import Psychometrics, ScalePsychometrics, Step, are_ordered
from tazuna.measurement.reliability import ItemFigures

Cell = tuple[str, str, str, str, str, str, int, float, float | None, float | None, bool]


class TooFewAnswersError(TazunaError):
    """So few people answered that no wording can be judged."""


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """One question.

    Parameters
    ----------
    question
        As it was asked.
    answered
        People who answered it.
    figures
        Mean, deviation, correlation with the rest, alpha without it; None where there is no reliability.
    loading
        Standardised; None where one factor could not be fitted.
    findings
        What is to be said of it, the gravest first.
    """

    question: PilotQuestion
    answered: int
    figures: ItemFigures | None
    loading: Loading | None
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The gravest."""
        return self.findings[0].kind


@dataclass(frozen=True, slots=True)
class JudgedScale:
    """One scale.

    Parameters
    ----------
    scale
        As it was asked.
    found
        Reliability and graded response model.
    factor
        One factor, or why there is none.
    precision
        Where people stand low, in the middle and high; None without a graded model.
    questions
        In the order of the scale.
    comparisons
        By each grouping.
    """

    scale: PilotScale
    found: ScalePsychometrics
    factor: OneFactor | TazunaError
    precision: Mapping[Place, Precision] | None
    questions: tuple[JudgedQuestion, ...]
    comparisons: tuple[GroupComparison, ...]

    @property
    def graded(self) -> GradedFit | None:
        """The graded response model, if there is one."""
        return None if isinstance(self.found.graded, TazunaError) else self.found.graded


@dataclass(frozen=True, slots=True)
class Pilot:
    """Everything for the report; nobody's answers.

    Parameters
    ----------
    wave
        Empty for a table.
    answered, asked
        People; ``asked`` None where nobody knows.
    scales
        Judged.
    release
        The group figures: ``dist.QUESTION.ANSWER`` (percent, answers as stored), ``left_out.QUESTION``
        (percent) and ``differs.SCALE.QUESTION`` (standard deviations; group ``LOWER|HIGHER``).
    ordered
        Whether the answers are categories.
    rules
        By which was judged.
    """

    wave: str
    answered: int
    asked: int | None
    scales: tuple[JudgedScale, ...]
    release: Release
    ordered: bool
    rules: WordingRules

    @property
    def questions(self) -> tuple[JudgedQuestion, ...]:
        """Of all scales."""
        return tuple(question for scale in self.scales for question in scale.questions)


def expect_enough(asked: Asked, rules: WordingRules | None = None) -> None:
    """Refuse a pilot of too few people before anything is computed.

    Raises
    ------
    TooFewAnswersError
        Naming how many answered and how many it takes.
    """
    needed = (rules or wording_rules()).fewest_people
    if asked.answered < needed:
        raise TooFewAnswersError(
            message(
                "{n} people answered; to judge wordings it takes {needed}.", n=asked.answered, needed=needed
            ),
            message(
                "Ask {more} more people, or judge together what several companies answered. Without --report "
                "tazuna fit shows the figures that so few carry.",
                more=needed - asked.answered,
            ),
        )


def pilot(asked: Asked, found: Psychometrics, *, step: Step | None = None) -> Pilot:
    """Judge every question.

    Parameters
    ----------
    asked
        Scales and answers.
    found
        As `tazuna.measurement.psychometrics.analyse` gives it for the same table and scales.
    step
        Told what is being done.

    Raises
    ------
    TooFewAnswersError
        As `expect_enough`.
    """
    rules = wording_rules()
    expect_enough(asked, rules)
    ordered = are_ordered(asked.table.answers)
    computed = {scale.scale: scale for scale in found.scales}
    judged, cells = [], []
    for scale in asked.scales:
        if step is not None:
            step(_judging(scale))
        answers = asked.table.of(scale.codes)
        shares = answer_shares(answers, scale.questions, ordered=ordered)
        comparisons = compare_groups(scale, answers, asked.groupings, ordered=ordered)
        cells += [*_answer_cells(asked, scale, shares), *_group_cells(asked, comparisons)]
        judged.append(
            _judged(
                scale, answers, computed[scale.code], shares, comparisons, rules, ordered=ordered, k=asked.k
            )
        )
    frame = pl.DataFrame(cells, schema=dict(CELL_SCHEMA), orient="row")
    release = release_cells(frame.unique(maintain_order=True), {asked.wave: asked.k})
    return Pilot(asked.wave, asked.answered, asked.asked, tuple(judged), release, ordered, rules)


def _judging(scale: PilotScale) -> Message:
    return message("Judging the questions of {scale} …", scale=scale.code)


def _judged(
    scale: PilotScale,
    answers: Floats,
    found: ScalePsychometrics,
    shares: tuple[AnswerShares, ...],
    comparisons: tuple[GroupComparison, ...],
    rules: WordingRules,
    *,
    ordered: bool,
    k: int,
) -> JudgedScale:
    """A scale with its questions; of one that too few answered nothing is computed."""
    answered = int(np.isfinite(answers).any(axis=1).sum())
    factor: OneFactor | TazunaError
    if answered < rules.fewest_people:
        factor = TazunaError(not_judged(rules).says)
        found = replace(found, reliability=None, omega=None, graded=factor)
    else:
        factor = one_factor(answers, ordered=ordered, residual=rules.residual)
        if found.reliability is not None and found.reliability.n < k:
            found = replace(found, reliability=None, omega=None)
    loadings = [None] * len(shares) if isinstance(factor, TazunaError) else list(factor.loadings)
    items = {} if found.reliability is None else found.reliability.items
    twins = _twins(factor, scale, rules)
    questions = []
    for question, own, loading in zip(scale.questions, shares, loadings, strict=True):
        figures = items.get(question.code)
        evidence = Evidence(
            question=question,
            shares=own,
            item_rest=None if figures is None else figures.item_rest,
            loading=loading,
            twins=twins.get(question.code, ()),
            different=tuple(_different(comparisons, question.code)),
        )
        said = findings(evidence, rules)
        questions.append(JudgedQuestion(question, own.answered, figures, loading, said))
    graded = found.graded
    precise = None if isinstance(graded, TazunaError) else precision(graded.items, scale)
    return JudgedScale(scale, found, factor, precise, tuple(questions), comparisons)


def _twins(
    factor: OneFactor | TazunaError, scale: PilotScale, rules: WordingRules
) -> dict[str, tuple[str, ...]]:
    """Of each pair that says the same the question that tells less of the scale, with the other one."""
    found: dict[str, tuple[str, ...]] = {}
    if isinstance(factor, TazunaError):
        return found
    for pair in factor.pairs:
        limit = rules.alike if pair.residual is None else rules.correlation
        if pair.correlation < limit:
            continue
        weaker, stronger = sorted((pair.first, pair.second), key=lambda at: factor.loadings[at].value)
        found[scale.codes[weaker]] = (*found.get(scale.codes[weaker], ()), scale.codes[stronger])
    return found


def _different(comparisons: tuple[GroupComparison, ...], code: str) -> Iterator[tuple[str, DifferentItem]]:
    for comparison in comparisons:
        if not isinstance(comparison.found, TazunaError):
            yield from ((comparison.by, one) for one in comparison.found if one.code == code)


def _answer_cells(asked: Asked, scale: PilotScale, shares: tuple[AnswerShares, ...]) -> Iterator[Cell]:
    """Percent of each answer, and of those who left the question out."""
    place = ("", asked.wave, "all", "all", "all")
    some = int(np.isfinite(asked.table.of(scale.codes)).any(axis=1).sum())
    for question, own in zip(scale.questions, shares, strict=True):
        for answer, count in own.counts.items():
            yield (*place, f"dist.{question.code}.{answer}", *_share(own.answered, count), False)
        hidden = own.answered < asked.k
        yield (*place, f"left_out.{question.code}", *_share(some, some - own.answered), hidden)


def _group_cells(asked: Asked, comparisons: tuple[GroupComparison, ...]) -> Iterator[Cell]:
    """The difference of the two groups that lie farthest apart, with the size of the smaller one."""
    for comparison in comparisons:
        if isinstance(comparison.found, TazunaError):
            continue
        for one in comparison.found:
            n = min(comparison.groups[one.lowest], comparison.groups[one.highest])
            groups = f"{one.lowest}|{one.highest}"
            measure = f"differs.{comparison.scale}.{one.code}"
            yield ("", asked.wave, "all", comparison.by, groups, measure, n, abs(one.size), None, None, False)


def _share(n: int, count: int) -> tuple[int, float, float, float]:
    found = wilson_interval(np.array([float(max(1, n))]), np.array([float(count)]))
    return n, float(found.mean[0]), float(found.lower[0]), float(found.upper[0])
