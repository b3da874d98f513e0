"""Ids and labels (番号と名称) from the arrays' numbers."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tazuna.simulation.organisations import FIRST_FISCAL_YEAR
from tazuna.simulation.streams import Integers


def person_ids(numbers: Integers, count: int) -> pl.Series:
    """Ids with leading zeros, as many companies use; null for -1."""
    width = max(6, len(str(count)) + 1)
    series = pl.Series("id", numbers + 1).cast(pl.String).str.zfill(width)
    return pl.select(pl.when(pl.Series(numbers >= 0)).then(series)).to_series()


def labels(words: Sequence[str], numbers: Integers) -> pl.Series:
    """The word of each number; null for -1."""
    return pl.Series("label", words, dtype=pl.String).gather(pl.Series(numbers).replace(-1, None))


def wave_name(wave: int) -> str:
    """The id of a wave by its number."""
    return f"fy{FIRST_FISCAL_YEAR + wave}"
