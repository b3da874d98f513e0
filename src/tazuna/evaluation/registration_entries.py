"""Entries of a pre-registration (事前登録の項目), read strictly: each fault names entry, line and cure."""

from __future__ import annotations

import datetime
import math
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tazuna.errors import StudyError
from tazuna.intake.faults import shortened
from tazuna.intake.schema import schema
from tazuna.language import message
from tazuna.study.setting_place import SettingPlace

_KEYS_OF_PARTICIPATION = ("person_id", "program_id")


@dataclass(frozen=True, slots=True)
class RegistrationEntries:
    """What a file says, and where.

    Parameters
    ----------
    given
        Entry → value.
    place
        For faults.
    """

    given: Mapping[str, object]
    place: SettingPlace

    @classmethod
    def of(cls, text: str, source: str, schema_name: str, known: tuple[str, ...]) -> RegistrationEntries:
        """The entries in a text, all of them known.

        Raises
        ------
        StudyError
            The text is not TOML, of another schema, or has an entry that is not known.
        """
        try:
            given = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise StudyError(
                message("{source} is not valid TOML: {reason}.", source=source, reason=str(error)),
                message("Correct that place; names with Japanese characters need quotation marks."),
            ) from error
        place = SettingPlace(source, text)
        if given.get("schema") != schema_name:
            raise place.fault(
                "schema",
                message('expected is schema = "{schema}"', schema=schema_name),
                message("Make this the first line of the file."),
            )
        for name in given:
            if name not in ("schema", *known):
                raise place.unknown(name, known)
        return cls(given, place)

    def text(self, entry: str, *, unlike: str | None = None) -> str:
        """Words that are not empty, and not those of another entry."""
        value = self._needed(entry)
        if not isinstance(value, str) or not value.strip():
            raise self.place.wrong_type(entry, str)
        words = _tidy(value)
        if unlike is not None and words == self.text(unlike):
            raise self.place.fault(
                entry,
                message("it is the same as {other}", other=unlike),
                message("Name two different ones."),
            )
        return words

    def word(self, entry: str, allowed: tuple[str, ...], *, goes_with: str | None = None) -> Any:
        """One of the words ``allowed``, which another entry may have settled."""
        value = self._needed(entry)
        if value in allowed:
            return value
        if goes_with is None:
            raise self.place.fault(
                entry,
                message(
                    "expected is one of {allowed}, found is {found}",
                    allowed=", ".join(allowed),
                    found=shortened(str(value)),
                ),
                message("Write one of these words in quotation marks."),
            )
        raise self.place.fault(
            entry,
            message(
                "with {other} = “{settled}” expected is one of {allowed}, found is {found}",
                other=goes_with,
                settled=str(self.given.get(goes_with)),
                allowed=", ".join(allowed),
                found=shortened(str(value)),
            ),
            message("Write one of these words in quotation marks."),
        )

    def names(self, entry: str, *, at_least: int = 0, without: str | None = None) -> tuple[str, ...]:
        """Different names; none where the entry is left out and none is needed."""
        value = self._needed(entry) if at_least else self.given.get(entry, [])
        names = tuple(_tidy(name) for name in self.place.texts(entry, value))
        if len(names) < at_least or not all(names):
            raise self.place.wrong_type(entry, list)
        twice = next((name for at, name in enumerate(names) if name in names[:at] or name == without), None)
        if twice is not None:
            raise self.place.fault(
                entry,
                message("“{name}” is named twice", name=twice),
                message("Name each once; the primary outcome is no further one."),
            )
        return names

    def names_from_before_the_draw(self, entry: str) -> tuple[str, ...]:
        """Different names, none of them of something that comes after the draw."""
        names = self.names(entry)
        after = set(schema()["participation"].columns) - set(_KEYS_OF_PARTICIPATION)
        late = next((name for name in names if name in after), None)
        if late is not None:
            raise self.place.fault(
                entry,
                message("“{name}” comes after the draw, and a place may change it", name=late),
                message("Name only what is known before the draw, such as age_band or entry."),
            )
        return names

    def moment(self, entry: str) -> datetime.datetime:
        """A time with its zone, whole seconds."""
        value = self._needed(entry)
        if not isinstance(value, datetime.datetime) or value.tzinfo is None:
            raise self.place.fault(
                entry,
                message(
                    "expected is a time with its time zone, without quotation marks, found is {found}",
                    found=shortened(str(value)),
                ),
                message("Write it as 2026-04-01T12:00:00+09:00."),
            )
        return value.replace(microsecond=0)

    def size(self, entry: str) -> float:
        """A positive number of standard deviations."""
        value = self._needed(entry)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.place.wrong_type(entry, float)
        if not (math.isfinite(value) and value > 0):
            raise self.place.fault(
                entry,
                message("expected is a number above 0, found is {found}", found=f"{value:g}"),
                message("Write the smallest effect worth having in standard deviations, such as 0.3."),
            )
        return float(value)

    def whole(self, entry: str, otherwise: int, *, most: int) -> int:
        """A whole number from 1 to ``most``."""
        value = self.given.get(entry, otherwise)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.place.wrong_type(entry, int)
        if not 1 <= value <= most:
            raise self.place.fault(
                entry,
                message("expected is a number from {low} to {high}", low=1, high=f"{most:,}"),
                message("Write it in that form, or remove the line."),
            )
        return value

    def _needed(self, entry: str) -> object:
        if entry not in self.given:
            raise self.place.fault(
                entry,
                message("{key} is missing", key=entry),
                message('Add a line {key} = "…".', key=entry),
            )
        return self.given[entry]


def _tidy(words: str) -> str:
    return unicodedata.normalize("NFC", words).strip()
