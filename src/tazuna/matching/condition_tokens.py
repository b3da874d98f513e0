"""Words, numbers, texts and signs of a condition; full-width forms mean what half-width forms mean."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from tazuna.errors import StudyError
from tazuna.intake.faults import shortened
from tazuna.language import Message, message


class ConditionError(StudyError):
    """A condition on people cannot be understood; says where, what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``position`` counts the characters of the text as typed, from 1."""

    kind: Literal["number", "text", "name", "sign", "end"]
    word: str
    position: int


_PAIRED_SIGNS = {"==", "!=", "<=", ">="}
_SIGNS = {"≥": ">=", "≧": ">=", "≤": "<=", "≦": "<=", "≠": "!=", "、": ","}
_QUOTES = {'"': '"', "'": "'", "“": "”„“", "”": "”“", "‘": "’‘", "’": "’‘", "「": "」"}


def fault_at(place: Message, position: int, found: str, expected: Message, cure: Message) -> ConditionError:
    """The error that names place, position, what was found, what is expected, and the cure."""
    problem = message(
        "{place}, character {position}: found is “{found}”, expected is {expected}.",
        place=place,
        position=position,
        found=shortened(found),
        expected=expected,
    )
    return ConditionError(problem, cure)


def tokens_of(text: str, place: Message) -> list[Token]:
    """The tokens; positions are those of the text as typed, though signs and digits are made narrow."""
    narrow = [unicodedata.normalize("NFKC", character) for character in text]
    letters = [(letter, at) for at, letters in enumerate(narrow, start=1) for letter in letters]
    tokens: list[Token] = []
    here = 0
    while here < len(letters):
        letter, at = letters[here]
        if letter.isspace():
            here += 1
            continue
        following = letters[here + 1][0] if here + 1 < len(letters) else ""
        if letter in _QUOTES:
            length = _quoted_length(letters[here:])
            if length is None:
                raise fault_at(
                    place,
                    at,
                    text[at - 1 :],
                    message("a closing quotation mark"),
                    message("Close the text with the quotation mark that opens it."),
                )
            said = "".join(part for part, _ in letters[here + 1 : here + length - 1])
            tokens.append(Token("text", unicodedata.normalize("NFKC", said), at))
        elif letter.isdecimal() or (letter in "-." and following.isdecimal()):
            length = _number_length(letters[here:])
            tokens.append(Token("number", "".join(part for part, _ in letters[here : here + length]), at))
        elif letter.isalpha() or letter == "_":
            length = _name_length(letters[here:])
            said = "".join(part for part, _ in letters[here : here + length])
            tokens.append(Token("name", unicodedata.normalize("NFKC", said), at))
        else:
            sign = letter + following if letter + following in _PAIRED_SIGNS else _SIGNS.get(letter, letter)
            length = 2 if letter + following in _PAIRED_SIGNS else 1
            tokens.append(Token("sign", sign, at))
        here += length
    return [*tokens, Token("end", "", len(text) + 1)]


def _quoted_length(letters: list[tuple[str, int]]) -> int | None:
    closing = _QUOTES[letters[0][0]]
    return next((n + 1 for n, (letter, _) in enumerate(letters) if n and letter in closing), None)


def _number_length(letters: list[tuple[str, int]]) -> int:
    return next(
        (n for n, (letter, _) in enumerate(letters) if n and not (letter.isdecimal() or letter == ".")),
        len(letters),
    )


def _name_length(letters: list[tuple[str, int]]) -> int:
    return next(
        (n for n, (letter, _) in enumerate(letters) if not (letter.isalnum() or letter in "_・")),
        len(letters),
    )
