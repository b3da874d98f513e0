"""Responses (回答): wide and long tables become one row a person and wave, the latest answer where somebody
answered twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from tazuna.intake.answers import ANSWER, AskedQuestion, as_answers, as_long_answers, not_a_category
from tazuna.intake.draft import Draft
from tazuna.intake.headings import Headings
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.intake.words import BadCells, as_one_of, as_text, mapped_values, nearest_words
from tazuna.language import message

PERSON_WAVE = ("person_id", "wave")


def with_answers(
    draft: Draft,
    raw: RawTable,
    headings: Headings,
    asked: Mapping[str, AskedQuestion],
    words: Mapping[str, Mapping[str, str]],
) -> Draft:
    """A wide table with its question columns as Int16; cells that are no category are named and emptied."""
    frame = raw.frame.with_columns(
        mapped_values(raw.frame[source], words[code]).alias(source)
        for code, source in headings.questions.items()
        if code in words
    )
    answers = as_answers(frame, headings.questions, asked)
    groups = tuple(
        draft.group(
            headings.questions[code],
            bad,
            raw.frame[LINE],
            as_text(raw.frame[headings.questions[code]]),
            required=False,
        )
        for code, bad in answers.bad.items()
    )
    values = answers.values.with_columns(raw.frame[LINE])
    draft = replace(
        draft,
        frame=draft.frame.join(values, on=LINE, how="left", maintain_order="left"),
        faults=(*draft.faults, *groups),
        emptied=draft.emptied + sum(group.rows.height for group in groups),
    )
    return _noticed_words(draft, answers.in_words)


def _noticed_words(draft: Draft, count: int) -> Draft:
    if not count:
        return draft
    said = message(
        "{source}: {count} answers in words were read as their numbers", source=draft.source, count=count
    )
    return draft.noticed("answers_in_words", count, said)


def long_answers(draft: Draft, asked: Mapping[str, AskedQuestion]) -> Draft:
    """A long table with known questions and Int16 values."""
    if not draft.readable or not draft.has("question", "value"):
        return draft
    codes = as_one_of(draft.frame["question"], tuple(asked)).values
    unknown = codes.is_null()
    nearest = nearest_words(draft.frame["question"].filter(unknown), asked)
    details = pl.DataFrame(
        {
            "nearest": draft.frame["question"]
            .filter(unknown)
            .replace_strict(nearest, default="?", return_dtype=pl.String)
        }
    )
    bad = BadCells(
        "unknown_question",
        unknown,
        message("no instrument of this study has a question of this code; the nearest is {nearest}"),
        message("Correct the code, or name the instrument's file in study.toml under [instruments]"),
        details,
    )
    draft = draft.without_rows("question", bad)
    draft = replace(draft, frame=draft.frame.with_columns(codes.filter(~unknown).alias("question")))
    values, wrong, in_words = as_long_answers(
        draft.frame["question"], draft.frame["value"], tuple(asked.values())
    )
    for code in draft.frame["question"].filter(wrong).unique(maintain_order=True):
        here = wrong & (draft.frame["question"] == code)
        draft = draft.without_cells("value", BadCells("not_a_category", here, *not_a_category(asked[code])))
    draft = replace(draft, frame=draft.frame.with_columns(values.alias("value")))
    return _noticed_words(draft, in_words)


def answered_once(draft: Draft) -> Draft:
    """Of several rows with the same key the latest ``answered_at`` stays, else the last row; the others are named."""
    key = [column for column in draft.table.key if draft.has(column)]
    if not draft.readable or not draft.frame.height:
        return draft
    if not draft.frame.select(pl.struct(key).is_duplicated().any()).item():
        return draft
    order = (
        [pl.col("answered_at").fill_null(pl.lit(0).cast(pl.Datetime("us")))]
        if draft.has("answered_at")
        else []
    )
    ranked = draft.frame.with_row_index("row").sort([*order, pl.col("row")])
    kept = ranked.unique(key, keep="last", maintain_order=True).select(
        *key, pl.col("row"), pl.col(LINE).alias("kept_line")
    )
    rows = draft.frame.with_row_index("row").join(
        kept, on=key, how="left", nulls_equal=True, maintain_order="left"
    )
    earlier = rows["row"] != rows["row_right"]
    bad = BadCells(
        "answered_twice",
        earlier,
        message("this person answered more than once in this wave; the latest answer is in line {kept_line}"),
        message("Keep one of the rows"),
        rows.filter(earlier).select("kept_line"),
    )
    return draft.without_rows("person_id", bad)


def one_row_each(wide: Draft | None, long: Draft | None, codes: Sequence[str]) -> pl.DataFrame:
    """All answers: ``person_id``, ``wave``, ``answered_at``, then an Int16 column for each of ``codes``.

    Rows for different instruments, and the wide and the long table, come together in one row a person and wave; where
    two hold the same question the later one counts. A row without any answer stays a row.
    """
    parts = [
        _common(part, codes) for part in (wide.frame if wide else None, _pivoted(long)) if part is not None
    ]
    if not parts:
        return _common(pl.DataFrame(schema={name: pl.String for name in PERSON_WAVE}), codes)
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


def _common(frame: pl.DataFrame, codes: Sequence[str]) -> pl.DataFrame:
    there = set(frame.columns)
    moment = pl.col("answered_at") if "answered_at" in there else pl.lit(None).alias("answered_at")
    return frame.select(
        *PERSON_WAVE,
        moment.cast(pl.Datetime("us")),
        *(pl.col(c) if c in there else pl.lit(None, dtype=ANSWER).alias(c) for c in codes),
    )


def _pivoted(long: Draft | None) -> pl.DataFrame | None:
    if long is None:
        return None
    frame = long.frame
    wide = frame.pivot(on="question", index=list(PERSON_WAVE), values="value", maintain_order=True)
    if "answered_at" in frame.columns:
        latest = frame.group_by(PERSON_WAVE).agg(pl.col("answered_at").max())
        wide = wide.join(latest, on=list(PERSON_WAVE), how="left", maintain_order="left")
    return wide
