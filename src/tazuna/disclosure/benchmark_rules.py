"""The rules of the comparison between companies, versioned data: ``data/between_companies.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tazuna.disclosure.budget import Budget, PrivacyUnit

_Ratio = Annotated[Fraction, BeforeValidator(lambda given: Fraction(str(given)))]
_Part = Annotated[_Ratio, Field(gt=0, lt=1)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BudgetRule(_Data):
    """What a wave may spend on one person, and the share of it that the sizes of companies take."""

    unit: PrivacyUnit
    limit: Annotated[_Ratio, Field(gt=0)]
    size_share: _Part


class FullTable(_Data):
    """How many people carry how many figures at this budget."""

    people: Annotated[int, Field(gt=0)]
    figures: Annotated[int, Field(gt=0)]


class BenchmarkRules(_Data):
    """One version of the rules.

    Parameters
    ----------
    minimum_others
        Contributors that a comparison needs beside the reader's own company.
    smallest_pool
        Small firms that are counted together, at least.
    largest_share, two_largest_share
        Of all people behind a figure, that one contributor and the two largest may have: the dominance
        rule (占有率の基準).
    least_answered
        Share of a contributor's people who must have answered a measure.
    measures
        Scale codes, most important first.
    """

    schema_: Literal["tazuna/between-companies/1"] = Field(alias="schema")
    version: str
    budget: BudgetRule
    full_table: FullTable
    minimum_others: Annotated[int, Field(ge=2)]
    smallest_pool: Annotated[int, Field(ge=3)]
    largest_share: _Part
    two_largest_share: _Part
    least_answered: _Part
    measures: tuple[str, ...]

    @property
    def wave_budget(self) -> Budget:
        """Of every wave."""
        return Budget(self.budget.limit, self.budget.unit)

    @property
    def size_cost(self) -> Fraction:
        """What the number of people of a company costs."""
        return self.budget.limit * self.budget.size_share

    @property
    def fewest_companies(self) -> int:
        """Contributors that a comparison needs in all."""
        return self.minimum_others + 1

    def figures(self, size: int, offered: int) -> int:
        """With how many of ``offered`` figures a contributor of ``size`` people enters; 0 is too small.

        In proportion to the full table: 1,000 people carry 13 figures, so 100 carry 1. Noise then weighs on
        every mean alike, however large the company.
        """
        return min(offered, size * self.full_table.figures // self.full_table.people)

    def dominated(self, sizes: Sequence[int]) -> bool:
        """Whether one or two of several contributors have too large a share of the people."""
        total = sum(sizes)
        largest = tuple(islice(sorted(sizes, reverse=True), 2))
        return (
            total <= 0
            or largest[0] > self.largest_share * total
            or sum(largest) > self.two_largest_share * total
        )


@cache
def benchmark_rules() -> BenchmarkRules:
    """The rules that Tazuna ships."""
    text = files("tazuna.disclosure").joinpath("data/between_companies.yaml").read_text(encoding="utf-8")
    return BenchmarkRules.model_validate(yaml.safe_load(text))
