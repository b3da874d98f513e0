"""Guesses about an export (推測): which columns are questions, who answered, and in which wave."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from tazuna.intake.answers import AskedQuestion
from tazuna.intake.dates import parse_datetimes
from tazuna.intake.guess_columns import SURE, GuessedColumn, heading_confidence
from tazuna.intake.schema import schema
from tazuna.intake.survey_exports.answer_words import AnswerWord, answer_words
from tazuna.intake.survey_exports.export import SurveyExport
from tazuna.intake.survey_exports.wordings import match_questions
from tazuna.intake.words import as_identifiers

_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A column that can say who answered.

    Parameters
    ----------
    joins
        Answered cells of it that are in the list of staff (0: the people come from the export itself).
    answered, distinct
        Cells with a value, and different ones.
    email
        Whether it holds addresses: never shown, looked up in the list or replaced by a pseudonym.
    """

    source: str
    joins: int
    answered: int
    distinct: int
    email: bool = False


@dataclass(frozen=True, slots=True)
class ExportGuess:
    """What an export seems to hold.

    Parameters
    ----------
    place
        As ``[tables]`` writes it.
    columns
        Columns that are questions of ours, and that of the moment of answering.
    keys
        Columns that can say who answered, the likeliest first.
    words
        Answers that are neither numbers nor labels of our categories.
    waves, wave
        Waves that the folder's table of waves names, and the likeliest one: by the dates of the answers.
    """

    export: SurveyExport
    place: str
    columns: tuple[GuessedColumn, ...]
    keys: tuple[PersonKey, ...]
    words: tuple[AnswerWord, ...]
    waves: tuple[str, ...]
    wave: str

    @property
    def questions(self) -> int:
        """How many columns are questions of ours."""
        return sum(guess.column not in ("answered_at", "language") for guess in self.columns)


@dataclass(frozen=True, slots=True)
class ListedPeople:
    """The list of staff beside the export: its identifiers and, where it has them, addresses."""

    ids: pl.Series
    emails: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class ListedWave:
    """A wave of the folder's table of waves."""

    wave: str
    opened_on: date | None = None
    closed_on: date | None = None


def guess_export(
    export: SurveyExport,
    place: str,
    asked: Mapping[str, AskedQuestion],
    people: ListedPeople | None,
    waves: Sequence[ListedWave],
) -> ExportGuess:
    """Match the columns of ``export`` with our questions, and propose person and wave."""
    questions = match_questions(export.columns, asked)
    moments = export.named("answered_at")[:1]
    languages = export.named("language")[:1]
    about = (
        *(GuessedColumn(source, "answered_at", 1.0) for source in moments),
        *(GuessedColumn(source, "language", 1.0) for source in languages),
    )
    return ExportGuess(
        export=export,
        place=place,
        columns=(*about, *questions),
        keys=_person_keys(export, {guess.source for guess in questions}, people),
        words=answer_words(export.table, questions, asked, export.format),
        waves=tuple(listed.wave for listed in waves),
        wave=_wave(export, moments, waves),
    )


def compared_addresses(cells: pl.Series) -> pl.Series:
    """Addresses as they are compared: NFKC, trimmed, lower case."""
    return cells.cast(pl.String).str.normalize("NFKC").str.strip_chars().str.to_lowercase()


def _person_keys(
    export: SurveyExport, questions: set[str], people: ListedPeople | None
) -> tuple[PersonKey, ...]:
    """The likeliest first: what joins the list, then a staff number asked for, then what the tool numbers."""
    number = schema()["people"].columns["person_id"]
    found: list[tuple[tuple[float, ...], PersonKey]] = []
    for place, column in enumerate(export.columns):
        cells = export.table.frame[column.source]
        if column.source in questions or column.role in ("answered_at", "language", "personal", "technical"):
            continue
        email = column.role == "email"
        asked_for = heading_confidence(_without_stop(column.wording), number)
        key = _person_key(column.source, cells, people, email=email)
        usable = key.answered > 0 and key.distinct >= _MOSTLY * key.answered
        wanted = column.role in ("key", "email") or asked_for >= SURE or key.joins >= _MOSTLY * key.answered
        if usable and wanted:
            complete = key.answered / max(1, cells.len())
            rank = (-key.joins, -asked_for, -float(complete == 1), float(email), float(place))
            found.append((rank, key))
    return tuple(key for _, key in sorted(found, key=lambda pair: pair[0]))


def _without_stop(wording: str) -> str:
    return unicodedata.normalize("NFKC", wording).rstrip("。.?？:： ")


def _person_key(source: str, cells: pl.Series, people: ListedPeople | None, *, email: bool) -> PersonKey:
    values = compared_addresses(cells) if email else as_identifiers(cells).values
    given = values.drop_nulls()
    listed = None if people is None else people.emails if email else people.ids
    known = pl.Series([], dtype=pl.String) if listed is None else listed.drop_nulls()
    known = compared_addresses(known) if email else as_identifiers(known).values
    joins = int(given.is_in(known.implode()).sum()) if known.len() else 0
    return PersonKey(source, joins, given.len(), given.n_unique(), email=email)


def _wave(export: SurveyExport, moments: Sequence[str], waves: Sequence[ListedWave]) -> str:
    """The listed wave in which most answered, else the last one; without a list the month of answering."""
    days = (
        parse_datetimes(export.table.frame[moments[0]]).values.drop_nulls().dt.date().sort()
        if moments
        else pl.Series([], dtype=pl.Date)
    )
    middle: date | None = days[days.len() // 2] if days.len() else None
    if not waves:
        return "1" if middle is None else f"{middle:%Y-%m}"
    if middle is not None:
        for listed in waves:
            if listed.opened_on and listed.opened_on <= middle <= (listed.closed_on or middle):
                return listed.wave
    return waves[-1].wave
