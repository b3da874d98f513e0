"""Distributions of answers (回答の分布): the share of people who chose each category of a question."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.instrument.model import Question, ResponseScale
from tazuna.measurement.cells import cells_by
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.groups import ANSWER
from tazuna.measurement.moments import PLACE, Measure, unit_sums
from tazuna.measurement.population import ANSWER_ROW
from tazuna.study import Study

Integers = npt.NDArray[np.int64]

REASON_GROUPINGS = ("age_band", "layer", "unmoved")
"""Groups for which unordered answers (reasons, causes) are told apart."""


def answer_cells(people: pl.DataFrame, study: Study, above: pl.DataFrame, rules: GroupRules) -> pl.DataFrame:
    """Distribution of every question by organisation, and of unordered ones (reasons, causes) by group.

    ``people`` is of the population of ``study``; other parameters and columns as
    `tazuna.measurement.cells.group_cells`; measures are ``dist.QUESTION.CATEGORY``.
    """
    counts, questions = answer_counts(people, study)
    frames = [cells_by(counts, (), _measures(questions), above, rules)]
    reasons = _measures(question for question in questions if not question.response.ordered)
    for key in REASON_GROUPINGS:
        if reasons and people[key].count() > 0:
            sums = unit_sums(people, (key,), reasons).drop_nulls(key)
            frames.append(cells_by(sums, (key,), reasons, above, rules))
    return pl.concat(frames)


def answer_counts(people: pl.DataFrame, study: Study) -> tuple[pl.DataFrame, list[Question]]:
    """Count the answers to each question by organisation and wave.

    Returns
    -------
    counts
        Columns as `tazuna.measurement.moments.unit_sums` gives them for shares, with one nameless unit a
        place.
    questions
        Those that anybody among ``people`` answered.
    """
    places = people.select(PLACE).unique().sort(PLACE).with_row_index("place")
    place = _place_of_answers(people, places, study.responses.height)
    columns: dict[str, pl.Series] = {}
    questions = []
    for instrument in study.instruments:
        for question in instrument.questions.values():
            if question.code not in study.responses.columns:
                continue
            counts = _counts(study.responses[question.code], question.response, place, places.height)
            if not counts.any():
                continue
            questions.append(question)
            for category in question.response.categories:
                name, chosen = _name(question, category.value), category.value - question.response.lowest
                columns[f"{name}|n"] = pl.Series(counts.sum(axis=1), dtype=pl.Float64)
                columns[f"{name}|total"] = pl.Series(counts[:, chosen], dtype=pl.Float64)
    named = places.select(pl.col(PLACE).cast(pl.String), unit=pl.lit(""))
    return named.with_columns(**columns), questions


def _place_of_answers(people: pl.DataFrame, places: pl.DataFrame, rows: int) -> Integers:
    """The place of each row of answers; the number of places where it is of nobody among ``people``."""
    found = people.select(*PLACE, ANSWER_ROW).drop_nulls(ANSWER_ROW).join(places, on=PLACE)
    place = np.full(rows, places.height, dtype=np.int64)
    place[found[ANSWER_ROW].to_numpy()] = found["place"].to_numpy()
    return place


def _counts(answers: pl.Series, scale: ResponseScale, place: Integers, places: int) -> Integers:
    """How often each number from the lowest to the highest category was chosen: shape (places, numbers)."""
    width = scale.highest - scale.lowest + 2
    # The last column of each place counts those who did not answer.
    number = (answers - scale.lowest).fill_null(width - 1).to_numpy()
    counts = np.bincount(place * width + number, minlength=(places + 1) * width)
    return counts.reshape(-1, width)[:-1, :-1]


def _measures(questions: Iterable[Question]) -> tuple[Measure, ...]:
    return tuple(
        Measure(_name(question, category.value), pl.col(ANSWER + question.code) == category.value, "share")
        for question in questions
        for category in question.response.categories
    )


def _name(question: Question, category: int) -> str:
    return f"dist.{question.code}.{category}"
