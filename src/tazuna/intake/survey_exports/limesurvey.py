"""LimeSurvey CSV: codes, wordings or both as headings; comma or semicolon; formulas masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from tazuna.errors import UnreadableSourceError
from tazuna.intake.grids import Grid
from tazuna.intake.headers import normalise_heading
from tazuna.intake.raw_table import RawTable
from tazuna.intake.survey_exports.cutting import cut_table, top_rows
from tazuna.intake.survey_exports.export import Role, SurveyExport, export_notice, with_roles
from tazuna.language import message

ROLES: Mapping[str, Role] = {
    "id": "key",
    "submitdate": "answered_at",
    "lastpage": "technical",
    "startlanguage": "language",
    "seed": "technical",
    "token": "key",
    "startdate": "technical",
    "datestamp": "technical",
    "ipaddr": "personal",
    "refurl": "technical",
    "firstname": "personal",
    "lastname": "personal",
    "email": "email",
    "interviewtime": "technical",
}
_IN_WORDS: Mapping[str, tuple[str, ...]] = {
    "id": ("Response ID", "回答ID"),
    "submitdate": ("Date submitted", "送信日", "送信日時"),
    "lastpage": ("Last page", "最後のページ", "最終ページ"),
    "startlanguage": ("Start language", "開始言語"),
    "seed": ("Seed", "シード"),
    "token": ("Token", "Access code", "トークン", "アクセスコード"),
    "startdate": ("Date started", "開始日", "開始日時"),
    "datestamp": ("Date last action", "最終操作日", "最終操作日時"),
    "ipaddr": ("IP address", "IPアドレス"),
    "refurl": ("Referrer URL", "参照元URL"),
    "firstname": ("First name", "名"),
    "lastname": ("Last name", "姓"),
    "email": ("Email address", "メールアドレス"),
    "interviewtime": ("Total time", "合計時間"),
}
_CODES = {normalise_heading(word).casefold(): code for code, words in _IN_WORDS.items() for word in words}
_CODE_AND_TEXT = re.compile(r"^([A-Za-z][A-Za-z0-9]*(?:\[[^\]]*\])*)\s*[.:：|–-]\s*(\S.*)$")
_MARKS = frozenset({"submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"})
_TIMING = re.compile(r"^(interviewtime|groupTime\d+|.*Time)$")
_ENOUGH = 2
NOT_STAMPED = "1980-01-01 00:00:00"


def code_of(heading: str) -> str:
    """The code of a heading, which is a code, a wording, or both; "" where it is only a wording."""
    both = _CODE_AND_TEXT.match(heading)
    code = both[1] if both is not None else heading
    return code if code.casefold() in ROLES else _CODES.get(heading.casefold(), code if both else "")


def is_limesurvey(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the header begins with the response's id and names the tool's other columns."""
    if not rows or code_of(rows[0][0]).casefold() != "id":
        return False
    return len(_MARKS.intersection(code_of(heading).casefold() for heading in rows[0])) >= _ENOUGH


def read_limesurvey(grid: Grid, name: str, source: str) -> SurveyExport:
    """Read the export; unfinished responses are kept.

    Raises
    ------
    UnreadableSourceError
        There is no column of the date of submission, or no response.
    """
    headings = top_rows(grid, 1)[0]
    if "submitdate" not in {code_of(heading).casefold() for heading in headings}:
        raise UnreadableSourceError(
            message(
                "{source} line 1: the column {column} of a LimeSurvey export is missing",
                source=source,
                column="submitdate",
            ),
            message("Export the responses again from LimeSurvey, with all columns"),
        )
    table, _ = cut_table(grid, name, source)
    known = [code_of(heading) for heading in table.columns]
    wordings = [both[2] if (both := _CODE_AND_TEXT.match(h)) else h for h in table.columns]
    roles: dict[str, Role] = {**ROLES, **{code: "technical" for code in known if _TIMING.match(code)}}
    columns = with_roles(table.columns, known, wordings, roles)
    export = SurveyExport("limesurvey", table, columns)
    return replace(export, table=settled_dates(unmasked(table), export.named("answered_at")[0]))


def unmasked(table: RawTable) -> RawTable:
    """Cells that begin with ``'=`` as they were before LimeSurvey masked them for spreadsheets."""
    text = [pl.col(column).str.replace(r"^'([=+@-])", "${1}") for column in table.columns]
    return replace(table, frame=table.frame.with_columns(text))


def settled_dates(table: RawTable, submitted: str) -> RawTable:
    """Unfinished responses are counted; the date that stands for "not recorded" is none."""
    cells = table.frame[submitted]
    unfinished = cells.null_count()
    stamped = cells.set((cells == NOT_STAMPED).fill_null(value=False), None)
    table = replace(table, frame=table.frame.with_columns(stamped.alias(submitted)))
    if not unfinished:
        return table
    said = message("{source}: unfinished responses, kept: {count}", source=table.source, count=unfinished)
    return replace(table, notices=(*table.notices, export_notice(table, "unfinished", unfinished, said)))
