"""Guesses about one table (推測): which of our columns its headings are, and which of our codes its words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tazuna.intake.answers import AskedQuestion
from tazuna.intake.numbers import parse_booleans
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import Column, Table, normalised
from tazuna.intake.words import as_text, nearest_words

SURE = 0.9
LIKELY = 0.7
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]|[*※]|必須|任意")
_FEW_WORDS = 12
_MANY_WORDS = 60


@dataclass(frozen=True, slots=True)
class GuessedColumn:
    """``source``: heading in the file; ``column``: ours, or a question code; ``confidence``: 0 to 1."""

    source: str
    column: str
    confidence: float


@dataclass(frozen=True, slots=True)
class GuessedWord:
    """A word of a coded column: ``value`` is our code, None where there is no guess."""

    column: str
    word: str
    value: str | None
    confidence: float
    count: int


def guess_columns(
    raw: RawTable, table: Table, asked: Mapping[str, AskedQuestion]
) -> tuple[GuessedColumn, ...]:
    """The best assignment of headings to columns; each is used once, the surest first."""
    found = [
        GuessedColumn(source, column.name, confidence)
        for source in raw.columns
        for column in table.columns.values()
        if (confidence := heading_confidence(source, column)) >= LIKELY
    ]
    found += [guess for source in raw.columns if (guess := _question(source, asked)) is not None]
    order = {source: place for place, source in enumerate(raw.columns)}
    chosen: list[GuessedColumn] = []
    for guess in sorted(found, key=lambda g: (-g.confidence, order[g.source])):
        if all(guess.source != c.source and guess.column != c.column for c in chosen):
            chosen.append(guess)
    return tuple(sorted(chosen, key=lambda g: order[g.source]))


def heading_confidence(heading: str, column: Column) -> float:
    """How sure it is that ``heading`` names ``column``: 1 own name, .95 a known one, less if similar."""
    said = normalised(heading)
    if said == normalised(column.name) or said in {normalised(word) for word in column.label.values()}:
        return 1.0
    also = [normalised(word) for word in column.also]
    if said in also:
        return 0.95 - 0.001 * also.index(said)
    bare = _BRACKETS.sub("", said)
    known = [normalised(column.name), *(normalised(word) for word in column.label.values()), *also]
    if bare in known:
        return SURE - 0.001 * known.index(bare)
    if len(said) < 3:
        return 0.0
    nearest = max(difflib.SequenceMatcher(None, bare, word).ratio() for word in known)
    return 0.75 if nearest >= 0.85 else 0.0


def _question(source: str, asked: Mapping[str, AskedQuestion]) -> GuessedColumn | None:
    said = normalised(source)
    for code, question in asked.items():
        if said == normalised(code):
            return GuessedColumn(source, code, 1.0)
        words = [*question.wording.values(), *(question.company_wording or {}).values()]
        if said in {normalised(word) for word in words}:
            return GuessedColumn(source, code, 0.95)
    return None


def guess_words(cells: pl.Series, column: Column) -> tuple[GuessedWord, ...]:
    """What the words of a coded column mean; nothing where they are our codes, or too many to be codes."""
    if not column.codes and column.type != "yes_no":
        return ()
    counts = as_text(cells).drop_nulls().value_counts(sort=True)
    if counts.height > _MANY_WORDS:
        return ()
    words = [
        GuessedWord(column.name, word, *_meaning(word, column), count) for word, count in counts.iter_rows()
    ]
    return tuple(word for word in words if not _is_ours(word.word, column))


def are_codes(words: Sequence[GuessedWord], distinct: int) -> bool:
    """Whether a column with these words can be the coded one: a word is understood, or there are few."""
    return distinct <= _FEW_WORDS or any(word.value is not None for word in words)


def _is_ours(word: str, column: Column) -> bool:
    if column.type == "yes_no":
        return parse_booleans(pl.Series([word])).values[0] is not None
    return normalised(word) in {normalised(code.value) for code in column.codes}


def _meaning(word: str, column: Column) -> tuple[str | None, float]:
    said = normalised(word)
    for code in column.codes:
        if said in {normalised(name) for name in (code.value, *code.label.values(), *code.also)}:
            return code.value, 1.0
    for code in column.codes:
        if any(len(name) > 1 and normalised(name) in said for name in (*code.label.values(), *code.also)):
            return code.value, LIKELY
    if column.name == "gender" and said in ("1", "2"):
        return ("male", "female")[int(said) - 1], 0.5
    by_label = {label: code.value for code in column.codes for label in (*code.label.values(), *code.also)}
    nearest = nearest_words(pl.Series([word]), by_label).get(word)
    return (by_label[nearest], 0.5) if nearest is not None else (None, 0.0)
