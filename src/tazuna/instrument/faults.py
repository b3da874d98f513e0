"""Faults of an instrument file (調査票の不備): where, what was found, what is expected, the cure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tazuna.errors import InstrumentError
from tazuna.instrument.parsing import Place
from tazuna.instrument.schema import LANGUAGE_PATTERN
from tazuna.language import Message, message

Form = TypeVar("Form", bound=BaseModel)
SHOWN = 10
_FOUND_LENGTH = 60


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One fault: its place from the top of the file, what is expected there, the cure, and what was found."""

    place: Place
    expected: Message
    cure: Message
    found: str | None = None


def as_error(
    file: str, faults: Sequence[SchemaFault], line_of: Callable[[Place], int | None]
) -> InstrumentError:
    """One error for all faults: the first `SHOWN`, each with its cure, and how many more there are."""
    said = [_sentence(file, fault, line_of(fault.place)) for fault in faults[:SHOWN]]
    if len(faults) == 1:
        return InstrumentError(said[0], faults[0].cure)
    cured = [
        message("{problem}. {cure}", problem=problem, cure=fault.cure)
        for problem, fault in zip(said, faults, strict=False)
    ]
    if len(faults) > SHOWN:
        cured.append(message("and more faults: {count}", count=len(faults) - SHOWN))
    return InstrumentError(reduce(_on_a_new_line, cured))


def schema_faults(data: object, form: type[Form]) -> tuple[Form | None, list[SchemaFault]]:
    """The form where ``data`` fits it, else None and a fault for each place that does not."""
    try:
        return form.model_validate(data), []
    except ValidationError as error:
        return None, [_fault(details) for details in error.errors(include_url=False)]


def _on_a_new_line(earlier: Message, following: Message) -> Message:
    return message("{earlier}\n{following}", earlier=earlier, following=following)


def _sentence(file: str, fault: SchemaFault, line: int | None) -> Message:
    where = _where(file, fault.place, line)
    if not fault.found:
        return message("{where}: {expected}", where=where, expected=fault.expected)
    return message("{where}: “{found}” — {expected}", where=where, found=fault.found, expected=fault.expected)


def _where(file: str, place: Place, line: int | None) -> Message | str:
    path = " › ".join(place)
    if line is None:
        return message("{file}, {place}", file=file, place=path) if path else file
    if not path:
        return message("{file} line {line}", file=file, line=line)
    return message("{file} line {line}, {place}", file=file, line=line, place=path)


def shortened(value: object) -> str:
    """What was found, short enough for a sentence."""
    text = " ".join(str(value).encode("utf-8", "replace").decode().split())
    return text if len(text) <= _FOUND_LENGTH else text[: _FOUND_LENGTH - 1] + "…"


def _fault(details: ErrorDetails) -> SchemaFault:
    steps = [step + 1 if isinstance(step, int) else step for step in details["loc"]]
    place = tuple(shortened(step) for step in steps if step != "[key]")
    expected, cure = _meaning(details)
    found = details["input"]
    show = details["type"] not in ("missing", "extra_forbidden") and isinstance(found, str | int | float)
    return SchemaFault(place, expected, cure, shortened(found) if show else None)


def _meaning(details: ErrorDetails) -> tuple[Message, Message]:
    """What pydantic's kind of error means to the author of a file."""
    kind = details["type"]
    limits = details.get("ctx", {})
    if kind == "missing":
        return message("is missing"), message(
            "Add it; the reference of the instrument file says what belongs there."
        )
    if kind == "extra_forbidden":
        return message("is not a name of this form"), message("Correct the spelling or take it out.")
    if kind == "literal_error":
        choices = limits["expected"].replace("'", "").replace(" or ", ", ")
        return message("expected is one of: {choices}", choices=choices), message("Choose one of these.")
    if kind == "string_pattern_mismatch" and limits["pattern"] == LANGUAGE_PATTERN:
        return (
            message("expected is a language tag such as ja, en or ja-x-easy"),
            message("Write the tag in lower case with hyphens."),
        )
    if kind == "string_pattern_mismatch":
        return (
            message("expected is a code: a letter, then letters, digits, _ or ."),
            message("Choose a code such as q1 or co1a1."),
        )
    if kind == "string_too_short":
        return message("is empty"), message("Fill it in.")
    if kind == "too_short":
        return message("expected are at least {count} entries", count=limits["min_length"]), message(
            "Fill it in."
        )
    if kind in ("string_too_long", "too_long"):
        return message("the limit is {limit}; this is longer", limit=limits["max_length"]), message(
            "Shorten it."
        )
    if kind.startswith(("greater", "less")):
        (limit,) = limits.values()
        return message("this number is out of range; the limit is {limit}", limit=f"{limit:g}"), message(
            "Correct the number."
        )
    if kind.startswith(("int", "float", "finite")):
        return message("expected is a number"), message("Write a number, without a unit.")
    if kind.startswith("bool"):
        return message("expected is true or false"), message("Write true or false.")
    if kind.startswith("string"):
        return message("expected is text"), message("Put the text in quotes.")
    if kind == "list_type":
        return message("expected is a list"), message("Begin each entry with a hyphen, or write [a, b].")
    return message("expected are names with values below it"), message(
        "Write name: value, indented, line by line."
    )
