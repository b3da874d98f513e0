"""The rules that place people in groups (群の判定規則), read from versioned data: ``data/groups.yaml``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import cache, reduce
from importlib.resources import files
from typing import Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field

_COMPARISONS: Mapping[str, Callable[[pl.Expr, float | str], pl.Expr]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
    "equal": operator.eq,
}


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Data):
    """Words in both languages."""

    ja: str
    en: str


class Reading(_Data):
    """What a name in the rules stands for: a scale (0–100), a question (as stored), or the age in years."""

    scale: str | None = None
    question: str | None = None
    age: Literal["years"] | None = None


class Test(_Data):
    """Comparisons of a reading with numbers, or of an earlier ruling with a group; all must hold."""

    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    equal: float | str | None = Field(default=None, alias="is")

    def holds(self, value: pl.Expr) -> pl.Expr:
        """Whether ``value`` passes: a Boolean expression, null where ``value`` is."""
        given = self.model_dump(exclude_none=True)
        return reduce(operator.and_, [_COMPARISONS[name](value, bound) for name, bound in given.items()])


class GroupRule(_Data):
    """One group: the tests that must all hold (none = takes the rest), its label, its unmet needs."""

    group: str
    label: Words
    when: dict[str, Test] = {}
    needs: tuple[str, ...] = ()


class GroupRules(_Data):
    """One version of the rules, with source and licence.

    ``rulings`` holds the groups of each ruling in order of judgement: the first that fits is the person's.
    A ruling may test those before it.
    """

    schema_: Literal["tazuna/groups/1"] = Field(alias="schema")
    version: str
    licence: str
    source: Words
    readings: dict[str, Reading]
    rulings: dict[str, tuple[GroupRule, ...]]

    def groups(self, ruling: str) -> tuple[str, ...]:
        """Codes of the groups of a ruling, in order of judgement."""
        return tuple(rule.group for rule in self.rulings[ruling])


@cache
def group_rules() -> GroupRules:
    """The rules that Tazuna ships."""
    text = files("tazuna.measurement").joinpath("data/groups.yaml").read_text(encoding="utf-8")
    return GroupRules.model_validate(yaml.safe_load(text))
