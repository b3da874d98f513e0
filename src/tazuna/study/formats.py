"""``[formats]`` in ``study.toml``: which survey tool wrote the file of a table, and what it leaves unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from tazuna.intake.survey_exports.export import FORMAT_NAMES, ExportFormat
from tazuna.study.setting_place import SettingPlace

PersonIs = Literal["id", "email"]
_TABLES = ("people", "responses")
_KEYS = ("format", "wave", "person")
_PERSON: tuple[PersonIs, ...] = ("id", "email")


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How the file of a table is read.

    Parameters
    ----------
    format
        The survey tool that wrote it.
    wave
        The wave of all its rows.
    person
        Whether the column of person_id holds identifiers or e-mail addresses, which are looked up in the list
        of people or replaced by pseudonyms.
    """

    format: ExportFormat
    wave: str | None = None
    person: PersonIs = "id"


def read_formats(section: object, place: SettingPlace) -> dict[str, TableFormat]:
    """The formats by table.

    Raises
    ------
    StudyError
        A table, key or value is not known.
    """
    formats = {}
    for table, given in place.mapping("formats", section).items():
        if table not in _TABLES:
            raise place.unknown(f"formats.{table}", _TABLES)
        facts = place.words(f"formats.{table}", given)
        for key in facts:
            if key not in _KEYS:
                raise place.unknown(f"formats.{table}.{key}", _KEYS)
        tool = place.one_of(f"formats.{table}.format", facts.get("format", ""), tuple(FORMAT_NAMES))
        person = place.one_of(f"formats.{table}.person", facts.get("person", "id"), _PERSON)
        formats[table] = TableFormat(cast("ExportFormat", tool), facts.get("wave"), cast("PersonIs", person))
    return formats
