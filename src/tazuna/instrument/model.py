"""What an instrument (調査票) is: scales over questions, worded by language, with source and licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ScaleKind = Literal["total", "area", "item", "view", "outcome", "indicator", "quality"]
Wording = Mapping[str, str]
"""Words by BCP 47 language tag: ``ja``, ``en``, ``ja-x-easy`` (やさしい日本語), …"""


@dataclass(frozen=True, slots=True)
class Category:
    """One response category (選択肢): its number as stored and its label."""

    value: int
    label: Wording


@dataclass(frozen=True, slots=True)
class ResponseScale:
    """The categories of a question, lowest first, and the codes that mean "not answered"."""

    code: str
    categories: tuple[Category, ...]
    missing_codes: tuple[int, ...] = ()
    ordered: bool = True

    @property
    def lowest(self) -> int:
        return self.categories[0].value

    @property
    def highest(self) -> int:
        return self.categories[-1].value


@dataclass(frozen=True, slots=True)
class Question:
    """One question (設問).

    ``key`` is 1, or -1 where a high answer means little of the scale. ``company_wording`` is the form for the
    company side. ``checks`` names the question that an unscored consistency check repeats; ``catches`` is one
    line on what the question is meant to catch; ``label`` is a name short enough for a list or an axis.
    """

    code: str
    wording: Wording
    response: ResponseScale
    catches: Wording
    company_wording: Wording | None = None
    key: Literal[1, -1] = 1
    scored: bool = True
    checks: str | None = None
    label: Wording | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """A score (尺度) from questions: composite of them all, 0 to 100, missing when too few are answered.

    ``parent`` gives the concept tree (area of an item, total of an area). ``minimum_share`` is the share of
    questions that must be answered. ``own_words`` is true where the label is Tazuna's own and not the
    source's. ``better`` says which end is wished for (``low`` for isolation or giving up).
    """

    code: str
    label: Wording
    kind: ScaleKind
    questions: tuple[str, ...]
    parent: str | None = None
    minimum_share: float = 0.5
    source: str | None = None
    own_words: bool = True
    description: Wording | None = None
    better: Literal["high", "low"] = "high"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A versioned set of questions and scales.

    ``validation`` is a sentence by language on the state of validation ("not yet validated" until a pilot is
    reported).
    """

    id: str
    version: str
    title: Wording
    source: Wording
    licence: str
    languages: tuple[str, ...]
    validation: Wording
    questions: Mapping[str, Question]
    scales: Mapping[str, Scale]
    responses: Mapping[str, ResponseScale]

    def wording(self, code: str, language: str, *, company: bool = False) -> str:
        """The wording of question ``code`` in ``language``: else by primary tag, Japanese, then any."""
        question = self.questions[code]
        words = question.company_wording if company and question.company_wording else question.wording
        return worded(words, language)


def worded(words: Wording, language: str) -> str:
    """The words in ``language``: the exact tag, its primary tag, ``ja``, ``en``, else the first there is.

    Examples
    --------
    >>> worded({"ja": "はい", "en": "Yes"}, "ja-x-easy")
    'はい'
    """
    for tag in (language, language.split("-")[0], "ja", "en"):
        if tag in words:
            return words[tag]
    return next(iter(words.values()))
