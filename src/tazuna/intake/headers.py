"""Where the table begins: the header row (見出し行) among title rows, and the names of its columns."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from tazuna.intake.raw_table import LINE

Row = Sequence[str | None]

SEARCHED_ROWS = 60
_FIGURE = re.compile(r"[-+▲△]?[\d,./:年月日 -]+%?$")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table.

    Parameters
    ----------
    first, last
        Row indices (0 = the first row given); different where merged cells split the header in two.
    names
        One heading a column up to the last one that has any, None for a column without.
    """

    first: int
    last: int
    names: tuple[str | None, ...]


@lru_cache(maxsize=10_000)
def normalise_heading(text: str) -> str:
    """NFKC, inner runs of white space as one space, trimmed.

    Examples
    --------
    >>> normalise_heading("　社員 番号㈱ ")
    '社員 番号(株)'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def find_header(
    rows: Sequence[Row], known_headers: frozenset[str] = frozenset(), header_row: int | None = None
) -> Header | None:
    """The header among the first rows of a sheet or file, or None where no row looks like one.

    The first row that shares two headings with ``known_headers`` is the header. Without such a row it is the
    first one with at least two cells, mostly different words rather than figures, and about as
    wide as what stands below it.

    Parameters
    ----------
    rows
        The first rows, as many columns each; None = an empty cell.
    known_headers
        Headings (normalised) that the caller knows.
    header_row
        The index of the header row where a person named it.
    """
    named = [[normalise_heading(cell) if cell else "" for cell in row] for row in rows]
    found = header_row if header_row is not None else _search(named, known_headers)
    if found is None or found >= len(named) or not any(named[found]):
        return None
    last, names = _joined_with_second_row(named, found)
    while names and not names[-1]:
        names.pop()
    return Header(found, last, tuple(name or None for name in names))


def column_names(
    headings: Sequence[str | None], letters: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Unique names for columns with ``headings`` and ``letters``, and the headings that occur more than once.

    A heading that `is_reserved` has its letter before it.

    Examples
    --------
    >>> column_names(["氏名", None, "氏名"], ["A", "B", "C"])
    (('氏名', '[B]', '氏名 (2)'), ('氏名',))
    """
    times = Counter(name for name in headings if name)
    taken = set(times)
    names: list[str] = []
    for heading, letter in zip(headings, letters, strict=True):
        wanted = heading or f"[{letter}]"
        if is_reserved(wanted):
            wanted = f"[{letter}] {wanted}"
        name, repeat = wanted, 1
        while name in names or (repeat > 1 and name in taken):
            repeat += 1
            name = f"{wanted} ({repeat})"
        names.append(name)
    return tuple(names), tuple(name for name, count in times.items() if count > 1)


def is_reserved(name: str) -> bool:
    """Whether a table of Polars takes ``name`` for something else: every column, a pattern, or the line."""
    return name in ("*", LINE) or (name.startswith("^") and name.endswith("$"))


def column_letter(index: int) -> str:
    """The spreadsheet's name of a column.

    Examples
    --------
    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    while index >= 0:
        letters = chr(65 + index % 26) + letters
        index = index // 26 - 1
    return letters


def column_index(letters: str) -> int:
    """The inverse of `column_letter`."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _search(rows: Sequence[Sequence[str]], known: frozenset[str]) -> int | None:
    for index, row in enumerate(rows):
        if len(known.intersection(row)) >= min(2, len(rows[0])):
            return index
    for index, row in enumerate(rows):
        if _looks_like_header(row, _usual_width(rows[index + 1 :])):
            return index
    return None


def _looks_like_header(row: Sequence[str], body_width: int) -> bool:
    cells = [cell for cell in row if cell]
    if len(cells) < 2 or len(cells) < 0.6 * body_width:
        return False
    words = sum(not _FIGURE.match(cell) for cell in cells)
    return words >= 0.7 * len(cells) and len(set(cells)) > 0.5 * len(cells)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = sorted(width for row in rows if (width := sum(map(bool, row))))
    return widths[len(widths) // 2] if widths else 0


def _joined_with_second_row(rows: Sequence[Sequence[str]], found: int) -> tuple[int, list[str]]:
    """A heading merged over columns, its parts in the row below, becomes ``heading part`` for each part."""
    upper = list(rows[found])
    lower = list(rows[found + 1]) if found + 1 < len(rows) else []
    gaps = [i for i, cell in enumerate(upper) if not cell and lower and lower[i]]
    parts = [i for i, cell in enumerate(lower) if cell]
    spanning = {_span_start(upper, i) for i in gaps}
    split = (
        bool(gaps)
        and None not in spanning
        and set(parts) == set(gaps) | spanning
        and not any(_FIGURE.match(lower[i]) for i in parts)
        and any(upper[i] and not lower[i] for i in range(len(upper)))
    )
    if not split:
        return found, upper
    joined = list(upper)
    for i in parts:
        start = _span_start(upper, i)
        joined[i] = f"{upper[start]} {lower[i]}" if start is not None else lower[i]
    return found + 1, joined


def _span_start(upper: Sequence[str], column: int) -> int | None:
    left = sum(1 for _ in takewhile(lambda cell: not cell, reversed(upper[: column + 1])))
    start = column - left
    return start if start >= 0 else None
