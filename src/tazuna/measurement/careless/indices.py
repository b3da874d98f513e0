"""Indices of careless answers: runs of the same answer, checks that are contradicted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import polars as pl

from tazuna.instrument.model import Instrument, Question
from tazuna.measurement.intervals import Floats


def longest_strings(answers: Floats) -> Floats:
    """Longest run of the same answer in each row; what was not answered is passed over.

    Parameters
    ----------
    answers
        Shape (n, m): questions in the order in which they were asked, NaN = not answered.

    Examples
    --------
    >>> longest_strings(np.array([[3.0, 3.0, np.nan, 3.0, 4.0]])).tolist()
    [3.0]
    """
    longest, run = np.zeros(len(answers)), np.zeros(len(answers))
    last = np.full(len(answers), np.nan)
    for given in answers.T:
        answered = np.isfinite(given)
        run = np.where(answered, np.where(given == last, run + 1, 1.0), run)
        last = np.where(answered, given, last)
        longest = np.maximum(longest, run)
    return longest


def string_share(responses: pl.DataFrame, instruments: Iterable[Instrument], fewest: int) -> Floats:
    """Longest run as a share of the answers, the largest over instruments; shape (n,).

    Only questions of one instrument that share a response scale stand in a row. NaN where nowhere ``fewest``
    of them were answered.
    """
    largest = np.full(responses.height, np.nan)
    for instrument in instruments:
        for codes in _by_response_scale(instrument, responses.columns):
            if len(codes) < fewest:
                continue
            answers = _numbers(responses, codes)
            answered = np.isfinite(answers).sum(axis=1)
            share = longest_strings(answers) / np.maximum(answered, 1)
            largest = np.fmax(largest, np.where(answered >= fewest, share, np.nan))
    return largest


def inconsistency(responses: pl.DataFrame, instruments: Iterable[Instrument], fewest: int) -> Floats:
    """Mean distance of checks from what they repeat, 0 (agrees) to 1 (the opposite end); shape (n,).

    NaN for those who did not answer ``fewest`` checks together with their questions.
    """
    distances = [
        np.abs(_keyed(responses, question) - _keyed(responses, instrument.questions[question.checks]))
        for instrument in instruments
        for question in instrument.questions.values()
        if question.checks is not None and {question.code, question.checks} <= set(responses.columns)
    ]
    if len(distances) < fewest:
        return np.full(responses.height, np.nan)
    together = np.column_stack(distances)
    known = np.isfinite(together)
    count = known.sum(axis=1)
    mean = np.where(known, together, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count >= fewest, mean, np.nan)


def _by_response_scale(instrument: Instrument, columns: Iterable[str]) -> list[list[str]]:
    held, groups = set(columns), defaultdict(list)
    for question in instrument.questions.values():
        if question.code in held and question.response.ordered:
            groups[question.response.code].append(question.code)
    return list(groups.values())


def _keyed(responses: pl.DataFrame, question: Question) -> Floats:
    """An answer from 0 to 1, turned round where the question is keyed so."""
    given = _numbers(responses, [question.code])[:, 0]
    lowest, highest = question.response.lowest, question.response.highest
    share = (given - lowest) / (highest - lowest)
    return share if question.key == 1 else 1 - share


def _numbers(responses: pl.DataFrame, codes: list[str]) -> Floats:
    return responses.select(pl.col(codes).cast(pl.Float64).fill_null(np.nan)).to_numpy()
