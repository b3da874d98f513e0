"""The XML of LimeSurvey: sections of rows of fields; a document that declares anything is refused."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from tazuna.errors import UnreadableSourceError
from tazuna.language import message

Rows = list[dict[str, str]]
_DEPTH_OF_SECTION, _DEPTH_OF_ROW, _DEPTH_OF_FIELD = 2, 4, 5


class _DeclaresError(Exception):
    """The document has a document type or entity declaration."""


class _Reader:
    """Collects ``document/SECTION/rows/row/FIELD``; deeper or other elements are passed over."""

    def __init__(self) -> None:
        self.sections: dict[str, Rows] = {}
        self.path: list[str] = []
        self.text: list[str] = []

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self.path.append(name)
        if len(self.path) == _DEPTH_OF_SECTION:
            self.sections.setdefault(name, [])
        if len(self.path) == _DEPTH_OF_ROW and self.path[2:] == ["rows", "row"]:
            self.sections[self.path[1]].append({})
        if len(self.path) == _DEPTH_OF_FIELD:
            self.text = []

    def end(self, name: str) -> None:
        if len(self.path) == _DEPTH_OF_FIELD and self.path[2:4] == ["rows", "row"]:
            self.sections[self.path[1]][-1][name] = "".join(self.text)
        self.path.pop()

    def words(self, text: str) -> None:
        self.text.append(text)


def read_sections(data: bytes, source: str) -> dict[str, Rows]:
    """Section → its rows, each field → text; a field that is absent in a row is absent here.

    Raises
    ------
    UnreadableSourceError
        Not XML, cut off, or with a document type declaration (which can hide entities).
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except _DeclaresError as error:
        raise UnreadableSourceError(
            message("{source} is not opened: it declares a document type or entities", source=source),
            message("Export the archive again from LimeSurvey"),
        ) from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableSourceError(
            message(
                "{source} line {line}: not the XML that LimeSurvey writes",
                source=source,
                line=parser.ErrorLineNumber,
            ),
            message("Export the archive again from LimeSurvey"),
        ) from error
    return reader.sections


def _refuse(*_declared: object) -> None:
    raise _DeclaresError
