"""The language of conditions (応募資格の書き方): from text to a tree, or to an error at a position.

``prefecture in ["長野県", "東京都"] and (age >= 20 or not is_manager)``. Nothing is ever executed: the
tree knows comparisons, ``in``, ``and``, ``or`` and ``not``, and that is all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from tazuna.intake.faults import shortened
from tazuna.language import Message, message
from tazuna.matching.condition_tokens import ConditionError, Token, fault_at, tokens_of

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Value = float | str | bool
COMPARISONS: tuple[Comparison, ...] = ("==", "!=", "<", "<=", ">", ">=")
MOST_CHARACTERS = 4_000
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the people."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Literals:
    """One value, or the values of a list."""

    values: tuple[Value, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Compare:
    """``column operator value``."""

    column: Column
    operator: Comparison
    value: Literals


@dataclass(frozen=True, slots=True)
class IsIn:
    """``column in [values]``."""

    column: Column
    values: Literals


@dataclass(frozen=True, slots=True)
class Holds:
    """``value in column``, for a column of lists such as skills."""

    value: Literals
    column: Column


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A column of yes and no by itself."""

    column: Column


@dataclass(frozen=True, slots=True)
class Negation:
    """``not part``."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """``part and part …``."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``part or part …``."""

    parts: tuple[Condition, ...]


Condition = Compare | IsIn | Holds | IsTrue | Negation | AllOf | AnyOf


_WORDS = ("and", "or", "not", "in", "true", "false")
_MIRRORED: dict[str, Comparison] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_HOW_TO_WRITE = message('A condition looks like this: prefecture == "長野県" and age >= 20')


def parse_condition(text: str, place: Message) -> Condition:
    """The tree of a condition.

    Parameters
    ----------
    text
        As somebody typed it.
    place
        Where it stands, e.g. the programme; opens the sentence of an error.

    Raises
    ------
    ConditionError
        The text is no condition; positions are counted in characters from 1.
    """
    if len(text) > MOST_CHARACTERS:
        raise ConditionError(
            message(
                "{place}: the condition has {count} characters; at most {most} are read.",
                place=place,
                count=len(text),
                most=MOST_CHARACTERS,
            ),
            message("Shorten it, for example with a column of your own that says who qualifies."),
        )
    return _Parser(tokens_of(text, place), text, place).whole()


class _Parser:
    """Recursive descent: or, and, not, then a comparison or a pair of brackets."""

    def __init__(self, tokens: list[Token], text: str, place: Message) -> None:
        self.tokens, self.text, self.place = tokens, text, place
        self.next = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def whole(self) -> Condition:
        condition = self.any_of()
        if self.token.kind != "end":
            raise self.fault(message("and, or, or the end of the condition"))
        return condition

    def any_of(self) -> Condition:
        parts = [self.all_of()]
        while self.taken("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self) -> Condition:
        parts = [self.one()]
        while self.taken("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def one(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault(
                message("at most {deepest} brackets and nots inside each other", deepest=DEEPEST)
            )
        if self.taken("not"):
            condition: Condition = Negation(self.one())
        elif self.taken("("):
            condition = self.any_of()
            if not self.taken(")"):
                raise self.fault(message("a closing bracket “)”"))
        else:
            condition = self.comparison()
        self.depth -= 1
        return condition

    def comparison(self) -> Condition:
        if self.token.kind == "name" and not self.word(*_WORDS):
            return self.of_column(self.column())
        return self.of_value(self.value())

    def of_column(self, column: Column) -> Condition:
        if self.token.word in COMPARISONS and self.token.kind == "sign":
            operator = cast("Comparison", self.advance().word)
            condition: Condition = Compare(column, operator, self.value())
        elif self.taken("in"):
            return IsIn(column, self.values())
        elif self.word("not"):
            self.advance()
            if not self.taken("in"):
                raise self.fault(message("in, after not"))
            return Negation(IsIn(column, self.values()))
        else:
            if self.token.word == "=":
                raise self.fault(message("two equals signs =="))
            return IsTrue(column)
        if self.token.word in COMPARISONS and self.token.kind == "sign":
            raise self.fault(message("and, between two comparisons"))
        return condition

    def of_value(self, value: Literals) -> Condition:
        if self.taken("in"):
            return Holds(value, self.column())
        if self.word("not"):
            self.advance()
            if not self.taken("in"):
                raise self.fault(message("in, after not"))
            return Negation(Holds(value, self.column()))
        if self.token.word in COMPARISONS and self.token.kind == "sign":
            operator = _MIRRORED[self.advance().word]
            condition = Compare(self.column(), operator, value)
            if self.token.word in COMPARISONS and self.token.kind == "sign":
                raise self.fault(message("and, between two comparisons"))
            return condition
        raise self.fault(message("a comparison (==, !=, <, <=, >, >=) or in"))

    def column(self) -> Column:
        if self.token.kind != "name" or self.word(*_WORDS):
            raise self.fault(message("the name of a column"))
        token = self.advance()
        return Column(token.word, token.position)

    def values(self) -> Literals:
        position = self.token.position
        if not self.taken("["):
            raise self.fault(message('a list such as ["長野県", "東京都"]'))
        values = list(self.value().values)
        while self.taken(","):
            values += self.value().values
        if not self.taken("]"):
            raise self.fault(message("a comma, or the closing bracket “]”"))
        return Literals(tuple(values), position)

    def value(self) -> Literals:
        token = self.token
        if token.kind == "text":
            found: Value = token.word
        elif token.kind == "number":
            if token.word.count(".") > 1:
                raise self.fault(message("a number"))
            found = float(token.word)
        elif self.word("true", "false"):
            found = token.word.lower() == "true"
        else:
            raise self.fault(message("a number, a text in quotation marks, true or false"))
        self.advance()
        return Literals((found,), token.position)

    def word(self, *words: str) -> bool:
        return self.token.kind == "name" and self.token.word.lower() in words

    def taken(self, word: str) -> bool:
        """Whether the next token is this keyword or sign; then it is passed over."""
        found = self.word(word) or (self.token.kind == "sign" and self.token.word == word)
        self.next += found
        return found

    def advance(self) -> Token:
        token = self.token
        self.next += 1
        return token

    def fault(self, expected: Message) -> ConditionError:
        at = self.token.position
        if self.token.kind == "end":
            return ConditionError(
                message(
                    "{place}: the condition “{text}” ends where {expected} is expected.",
                    place=self.place,
                    text=shortened(self.text),
                    expected=expected,
                ),
                _HOW_TO_WRITE,
            )
        return fault_at(self.place, at, self.text[at - 1 :], expected, _HOW_TO_WRITE)
