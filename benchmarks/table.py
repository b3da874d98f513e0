"""A table of the benchmarks, for the reference in both languages."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from benchmarks.measuring import Measurement

Language = Literal["ja", "en"]
Words = dict[Language, str]
BEGIN, END = "<!-- table: make bench, {room} -->", "<!-- end of table -->"
TITLES: dict[str, Words] = {
    "files": {"en": "From files to report", "ja": "ファイルからレポートまで"},
    "matching": {"en": "Matching", "ja": "マッチング"},
    "evaluation": {"en": "Evaluation", "ja": "評価"},
    "measurement": {"en": "Measurement", "ja": "測定"},
    "disclosure": {"en": "Protection of small groups", "ja": "小さな集団の保護"},
}
HEADINGS: Words = {
    "en": "| what | seconds | processor seconds | memory, MB | runs | ratio | limit |",
    "ja": "| 内容 | 秒 | CPU秒 | メモリー（MB） | 回数 | 比 | 上限 |",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, what ``ratio`` compares with, and what is required."""

    what: Words
    measured: Measurement
    ratio: Words | None = None
    limit: Words | None = None

    def text(self, language: Language) -> str:
        """The line in Markdown."""
        ratio, limit = (words[language] if words else "" for words in (self.ratio, self.limit))
        figures = self.measured
        return (
            f"| {self.what[language]} | {_seconds(figures.seconds)} | {_seconds(figures.processor_seconds)} "
            f"| {figures.megabytes:,.0f} | {figures.runs} | {ratio} | {limit} |"
        )


def _seconds(value: float) -> str:
    """Two decimals, four of what is over in a moment."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def table(room: str, rows: Sequence[Row], language: Language) -> str:
    """A heading, the date, versions and cores that the rows hold for, and the rows."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("tazuna", "polars", "pandas"))
    today = datetime.datetime.now().astimezone().date()
    facts: Words = {
        "en": f"{today}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}.",
        "ja": f"{today}、{os.cpu_count()}コア、Python {platform.python_version()}、{versions}。",
    }
    lines = [HEADINGS[language], "|---|--:|--:|--:|--:|---|---|", *(row.text(language) for row in rows)]
    return "\n".join([f"## {TITLES[room][language]}", "", facts[language], "", *lines])


def write_tables(room: str, rows: Sequence[Row], reference: Path) -> None:
    """Put the table into ``speed.md`` and ``speed.ja.md``, between the two marks of its room.

    Raises
    ------
    ValueError
        A page has no such mark.
    """
    begin = BEGIN.format(room=room)
    for name, language in (("speed.md", "en"), ("speed.ja.md", "ja")):
        page = reference / name
        before, mark, rest = page.read_text("utf-8").partition(begin)
        if not mark:
            raise ValueError(f"{page} has no line {begin}")
        after = rest.partition(END)[2]
        written = f"{before}{begin}\n\n{table(room, rows, language)}\n\n{END}{after}"  # type: ignore[arg-type]
        page.write_text(written, "utf-8")
