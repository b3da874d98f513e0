"""``[formats]`` in ``study.toml``: which survey tool wrote the file of a table, and what it leaves unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from tazuna.errors import StudyError
from tazuna.intake.survey_exports.export import FORMAT_NAMES, ExportFormat
from tazuna.language import Message, message

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


class _Place(Protocol):
    """Where in the file a setting stands."""

    def mapping(self, key: str, value: object) -> Mapping[str, object]: ...
    def words(self, key: str, value: object) -> Mapping[str, str]: ...
    def unknown(self, key: str, allowed: Sequence[str]) -> StudyError: ...
    def fault(self, key: str, expected: Message, cure: Message) -> StudyError: ...


def read_formats(section: object, place: _Place) -> dict[str, TableFormat]:
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
        tool = _one_of(facts.get("format", ""), tuple(FORMAT_NAMES), f"formats.{table}.format", place)
        person = _one_of(facts.get("person", "id"), _PERSON, f"formats.{table}.person", place)
        formats[table] = TableFormat(cast("ExportFormat", tool), facts.get("wave"), cast("PersonIs", person))
    return formats


def _one_of(found: str, allowed: Sequence[str], key: str, place: _Place) -> str:
    if found not in allowed:
        expected = message("expected is one of {allowed}", allowed=", ".join(allowed))
        raise place.fault(key, expected, message("Write it in that form, or remove the line."))
    return found
