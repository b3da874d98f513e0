"""Where in ``study.toml`` a setting stands, and what a wrong one is answered with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tazuna.errors import StudyError
from tazuna.language import Message, message

_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([^.\s"']+)""")
_TYPE_WORDS: Mapping[type, Message] = {
    str: message("text in quotation marks"),
    int: message("a whole number"),
    float: message("a number"),
    list: message('a list of texts, such as ["a", "b"]'),
    dict: message("a section of its own with name = value lines"),
}


@dataclass(frozen=True, slots=True)
class SettingPlace:
    """The text of a ``study.toml``, so that a fault in a setting can name its line."""

    source: str
    text: str

    def fault(self, key: str, expected: Message, cure: Message) -> StudyError:
        """An error at ``key``, whose parts are separated by dots."""
        line = self._line(key)
        if line is None:
            problem = message("{source}, {key}: {expected}.", source=self.source, key=key, expected=expected)
        else:
            problem = message(
                "{source} line {line}, {key}: {expected}.",
                source=self.source,
                line=line,
                key=key,
                expected=expected,
            )
        return StudyError(problem, cure)

    def _line(self, key: str) -> int | None:
        """The line of ``key`` under its section, else the first that is named like its last part."""
        last = key.split(".")[-1]
        pattern = re.compile(rf"^\s*(\[.*\b)?[\"']?{re.escape(last)}[\"']?\s*(=|\]|\.)")
        header, alike = "", None
        for number, line in enumerate(self.text.splitlines(), start=1):
            section, named = _HEADER.match(line), _KEY.match(line)
            if section:
                header = _dotted(section[1])
            here = header if section else f"{header}.{_dotted(named[1])}".lstrip(".") if named else None
            if here == key:
                return number
            if alike is None and pattern.match(line):
                alike = number
        return alike

    def wrong_type(self, key: str, wanted: type) -> StudyError:
        """``key`` is not of the type ``wanted``."""
        return self.fault(
            key,
            message("expected is {wanted}", wanted=_TYPE_WORDS[wanted]),
            message("Write it in that form, or remove the line."),
        )

    def texts(self, key: str, value: object) -> list[str]:
        """The texts in a list."""
        if not isinstance(value, list) or not all(isinstance(v, str | int) for v in value):
            raise self.wrong_type(key, list)
        return [str(v) for v in value]

    def mapping(self, key: str, value: object) -> Mapping[str, object]:
        """A section."""
        if not isinstance(value, dict):
            raise self.wrong_type(key, dict)
        return value

    def words(self, key: str, value: object) -> Mapping[str, str]:
        """A section whose values are words."""
        found = self.mapping(key, value)
        for name, word in found.items():
            if not isinstance(word, str | int | bool):
                raise self.wrong_type(f"{key}.{name}", str)
        return {name: _word(word) for name, word in found.items()}

    def one_of(self, key: str, value: object, allowed: Sequence[str]) -> str:
        """One of the words ``allowed``."""
        if value not in allowed:
            expected = message("expected is one of {allowed}", allowed=", ".join(allowed))
            raise self.fault(key, expected, message("Write it in that form, or remove the line."))
        return str(value)

    def unknown(self, key: str, allowed: Sequence[str]) -> StudyError:
        """``key`` is none of the names ``allowed``."""
        return self.fault(
            key,
            message("this name is not known here; known are {allowed}", allowed=", ".join(allowed)),
            message("Correct the spelling, or remove it."),
        )


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dotted(name: str) -> str:
    return ".".join(next(part for part in found if part) for found in _PART.findall(name) if any(found))
