"""Names of report files: in the reader's words, dated, and safe on every file system."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

from tazuna.language import Language, translator

Suffix = Literal["html", "pdf", "xlsx"]

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_LONGEST_PART = 60
_MOST_BYTES = 220


def safe_part(words: str) -> str:
    """Words without what Windows forbids in a name, without dots or blanks at the ends, at most 60
    characters.

    Examples
    --------
    >>> safe_part('A/B: "C"')
    'A_B_ _C'
    """
    replaced = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", words))
    return re.sub(r"\s+", " ", replaced)[:_LONGEST_PART].strip(" ._")


def report_file_name(organisation: str, wave: str, today: date, language: Language, suffix: Suffix) -> str:
    """The file name of a management report.

    Examples
    --------
    >>> from datetime import date
    >>> report_file_name("株式会社あおぞら", "第3回", date(2026, 11, 20), "ja", "pdf")
    'キャリアオーナーシップ経営レポート_株式会社あおぞら_第3回_2026-11-20.pdf'
    """
    title = translator(language)("Career ownership management report")
    return dated_name((title, organisation, wave), today, suffix)


def dated_name(parts: tuple[str, ...], today: date, suffix: Suffix) -> str:
    """A file name of the parts that are not empty, and the date.

    Examples
    --------
    >>> from datetime import date
    >>> dated_name(("抽選結果の要約", "A/B"), date(2026, 11, 20), "pdf")
    '抽選結果の要約_A_B_2026-11-20.pdf'
    """
    ending = f"_{today.isoformat()}.{suffix}"
    stem = "_".join(safe for part in parts if (safe := safe_part(part)))
    while len((stem + ending).encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" ._") + ending
