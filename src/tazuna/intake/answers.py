"""Answers (回答): cells of question columns become small whole numbers, or are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tazuna.intake.schema import Words, normalised
from tazuna.intake.words import BadCells, as_text, compared
from tazuna.language import Message, message

ANSWER = pl.Int16()


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What intake must know of a question.

    Parameters
    ----------
    values, missing
        Numbers of the categories, and numbers that mean "not answered".
    labels
        Label of a category in any language → its number: answers in words are understood.
    wording, company_wording, categories
        For the template: the words of the question by language, and the labels in order by language.
    """

    code: str
    values: tuple[int, ...]
    missing: tuple[int, ...]
    labels: Mapping[str, int]
    wording: Words
    company_wording: Words | None = None
    categories: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """``values``: an Int16 column a question; ``bad`` by question; ``in_words``: cells read by label."""

    values: pl.DataFrame
    bad: Mapping[str, BadCells]
    in_words: int


def as_answers(
    frame: pl.DataFrame, sources: Mapping[str, str], asked: Mapping[str, AskedQuestion]
) -> Answers:
    """Read the question columns of a wide table.

    Parameters
    ----------
    sources
        Question code → column of ``frame``.
    """
    if not sources:
        return Answers(pl.DataFrame(), {}, 0)
    frame = frame.with_columns(
        as_text(frame[source]) for source in sources.values() if not frame.schema[source].is_integer()
    )
    fast = frame.select(
        pl.col(source).cast(ANSWER, strict=False).alias(code) for code, source in sources.items()
    )
    odd = frame.select(
        (
            pl.col(source).is_not_null()
            & ~pl.col(source).cast(ANSWER, strict=False).is_in(asked[code].values).fill_null(value=False)
        )
        .sum()
        .alias(code)
        for code, source in sources.items()
    ).row(0, named=True)
    bad: dict[str, BadCells] = {}
    in_words = 0
    repaired = []
    for code, count in odd.items():
        if count:
            values, wrong, words = _slowly(frame[sources[code]], fast[code], asked[code])
            repaired.append(values.alias(code))
            in_words += words
            if wrong.any():
                bad[code] = BadCells("not_a_category", wrong, *not_a_category(asked[code]))
    return Answers(fast.with_columns(repaired), bad, in_words)


def _slowly(cells: pl.Series, fast: pl.Series, question: AskedQuestion) -> tuple[pl.Series, pl.Series, int]:
    """Values, the mask of bad cells and the number of cells understood by their label."""
    fits = fast.is_in(question.values).fill_null(value=False)
    rest = cells.is_not_null() & ~fits
    text = compared(as_text(cells.filter(rest)))
    numbers = text.str.replace(r"\.0+$", "").cast(ANSWER, strict=False)
    labels = {normalised(label): value for label, value in question.labels.items()}
    by_label = text.replace_strict(labels, default=None, return_dtype=ANSWER)
    number_fits = numbers.is_in([*question.values, *question.missing]).fill_null(value=False)
    understood = number_fits | by_label.is_not_null() | text.is_null()
    read = by_label.zip_with(~number_fits, numbers)
    read = read.set(read.is_in(question.missing).fill_null(value=False) | ~understood, None)
    positions = rest.arg_true()
    values = fast.set(~fits, None).scatter(positions, read)
    wrong = pl.repeat(False, cells.len(), eager=True).scatter(positions, ~understood)
    return values, wrong, int((by_label.is_not_null() & ~number_fits).sum())


def not_a_category(question: AskedQuestion) -> tuple[Message, Message]:
    """Expectation and cure for a value that is no category of ``question``."""
    values = ", ".join(str(value) for value in question.values)
    return (
        message(
            "question {code} takes {values}, or its categories in words", code=question.code, values=values
        ),
        message("Correct the answer, or empty the cell where the question was not answered"),
    )


def as_long_answers(
    questions: pl.Series, cells: pl.Series, asked: Sequence[AskedQuestion]
) -> tuple[pl.Series, pl.Series, int]:
    """Values (Int16), the mask of cells that are no category of their question, and cells read by label.

    Parameters
    ----------
    questions, cells
        Question code and answer of each row; rows with an unknown code get no value.
    """
    numbers = pl.DataFrame(
        [(q.code, str(v), None if v in q.missing else v) for q in asked for v in (*q.values, *q.missing)],
        schema={"question": pl.String, "text": pl.String, "value": ANSWER},
        orient="row",
    ).with_columns(labelled=pl.lit(value=False))
    words = pl.DataFrame(
        [(q.code, normalised(label), value) for q in asked for label, value in q.labels.items()],
        schema={"question": pl.String, "text": pl.String, "value": ANSWER},
        orient="row",
    ).with_columns(labelled=pl.lit(value=True))
    allowed = pl.concat([numbers, words]).unique(["question", "text"], keep="first", maintain_order=True)
    text = compared(as_text(cells)).str.replace(r"^(-?\d+)\.0+$", "$1")
    rows = pl.DataFrame({"question": questions, "text": text})
    read = rows.join(allowed, on=["question", "text"], how="left", maintain_order="left")
    known = questions.is_in([q.code for q in asked]).fill_null(value=False)
    wrong = text.is_not_null() & read["labelled"].is_null() & known
    return read["value"], wrong, int(read["labelled"].sum() or 0)
