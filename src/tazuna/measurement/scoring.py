"""Scale scores (得点) of each person: the mean of the answered questions, rescaled to 0–100."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import polars as pl

from tazuna.instrument.model import Instrument, Question, ResponseScale, Scale
from tazuna.study import Study

_LARGEST_INT16 = 2**15 - 1


@dataclass(frozen=True, slots=True)
class ScoredScale:
    """A scale with those of its questions that are scored and have a column of answers.

    ``asked`` is the number of scored questions of the scale, whether or not a column holds them: a question
    that a file leaves out counts as not answered.
    """

    scale: Scale
    questions: tuple[Question, ...]
    asked: int

    @property
    def code(self) -> str:
        return self.scale.code


def scored_scales(instruments: Iterable[Instrument], columns: Iterable[str]) -> tuple[ScoredScale, ...]:
    """The scales that a table with these columns of answers can score, in the instruments' order."""
    held = frozenset(columns)
    return tuple(chain.from_iterable(_scored(instrument, held) for instrument in instruments))


def score_people(study: Study) -> pl.DataFrame:
    """Score every person at every wave.

    Each answer is keyed and rescaled by its own response scale, ``100 (x - lowest) / (highest - lowest)``;
    a scale is the mean of its answered questions, missing where fewer than its ``minimum_share`` are
    answered. Composites (areas, totals) are means of their questions, not of their parts. Yes and no become
    100 and 0; unordered questions and consistency checks are not scored.

    Parameters
    ----------
    study
        The study; one row of ``responses`` a person and wave.

    Returns
    -------
    pl.DataFrame
        ``person_id``, ``wave``, one Float64 column a scale (0–100, null = missing), ``n_answered`` (UInt32,
        answered questions, scored or not). Rows as in ``study.responses``.
    """
    responses = study.responses
    scales = scored_scales(study.instruments, responses.columns)
    scores = [score_expression(scored).alias(scored.code) for scored in scales]
    known = [code for code in question_codes(study) if code in responses.columns]
    scored = responses.lazy().select("person_id", "wave", *scores, answered_count(known).alias("n_answered"))
    return scored.collect()  # Lazily, so that counts that scales share are made once.


def score_expression(scored: ScoredScale) -> pl.Expr:
    """The score of one scale, as an expression over columns of answers."""
    forms: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    for question in scored.questions:
        forms[question.response.lowest, question.response.highest, question.key].append(question.code)
    total = pl.sum_horizontal(*[_rescaled_sum(form, codes) for form, codes in forms.items()])
    answered = answered_count([question.code for question in scored.questions])
    enough = (answered >= scored.scale.minimum_share * scored.asked) & (answered > 0)
    return pl.when(enough).then(total / answered)


def answered_count(codes: list[str]) -> pl.Expr:
    """How many of the questions a row answers, UInt32."""
    if not codes:
        return pl.lit(0, dtype=pl.UInt32)
    return pl.sum_horizontal(*[pl.col(code).is_not_null() for code in codes])


def question_codes(study: Study) -> Iterator[str]:
    """Codes of all questions of the study's instruments."""
    return chain.from_iterable(instrument.questions for instrument in study.instruments)


def is_binary(scored: ScoredScale) -> bool:
    """Whether the scale is one yes-or-no question, whose mean is a share in percent."""
    return scored.asked == 1 and len(scored.questions[0].response.categories) == 2


def _scored(instrument: Instrument, held: frozenset[str]) -> Iterator[ScoredScale]:
    for scale in instrument.scales.values():
        asked = [instrument.questions[code] for code in scale.questions]
        scored = [question for question in asked if question.scored]
        present = tuple(question for question in scored if question.code in held)
        if present and all(_has_order(question.response) for question in scored):
            yield ScoredScale(scale, present, len(scored))


def _has_order(response: ResponseScale) -> bool:
    return response.ordered or len(response.categories) == 2


def _rescaled_sum(form: tuple[int, int, int], codes: list[str]) -> pl.Expr:
    """Sum of the rescaled answers (0–100 each) of questions that share lowest, highest category and key."""
    lowest, highest, key = form
    small = max(abs(lowest), abs(highest)) * len(codes) <= _LARGEST_INT16
    answers = [pl.col(code) if small else pl.col(code).cast(pl.Int32) for code in codes]
    points = pl.sum_horizontal(*answers).cast(pl.Int32)
    answered = answered_count(codes).cast(pl.Int32)
    above_lowest = points - lowest * answered if key == 1 else highest * answered - points
    return above_lowest * (100.0 / (highest - lowest))
