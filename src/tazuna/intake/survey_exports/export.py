"""What is read from the export of a survey tool: its table, and what each of its columns is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tazuna.intake.faults import Notice
from tazuna.intake.raw_table import RawTable
from tazuna.intake.schema import normalised
from tazuna.language import Message

ExportFormat = Literal["qualtrics", "limesurvey", "google_forms", "microsoft_forms"]
FORMAT_NAMES: Mapping[ExportFormat, str] = {
    "qualtrics": "Qualtrics",
    "limesurvey": "LimeSurvey",
    "google_forms": "Google Forms",
    "microsoft_forms": "Microsoft Forms",
}
Role = Literal["answered_at", "language", "key", "email", "personal", "technical", "asked"]

_EMAIL = re.compile(r"e-?mail|メール", re.IGNORECASE)
_PERSONAL = re.compile(
    r"氏名|お?名前|姓名|フリガナ|ふりがな|電話|携帯|住所|(first|last|full) ?name|phone", re.IGNORECASE
)
_SHORT = 24


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of an export.

    Parameters
    ----------
    source
        As in the table's ``columns``.
    role
        ``answered_at``: when the response was sent; ``language``: in which it was given; ``key``: a number of
        the tool that tells responses apart; ``email`` and ``personal``: names a person; ``technical``: about
        the filling in; ``asked``: a question.
    wording
        The words of the question, where the file has them; else the heading.
    """

    source: str
    role: Role
    wording: str


@dataclass(frozen=True, slots=True)
class SurveyExport:
    """An export as read: one row a response.

    Parameters
    ----------
    set_aside
        Responses of the file that are no answers (previews and tests); a notice of ``table`` names them.
    """

    format: ExportFormat
    table: RawTable
    columns: tuple[ExportColumn, ...]
    set_aside: int = 0

    def named(self, *roles: Role) -> tuple[str, ...]:
        """The columns with one of ``roles``, in the file's order."""
        return tuple(column.source for column in self.columns if column.role in roles)


def with_roles(
    names: Sequence[str], known: Sequence[str], wordings: Sequence[str], roles: Mapping[str, Role]
) -> tuple[ExportColumn, ...]:
    """The columns called ``names``; ``known`` is what the tool calls each, looked up in ``roles``.

    A question that asks for a name or an address has the role of what it asks for.
    """
    ours = {normalised(name): role for name, role in roles.items()}
    return tuple(
        ExportColumn(name, ours.get(normalised(called)) or _role_of_question(wording), wording)
        for name, called, wording in zip(names, known, wordings, strict=True)
    )


def _role_of_question(wording: str) -> Role:
    if len(wording) <= _SHORT:
        if _EMAIL.search(wording):
            return "email"
        if _PERSONAL.search(wording):
            return "personal"
    return "asked"


def export_notice(table: RawTable, kind: str, count: int, said: Message) -> Notice:
    """A notice about the responses of ``table``."""
    return Notice(kind, "responses", table.source, count, said)
