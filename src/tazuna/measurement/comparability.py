"""Whether groups and waves may be compared (比較可能性): the invariance of every scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.language import message
from tazuna.measurement.factor.verdict import FEWEST_PEOPLE, Invariance
from tazuna.measurement.intervals import Floats
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
FEWEST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class Comparability:
    """One scale between the groups of one grouping.

    Parameters
    ----------
    scale
        Its code.
    by
        ``wave``, ``language``, or a column of the population.
    found
        The test; its verdict ``not_tested`` where fewer than two groups have enough people.
    """

    scale: str
    by: str
    found: Invariance


def comparability(
    study: Study, people: pl.DataFrame, scales: Sequence[ScoredScale], waves: Sequence[str]
) -> tuple[Comparability, ...]:
    """Test every scale between waves, and between the groups and the languages of the last wave.

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
    tuple of Comparability
        Scale by scale; only groupings with two groups of `FEWEST_PEOPLE` people who answered.
    """
    answered = people.select(name for name in COLUMNS if name in people.columns).drop_nulls(ANSWER_ROW)
    last = answered.filter(pl.col("wave") == waves[-1]) if waves else answered.clear()
    if BY_LANGUAGE in study.responses.columns:
        last = last.with_columns(study.responses[BY_LANGUAGE].gather(last[ANSWER_ROW]))
    groupings = {BY_WAVE: answered, **dict.fromkeys((*WITHIN_WAVE, BY_LANGUAGE), last)}
    rows = {by: _rows_by_group(frame, by, waves) for by, frame in groupings.items() if by in frame.columns}
    low, high = QUESTIONS
    tasks = [
        (scored, by, groups)
        for scored in scales
        if scored.scale.kind != "item" and low <= len(scored.questions) <= high
        for by, groups in rows.items()
        if len(groups) >= FEWEST_GROUPS
    ]
    # One after the other: two threads of many small matrices wait for the interpreter more than they gain.
    found = (compared(study, scored, by, groups) for scored, by, groups in tasks)
    return tuple(one for one in found if one is not None)


def not_tested() -> Invariance:
    """Too few answers; how many is not said, so that it can be shown of any group."""
    says = message(
        "Not tested: it takes {needed} complete answers in two groups or more.", needed=FEWEST_PEOPLE
    )
    return Invariance((), (), (), (), (), "not_tested", says)


def _rows_by_group(people: pl.DataFrame, by: str, waves: Sequence[str]) -> dict[str, np.ndarray]:
    """Group → rows of the answers, of the largest groups that have enough people; waves in time."""
    sizes = people.group_by(by).len().drop_nulls().filter(pl.col("len") >= FEWEST_PEOPLE)
    largest = sizes.sort("len", by, descending=[True, False]).head(MOST_GROUPS)[by].cast(pl.String).to_list()
    order = [name for name in waves if name in largest] if by == BY_WAVE else sorted(largest)
    found = {}
    for name in order:
        found[name] = people.filter(pl.col(by).cast(pl.String) == name)[ANSWER_ROW].sort().to_numpy()
    return found


def compared(
    study: Study, scored: ScoredScale, by: str, groups: Mapping[str, np.ndarray]
) -> Comparability | None:
    """Test one scale between groups.

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

    Returns
    -------
    Comparability or None
        None where the answers carry no such model at all, as where everybody answered alike.
    """
    names = [question.code for question in scored.questions]
    keyed = {
        group: _keyed(study.responses, scored, rows[:: max(1, -(-len(rows) // MOST_PEOPLE))])
        for group, rows in groups.items()
    }
    enough = {
        group: answers
        for group, answers in keyed.items()
        if int(np.isfinite(answers).all(axis=1).sum()) >= FEWEST_PEOPLE
    }
    if len(enough) < FEWEST_GROUPS:
        return Comparability(scored.code, by, not_tested())
    # Where the groups are too small, as in a small study, fitting need not even be loaded.
    from tazuna.measurement.factor.invariance import invariance
    from tazuna.measurement.factor.maximum_likelihood import FactorError

    text = "scale =~ " + " + ".join(f"q{k}" for k in range(len(names)))
    try:
        found = invariance(
            list(enough.values()),
            [f"q{k}" for k in range(len(names))],
            text,
            tuple(enough),
            whole_ladder=False,
        )
    except FactorError:
        return None
    return Comparability(scored.code, by, _with_codes(found, names))


def _keyed(responses: pl.DataFrame, scored: ScoredScale, rows: np.ndarray) -> Floats:
    """Answers of some people, shape (people, questions), high meaning much, in points of 0–100."""
    codes = [question.code for question in scored.questions]
    answers = responses.select(pl.col(codes).gather(rows)).to_numpy().astype(np.float64)
    lowest, highest = np.array(
        [(question.response.lowest, question.response.highest) for question in scored.questions], np.float64
    ).T
    forward = np.array([question.key == 1 for question in scored.questions])
    above = np.where(forward, answers - lowest, highest - answers)
    keyed: Floats = above * (100.0 / (highest - lowest))
    return keyed


def _with_codes(found: Invariance, codes: Sequence[str]) -> Invariance:
    """Questions by their own codes."""
    own = tuple(codes[int(name.removeprefix("q"))] for name in found.freed)
    return found.renamed(own)
