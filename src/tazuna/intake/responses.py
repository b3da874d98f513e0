"""Responses (回答): wide and long tables become one row a person and wave, the latest answer where somebody
answered twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tazuna.intake.answers import ANSWER, AskedQuestion, as_answers, as_long_answers, not_a_category
from tazuna.intake.draft import Draft
from tazuna.intake.raw_table import LINE
from tazuna.intake.words import BadCells, as_one_of, mapped_values, nearest_words, rows_mask
from tazuna.language import message

PERSON_WAVE = ("person_id", "wave")
LANGUAGE = "language"


def with_answers(
    draft: Draft,
    sources: Mapping[str, str],
    asked: Mapping[str, AskedQuestion],
    words: Mapping[str, Mapping[str, str]],
) -> Draft:
    """A wide table with its question columns as Int16; cells that are no category are named and emptied.

    Parameters
    ----------
    sources
        Question code → column in the file.
    words
        Question code → {word in the file: category}.
    """
    cells = draft.cells.with_columns(
        mapped_values(draft.cells[source], words[code]).alias(source)
        for code, source in sources.items()
        if code in words
    )
    answers = as_answers(cells, sources, asked)
    draft = draft.with_columns(*answers.values.get_columns())
    for code, bad in answers.bad.items():
        draft = draft.marked(code, bad, emptied=True)
    return _noticed_words(draft, answers.in_words)


def _noticed_words(draft: Draft, count: int) -> Draft:
    if not count:
        return draft
    said = message(
        "{source}: answers in words, read as their numbers: {count}", source=draft.source, count=count
    )
    return draft.noticed("answers_in_words", count, said)


def long_answers(draft: Draft, asked: Mapping[str, AskedQuestion]) -> Draft:
    """A long table with known questions and Int16 values."""
    if not draft.has("question", "value"):
        return draft
    codes = as_one_of(draft.frame["question"], tuple(asked)).values
    unknown = draft.frame["question"].is_not_null() & codes.is_null()
    draft = draft.without_rows("question", *_unknown_questions(draft.frame["question"], unknown, asked))
    values, wrong, in_words = as_long_answers(codes, draft.frame["value"], tuple(asked.values()))
    draft = draft.with_columns(codes.alias("question"), values.alias("value"))
    for code in codes.filter(wrong).unique(maintain_order=True):
        here = wrong & (codes == code).fill_null(value=False)
        draft = draft.without_cells("value", BadCells("not_a_category", here, *not_a_category(asked[code])))
    return _noticed_words(draft, in_words)


def _unknown_questions(
    codes: pl.Series, unknown: pl.Series, asked: Mapping[str, AskedQuestion]
) -> tuple[BadCells, ...]:
    nearest = codes.replace_strict(
        nearest_words(codes.filter(unknown), asked), default=None, return_dtype=pl.String
    )
    similar, strange = unknown & nearest.is_not_null(), unknown & nearest.is_null()
    expected = message("no instrument of this study has a question of this code")
    return (
        BadCells(
            "unknown_question",
            similar,
            expected,
            message(
                "Did you mean {nearest}? Else name the instrument's file in study.toml under [instruments]"
            ),
            pl.DataFrame({"nearest": nearest.filter(similar)}),
        ),
        BadCells(
            "unknown_question",
            strange,
            expected,
            message("Correct the code, or name the instrument's file in study.toml under [instruments]"),
        ),
    )


def answered_once(draft: Draft) -> Draft:
    """Of rows with the same key the latest ``answered_at`` stays, else the last row; the others are named."""
    key = [column for column in draft.table.key if draft.has(column)]
    if not draft.readable:
        return draft
    rows = draft.frame.select(*key, LINE, *(["answered_at"] if draft.has("answered_at") else []))
    rows = rows.with_row_index("row").filter(~draft.lost)
    if not rows.select(pl.struct(key).is_duplicated().any()).item():
        return draft
    moment = ["answered_at"] if draft.has("answered_at") else []
    latest = rows.sort([*moment, "row"], nulls_last=False).unique(key, keep="last", maintain_order=True)
    latest = latest.select(*key, pl.col("row").alias("kept"), pl.col(LINE).alias("kept_line"))
    earlier = rows.join(latest, on=key, how="left", nulls_equal=True, maintain_order="left").filter(
        pl.col("row") != pl.col("kept")
    )
    bad = BadCells(
        "answered_twice",
        rows_mask(draft.frame.height, earlier["row"]),
        message("this person answered more than once in this wave; the latest answer is in line {kept_line}"),
        message("Keep one of the rows"),
        earlier.select("kept_line"),
    )
    return draft.without_rows("person_id", bad)


def one_row_each(wide: Draft | None, long: Draft | None, codes: Sequence[str]) -> pl.DataFrame:
    """All answers: ``person_id``, ``wave``, ``answered_at``, then an Int16 column for each of ``codes``.

    Where a table says in which language somebody answered, ``language`` (回答言語) stands before the codes.

    Rows for different instruments, and the wide and the long table, come together in one row a person and
    wave; where two hold the same question the later one counts. A row without any answer stays a row.
    """
    tables = (wide.sound if wide and wide.has(*PERSON_WAVE) else None, _pivoted(long))
    found = [table for table in tables if table is not None]
    texts = [LANGUAGE] if any(LANGUAGE in table.columns for table in found) else []
    parts = [_common(table, texts, codes) for table in found]
    if not parts:
        return _common(pl.DataFrame(schema=dict.fromkeys(PERSON_WAVE, pl.String)), texts, codes)
    every = pl.concat(parts)
    several = every.select(pl.struct(PERSON_WAVE).is_duplicated()).to_series()
    if not several.any():
        return every
    rest = [name for name in every.columns if name not in PERSON_WAVE]
    merged = (
        every.filter(several)
        .sort("answered_at", nulls_last=False, maintain_order=True)
        .group_by(PERSON_WAVE, maintain_order=True)
        .agg(pl.col(name).drop_nulls().last() for name in rest)
    )
    return pl.concat([every.filter(~several), merged.select(every.columns)])


def _common(frame: pl.DataFrame, texts: Sequence[str], codes: Sequence[str]) -> pl.DataFrame:
    there = set(frame.columns)
    moment = pl.col("answered_at") if "answered_at" in there else pl.lit(None).alias("answered_at")
    return frame.select(
        *PERSON_WAVE,
        moment.cast(pl.Datetime("us")),
        *(pl.col(c) if c in there else pl.lit(None, dtype=pl.String).alias(c) for c in texts),
        *(pl.col(c) if c in there else pl.lit(None, dtype=ANSWER).alias(c) for c in codes),
    )


def _pivoted(long: Draft | None) -> pl.DataFrame | None:
    if long is None or not long.has(*PERSON_WAVE, "question", "value"):
        return None
    frame = long.sound
    wide = frame.pivot(on="question", index=list(PERSON_WAVE), values="value", maintain_order=True)
    last = {"answered_at": pl.col("answered_at").max(), LANGUAGE: pl.col(LANGUAGE).drop_nulls().last()}
    held = [expression for name, expression in last.items() if name in frame.columns]
    if held:
        latest = frame.group_by(PERSON_WAVE, maintain_order=True).agg(held)
        wide = wide.join(latest, on=list(PERSON_WAVE), how="left", maintain_order="left")
    return wide
