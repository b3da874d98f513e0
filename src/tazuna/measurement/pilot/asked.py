"""What a pilot asked (予備調査の設問と回答): keyed answers by scale, from a study or from any table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tazuna.errors import StudyError
from tazuna.instrument.model import Instrument, Wording
from tazuna.language import message
from tazuna.measurement.factor.model import parse_model
from tazuna.measurement.group_rules import group_rules
from tazuna.measurement.item_table import Floats, ItemTable
from tazuna.measurement.population import ANSWER_ROW, population
from tazuna.measurement.scoring import ScoredScale, score_people, scored_scales
from tazuna.study import Study, Wave
from tazuna.study.settings import DEFAULT_K

FEWEST_QUESTIONS = 3
"""Of a scale whose structure can be judged."""
GROUPINGS = ("age_band", "gender", "language")
"""By which the questions are compared, where people have them."""
_ONE_LANGUAGE = "languages"


@dataclass(frozen=True, slots=True)
class PilotQuestion:
    """One question as it was asked.

    Parameters
    ----------
    code
        Of the question.
    lowest, highest
        Ends of its response scale, as stored.
    reversed
        Whether the stored answers were turned round: a high keyed answer then disagrees.
    wording
        By language; empty where only a table is known.
    categories
        Number as stored → label by language; empty likewise.
    """

    code: str
    lowest: float
    highest: float
    reversed: bool = False
    wording: Wording = field(default_factory=dict)
    categories: Mapping[int, Wording] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PilotScale:
    """A scale and its questions; ``label`` by language, empty where only a table is known."""

    code: str
    questions: tuple[PilotQuestion, ...]
    label: Wording = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the questions."""
        return tuple(question.code for question in self.questions)


@dataclass(frozen=True, slots=True)
class Asked:
    """Scales, answers, and groups of the people who answered.

    Parameters
    ----------
    table
        Keyed answers of everybody with a row, columns the questions.
    scales
        To be judged.
    groupings
        Name → group of each row; null = unknown.
    wave
        The wave; empty for a table.
    asked
        How many people were asked; None where a table does not say.
    k
        Threshold under which no group is shown.
    """

    table: ItemTable
    scales: tuple[PilotScale, ...]
    groupings: Mapping[str, pl.Series]
    wave: str = ""
    asked: int | None = None
    k: int = DEFAULT_K

    @property
    def answered(self) -> int:
        """People with an answer to any of the questions."""
        return int(np.isfinite(self.table.answers).any(axis=1).sum())

    @property
    def model(self) -> str:
        """One factor a scale, in lavaan's syntax."""
        return "".join(f"{scale.code} =~ {' + '.join(scale.codes)}\n" for scale in self.scales)


def asked_by_table(table: ItemTable, text: str, reversed_: Sequence[str], group: str | None) -> Asked:
    """A pilot from a table of items: the factors of the model that questions measure are the scales.

    The ends of a response scale are the lowest and the highest answer to any question of its scale.
    """
    model = parse_model(text)
    scales = []
    for factor in model.latent:
        codes = [name for name in model.indicators(factor) if name in model.observed]
        given = table.of(codes)
        if not codes or not np.isfinite(given).any():
            continue
        ends = float(np.nanmin(given)), float(np.nanmax(given))
        scales.append(
            PilotScale(factor, tuple(PilotQuestion(code, *ends, code in reversed_) for code in codes))
        )
    groupings = {} if group is None or table.groups is None else {group: table.groups}
    return Asked(table, tuple(scales), groupings)


def asked_at_wave(study: Study, wave: str | None, instrument: str | None) -> Asked:
    """A pilot from a wave of a study: the scales of one instrument that can be judged one by one.

    A composite whose questions other scales hold already is left out, and so are single questions.

    Parameters
    ----------
    study
        With the answers.
    wave
        The last one with answers where None.
    instrument
        Its id; may be None where the wave asked a single one.

    Raises
    ------
    StudyError
        A wave or instrument that is not there, or one that has to be named.
    """
    at = _wave(study, wave)
    answers = study.responses.filter(pl.col("wave") == at.wave)
    chosen = _instrument(study, answers, instrument)
    scales = judged_scales(chosen, answers.columns)
    people = population(study, score_people(study), group_rules()).filter(pl.col("wave") == at.wave)
    rows = people.filter(pl.col(ANSWER_ROW).is_not_null())
    keyed, names = _keyed(study, scales, rows[ANSWER_ROW].to_numpy())
    return Asked(
        table=ItemTable(names, keyed, None),
        scales=tuple(_scale(scored) for scored in scales),
        groupings=_groupings(study, at.wave, rows),
        wave=at.wave,
        asked=int(people["asked"].sum()),
        k=at.k,
    )


