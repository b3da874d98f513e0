"""Facts about people (属性と得点) from before the start, for covariates: the usual ones, or those named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl

from tazuna.evaluation.arrays import Asked
from tazuna.evaluation.asked import unknown_name
from tazuna.evaluation.before_the_start import is_late
from tazuna.evaluation.covariates import Known, KnownNumber, KnownText
from tazuna.evaluation.labels import age_words, code_label, column_label, label, same_word
from tazuna.evaluation.outcome_values import Source, outcome_values, rater_for, sources_of, wave_days
from tazuna.evaluation.refusal import Refusal
from tazuna.intake.schema import schema
from tazuna.language import Message, message
from tazuna.study import Study

USUAL = ("age", "gender", "worksite", "employment_type", "is_manager", "tenure", "job_family", "contribution")
_AFTER = ("participation", "assignments")
"""Tables that are written after the start."""
_ATTRIBUTES = ("organisation", "age", "tenure")
_NOT_COVARIATES = ("person_id", "unit", "as_of", "birth_year", "hired_on", "manager_id", "organisation_id")
_DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Facts:
    """Where facts come from.

    Parameters
    ----------
    frame
        One row a person, N in their order: from `people_before`.
    begin
        The moment up to which something counts as before.
    """

    study: Study
    asked: Asked
    frame: pl.DataFrame
    begin: datetime | None


def usual_facts(facts: Facts) -> list[Known]:
    """Facts of the table people, the organisation, and the scores at the wave before that are areas.

    Of an instrument without areas it is the total: the total of areas says nothing beside them. The outcome
    itself is not among them: its baseline has a place of its own.
    """
    names = [name for name in USUAL if _has(facts.frame, name)]
    if "age" not in names and "age_band" in facts.frame.columns:
        names.insert(0, "age_band")
    known: list[Known] = [_attribute(facts, name) for name in (*names, "organisation")]
    wave = facts.asked.question.before
    sources = sources_of(facts.study)
    for instrument in facts.study.instruments if wave else ():
        scales = instrument.scales.values()
        wanted = "area" if any(scale.kind == "area" for scale in scales) else "total"
        codes = [scale.code for scale in scales if scale.kind == wanted]
        known += [
            _measured(facts, sources[code], wave, code)
            for code in codes
            if code in sources and code != facts.asked.outcome.code
        ]
    return known


def named_facts(facts: Facts, names: Sequence[str]) -> list[Known] | Refusal:
    """Facts that somebody asked for: columns of people, scales or outcomes; ``NAME@WAVE`` for another wave.

    Returns
    -------
    list or Refusal
        Refused where one of them was measured after the start.

    Raises
    ------
    StudyError
        The study has no such name.
    """
    sources = sources_of(facts.study)
    attributes = {*_ATTRIBUTES, *(name for name in facts.frame.columns if name not in _NOT_COVARIATES)}
    attributes = {name for name in attributes if name == "organisation" or _has(facts.frame, name)}
    waves = [wave.wave for wave in facts.study.waves]
    known: list[Known] = []
    for written in names:
        name, at, wave = written.strip().partition("@")
        if at and wave not in waves:
            problem = message("Covariate {name}: there is no wave “{found}”.", name=name, found=wave)
            raise unknown_name(problem, wave, waves)
        if name not in attributes and name not in sources:
            if _is_of_taking_part(facts.study, name):
                return after_start(name)
            raise unknown_name(
                message("There is no covariate “{found}”.", found=name), name, {*attributes, *sources}
            )
        wave = wave or facts.asked.question.before
        if _after_start(facts, wave):
            return after_start(written.strip())
        known.append(
            _attribute(facts, name) if name in attributes else _measured(facts, sources[name], wave, written)
        )
    return known


def after_start(name: str) -> Refusal:
    """A covariate that the programme itself may have changed."""
    return Refusal(
        "covariate_after_start",
        message(
            "{name} was measured after the start: the programme itself may have changed it, and adjusting "
            "for it would take away a part of the effect.",
            name=name,
        ),
        message("Use only what was known before the start."),
    )


def _after_start(facts: Facts, wave: str) -> bool:
    """Whether a wave came too late to count as before."""
    order = [known.wave for known in facts.study.waves]
    if not wave:
        return False
    opened = wave_days(facts.study)[wave][0]
    late = opened is not None and facts.begin is not None and opened > facts.begin.date()
    return late or order.index(wave) >= order.index(facts.asked.question.after)


def _is_of_taking_part(study: Study, name: str) -> bool:
    known = {column for table in _AFTER for column in schema()[table].columns}
    also = {
        column
        for table in _AFTER
        for column in (study.tables[table].columns if table in study.tables else ())
    }
    return name in known | also


def _has(frame: pl.DataFrame, name: str) -> bool:
    column = {"age": "birth_year", "tenure": "hired_on"}.get(name, name)
    return column in frame.columns and bool(frame[column].is_not_null().any())


def _attribute(facts: Facts, name: str) -> Known:
    frame = facts.frame
    if name == "organisation":
        organisations = facts.study.tables["organisations"].select("organisation_id", "name").iter_rows()
        shown = {key: same_word(words) for key, words in organisations}
        column = "organisation_id" if "organisation_id" in frame.columns else None
        texts = frame[column] if column else pl.repeat(None, frame.height, dtype=pl.String, eager=True)
        return KnownText(name, message("Organisation"), _texts(texts), shown)
    if name == "age":
        return KnownNumber(name, column_label("people", name), _numbers(_year(facts) - frame["birth_year"]))
    if name == "tenure":
        days = (pl.Series([_eve(facts)], dtype=pl.Date) - frame["hired_on"]).dt.total_days()
        return KnownNumber(name, message("Years of service"), _numbers(days / _DAYS_OF_A_YEAR))
    shown_name = column_label("people", name)
    column_of = frame[name]
    if column_of.dtype.is_numeric() or column_of.dtype == pl.Boolean:
        return KnownNumber(name, shown_name, _numbers(column_of))
    if name in facts.study.orders:
        ranks = {text: float(rank) for rank, text in enumerate(facts.study.orders[name], start=1)}
        ordered = column_of.cast(pl.String).replace_strict(ranks, default=None, return_dtype=pl.Float64)
        return KnownNumber(name, shown_name, _numbers(ordered))
    if isinstance(column_of.dtype, pl.List):
        column_of = column_of.list.join(";")
    values = _texts(column_of.cast(pl.String))
    return KnownText(name, shown_name, values, _value_labels(name, values))


def _measured(facts: Facts, source: Source, wave: str, name: str) -> Known:
    """A score or a figure at a wave; unknown where it was given after the start."""
    values = outcome_values(facts.study, source, (wave,))
    if source.scored is None and source.outcome.rater is None:
        rater, _ = rater_for(values, (wave,))
        values = values.filter(pl.col("rater").eq_missing(pl.lit(rater, pl.String)))
    values = values.filter(~is_late(facts.study, wave, facts.begin)).unique("person_id", keep="first")
    joined = facts.frame.select("person_id").join(values, on="person_id", how="left", maintain_order="left")
    return KnownNumber(name, source.outcome.label, _numbers(joined["value"]))


def _year(facts: Facts) -> int:
    """In which ages are taken: that of the wave before, else that of the eve of the start."""
    before = facts.asked.question.before
    years = {wave.wave: wave.year for wave in facts.study.waves}
    return years.get(before) or _eve(facts).year


def _eve(facts: Facts) -> date:
    """The last day of the wave before, else the start, else the end of the year of the wave after."""
    question, days = facts.asked.question, wave_days(facts.study)
    known = days.get(question.before, (None, None))[1] or (facts.begin.date() if facts.begin else None)
    years = {wave.wave: wave.year for wave in facts.study.waves}
    return known or date(years.get(question.before) or years.get(question.after) or 2000, 12, 31)


def _value_labels(name: str, values: np.ndarray[tuple[int, ...], np.dtype[np.str_]]) -> Mapping[str, Message]:
    if name == "age_band":
        return {
            str(value): label({"ja": age_words(str(value)), "en": str(value)}) for value in np.unique(values)
        }
    return {str(value): code_label("people", name, str(value)) for value in np.unique(values)}


def _numbers(values: pl.Series) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _texts(values: pl.Series) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    return values.cast(pl.String).fill_null("").to_numpy().astype(np.str_)
