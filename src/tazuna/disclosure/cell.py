"""The one shape of a group figure (セル): what is told of whom, by whose view, with how many behind it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

KEYS = ("organisation_id", "wave", "viewpoint", "group_by", "group", "measure")
FIGURES = ("n", "mean", "lower", "upper")

CELL_SCHEMA: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(KEYS, pl.String),
    "n": pl.Int64,
    "mean": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "suppressed": pl.Boolean,
}
"""Columns of every table of group figures, as in ``groups.csv``."""

STATEMENTS_IN_OFFICE = ("executive", "hr")
"""Viewpoints of the company side: answered with notice and consent as statements in office, not under k."""