def judged_scales(instrument: Instrument, columns: Sequence[str]) -> tuple[ScoredScale, ...]:
    """The scales of three questions or more; items of areas, and composites of other scales, left out."""
    found = [
        scored
        for scored in scored_scales([instrument], columns)
        if len(scored.questions) >= FEWEST_QUESTIONS and scored.scale.kind != "item"
    ]
    held = [{question.code for question in scored.questions} for scored in found]
    return tuple(
        scored for scored, own in zip(found, held, strict=True) if not any(other < own for other in held)
    )


def _wave(study: Study, named: str | None) -> Wave:
    answered = [wave for wave in study.waves if (study.responses["wave"] == wave.wave).any()]
    for wave in reversed(answered):
        if named in (None, wave.wave):
            return wave
    raise StudyError(
        message("{title} has no answers of the wave {wave}.", title=study.title, wave=named or ""),
        message("Waves with answers: {waves}", waves=", ".join(wave.wave for wave in answered) or "–"),
    )


def _instrument(study: Study, answers: pl.DataFrame, named: str | None) -> Instrument:
    given = {name for name in answers.columns if answers[name].count()}
    asked = {
        instrument.id: instrument
        for instrument in study.instruments
        if judged_scales(instrument, [code for code in answers.columns if code in given])
    }
    if named is None and len(asked) == 1:
        return next(iter(asked.values()))
    if named in asked:
        return asked[named]
    ids = ", ".join(asked) or "–"
    if named is None:
        raise StudyError(
            message("Instruments with a scale of three questions that was answered: {ids}", ids=ids),
            message("Name one of them after --instrument."),
        )
    raise StudyError(
        message("No scale of the instrument {id} was answered by three questions.", id=named),
        message("Instruments with a scale of three questions that was answered: {ids}", ids=ids),
    )


def _scale(scored: ScoredScale) -> PilotScale:
    questions = tuple(
        PilotQuestion(
            question.code,
            question.response.lowest,
            question.response.highest,
            question.key == -1,
            question.wording,
            {category.value: category.label for category in question.response.categories},
        )
        for question in scored.questions
    )
    return PilotScale(scored.code, questions, scored.scale.label)


def _keyed(study: Study, scales: Sequence[ScoredScale], rows: np.ndarray) -> tuple[Floats, tuple[str, ...]]:
    """Answers, each question once, turned round where a high one means little."""
    questions = {question.code: question for scored in scales for question in scored.questions}
    columns = []
    for code, question in questions.items():
        given = study.responses[code].gather(rows).cast(pl.Float64).fill_null(np.nan).to_numpy()
        turned = question.response.lowest + question.response.highest - given
        columns.append(given if question.key == 1 else turned)
    return np.column_stack(columns), tuple(questions)


def _groupings(study: Study, wave: str, rows: pl.DataFrame) -> dict[str, pl.Series]:
    """Age band and gender as the figures have them; the language where people have a single one."""
    found = {name: rows[name].cast(pl.String) for name in GROUPINGS if name in rows.columns}
    people = study.people_at(wave)
    told = next((name for name in ("language", _ONE_LANGUAGE) if name in people.columns), None)
    if told is not None:
        spoken = people.select("person_id", language=_only_one(people, told))
        joined = rows.select("person_id").join(spoken, on="person_id", how="left", maintain_order="left")
        found["language"] = joined["language"]
    return {name: groups for name, groups in found.items() if groups.drop_nulls().n_unique() > 1}


def _only_one(people: pl.DataFrame, column: str) -> pl.Expr:
    """The language; unknown where somebody has several."""
    told = pl.col(column)
    if isinstance(people.schema[column], pl.List):
        return pl.when(told.list.len() == 1).then(told.list.first()).cast(pl.String)
    words = told.cast(pl.String)
    return pl.when(words.str.contains(";").not_()).then(words)
