"""Guesses about a company's folder (推測): which file is which table, and what is left to ask a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import polars as pl

from tazuna.errors import StudyError
from tazuna.intake.answers import AskedQuestion
from tazuna.intake.guess_columns import (
    LIKELY,
    SURE,
    GuessedColumn,
    GuessedWord,
    are_codes,
    guess_columns,
    guess_words,
)
from tazuna.intake.headers import normalise_heading
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import Table, normalised, schema
from tazuna.intake.sources import TABLE_ENDINGS, read_table, study_files
from tazuna.intake.survey_exports.detection import ARCHIVE_ENDING, find_exports
from tazuna.intake.survey_exports.export import SurveyExport
from tazuna.intake.survey_exports.guessing import ExportGuess, guess_export
from tazuna.intake.survey_exports.guessing_people import listed_people, listed_waves, people_raw
from tazuna.intake.words import as_identifiers, as_text
from tazuna.language import message

MARKS = ("E", "D", "C", "B", "A", "S", "SS")
_ENOUGH = 0.45


@dataclass(frozen=True, slots=True)
class GuessedTable:
    """One table of ours and the file or sheet that it seems to be in.

    Parameters
    ----------
    place
        As ``[tables]`` writes it: ``file.xlsx``, or ``file.xlsx#sheet``.
    confidence
        0 to 1.
    columns, words
        Headings and coded words with a guess; ``left`` are the headings without one, which stay attributes.
    """

    table: str
    place: str
    source: str
    confidence: float
    rows: int
    columns: tuple[GuessedColumn, ...]
    words: tuple[GuessedWord, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudyGuess:
    """What a folder seems to hold.

    Parameters
    ----------
    organisations
        Organisation codes that people have, where there is no table of organisations (empty: one
        organisation).
    waves
        Names of the waves in order of appearance, where there is no table of waves.
    orders
        Ordered text columns → their values, lowest first.
    unused
        Files and sheets that seem to be none of our tables.
    has_settings
        Whether the folder has a ``study.toml`` already.
    export, export_people
        The export of a survey tool that holds the responses, and the people as it tells them.
    """

    title: str
    tables: tuple[GuessedTable, ...]
    organisations: tuple[str, ...] | None
    waves: tuple[str, ...]
    orders: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]
    has_settings: bool
    export: ExportGuess | None = None
    export_people: GuessedTable | None = None

    def table(self, name: str) -> GuessedTable | None:
        """The guess for one of our tables."""
        return next((guess for guess in self.tables if guess.table == name), None)


_Found = tuple[GuessedTable, RawTable]


def guess_study(
    folder: Path, questions: Mapping[str, AskedQuestion], company_questions: Mapping[str, AskedQuestion]
) -> StudyGuess:
    """Look at every table in ``folder`` and guess what it is.

    Raises
    ------
    StudyError
        ``folder`` is not a folder, or holds no table file.
    UnreadableSourceError
        A file cannot be read as a table.
    """
    if not folder.is_dir():
        raise StudyError(
            message("{path} is not a folder.", path=str(folder)),
            message("Name the folder with the company's files."),
        )
    files = study_files(folder)
    known = frozenset(
        normalise_heading(word)
        for table in schema().values()
        for column in table.columns.values()
        for word in (column.name, *column.label.values(), *column.also)
    ) | frozenset(questions)
    raws: list[tuple[str, RawTable]] = []
    exports: dict[str, SurveyExport] = {}
    for name in sorted(files):
        if name.startswith((".", "~$")) or not name.lower().endswith((*TABLE_ENDINGS, ARCHIVE_ENDING)):
            continue
        data = files[name]()
        found = find_exports(data, name)
        exports |= found
        if name in found:
            continue
        tables = read_table(data, name, known)
        raws += [(_place(name, raw, single=len(tables) == 1), raw) for raw in tables]
    exported = {export.table.source for export in exports.values()}
    raws = [(place, raw) for place, raw in raws if raw.source not in exported]
    if not raws and not exports:
        raise StudyError(
            message("{path} holds no table.", path=folder.name),
            message("Put the company's .csv, .tsv, .xlsx or .parquet files there."),
        )
    asked = {"questions": questions, "company_questions": company_questions}
    chosen = _best(raws, asked)
    guesses = tuple(guess for guess, _ in chosen)
    used = {guess.source for guess in guesses}
    by_table = {guess.table: (guess, raw) for guess, raw in chosen}
    guessed = StudyGuess(
        title=folder.resolve().name,
        tables=guesses,
        organisations=None
        if "organisations" in by_table
        else _distinct(by_table, "people", "organisation_id"),
        waves=() if "waves" in by_table else _waves(by_table),
        orders=_orders(by_table),
        unused=tuple(raw.source for _, raw in raws if raw.source not in used),
        has_settings="study.toml" in files,
    )
    return guessed if not exports else _with_export(guessed, exports, by_table, questions)


def _with_export(
    guess: StudyGuess,
    exports: Mapping[str, SurveyExport],
    by_table: Mapping[str, _Found],
    questions: Mapping[str, AskedQuestion],
) -> StudyGuess:
    """With the export that has most of our questions as the responses; the others stay unused."""
    people = listed_people(_source(by_table, "people", "person_id"), _source(by_table, "people", "email"))
    waves = listed_waves(*(_source(by_table, "waves", name) for name in ("wave", "opened_on", "closed_on")))
    found = [guess_export(export, place, questions, people, waves) for place, export in exports.items()]
    best = max(found, key=lambda export: (export.questions, export.export.table.frame.height))
    table = best.export.table
    taken = {column.source for column in best.columns}
    responses = GuessedTable(
        "responses", best.place, table.source, 1.0, table.frame.height, best.columns, (), ()
    )
    raw, wordings = people_raw(best.export, taken)
    told = _guess(best.place, raw, schema()["people"], {})
    told = replace(
        told,
        columns=tuple(replace(column, source=wordings[column.source]) for column in told.columns),
        left=tuple(wordings[source] for source in told.left),
    )
    listed = tuple(other for other in guess.tables if other.table not in ("responses", "responses_long"))
    unused = {other.source for other in guess.tables} - {other.source for other in listed}
    unused |= {other.export.table.source for other in found if other is not best}
    return replace(
        guess,
        tables=(*listed, responses),
        unused=(*guess.unused, *sorted(unused)),
        waves=(),
        export=best,
        export_people=told,
    )


def _place(file: str, raw: RawTable, *, single: bool) -> str:
    return file if single or not file.lower().endswith(".xlsx") else f"{file}#{raw.name}"


def _best(
    raws: Sequence[tuple[str, RawTable]], asked: Mapping[str, Mapping[str, AskedQuestion]]
) -> list[_Found]:
    """Each file or sheet gives at most one table, each table comes from at most one, the surest first."""
    found = [
        (guess, raw)
        for place, raw in raws
        for table in schema().values()
        if (guess := _guess(place, raw, table, asked.get(table.other_columns, {}))).confidence >= _ENOUGH
    ]
    chosen: list[_Found] = []
    for guess, raw in sorted(found, key=lambda pair: -pair[0].confidence):
        if all(guess.table != other.table and guess.source != other.source for other, _ in chosen):
            chosen.append((guess, raw))
    order = list(schema())
    return sorted(chosen, key=lambda pair: order.index(pair[0].table))


def _guess(place: str, raw: RawTable, table: Table, asked: Mapping[str, AskedQuestion]) -> GuessedTable:
    columns = guess_columns(raw, table, asked)
    words: list[GuessedWord] = []
    kept: list[GuessedColumn] = []
    for guess in columns:
        column = table.columns.get(guess.column)
        found = () if column is None else guess_words(raw.frame[guess.source], column)
        coded = column is not None and column.type in ("code", "yes_no")
        if coded and guess.confidence < 1 and not are_codes(found, raw.frame[guess.source].n_unique()):
            continue
        words += found
        kept.append(guess)
    taken = {guess.source for guess in kept}
    return GuessedTable(
        table=table.name,
        place=place,
        source=raw.source,
        confidence=_confidence(place, raw, table, kept),
        rows=raw.frame.height,
        columns=tuple(kept),
        words=tuple(words),
        left=tuple(source for source in raw.columns if source not in taken),
    )


def _confidence(place: str, raw: RawTable, table: Table, columns: Sequence[GuessedColumn]) -> float:
    """Half from the names of file and sheet, half from the columns; nothing without a required column."""
    names = {normalised(raw.name), normalised(PurePath(place.partition("#")[0]).stem)}
    known = {normalised(word) for word in (table.name, *table.label.values(), *table.also)}
    exact = bool(names & known)
    similar = any(len(word) > 1 and word in name for name in names for word in known)
    required = [column.name for column in table.columns.values() if column.required]
    there = {guess.column for guess in columns}
    share = sum(name in there for name in required) / len(required)
    fitting = len(there) / max(1, len(raw.columns))
    named = 0.5 if exact else 0.3 if similar else 0.0
    return 0.0 if share == 0 else round(named + 0.3 * share + 0.2 * fitting, 3)


def _source(by_table: Mapping[str, _Found], table: str, column: str) -> pl.Series | None:
    if table not in by_table:
        return None
    guess, raw = by_table[table]
    return next((raw.frame[c.source] for c in guess.columns if c.column == column), None)


def _distinct(by_table: Mapping[str, _Found], table: str, column: str) -> tuple[str, ...]:
    cells = _source(by_table, table, column)
    return (
        () if cells is None else tuple(as_identifiers(cells).values.drop_nulls().unique(maintain_order=True))
    )


def _waves(by_table: Mapping[str, _Found]) -> tuple[str, ...]:
    tables = ("responses", "responses_long", "company_answers", "people")
    return tuple(dict.fromkeys(wave for table in tables for wave in _distinct(by_table, table, "wave")))


def _orders(by_table: Mapping[str, _Found]) -> dict[str, tuple[str, ...]]:
    cells = _source(by_table, "people", "contribution")
    if cells is None:
        return {}
    words = as_text(cells).drop_nulls().unique(maintain_order=True).to_list()
    marks = {normalised(mark): place for place, mark in enumerate(MARKS)}
    if not words or all(word.replace(".", "", 1).isdigit() for word in words):
        return {}
    return {
        "contribution": tuple(sorted(words, key=lambda word: (marks.get(normalised(word), len(marks)), word)))
    }


__all__ = ["LIKELY", "SURE", "GuessedTable", "StudyGuess", "guess_study"]
