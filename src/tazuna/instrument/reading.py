"""Instrument files in: YAML or JSON, every fault named with its place, what is expected and the cure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tazuna.errors import InstrumentError
from tazuna.instrument.assembling import assemble
from tazuna.instrument.consistency import consistency_faults
from tazuna.instrument.faults import SchemaFault, as_error, schema_faults
from tazuna.instrument.model import Instrument
from tazuna.instrument.parsing import MalformedTextError, Parsed, parse_json, parse_yaml
from tazuna.instrument.schema import InstrumentForm
from tazuna.language import message

MAX_BYTES = 5_000_000


def read_instrument(path: Path | str) -> Instrument:
    """The instrument (調査票) in a ``.yaml``, ``.yml`` or ``.json`` file.

    Parameters
    ----------
    path
        The file: UTF-8, at most `MAX_BYTES`, in the form ``tazuna/instrument/1``.

    Raises
    ------
    InstrumentError
        Where the file cannot be read or breaks the form; names file, line, place, expectation and cure.
    """
    path = Path(path)
    text = _text(path)
    try:
        parsed = parse_json(text) if path.suffix.lower() == ".json" else parse_yaml(text)
    except MalformedTextError as error:
        cure = message("Mend this place and read the file again.")
        line = error.line
        fault = SchemaFault(error.place, error.expected, cure)
        raise as_error(path.name, [fault], lambda _: line) from error
    return _instrument(parsed.data, path.name, parsed)


def instrument_from_mapping(data: Mapping[str, object], name: str = "instrument") -> Instrument:
    """The instrument in plain data of the same form as a file; ``name`` stands for the file in errors.

    Raises
    ------
    InstrumentError
        As `read_instrument`, without lines.
    """
    return _instrument(data, name, Parsed(data, {}))


def _instrument(data: object, name: str, parsed: Parsed) -> Instrument:
    form, faults = schema_faults(data, InstrumentForm)
    if form is not None:
        faults = consistency_faults(form)
    if form is None or faults:
        raise as_error(name, faults, parsed.line_of)
    return assemble(form)


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InstrumentError(
                message(
                    "{file} is {size} MB; an instrument file has at most {limit} MB",
                    file=path.name,
                    size=round(size / 1e6, 1),
                    limit=round(MAX_BYTES / 1e6),
                ),
                message("Check whether this is the right file."),
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InstrumentError(
            message("{file} cannot be opened: {reason}", file=path.name, reason=error.strerror or str(error)),
            message("Check the path and whether the file may be read."),
        ) from error
    except UnicodeDecodeError as error:
        raise InstrumentError(
            message("{file} is not UTF-8 text", file=path.name),
            message("Save the file again with the encoding UTF-8."),
        ) from error
