"""Whose answers the rules flag, and how many they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl

from tazuna.measurement.careless.indices import inconsistency, string_share
from tazuna.measurement.careless.rules import CarelessRule, CarelessRules
from tazuna.measurement.intervals import Floats, wilson_interval
from tazuna.measurement.scoring import answered_count, question_codes
from tazuna.study import Study

CARELESS = "careless"


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many a rule could judge and how many it flags; the share in percent with its 95% interval."""

    judged: int
    flagged: int
    percent: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class CarelessAnswers:
    """Flags of every row of answers: about single people, to stay where the answers are.

    Parameters
    ----------
    people
        ``person_id``, ``wave``, the index and the flag of each rule (``RULE.index``, ``RULE``), and
        ``careless``. Null = the rule cannot judge; ``careless`` is null where none can.
    counts
        Wave → rule, and ``careless`` for all together → numbers.
    not_judged
        Rules that could judge nobody: what they read was not asked or not recorded.
    """

    people: pl.DataFrame
    counts: Mapping[str, Mapping[str, FlagCount]]
    not_judged: tuple[str, ...]


def flag_answers(study: Study, rules: CarelessRules, seconds: pl.DataFrame | None = None) -> CarelessAnswers:
    """Judge every row of answers by the rules.

    Parameters
    ----------
    study
        The study.
    rules
        The rules.
    seconds
        ``person_id``, ``wave``, ``seconds``: how long somebody took for all questions, where the survey tool
        tells. When somebody finished (``answered_at``) does not say so.
    """
    asked = study.responses
    columns: dict[str, pl.Series] = {}
    for rule in rules.rules:
        values = _index(rule, study, seconds)
        known = np.isfinite(values)
        flagged = values >= rule.at_least if rule.at_least is not None else values < cast(float, rule.below)
        columns[f"{rule.code}.index"] = pl.Series(values).fill_nan(None)
        columns[rule.code] = pl.Series(flagged).set(pl.Series(~known), None)
    codes = [rule.code for rule in rules.rules]
    judged = pl.any_horizontal(pl.col(code).is_not_null() for code in codes)
    raised = pl.sum_horizontal(pl.col(code).fill_null(value=False) for code in codes)
    people = (
        asked.select("person_id", "wave")
        .with_columns(**columns)
        .with_columns(pl.when(judged).then(raised >= rules.flagged_by).alias(CARELESS))
    )
    waves = [wave.wave for wave in study.waves]
    counts = {
        wave: {code: flag_count(people.filter(pl.col("wave") == wave)[code]) for code in (*codes, CARELESS)}
        for wave in waves
    }
    unjudged = tuple(code for code in codes if people[code].count() == 0)
    return CarelessAnswers(people, counts, unjudged)


def _index(rule: CarelessRule, study: Study, seconds: pl.DataFrame | None) -> Floats:
    answers = study.responses
    if rule.index == "longest_string":
        return string_share(answers, study.instruments, rule.fewest)
    if rule.index == "inconsistency":
        return inconsistency(answers, study.instruments, rule.fewest)
    if seconds is None:
        return np.full(answers.height, np.nan)
    codes = [code for code in question_codes(study) if code in answers.columns]
    timed = answers.select("person_id", "wave", answered_count(codes).alias("answered")).join(
        seconds, on=["person_id", "wave"], how="left", maintain_order="left"
    )
    a_question = pl.when(pl.col("answered") >= rule.fewest).then(pl.col("seconds") / pl.col("answered"))
    return timed.select(a_question.cast(pl.Float64).fill_null(np.nan)).to_series().to_numpy()


def flag_count(flags: pl.Series) -> FlagCount:
    """Count flags; null = could not be judged."""
    judged, flagged = flags.count(), int(flags.sum() or 0)
    share = wilson_interval(np.array([float(judged)]), np.array([float(flagged)]))
    return FlagCount(judged, flagged, *(float(part[0]) for part in (share.mean, share.lower, share.upper)))
