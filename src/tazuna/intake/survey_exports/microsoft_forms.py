"""Microsoft Forms: a workbook with ID, times, e-mail and name, then the wordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tazuna.errors import UnreadableSourceError
from tazuna.intake.grids import Grid
from tazuna.intake.survey_exports.cutting import cut_table, top_rows
from tazuna.intake.survey_exports.export import ExportColumn, Role, SurveyExport, with_roles
from tazuna.language import Language, message

HEADINGS: Mapping[Language, Mapping[str, Role]] = {
    "ja": {
        "ID": "key",
        "開始時刻": "technical",
        "完了時刻": "answered_at",
        "メール": "email",
        "名前": "personal",
        "最終変更時刻": "technical",
        "言語": "technical",
        "合計点": "technical",
        "クイズのフィードバック": "technical",
        "成績投稿日時": "technical",
    },
    "en": {
        "ID": "key",
        "Start time": "technical",
        "Completion time": "answered_at",
        "Email": "email",
        "Name": "personal",
        "Last modified time": "technical",
        "Language": "technical",
        "Total points": "technical",
        "Quiz feedback": "technical",
        "Grade posted time": "technical",
    },
}
_POINTS = ("点数 - ", "フィードバック - ", "Points - ", "Feedback - ")
_FIRST = 5
_ENOUGH = 4


def is_microsoft_forms(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first headings are those of the tool, in one language or in both."""
    known = {heading for headings in HEADINGS.values() for heading in headings}
    return bool(rows) and rows[0][0] == "ID" and len(known.intersection(rows[0][:_FIRST])) >= _ENOUGH


def read_microsoft_forms(grid: Grid, name: str, source: str) -> SurveyExport:
    """Read the export; the points and feedback of a quiz are technical.

    Raises
    ------
    UnreadableSourceError
        The headings are in two languages, one of the first is missing, or there is no response.
    """
    first = top_rows(grid, 1)[0][:_FIRST]
    if not any(list(headings)[:_FIRST] == first for headings in HEADINGS.values()):
        raise UnreadableSourceError(
            message(
                "{source} line 1: a Microsoft Forms export begins with {expected}, found is {found}",
                source=source,
                expected=" / ".join(",".join(list(headings)[:_FIRST]) for headings in HEADINGS.values()),
                found=",".join(first),
            ),
            message("Download the workbook again from Microsoft Forms, and do not edit its header"),
        )
    table, _ = cut_table(grid, name, source)
    roles = {heading: role for headings in HEADINGS.values() for heading, role in headings.items()}
    columns = with_roles(table.columns, table.columns, table.columns, roles)
    return SurveyExport("microsoft_forms", table, tuple(_with_points(column) for column in columns))


def _with_points(column: ExportColumn) -> ExportColumn:
    return replace(column, role="technical") if column.source.startswith(_POINTS) else column
