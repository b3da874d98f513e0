"""Google Forms: one header row with the wordings, the time of sending first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tazuna.intake.grids import Grid
from tazuna.intake.survey_exports.cutting import cut_table
from tazuna.intake.survey_exports.export import Role, SurveyExport, with_roles

_ROLES: Mapping[str, Role] = {
    "タイムスタンプ": "answered_at",
    "Timestamp": "answered_at",
    "メールアドレス": "email",
    "Email Address": "email",
    "ユーザー名": "email",
    "Username": "email",
    "スコア": "technical",
    "Score": "technical",
}
_TIMES = ("タイムスタンプ", "Timestamp")
_MOMENT = r"^\d{1,4}[/-]\d{1,2}[/-]\d{1,4} "


def is_google_forms(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first heading is the time stamp and moments, or nothing, stand below it."""
    below = pl.Series([row[0] for row in rows[1:]], dtype=pl.String)
    moments = below.is_empty() or bool(below.str.contains(_MOMENT).any())
    return bool(rows) and rows[0][0] in _TIMES and moments


def read_google_forms(grid: Grid, name: str, source: str) -> SurveyExport:
    """Read the export of the form, or of the sheet that it fills.

    Raises
    ------
    UnreadableSourceError
        There is no response.
    """
    table, _ = cut_table(grid, name, source)
    return SurveyExport(
        "google_forms", table, with_roles(table.columns, table.columns, table.columns, _ROLES)
    )
