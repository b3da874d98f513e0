"""The tables of a study as data (表の定義): columns, types, codes, keys, joins; from ``data/tables.yaml``."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from tazuna.language import Language

ColumnType = Literal[
    "id", "text", "code", "wave", "date", "moment", "number", "whole", "yes_no", "list", "birth", "ordered"
]
OtherColumns = Literal["attributes", "questions", "company_questions", "numbers"]
Words = Mapping[Language, str]

_TABLES_FILE = Path(__file__).parent / "data" / "tables.yaml"


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a coded column, its label by language and the other words that companies use for it."""

    value: str
    label: Words
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """The value must be in ``table``.``column``, except in rows where ``unless`` = (column, value) holds."""

    table: str
    column: str
    unless: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    required
        The column and a value in each row must be there (● in the table contract).
    must_be_there
        The column must be there; its cells may be empty.
    codes
        The allowed values of a ``code`` column; of a ``text`` column only words that `init` recognises.
    low, high
        Bounds of a number, both included.
    identifying
        Read, checked for nothing, and dropped.
    also
        Names under which companies export the column.
    """

    name: str
    type: ColumnType
    label: Words
    required: bool = False
    must_be_there: bool = False
    codes: tuple[Code, ...] = ()
    low: float | None = None
    high: float | None = None
    join: Join | None = None
    identifying: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``key`` counts the columns that a file has; ``other_columns`` says what unknown ones are."""

    name: str
    label: Words
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    other_columns: OtherColumns = "attributes"
    also: tuple[str, ...] = field(default=())


def normalised(name: str) -> str:
    """A header, code or file name as it is compared: NFKC, without spaces, lower case.

    Examples
    --------
    >>> normalised("社員　ＮＯ．")
    '社員no.'
    """
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


@cache
def schema() -> Mapping[str, Table]:
    """All tables by name, in the order in which they are checked (a table after those that it joins)."""
    with _TABLES_FILE.open("rb") as file:
        document = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return {name: _table(name, body) for name, body in document["tables"].items()}


def _table(name: str, body: Mapping[str, Any]) -> Table:
    return Table(
        name=name,
        label={"ja": body["ja"], "en": body["en"]},
        key=tuple(body["key"]),
        columns={column: _column(column, facts) for column, facts in body["columns"].items()},
        other_columns=body.get("other_columns", "attributes"),
        also=tuple(body.get("also", ())),
    )


def _column(name: str, facts: Mapping[str, Any]) -> Column:
    join = None
    if "to" in facts:
        table, column = facts["to"].split(".")
        unless = next(iter(facts.get("unless", {}).items()), None)
        join = Join(table, column, unless)
    return Column(
        name=name,
        type=facts["type"],
        label={"ja": facts["ja"], "en": facts["en"]},
        required=facts.get("required", False),
        must_be_there=facts.get("must_be_there", False),
        codes=tuple(
            Code(code, {"ja": words["ja"], "en": words["en"]}, tuple(words.get("also", ())))
            for code, words in facts.get("codes", {}).items()
        ),
        low=facts.get("low"),
        high=facts.get("high"),
        join=join,
        identifying=facts.get("identifying", False),
        also=tuple(facts.get("also", ())),
    )
