"""Qualtrics: CSV with three header rows (codes, wording, ImportId), or two in the legacy form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from tazuna.errors import UnreadableSourceError
from tazuna.intake.grids import Grid
from tazuna.intake.raw_table import LINE, RawTable
from tazuna.intake.survey_exports.cutting import cut_table, top_rows
from tazuna.intake.survey_exports.export import Role, SurveyExport, export_notice, with_roles
from tazuna.language import message

_ROLES: Mapping[str, Role] = {
    "startDate": "technical",
    "endDate": "technical",
    "status": "technical",
    "ipAddress": "personal",
    "progress": "technical",
    "duration": "technical",
    "finished": "technical",
    "recordedDate": "answered_at",
    "_recordId": "key",
    "recipientLastName": "personal",
    "recipientFirstName": "personal",
    "recipientEmail": "email",
    "externalDataReference": "key",
    "locationLatitude": "personal",
    "locationLongitude": "personal",
    "distributionChannel": "technical",
    "userLanguage": "language",
}
_LEGACY_ROLES: Mapping[str, Role] = {
    "ResponseID": "key",
    "ResponseSet": "technical",
    "Name": "personal",
    "ExternalDataReference": "key",
    "Email": "email",
    "EmailAddress": "email",
    "IPAddress": "personal",
    "Status": "technical",
    "StartDate": "technical",
    "EndDate": "answered_at",
    "Finished": "technical",
}
CODES = frozenset(
    {
        *("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished"),
        *("RecordedDate", "ResponseId", "DistributionChannel", "UserLanguage"),
    }
)
_LEGACY_NAMES = frozenset({"ResponseID", "ResponseSet", "StartDate", "EndDate", "Finished"})
_ENOUGH = 4
_NOT_ANSWERS = r"(?i)preview|test|プレビュー|テスト|^(1|2|9|17)$"
_UNFINISHED = ("false", "0", "いいえ", "偽", "no")


def is_qualtrics(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows of a file are those of a Qualtrics export, complete or not."""
    return (bool(rows) and len(CODES.intersection(rows[0])) >= _ENOUGH) or is_legacy(rows)


def is_legacy(rows: Sequence[Sequence[str]]) -> bool:
    """Whether they are the two header rows of the legacy form: ``V1 … V10``, then their names."""
    return len(rows) > 1 and rows[0][0] == "V1" and len(_LEGACY_NAMES.intersection(rows[1])) >= _ENOUGH - 1


def read_qualtrics(grid: Grid, name: str, source: str) -> SurveyExport:
    """Read the export: previews and test responses are set aside, unfinished ones kept.

    Raises
    ------
    UnreadableSourceError
        A header row is missing or incomplete, or there is no response.
    """
    rows = top_rows(grid, 3)
    if is_legacy(rows):
        table, places = cut_table(grid, name, source, 2)
        wordings = [rows[1][place] or rows[0][place] for place in places]
        columns = with_roles(table.columns, wordings, wordings, _LEGACY_ROLES)
        return _without_previews(SurveyExport("qualtrics", table, columns))
    imports = _import_row(rows, source)
    table, places = cut_table(grid, name, source, 3)
    wordings = [rows[1][place] or rows[0][place] for place in places]
    known = [str(imports[place].get("ImportId", "")) for place in places]
    columns = with_roles(table.columns, known, wordings, _ROLES)
    export = _without_previews(SurveyExport("qualtrics", table, columns))
    for column, place in zip(columns, places, strict=True):
        zone = imports[place].get("timeZone")
        if column.role == "answered_at" and isinstance(zone, str):
            moments = _in_zone(export.table.frame[column.source], zone)
            export = replace(
                export, table=replace(export.table, frame=export.table.frame.with_columns(moments))
            )
    return export


def _import_row(rows: Sequence[Sequence[str]], source: str) -> list[Mapping[str, object]]:
    """The third header row, a JSON object over each column that has a code."""
    cells = rows[2] if len(rows) > 2 else []
    if not any('"ImportId"' in cell for cell in cells):
        raise UnreadableSourceError(
            message(
                "{source} line 3: the third header row of a Qualtrics export (with ImportId) is missing",
                source=source,
            ),
            message("Export the survey again as CSV from Qualtrics, and do not remove any of its first rows"),
        )
    found: list[Mapping[str, object]] = []
    for code, cell in zip(rows[0], cells, strict=True):
        try:
            facts = json.loads(cell) if cell else {}
        except (json.JSONDecodeError, RecursionError):
            facts = None
        if not isinstance(facts, dict) or (code and "ImportId" not in facts):
            raise UnreadableSourceError(
                message(
                    "{source} line 3: the cell under “{code}” is no ImportId of Qualtrics: “{found}”",
                    source=source,
                    code=code,
                    found=cell[:60],
                ),
                message(
                    "Export the survey again as CSV from Qualtrics, and do not remove any of its first rows"
                ),
            )
        found.append(facts)
    return found


def _without_previews(export: SurveyExport) -> SurveyExport:
    """The export without what was filled in as a preview or a test; both kinds are counted in notices."""
    frame = export.table.frame
    named = {column.wording: column.source for column in export.columns}
    named |= {column.source: column.source for column in export.columns}
    flags = [frame[named[code]] for code in ("Status", "DistributionChannel") if code in named]
    tried = pl.repeat(False, frame.height, eager=True)
    for cells in flags:
        tried = tried | cells.str.contains(_NOT_ANSWERS).fill_null(value=False)
    table = replace(export.table, frame=frame.filter(~tried))
    if "Finished" in named:
        finished = table.frame[named["Finished"]].str.to_lowercase()
        table = _noticed_unfinished(table, int(finished.is_in(_UNFINISHED).sum()))
    count = int(tried.sum())
    if count:
        lines = ", ".join(str(line) for line in frame[LINE].filter(tried).head(10))
        said = message(
            "{source}: previews and test responses, left out: {count} (lines {lines})",
            source=table.source,
            count=count,
            lines=lines if count <= 10 else f"{lines} …",
        )
        table = replace(table, notices=(*table.notices, export_notice(table, "previews", count, said)))
        table = replace(table, ragged=tuple(r for r in table.ragged if r.line in set(table.frame[LINE])))
    return replace(export, table=table, set_aside=count)


def _noticed_unfinished(table: RawTable, count: int) -> RawTable:
    if not count:
        return table
    said = message("{source}: unfinished responses, kept: {count}", source=table.source, count=count)
    return replace(table, notices=(*table.notices, export_notice(table, "unfinished", count, said)))


def _in_zone(cells: pl.Series, zone: str) -> pl.Series:
    """Moments of ``zone`` as moments in UTC that say so; what cannot be read stays as it is."""
    try:
        moments = (
            cells.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
            .dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
            .dt.convert_time_zone("UTC")
            .dt.strftime("%Y-%m-%d %H:%M:%SZ")
        )
    except pl.exceptions.ComputeError:
        return cells
    return moments.zip_with(moments.is_not_null(), cells).alias(cells.name)
