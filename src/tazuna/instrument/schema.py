"""The instrument file, form 1, as pydantic models: names, types and limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from tazuna.instrument.model import ScaleKind

MAX_CATEGORIES = 100
MAX_QUESTIONS = 2000
MAX_SCALES = 500
MAX_LANGUAGES = 20
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$", max_length=64)]
LanguageTag = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN, max_length=35)]
Words = Annotated[dict[LanguageTag, Text], Field(min_length=1, max_length=MAX_LANGUAGES)]


def _no_truth(value: object) -> object:
    """JSON's true is no number, though Python would count it as 1."""
    return str(value) if isinstance(value, bool) else value


# Int16 is the type of an answer column.
Answer = Annotated[int, BeforeValidator(_no_truth), Field(ge=-32768, le=32767)]


def _sign(value: object) -> object:
    """The key as a number: text files give ``"1"`` and ``"-1"``."""
    return {"1": 1, "+1": 1, "-1": -1}.get(value, value) if isinstance(value, str) else value


class FileModel(BaseModel):
    """Unknown names are refused: a misspelt one would otherwise be silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CategoryForm(FileModel):
    value: Answer
    label: Words


class ResponseForm(FileModel):
    categories: Annotated[list[CategoryForm], Field(min_length=2, max_length=MAX_CATEGORIES)]
    missing_codes: Annotated[list[Answer], Field(max_length=MAX_CATEGORIES)] = []
    ordered: bool = True


class QuestionForm(FileModel):
    label: Words | None = None
    wording: Words
    company_wording: Words | None = None
    catches: Words | None = None
    response: Code
    key: Annotated[Literal[1, -1], BeforeValidator(_sign)] = 1
    scored: bool = True
    checks: Code | None = None


class ScaleForm(FileModel):
    label: Words
    kind: ScaleKind
    parent: Code | None = None
    questions: Annotated[list[Code], Field(min_length=1, max_length=MAX_QUESTIONS)] | None = None
    minimum_share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.5
    source: Text | None = None
    own_words: bool = True
    description: Words | None = None
    better: Literal["high", "low"] = "high"


class InstrumentForm(FileModel):
    schema_: Annotated[Literal["tazuna/instrument/1"], Field(alias="schema")]
    id: Code
    version: Text
    title: Words
    source: Words
    licence: Text
    languages: Annotated[list[LanguageTag], Field(min_length=1, max_length=MAX_LANGUAGES)]
    validation: Words
    responses: Annotated[dict[Code, ResponseForm], Field(min_length=1, max_length=MAX_QUESTIONS)]
    scales: Annotated[dict[Code, ScaleForm], Field(max_length=MAX_SCALES)]
    questions: Annotated[dict[Code, QuestionForm], Field(min_length=1, max_length=MAX_QUESTIONS)]
