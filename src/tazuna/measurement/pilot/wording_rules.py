"""The rules by which a question is kept or looked at again, versioned data: ``data/wording.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

_Share = Annotated[float, Field(gt=0, lt=1)]


class WordingRules(BaseModel):
    """One version of the rules.

    Parameters
    ----------
    fewest_people
        Who answered, below which no question is judged.
    one_sided
        Share on one side of the middle from which nearly everybody says the same.
    left_out
        Share of those who answered the scale otherwise and left the question out.
    loading, item_rest
        Below which a question says little of its scale; the correlation with the rest where there is no
        loading.
    residual, correlation
        Two questions say the same where what the scale leaves of their correlation, and the correlation
        itself, are at least as large.
    alike
        The correlation from which they do where three questions leave nothing to explain.
    group_difference
        Between two groups at the same standing, in standard deviations of the answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal["tazuna/wording/1"] = Field(alias="schema")
    version: str
    licence: str
    fewest_people: Annotated[int, Field(ge=100)]
    one_sided: _Share
    left_out: _Share
    loading: _Share
    item_rest: _Share
    residual: _Share
    correlation: _Share
    alike: _Share
    group_difference: _Share


@cache
def wording_rules() -> WordingRules:
    """The rules that Tazuna ships."""
    text = files("tazuna.measurement").joinpath("data/wording.yaml").read_text(encoding="utf-8")
    return WordingRules.model_validate(yaml.safe_load(text))
