"""YAML or JSON text to plain data, safely: no tags, aliases or duplicate names, nothing huge or deep.

Every YAML scalar stays the text that was written, so that ``No``, ``1.0`` or ``2024-04-01`` mean what their
author sees; the schema turns text into numbers where it expects numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tazuna.language import Message, message

Place = tuple[str, ...]
MAX_DEPTH = 12
MAX_PLACES = 100_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class MalformedTextError(Exception):
    """The text is not acceptable YAML; the reader adds the file's name and raises `InstrumentError`."""

    def __init__(self, line: int | None, expected: Message, place: Place = ()) -> None:
        super().__init__(expected.text("en"))
        self.line = line
        self.expected = expected
        self.place = place


@dataclass(frozen=True, slots=True)
class Parsed:
    """Plain data (dict, list, str) and the line on which each place begins (first line = 1)."""

    data: object
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int | None:
        """The line of ``place``, or of the nearest place around it that is in the file."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@dataclass(slots=True)
class _Reader:
    events: Iterator[yaml.Event]
    lines: dict[Place, int] = field(default_factory=dict)

    def value(self, event: yaml.Event, place: Place) -> object:
        line = _line(event)
        self.lines.setdefault(place, line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise MalformedTextError(
                line, message("aliases (&, *) are not accepted; write the text out"), place
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise MalformedTextError(line, message("tags (!) are not accepted; write plain text"), place)
        if len(place) > MAX_DEPTH:
            raise MalformedTextError(line, message("the nesting is deeper than any instrument needs"))
        if len(self.lines) > MAX_PLACES:
            raise MalformedTextError(line, message("the file has more entries than any instrument needs"))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(place)
        assert isinstance(event, yaml.ScalarEvent)
        return event.value

    def mapping(self, place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise MalformedTextError(line, message("a name is expected before the colon"), place)
            inner = (*place, event.value)
            if event.value in found:
                raise MalformedTextError(line, message("this name stands twice; each may stand once"), inner)
            self.lines[inner] = line
            found[event.value] = self.value(next(self.events), inner)
        return found

    def sequence(self, place: Place) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.value(event, (*place, str(len(found) + 1))))
        return found


def parse_yaml(text: str) -> Parsed:
    """The one document in ``text``.

    Parameters
    ----------
    text
        YAML without tags, anchors and aliases, at most `MAX_DEPTH` deep.

    Returns
    -------
    Parsed
        Mappings as dict, sequences as list, every scalar as str. List entries are counted from 1 in places.

    Raises
    ------
    MalformedTextError
        With the line, where the text is no YAML or uses what is not accepted.
    """
    events = yaml.parse(text, Loader=_LOADER)
    reader = _Reader(iter(events))
    content = (e for e in reader.events if not isinstance(e, yaml.StreamStartEvent | yaml.DocumentStartEvent))
    try:
        first = next(content)
        if isinstance(first, yaml.StreamEndEvent):
            raise MalformedTextError(None, message("the file is empty"))
        data = reader.value(first, ())
        next(content)
        if not isinstance(next(content), yaml.StreamEndEvent):
            raise MalformedTextError(None, message("one document a file is expected"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise MalformedTextError(
            line, message("not readable as YAML; check indentation and quotes")
        ) from error
    except yaml.YAMLError as error:
        raise MalformedTextError(
            None, message("not readable as YAML; check indentation and quotes")
        ) from error
    return Parsed(data, reader.lines)


def parse_json(text: str) -> Parsed:
    """The value in ``text``, without lines.

    Raises
    ------
    MalformedTextError
        Where the text is no JSON, has a name twice, or is larger or deeper than an instrument needs.
    """
    try:
        data = json.loads(text, object_pairs_hook=_without_twins)
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise MalformedTextError(line, message("not readable as JSON; check commas and quotes")) from error
    except RecursionError as error:
        raise MalformedTextError(None, message("the nesting is deeper than any instrument needs")) from error
    _refuse_huge(data)
    return Parsed(data, {})


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise MalformedTextError(None, message("this name stands twice; each may stand once"), (name,))
        found[name] = value
    return found


def _refuse_huge(data: object) -> None:
    level: list[object] = [data]
    places = 0
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        places += len(level)
        if places > MAX_PLACES:
            raise MalformedTextError(None, message("the file has more entries than any instrument needs"))
    if level:
        raise MalformedTextError(None, message("the nesting is deeper than any instrument needs"))
