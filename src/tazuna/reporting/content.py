"""What a report holds, in one language and no layout: the same content is rendered as page, PDF and
workbook.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tazuna.language import Language

ColumnKind = Literal["text", "count", "score", "percent", "coefficient"]


class Mark(enum.Enum):
    """Stands in a table where there is no figure to show."""

    HIDDEN = "hidden"
    """Protected (保護のため非表示)."""


Value = str | int | float | Mark | None
"""A table cell; None means that there is no such figure."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and how its values are written."""

    label: str
    kind: ColumnKind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers with headings.

    ``code`` is unique in the report; the first column names the row; ``shaded`` are the columns, by
    position, that a
    spreadsheet colours by size.
    """

    code: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    shaded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NativeSeries:
    """One line or set of bars of a spreadsheet chart: rows ``first`` to ``last`` (0-based, inclusive)
    of the table.
    """

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NativeChart:
    """How a spreadsheet draws the figure from its own table: the columns of label, value and interval
    by position.
    """

    kind: Literal["bar", "line", "scatter"]
    series: tuple[NativeSeries, ...]
    label_column: int
    value_column: int
    interval_columns: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure (図) with the numbers that it shows.

    Parameters
    ----------
    code
        Unique in the report, letters, digits and hyphens.
    spec
        A Vega-Lite specification; the same for page and PDF.
    alternative
        What somebody who cannot see the figure needs to know; never empty.
    table
        The numbers of the figure.
    notes
        Method and n, one sentence each.
    native
        The spreadsheet's own chart, where one says the same.

    Raises
    ------
    ValueError
        When ``alternative`` is empty: page and PDF would have a drawing that nobody can hear.
    """

    code: str
    title: str
    spec: Mapping[str, Any]
    alternative: str
    table: Table
    notes: tuple[str, ...] = ()
    native: NativeChart | None = None

    def __post_init__(self) -> None:
        if not self.alternative.strip():
            raise ValueError(f"the figure {self.code} says nothing to those who cannot see it")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``finding`` is set apart as the sentence to remember of a section."""

    text: str
    tone: Literal["plain", "finding", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of statements, each with a heading in front where there is one."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a section lacks, why it matters and how to supply it."""

    what: str
    why: str
    how: str


Block = Paragraph | Items | Figure | Table | Missing


@dataclass(frozen=True, slots=True)
class Section:
    """One subject: a heading and what stands under it."""

    code: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A viewpoint of the frame (経営視点・組織視点・個人視点) or the annex."""

    code: str
    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One computed sentence of the first page, with the part of the report that it belongs to."""

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """One figure that stands out: what it is, the figure, what to know about it."""

    label: str
    headline: str
    detail: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The one decision asked of the reader, why this one, and by which rule it was chosen."""

    heading: str
    question: str
    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The page to decide from.

    ``answers`` are short sections below the figure, set in columns: paragraphs, items and nothing else.
    """

    sentences: tuple[Sentence, ...]
    figure: Figure | Missing
    cards: tuple[Card, ...]
    decision: Decision
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    answers: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language, such as the management report (経営レポート).

    ``provenance`` names input hash, program version and seed, as (name, value).
    """

    title: str
    organisation: str
    wave: str
    today: date
    language: Language
    handling: str
    front: FrontPage
    parts: tuple[Part, ...]
    provenance: tuple[tuple[str, str], ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, the first page's first."""
        blocks = (block for part in self.parts for section in part.sections for block in section.blocks)
        front = (self.front.figure,) if isinstance(self.front.figure, Figure) else ()
        return (*front, *(block for block in blocks if isinstance(block, Figure)))
