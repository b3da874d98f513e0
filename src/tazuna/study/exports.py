"""The tables of a study whose file a survey tool wrote: read again from the untouched file every time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePath

import polars as pl

from tazuna.errors import StudyError
from tazuna.intake.checks import Progress
from tazuna.intake.headings import match_headings
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import normalised, schema
from tazuna.intake.survey_exports.detection import read_export
from tazuna.intake.survey_exports.shaping import as_people, as_responses, with_person_ids
from tazuna.intake.words import as_identifiers, as_text
from tazuna.language import message
from tazuna.study.settings import StudySettings

Files = Mapping[str, Callable[[], bytes]]


def file_and_sheet(table: str, settings: StudySettings, files: Files) -> tuple[str, str]:
    """The file of a table in ``[formats]``, and its sheet or "".

    Raises
    ------
    StudyError
        There is no such file.
    """
    file, _, sheet = settings.tables.get(table, table).partition("#")
    wanted = normalised(file)
    named = [name for name in sorted(files) if normalised(name) == wanted]
    named += [name for name in sorted(files) if normalised(PurePath(name).stem) == wanted]
    if not named:
        raise StudyError(
            message("study.toml, tables.{table}: there is no {place}", table=table, place=file),
            message('Correct the name of the file or sheet: "file.xlsx", or "file.xlsx#sheet".'),
        )
    return named[0], sheet


def export_tables(
    settings: StudySettings,
    files: Files,
    others: Mapping[str, RawTable],
    question_codes: Collection[str],
    progress: Progress | None,
) -> dict[str, tuple[str, RawTable]]:
    """Our table name → file and raw table, for each table in ``[formats]``.

    Parameters
    ----------
    others
        The raw tables from other files: addresses are looked up in ``people``.

    Raises
    ------
    StudyError
        A file is not there.
    UnreadableSourceError
        A file is not as its tool writes it.
    """
    found = {}
    for table, written in settings.formats.items():
        name, sheet = file_and_sheet(table, settings, files)
        if progress is not None:
            progress(message("Reading {source}", source=name))
        export = read_export(files[name](), name, sheet, written.format)
        named = settings.columns.get(table, {})
        if table == "people":
            answers = settings.columns.get("responses", {})
            raw = as_people(export, named, answers, question_codes)
        else:
            raw = as_responses(export, named, written.wave)
        if written.person == "email":
            raw = with_person_ids(raw, named, _addresses(others.get("people"), settings))
        found[table] = (name, raw)
    return found


def _addresses(people: RawTable | None, settings: StudySettings) -> pl.DataFrame | None:
    """``email`` and ``person_id`` of the list of staff; None where there is no list."""
    if people is None:
        return None
    ours = match_headings(people, schema()["people"], settings.columns.get("people", {}), ()).ours
    if not {"email", "person_id"} <= set(ours):
        return pl.DataFrame(schema={"email": pl.String, "person_id": pl.String})
    return pl.DataFrame(
        {
            "email": as_text(people.frame[ours["email"]]),
            "person_id": as_identifiers(people.frame[ours["person_id"]]).values,
        }
    )
