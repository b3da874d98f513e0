"""Which survey tool a file comes from, and its responses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tazuna.errors import UnreadableSourceError
from tazuna.intake.grids import Grid
from tazuna.intake.schema import normalised
from tazuna.intake.sources import read_grids
from tazuna.intake.survey_exports.cutting import top_rows
from tazuna.intake.survey_exports.export import FORMAT_NAMES, ExportFormat, SurveyExport
from tazuna.intake.survey_exports.google_forms import is_google_forms, read_google_forms
from tazuna.intake.survey_exports.limesurvey import is_limesurvey, read_limesurvey
from tazuna.intake.survey_exports.limesurvey_archive import read_archive
from tazuna.intake.survey_exports.microsoft_forms import HEADINGS, is_microsoft_forms, read_microsoft_forms
from tazuna.intake.survey_exports.qualtrics import CODES, is_qualtrics, read_qualtrics
from tazuna.language import message

ARCHIVE_ENDING = ".lsa"
_TOP = 12
_HEAD = 1 << 14
_WRONG_CUT = re.compile(r"[,;|\t]")
_ENOUGH = 3
_RECOGNISE: Mapping[ExportFormat, Callable[[Sequence[Sequence[str]]], bool]] = {
    "qualtrics": is_qualtrics,
    "limesurvey": is_limesurvey,
    "microsoft_forms": is_microsoft_forms,
    "google_forms": is_google_forms,
}
_READ: Mapping[ExportFormat, Callable[[Grid, str, str], SurveyExport]] = {
    "qualtrics": read_qualtrics,
    "limesurvey": read_limesurvey,
    "microsoft_forms": read_microsoft_forms,
    "google_forms": read_google_forms,
}


def recognised_format(grid: Grid, source: str) -> ExportFormat | None:
    """The tool that wrote ``grid``, or None.

    Raises
    ------
    UnreadableSourceError
        The header of a tool stands in one cell: header and rows are not separated alike.
    """
    rows = top_rows(grid, _TOP)
    if not rows:
        return None
    _refuse_wrong_cut(rows[0], source)
    return next((name for name, recognise in _RECOGNISE.items() if recognise(rows)), None)


def find_exports(data: bytes, name: str) -> dict[str, SurveyExport]:
    """Place (``file`` or ``file#sheet``) → export, for each table of the file that a survey tool wrote.

    Raises
    ------
    UnreadableSourceError
        The file cannot be read, or a recognised export is not as its tool writes it.
    """
    if name.lower().endswith(ARCHIVE_ENDING):
        return {name: read_archive(data, name)}
    if name.lower().endswith(".parquet"):
        return {}
    _refuse_bars(data, name)
    grids = read_grids(data, name)
    found = {}
    for sheet, source, grid in grids:
        written_by = recognised_format(grid, source)
        if written_by is not None:
            place = name if len(grids) == 1 else f"{name}#{sheet}"
            found[place] = _READ[written_by](grid, sheet, source)
    return found


def read_export(data: bytes, name: str, sheet: str, wanted: ExportFormat) -> SurveyExport:
    """The export that ``study.toml`` names, which must be of the format ``wanted``.

    Parameters
    ----------
    sheet
        The sheet of a workbook; "" for the only one.

    Raises
    ------
    UnreadableSourceError
        The file cannot be read, or is not as its tool writes it.
    """
    if wanted == "limesurvey" and name.lower().endswith(ARCHIVE_ENDING):
        return read_archive(data, name)
    _refuse_bars(data, name)
    for grid_name, source, grid in read_grids(data, name):
        if sheet and normalised(sheet) != normalised(grid_name):
            continue
        if recognised_format(grid, source) == wanted:
            return _READ[wanted](grid, grid_name, source)
    raise UnreadableSourceError(
        message("{source} is no export of {tool}", source=name, tool=FORMAT_NAMES[wanted]),
        message("Export the survey again and do not edit the file, or correct [formats] in study.toml"),
    )


def _refuse_bars(data: bytes, source: str) -> None:
    """Refuse a header between bars, which the reader of text files would take for one cell with quotes."""
    header = data[:_HEAD].partition(b"\n")[0].decode("utf-8", "replace")
    if header.count("|") >= _ENOUGH:
        _refuse_wrong_cut([header.removeprefix("\ufeff")], source)


def _refuse_wrong_cut(header: Sequence[str], source: str) -> None:
    known = {*CODES, *(heading for headings in HEADINGS.values() for heading in headings)}
    known |= {"id", "submitdate", "lastpage", "startlanguage"}
    for cell in header:
        parts = [part.strip(' "') for part in _WRONG_CUT.split(cell)]
        if len(known.intersection(parts)) >= _ENOUGH:
            raise UnreadableSourceError(
                message(
                    "{source} line 1: “{found} …” is one cell; the header is not separated as the rows are",
                    source=source,
                    found=cell[:40].replace('"', ""),
                ),
                message("Export the survey again, separated by commas, semicolons or tabs throughout"),
            )
