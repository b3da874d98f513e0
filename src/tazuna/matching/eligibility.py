"""Who meets a condition (応募資格): conditions over the columns of people, where unknown is not eligible.

Logic is three-valued (Kleene 1952): unknown *and* false is false, unknown *or* true is true, *not* unknown
is unknown. At the end only what is known to be true counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from tazuna.intake.faults import listed
from tazuna.intake.schema import normalised, schema
from tazuna.intake.words import nearest_words
from tazuna.language import Message, message
from tazuna.matching.condition import (
    AllOf,
    AnyOf,
    Column,
    Compare,
    Comparison,
    Condition,
    Holds,
    IsIn,
    IsTrue,
    Literals,
    Negation,
    Value,
    parse_condition,
)
from tazuna.matching.condition_tokens import ConditionError, fault_at

Kind = Literal["number", "yes_no", "date", "list", "ordered", "code", "text", "number_text", "yes_no_text"]
"""What a column holds; the last two are attributes, read as text, whose cells are all numbers or yes/no."""
_KIND_WORDS: Mapping[Kind, Message] = {
    "number": message("a number without quotation marks"),
    "yes_no": message("true or false"),
    "date": message('a date such as "2026-04-01"'),
    "list": message('"value" in the column'),
    "ordered": message("one of the values of its order"),
    "code": message("one of the values of the column"),
    "text": message("a text in quotation marks"),
    "number_text": message("a number without quotation marks"),
    "yes_no_text": message("true or false"),
}
_TEXTS = ("text", "code", "ordered", "number_text", "yes_no_text")
_YES_NO = ("true", "false")


@dataclass(frozen=True, slots=True)
class PeopleColumns:
    """The columns that conditions may name.

    Parameters
    ----------
    kinds
        Column → what it holds.
    orders
        Ordered text columns, lowest first.
    """

    kinds: Mapping[str, Kind]
    orders: Mapping[str, tuple[str, ...]]

    def condition(self, text: str, place: Message) -> pl.Expr:
        """A Boolean expression over the people; null = unknown.

        Parameters
        ----------
        text
            The condition as typed.
        place
            Where it stands; opens the sentence of an error.

        Raises
        ------
        ConditionError
            The text is no condition, names no column of the people, or compares what cannot be compared.
        """
        return _Reading(self, text, place).expression(parse_condition(text, place))


def people_columns(people: pl.DataFrame, orders: Mapping[str, tuple[str, ...]]) -> PeopleColumns:
    """What the columns of ``people`` hold; attributes by what stands in their cells."""
    return PeopleColumns({name: _kind(people[name], orders) for name in people.columns}, orders)


def eligible(
    people: pl.DataFrame, text: str, place: Message, orders: Mapping[str, tuple[str, ...]]
) -> pl.Series:
    """Who is known to meet the condition: Boolean without nulls, one a row of ``people``.

    Examples
    --------
    >>> people = pl.DataFrame({"age": [19, 20, None]})
    >>> eligible(people, "age >= 20", message("an example"), {}).to_list()
    [False, True, False]
    """
    known = people_columns(people, orders).condition(text, place).fill_null(value=False)
    return people.select(known.alias("eligible")).to_series()


def _kind(column: pl.Series, orders: Mapping[str, tuple[str, ...]]) -> Kind:
    if column.dtype.is_numeric():
        return "number"
    if column.dtype == pl.Boolean:
        return "yes_no"
    if column.dtype.is_temporal():
        return "date"
    if column.dtype == pl.List:
        return "list"
    if column.name in orders:
        return "ordered"
    contract = schema()["people"].columns.get(column.name)
    if contract is not None:
        return "code" if contract.codes else "text"
    cells = column.drop_nulls().cast(pl.String).str.normalize("NFKC").str.strip_chars()
    if cells.len() and cells.cast(pl.Float64, strict=False).is_not_null().all():
        return "number_text"
    return "yes_no_text" if cells.len() and cells.str.to_lowercase().is_in(_YES_NO).all() else "text"


@dataclass(frozen=True, slots=True)
class _Reading:
    """One condition on the way from its tree to an expression."""

    columns: PeopleColumns
    text: str
    place: Message

    def expression(self, condition: Condition) -> pl.Expr:
        match condition:
            case AllOf(parts):
                return pl.all_horizontal(*(self.expression(part) for part in parts))
            case AnyOf(parts):
                return pl.any_horizontal(*(self.expression(part) for part in parts))
            case Negation(part):
                return ~self.expression(part)
            case IsTrue(column):
                self.expect(column, ("yes_no", "yes_no_text"), column.position)
                return _yes_no(column, self.kind(column))
            case Holds(value, column):
                return self.holds(value, column)
            case IsIn(column, values):
                found, wanted = self.comparable(column, values, "==")
                return found.is_in(pl.lit(pl.Series(wanted)).implode())
            case Compare(column, operator, value):
                found, wanted = self.comparable(column, value, operator)
                return _compared(found, operator, wanted[0])

    def kind(self, column: Column) -> Kind:
        kind = self.columns.kinds.get(column.name)
        if kind is not None:
            return kind
        known = list(self.columns.kinds)
        nearest = nearest_words(pl.Series([column.name]), known).get(column.name)
        cure = message("The columns of people are {columns}.", columns=listed(known))
        if nearest is not None:
            cure = message("Did you mean {nearest}?", nearest=nearest)
        raise fault_at(
            self.place, column.position, column.name, message("the name of a column of people"), cure
        )

    def holds(self, value: Literals, column: Column) -> pl.Expr:
        kind = self.kind(column)
        if kind not in ("list", "text") or (kind == "text" and column.name in schema()["people"].columns):
            raise self.mismatch(column.position, column.name, message("a column of lists, such as skills"))
        words = self.texts(column, value)
        cells = pl.col(column.name)
        parts = cells.str.split(";") if kind == "text" else cells
        return parts.list.eval(_narrow(pl.element())).list.contains(words[0])

    def comparable(
        self, column: Column, value: Literals, operator: Comparison
    ) -> tuple[pl.Expr, Sequence[Value | date]]:
        """The column and the values, both in a form that compares by ``operator``."""
        kind = self.kind(column)
        if kind == "list":
            raise self.mismatch(column.position, column.name, message('"value" in {name}', name=column.name))
        if kind == "ordered":
            return self.ranked(column, value)
        if kind == "date":
            return pl.col(column.name).cast(pl.Date), self.dates(column, value)
        if kind == "number" or (kind == "number_text" and all(type(v) is float for v in value.values)):
            self.expect_type(column, value, float)
            number = pl.col(column.name) if kind == "number" else _narrow(pl.col(column.name))
            return number.cast(pl.Float64, strict=False), value.values
        if operator not in ("==", "!="):
            raise self.mismatch(
                column.position,
                f"{column.name} {operator}",
                message("== or != or in, since {name} has no order", name=column.name),
                message("Give the column an order in study.toml under [orders], or compare with == or in."),
            )
        if kind == "yes_no" or (kind == "yes_no_text" and all(type(v) is bool for v in value.values)):
            self.expect_type(column, value, bool)
            return _yes_no(column, kind), value.values
        return _narrow(pl.col(column.name)), self.texts(column, value)

    def ranked(self, column: Column, value: Literals) -> tuple[pl.Expr, Sequence[Value]]:
        ranks = {normalised(word): rank for rank, word in enumerate(self.columns.orders[column.name])}
        words = self.texts(column, value)
        self.expect_among(column, words, self.columns.orders[column.name], value.position)
        by_word = {word: ranks[normalised(word)] for word in self.columns.orders[column.name]}
        rank = (
            pl.col(column.name).cast(pl.String).replace_strict(by_word, default=None, return_dtype=pl.Int64)
        )
        return rank, [ranks[normalised(word)] for word in words]

    def texts(self, column: Column, value: Literals) -> list[str]:
        self.expect_type(column, value, str)
        words = [str(word).strip() for word in value.values]
        codes = schema()["people"].columns[column.name].codes if self.kind(column) == "code" else ()
        if codes:
            self.expect_among(column, words, [code.value for code in codes], value.position)
        return words

    def dates(self, column: Column, value: Literals) -> list[date]:
        self.expect_type(column, value, str)
        try:
            return [date.fromisoformat(str(word)) for word in value.values]
        except ValueError:
            raise self.mismatch(value.position, self.rest(value.position), _KIND_WORDS["date"]) from None

    def expect(self, column: Column, kinds: Sequence[Kind], position: int) -> None:
        if self.kind(column) not in kinds:
            raise self.mismatch(
                position,
                column.name,
                message("a comparison, since {name} is no yes-or-no column", name=column.name),
            )

    def expect_type(self, column: Column, value: Literals, wanted: type) -> None:
        if any(type(found) is not wanted for found in value.values):
            kind = self.kind(column)
            words = _KIND_WORDS["text" if wanted is str and kind != "date" else kind]
            raise self.mismatch(value.position, self.rest(value.position), words)

    def expect_among(self, column: Column, words: Sequence[str], allowed: Sequence[str], at: int) -> None:
        known = {normalised(word) for word in allowed}
        odd = next((word for word in words if normalised(word) not in known), None)
        if odd is not None:
            expected = message("one of {allowed}", allowed=", ".join(allowed))
            cure = message("{name} has no other value; correct the spelling.", name=column.name)
            raise self.mismatch(at, odd, expected, cure)

    def rest(self, position: int) -> str:
        return self.text[position - 1 :]

    def mismatch(
        self, position: int, found: str, expected: Message, cure: Message | None = None
    ) -> ConditionError:
        return fault_at(
            self.place, position, found, expected, cure or message("Correct the condition in that place.")
        )


def _narrow(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.String).str.normalize("NFKC").str.strip_chars()


def _yes_no(column: Column, kind: Kind) -> pl.Expr:
    cells = pl.col(column.name)
    return cells if kind == "yes_no" else _narrow(cells).str.to_lowercase() == "true"


def _compared(found: pl.Expr, operator: Comparison, wanted: Value | date) -> pl.Expr:
    match operator:
        case "==":
            return found == wanted
        case "!=":
            return found != wanted
        case "<":
            return found < wanted
        case "<=":
            return found <= wanted
        case ">":
            return found > wanted
        case ">=":
            return found >= wanted
