"""The model language of R's lavaan (lavaan記法), as far as measurement needs it.

``f =~ x1 + 2*x2 + a*x3`` a factor and its indicators, ``f ~~ g`` a covariance, ``f ~~ 0*g`` none, ``g ~ f`` a
regression, ``x1 ~ 1`` an intercept. In front of a name stand a number (fixed), ``NA`` (free), a label (equal
labels: equal values) or ``c(...)`` with one of them a group. ``#`` and ``!`` begin a comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from tazuna.errors import TazunaError
from tazuna.language import message

Operator = Literal["=~", "~~", "~", "~1"]
Modifier = float | str | None
"""A fixed value, a label, ``""`` for explicitly free, or None where nothing was said."""

_NAME = r"[^\W\d][\w.]*"
_STATEMENT = re.compile(rf"^({_NAME}(?:\s*\+\s*{_NAME})*)\s*(=~|~~|~)\s*(.+)$")
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_INTERCEPT = "1"


class ModelSyntaxError(TazunaError):
    """A line of a model that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Term:
    """One relation: ``left operator right``, and what stands in front of the right side, one a group.

    ``modifiers`` has one entry where the same holds for every group.
    """

    left: str
    operator: Operator
    right: str
    modifiers: tuple[Modifier, ...]


def parse_terms(text: str) -> tuple[Term, ...]:
    """Read a model.

    Raises
    ------
    ModelSyntaxError
        Naming the line and what is expected.

    Examples
    --------
    >>> [(term.left, term.right) for term in parse_terms("f =~ x1 + x2")]
    [('f', 'x1'), ('f', 'x2')]
    """
    found = []
    for number, statement in _statements(text):
        matched = _STATEMENT.match(statement)
        if matched is None:
            raise _fault(number, statement)
        lefts, operator, rights = matched.groups()
        for left in lefts.split("+"):
            found += [
                _term(left.strip(), operator, right.strip(), number, statement) for right in _split(rights)
            ]
    return tuple(found)


def _statements(text: str) -> list[tuple[int, str]]:
    """Statements with the line on which they begin; a line that ends in an operator or + goes on."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        for part in re.split(r"[#!]", line)[0].split(";"):
            words = part.strip()
            if not words:
                continue
            goes_on = found and (found[-1][1].endswith(("+", "~", "*")) or words.startswith(("+", "=~", "~")))
            if goes_on:
                found[-1] = (found[-1][0], f"{found[-1][1]} {words}")
            else:
                found.append((number, words))
    return found


def _split(rights: str) -> list[str]:
    """At every + outside parentheses that does not belong to a number."""
    depth, parts = 0, [""]
    for letter in rights:
        depth += (letter == "(") - (letter == ")")
        if letter == "+" and depth == 0 and parts[-1].strip():
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _term(left: str, operator: str, right: str, number: int, statement: str) -> Term:
    *before, name = (part.strip() for part in right.split("*"))
    if operator == "~" and name == _INTERCEPT:
        operator, name = "~1", ""
    elif not re.fullmatch(_NAME, name):
        raise _fault(number, statement)
    if len(before) > 1:
        raise _fault(number, statement)
    modifiers: tuple[Modifier, ...] = (None,)
    if before:
        inside = re.fullmatch(r"c\((.*)\)", before[0])
        words = [word.strip() for word in inside[1].split(",")] if inside else [before[0]]
        modifiers = tuple(_modifier(word, number, statement) for word in words)
    return Term(left, cast("Operator", operator), name, modifiers)


def _modifier(word: str, number: int, statement: str) -> Modifier:
    if _NUMBER.match(word):
        return float(word)
    if word == "NA":
        return ""
    if re.fullmatch(_NAME, word):
        return word
    raise _fault(number, statement)


def _fault(number: int, statement: str) -> ModelSyntaxError:
    return ModelSyntaxError(
        message("Model, line {line}: “{statement}” cannot be understood.", line=number, statement=statement),
        message("Write lines such as: autonomy =~ q1 + q2 + q3"),
    )
