"""Answers of an export in words that are no category of ours: numbered labels, codes, marks for none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tazuna.intake.answers import AskedQuestion
from tazuna.intake.guess_columns import GuessedColumn
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import normalised
from tazuna.intake.survey_exports.export import ExportFormat
from tazuna.intake.survey_exports.wordings import SIMILAR, likeness
from tazuna.intake.words import nearest_words

_NUMBERED = re.compile(r"^[(\[]?(\d+)[)\].:、．：]?(.*)$")
_ANSWER_CODE = re.compile(r"^ao?0*(\d+)$")
_MOST_WORDS = 30
NOT_ANSWERED: Mapping[ExportFormat, tuple[str, ...]] = {"qualtrics": ("-99",), "limesurvey": ("n/a",)}


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """``word`` of the file in the question ``code``: ``value`` is ours ("" = not answered).

    ``sure`` is false where a person must say so.
    """

    code: str
    word: str
    value: str
    sure: bool


def answer_words(
    table: RawTable,
    columns: Sequence[GuessedColumn],
    asked: Mapping[str, AskedQuestion],
    written_by: ExportFormat,
) -> tuple[AnswerWord, ...]:
    """What the words of the question columns mean that are neither numbers nor labels of our categories.

    A column with many different words, such as free text, is left to the check.
    """
    found: list[AnswerWord] = []
    for column in columns:
        question = asked.get(column.column)
        words = table.frame[column.source].cast(pl.String).drop_nulls().unique().sort()
        if question is None or words.len() > _MOST_WORDS:
            continue
        found += _meanings(words, question, NOT_ANSWERED.get(written_by, ()))
    return tuple(found)


def _meanings(words: pl.Series, question: AskedQuestion, none: tuple[str, ...]) -> list[AnswerWord]:
    labels = {normalised(label): value for label, value in question.labels.items()}
    found = []
    for word in words:
        said = normalised(word)
        if said in labels or said in {str(value) for value in (*question.values, *question.missing)}:
            continue
        if said in none:
            found.append(AnswerWord(question.code, word, "", sure=True))
            continue
        numbered = _NUMBERED.match(said)
        if numbered is not None and numbered[2] in labels:
            found.append(AnswerWord(question.code, word, str(labels[numbered[2]]), sure=True))
            continue
        code = _ANSWER_CODE.match(said)
        if code is not None and int(code[1]) in question.values:
            found.append(AnswerWord(question.code, word, str(int(code[1])), sure=False))
            continue
        nearest = nearest_words(pl.Series([word]), question.labels).get(word)
        if nearest is not None and likeness(said, normalised(nearest)) >= SIMILAR:
            found.append(AnswerWord(question.code, word, str(question.labels[nearest]), sure=False))
    return found
