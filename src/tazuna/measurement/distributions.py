"""Distributions of answers (回答の分布): the share of people who chose each category of a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from tazuna.instrument.model import Instrument, Question
from tazuna.measurement.cells import cells_by
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.groups import ANSWER
from tazuna.measurement.moments import PLACE, Measure, unit_sums

REASON_GROUPINGS = ("age_band", "layer", "unmoved")
"""Groups for which unordered answers (reasons, causes) are told apart."""


def answer_cells(
    people: pl.DataFrame, instruments: Sequence[Instrument], above: pl.DataFrame, rules: GroupRules
) -> pl.DataFrame:
    """Distribution of every question by organisation, and of unordered ones (reasons, causes) by group.

    Parameters and columns as `tazuna.measurement.cells.group_cells`; measures are ``dist.QUESTION.CATEGORY``.
    """
    questions = [
        question
        for instrument in instruments
        for question in instrument.questions.values()
        if ANSWER + question.code in people.columns and people[ANSWER + question.code].count() > 0
    ]
    frames = [cells_by(answer_counts(people, questions), (), _measures(questions), above, rules)]
    reasons = _measures(question for question in questions if not question.response.ordered)
    for key in REASON_GROUPINGS:
        if reasons and people[key].count() > 0:
            sums = unit_sums(people, (key,), reasons).drop_nulls(key)
            frames.append(cells_by(sums, (key,), reasons, above, rules))
    return pl.concat(frames)


def answer_counts(people: pl.DataFrame, questions: Iterable[Question]) -> pl.DataFrame:
    """Count the answers to each question by organisation and wave.

    Returns
    -------
    pl.DataFrame
        Columns as `tazuna.measurement.moments.unit_sums` gives them for shares, with one nameless unit a
        place.
    """
    places = people.select(PLACE).unique().sort(PLACE).with_row_index("place")
    place = people.select(PLACE).join(places, on=PLACE, how="left", maintain_order="left")["place"].to_numpy()
    columns: dict[str, pl.Series] = {}
    for question in questions:
        lowest, width = question.response.lowest, question.response.highest - question.response.lowest + 2
        # The last column of each place counts those who did not answer.
        answer = (people[ANSWER + question.code] - lowest).fill_null(width - 1).to_numpy()
        counts = np.bincount(place * width + answer, minlength=places.height * width).reshape(-1, width)
        for category in question.response.categories:
            name = _name(question, category.value)
            columns[f"{name}|n"] = pl.Series(counts[:, :-1].sum(axis=1), dtype=pl.Float64)
            columns[f"{name}|total"] = pl.Series(counts[:, category.value - lowest], dtype=pl.Float64)
    named = places.select(pl.col(PLACE).cast(pl.String), unit=pl.lit(""))
    return named.with_columns(**columns)


def _measures(questions: Iterable[Question]) -> tuple[Measure, ...]:
    return tuple(
        Measure(_name(question, category.value), pl.col(ANSWER + question.code) == category.value, "share")
        for question in questions
        for category in question.response.categories
    )


def _name(question: Question, category: int) -> str:
    return f"dist.{question.code}.{category}"
