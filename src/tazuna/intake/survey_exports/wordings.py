"""Which of our questions a column of an export is: by code, else by wording."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tazuna.intake.answers import AskedQuestion
from tazuna.intake.guess_columns import GuessedColumn
from tazuna.intake.survey_exports.export import ExportColumn

SAME_CODE = 1.0
SAME_WORDING = 0.97
SIMILAR = 0.8
"""The least similarity of two wordings (of `difflib`, 0 to 1, punctuation left out) that is proposed."""
_MOST_DOUBTFUL = 0.89
_MARGIN = 0.05

_CIRCLED = re.compile(r"^[\s\u2460-\u2473\u24ea]+")
_NUMBERING = re.compile(
    r"^\s*(?:(?:q|問|設問|質問)\s*\d+(?:[-_.]\d+)*(?:\s*[.．:：)、|-])?|\(\d+(?:-\d+)*\)|\d+(?:[-.]\d+)*\s*[.:)、])\s*",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[(\[【](?:必須|任意|required|optional)[)\]】]|[*※]\s*$", re.IGNORECASE)
_ROW_OF_GRID = (
    re.compile(r"\[([^\[\]]+)\]\s*$"),
    re.compile(r"\s[-–]\s(.+)$"),
    re.compile(r"[-–]([^-–]+)$"),
)
_PUNCTUATION = re.compile(r"[\W_]+")
_IN_BRACKETS = re.compile(r"^(\w+)\[(\w+)\]$")


def bare_wording(text: str) -> str:
    """A wording as it is compared: NFKC, without numbering, marks, white space, punctuation and case.

    Examples
    --------
    >>> bare_wording("Ｑ1．自分のキャリアの目標を、言葉にできる *")
    '自分のキャリアの目標を言葉にできる'
    >>> bare_wording("③ I take action.")
    'itakeaction'
    """
    plain = unicodedata.normalize("NFKC", _CIRCLED.sub("", text))
    plain = _NUMBERING.sub("", _MARKS.sub("", plain.strip()).strip())
    return _PUNCTUATION.sub("", plain).casefold()


@dataclass(frozen=True, slots=True)
class _Fit:
    code: str
    confidence: float


def match_questions(
    columns: Iterable[ExportColumn], asked: Mapping[str, AskedQuestion]
) -> tuple[GuessedColumn, ...]:
    """The columns that are questions of ours; each question is one column, the surest first.

    An equal code counts most, then an equal wording in any language, then a similar one (at least `SIMILAR`);
    a similar one is never sure. What is closer to the wording for the company's side is left alone.
    """
    columns = tuple(columns)
    known = [
        (code, bare_wording(words)) for code, question in asked.items() for words in question.wording.values()
    ]
    company = [
        bare_wording(words)
        for question in asked.values()
        for words in (question.company_wording or {}).values()
    ]
    codes = {code.casefold(): code for code in asked}
    found = [
        GuessedColumn(column.source, fit.code, fit.confidence)
        for column in columns
        if column.role == "asked" and (fit := _fit(column, codes, known, company)) is not None
    ]
    place = {column.source: index for index, column in enumerate(columns)}
    chosen: dict[str, GuessedColumn] = {}
    for guess in sorted(found, key=lambda g: (-g.confidence, place[g.source])):
        chosen.setdefault(guess.column, guess)
    return tuple(sorted(chosen.values(), key=lambda g: place[g.source]))


def _fit(
    column: ExportColumn, codes: Mapping[str, str], known: list[tuple[str, str]], company: list[str]
) -> _Fit | None:
    for said in _code_forms(column.source):
        if said in codes:
            return _Fit(codes[said], SAME_CODE)
    forms = _wording_forms(column)
    for code, words in known:
        if words in forms:
            return _Fit(code, SAME_WORDING)
    if forms.intersection(company):
        return None
    similar: dict[str, float] = {}
    for code, words in known:
        found = max(likeness(form, words) for form in forms)
        if found >= SIMILAR:
            similar[code] = max(found, similar.get(code, 0.0))
    if not similar:
        return None
    best, *others = sorted(similar, key=lambda code: -similar[code])
    if max((likeness(form, words) for form in forms for words in company), default=0.0) > similar[best]:
        return None
    doubtful = bool(others) and similar[best] - similar[others[0]] < _MARGIN
    return _Fit(best, SIMILAR if doubtful else min(similar[best], _MOST_DOUBTFUL))


def _code_forms(heading: str) -> tuple[str, ...]:
    """``ms1``, ``ms[1]`` and ``grid[ms1]`` may all be the code ms1."""
    said = heading.strip().casefold()
    parts = _IN_BRACKETS.match(said)
    return (said,) if parts is None else (said, parts[2], parts[1] + parts[2])


def _wording_forms(column: ExportColumn) -> frozenset[str]:
    """The wording whole, and the row of a grid alone: ``stem [row]``, ``stem - row`` or ``stem-row``."""
    texts = [column.wording, column.source]
    for pattern in _ROW_OF_GRID:
        match = pattern.search(column.wording)
        texts += [match[1]] if match else []
    return frozenset(bare for text in texts if (bare := bare_wording(text))) or frozenset({""})


def likeness(one: str, other: str) -> float:
    """`difflib`'s ratio, or 0 where it cannot reach `SIMILAR`."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    return matcher.ratio()
