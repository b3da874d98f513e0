"""Dips in the age curves (年齢曲線の谷), tested and checked for artefacts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.measurement.age_curve import CURVE_MEASURES
from tazuna.measurement.dip.finding import DipFinding as Tested
from tazuna.measurement.dip.finding import Verdict, dip_after_artefact_check
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.intervals import Floats
from tazuna.measurement.population import ANSWER_ROW
from tazuna.measurement.scoring import ScoredScale
from tazuna.measurement.second_look.rows import Row, figure, or_none
from tazuna.study import Study

PROFILE = "co"
EVERYBODY, HIGH = "all", "high"


@dataclass(frozen=True, slots=True)
class DipFinding:
    """What may be said of a dip in one score.

    Parameters
    ----------
    scale, level
        Of the score, and of whom: `EVERYBODY`, or those whose profile has the level `HIGH`.
    verdict
        As of `tazuna.measurement.dip.finding`.
    age
        Where the two lines part.
    smallest
        Depth in points of the smallest dip that would probably have been found; NaN where unknown.
    differing
        Questions that work differently by age.
    """

    scale: str
    level: str
    verdict: Verdict
    age: float
    smallest: float
    differing: tuple[str, ...]


def dip_rows(
    study: Study,
    people: pl.DataFrame,
    scales: tuple[ScoredScale, ...],
    departments: Floats,
    rules: GroupRules,
) -> tuple[list[Row], tuple[DipFinding, ...]]:
    """Test every score that has an age curve; of being used and of opportunity also of the high level alone.

    Parameters
    ----------
    study
        For the answers.
    people
        Those of one wave who answered.
    scales
        Of the study.
    departments
        Shape (people,): a number for each person's department.
    rules
        For the age bands.

    Returns
    -------
    rows
        ``dip.SCALE.before`` and ``.after``: change of the mean in ten years of age, up to where the lines
        part and from there on; of everybody, and by ``level``.
    findings
        Of the scores that enough people of enough ages have.
    """
    starts = _band_starts(rules)
    rows: list[Row] = []
    findings = []
    for scored in scales:
        if scored.code not in CURVE_MEASURES or people[scored.code].count() == 0:
            continue
        for level in (EVERYBODY, *(() if scored.code == PROFILE else (HIGH,))):
            whose = np.full(people.height, fill_value=True)
            if level != EVERYBODY:
                whose = (people["level"] == level).fill_null(value=False).to_numpy()
            found = _tested(study, people.filter(whose), scored, departments[whose], starts)
            if found is not None:
                rows += _lines(found, scored.code, level)
                findings.append(_finding(found, scored.code, level))
    return rows, tuple(findings)


def _tested(
    study: Study, people: pl.DataFrame, scored: ScoredScale, departments: Floats, starts: list[float]
) -> Tested | None:
    age = people["age"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    codes = [question.code for question in scored.questions]
    keyed = _keyed(study, people, scored)
    check = partial(dip_after_artefact_check, age, keyed, codes, departments, starts, ends=_ends(scored))
    return or_none(check)


def _lines(found: Tested, scale: str, level: str) -> list[Row]:
    whose = "all" if level == EVERYBODY else "level"
    sides = (("before", found.test.before), ("after", found.test.after))
    return [
        figure(
            f"dip.{scale}.{side}",
            found.test.n,
            line.slope,
            line.lower,
            line.upper,
            group_by=whose,
            group=level,
        )
        for side, line in sides
    ]


def _finding(found: Tested, scale: str, level: str) -> DipFinding:
    questions = () if found.questions is None or isinstance(found.questions, TazunaError) else found.questions
    differing = tuple(question.code for question in questions if question.differs)
    return DipFinding(scale, level, found.verdict, found.test.age, found.test.smallest_found, differing)


def _band_starts(rules: GroupRules) -> list[float]:
    """Ages at which the second and later age bands begin."""
    tests = [rule.when["age"] for rule in rules.rulings["age_band"] if "age" in rule.when]
    return [test.at_most + 1 for test in tests if test.at_most is not None]


def _keyed(study: Study, people: pl.DataFrame, scored: ScoredScale) -> Floats:
    """Answers to a scale's questions, high meaning much; NaN = not answered."""
    answers = study.responses[people[ANSWER_ROW]].select(q.code for q in scored.questions)
    keyed = answers.cast(pl.Float64).fill_null(np.nan).to_numpy().copy()
    for column, question in enumerate(scored.questions):
        if question.key == -1:
            keyed[:, column] = question.response.lowest + question.response.highest - keyed[:, column]
    return keyed


def _ends(scored: ScoredScale) -> tuple[float, float]:
    """The least and the largest answer that the questions allow."""
    responses = [question.response for question in scored.questions]
    return float(min(each.lowest for each in responses)), float(max(each.highest for each in responses))
