"""Sentences for everybody at once (文の組み立て): a template, filled from the columns of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import polars as pl

from tazuna.language import Language, Message, message, translator
from tazuna.matching.chances import ALWAYS, NEVER, Chances
from tazuna.matching.market import Integers

_PLACE = re.compile(r"\{(\w+)\}")
_UNDER = message("under {percent}%")
_OVER = message("over {percent}%")
_PERCENT = message("{percent}%")


def said(sentence: Message, language: Language) -> pl.Expr:
    """The sentence, each ``{place}`` filled from the column of that name; null where the column is null."""
    parts = _PLACE.split(translator(language)(sentence.template))
    return pl.concat_str(
        pl.col(part).cast(pl.String) if at % 2 else pl.lit(part) for at, part in enumerate(parts) if part
    )


def said_by_code(code: str, sentences: Mapping[str, Message], language: Language) -> pl.Expr:
    """The sentence of the code in column ``code``; null where there is none."""
    chosen = pl.lit(None, pl.String)
    for name, sentence in sentences.items():
        chosen = pl.when(pl.col(code) == name).then(said(sentence, language)).otherwise(chosen)
    return chosen


def chance_words(chances: Chances, edges: Integers, language: Language) -> pl.Series:
    """The chance of each of ``edges`` in words: 18%, under 1%, over 99%; 0% and 100% only where proved.

    ``edges`` are int64; -1 gives null.
    """
    if not chances.chance.size:
        return pl.Series("chance", [None] * edges.size, dtype=pl.String)
    known = np.maximum(edges, 0)
    chance, status = chances.chance[known], chances.status[known]
    percent = np.round(100 * chance).astype(np.int64)
    exact = chances.method == "exact"
    proved = (status == NEVER) | (status == ALWAYS) | (exact & ((chance == 0) | (chance == 1)))
    # What no redraw of B showed has a chance of at most about 3/B.
    least = 1 if exact else max(1, int(np.ceil(300 / max(chances.draws, 1))))
    frame = pl.DataFrame(
        {
            "percent": np.where(proved, percent, np.clip(percent, least, 100 - least)),
            "under": ~proved & (percent < least),
            "over": ~proved & (percent > 100 - least),
            "none": edges < 0,
        }
    )
    words = (
        pl.when("none")
        .then(pl.lit(None, pl.String))
        .when("under")
        .then(said(_UNDER, language))
        .when("over")
        .then(said(_OVER, language))
        .otherwise(said(_PERCENT, language))
    )
    return frame.select(words.alias("chance")).to_series()
