"""The rules that flag careless answers, read from versioned data: ``data/careless.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tazuna.measurement.group_rules import Words

Index = Literal["longest_string", "seconds", "inconsistency"]


class CarelessRule(BaseModel):
    """One rule: an index, its bound, and how many answers or checks it needs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    index: Index
    at_least: float | None = None
    below: float | None = None
    fewest: int = Field(ge=1)
    label: Words
    source: str

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.at_least is None) == (self.below is None):
            raise ValueError(f"rule {self.code}: give either at_least or below")
        return self


class CarelessRules(BaseModel):
    """One version of the rules. ``flagged_by`` rules must flag somebody whose answers count as careless."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal["tazuna/careless/1"] = Field(alias="schema")
    version: str
    licence: str
    flagged_by: int = Field(ge=1)
    rules: tuple[CarelessRule, ...]


@cache
def careless_rules() -> CarelessRules:
    """The rules that Tazuna ships."""
    text = files("tazuna.measurement").joinpath("data/careless.yaml").read_text(encoding="utf-8")
    return CarelessRules.model_validate(yaml.safe_load(text))
