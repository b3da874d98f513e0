"""Which groups and waves of a study are compared (比較可能性), scale by scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tazuna.measurement.comparing import FEWEST_GROUPS, NOT_ANSWERED, Comparison
from tazuna.measurement.factor.verdict import FEWEST_PEOPLE
from tazuna.measurement.population import ANSWER_ROW
from tazuna.measurement.scoring import ScoredScale
from tazuna.study import Study

BY_WAVE = "wave"
WITHIN_WAVE = ("age_band", "organisation_id", "viewpoint", "department")
"""Groups that figures compare within a wave."""
BY_LANGUAGE = "language"
"""Of answering, where the answers tell it: figures of all languages are added up."""
COLUMNS = (ANSWER_ROW, BY_WAVE, *WITHIN_WAVE)
"""Of the people, those that are read."""
QUESTIONS = (3, 12)
"""Of a scale that is tested: fewer carry no factor, and a composite of scales is tested part by part."""
MOST_PEOPLE = 5_000
"""Of a group, taken evenly: enough to tell a tenth of a standard deviation many times over."""
MOST_GROUPS = 8
"""The largest ones; each further one adds as many parameters again."""
_ENDS = ("lowest", "highest")


def comparisons(
    study: Study, people: pl.DataFrame, scales: Sequence[ScoredScale], waves: Sequence[str]
) -> tuple[Comparison, ...]:
    """What is to be tested: every scale between waves, and between groups and languages of the last wave.

    Parameters
    ----------
    study
        With the answers.
    people
        As `tazuna.measurement.population.population` gives them; only `COLUMNS` are read.
    scales
        All scales that are scored.
    waves
        In time.

    Returns
    -------
    tuple of Comparison
        For `tazuna.measurement.comparing.judged`. Scale by scale; only groupings with two groups of
        `FEWEST_PEOPLE` people who answered.
    """
    answered = people.select(name for name in COLUMNS if name in people.columns).drop_nulls(ANSWER_ROW)
    last = answered.filter(pl.col("wave") == waves[-1]) if waves else answered.clear()
    if BY_LANGUAGE in study.responses.columns:
        last = last.with_columns(study.responses[BY_LANGUAGE].gather(last[ANSWER_ROW]))
    groupings = {BY_WAVE: answered, **dict.fromkeys((*WITHIN_WAVE, BY_LANGUAGE), last)}
    rows = {by: _rows_by_group(frame, by, waves) for by, frame in groupings.items() if by in frame.columns}
    low, high = QUESTIONS
    return tuple(
        comparison(study, scored, by, groups)
        for scored in scales
        if scored.scale.kind != "item" and low <= len(scored.questions) <= high
        for by, groups in rows.items()
        if len(groups) >= FEWEST_GROUPS
    )


def _rows_by_group(people: pl.DataFrame, by: str, waves: Sequence[str]) -> dict[str, np.ndarray]:
    """Group → rows of the answers, of the largest groups that have enough people; waves in time."""
    sizes = people.group_by(by).len().drop_nulls().filter(pl.col("len") >= FEWEST_PEOPLE)
    largest = sizes.sort("len", by, descending=[True, False]).head(MOST_GROUPS)[by].cast(pl.String).to_list()
    order = [name for name in waves if name in largest] if by == BY_WAVE else sorted(largest)
    found = {}
    for name in order:
        found[name] = people.filter(pl.col(by).cast(pl.String) == name)[ANSWER_ROW].sort().to_numpy()
    return found


def comparison(study: Study, scored: ScoredScale, by: str, groups: Mapping[str, np.ndarray]) -> Comparison:
    """The answers of one scale by group.

    Parameters
    ----------
    study
        With the answers.
    scored
        The scale.
    by
        What the groups are.
    groups
        Name → rows of the answers, in their order; of many people every second or third is taken.
    """
    codes = [question.code for question in scored.questions]
    scales = [question.response for question in scored.questions]
    lowest, highest = (np.array([getattr(one, end) for one in scales], np.float64) for end in _ENDS)
    forward = np.array([question.key == 1 for question in scored.questions])
    found = {}
    for group, rows in groups.items():
        taken = rows[:: max(1, -(-len(rows) // MOST_PEOPLE))]
        answers = study.responses.select(pl.col(codes).gather(taken)).to_numpy().astype(np.float64)
        above = np.where(forward, answers - lowest, highest - answers)
        found[group] = np.nan_to_num(above, nan=NOT_ANSWERED).astype(np.int16)
    return Comparison(scored.code, by, tuple(codes), 100.0 / (highest - lowest), found)
