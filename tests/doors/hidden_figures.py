"""What a release hides, looked for in files that were written beside it; shares no code with the release."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import polars as pl

KEYS = ["organisation_id", "wave", "viewpoint", "group_by", "group", "measure"]
IN_OFFICE = ("executive", "hr")
COUNTS = ("n", "people", "n_treated", "n_comparison")
"""Names under which tables and documents say how many people a figure is about."""
DECIMALS = 6
_NUMBER = re.compile(r"(?<![A-Za-z\d.])-?\d+\.\d{5,}")
_DRAWING, _WORDS = re.compile(r"<svg.*?</svg>", re.DOTALL), re.compile(r">([^<]+)<")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Hidden figures that no shown figure has the value of: value → one of the cells."""

    of: dict[float, tuple[str, ...]]

    def in_text(self, text: str) -> list[tuple[str, ...]]:
        """Cells of which a figure stands in a text, in full."""
        # Coordinates of drawings are long numbers that mean nothing; what they say in words counts.
        told = _DRAWING.sub(lambda drawing: " ".join(_WORDS.findall(drawing[0])), text)
        values = {round(float(number), DECIMALS) for number in _NUMBER.findall(told)}
        return [self.of[value] for value in values if value in self.of]

    def in_file(self, path: Path) -> list[tuple[str, ...]]:
        """Cells of which a figure stands in a file, the parts of a workbook included."""
        return [cell for text in texts(path) for cell in self.in_text(text)]


def secrets(unprotected: pl.DataFrame, released: pl.DataFrame) -> Secrets:
    """The hidden means and limits with so many decimals that they say whose they are."""
    both = unprotected.drop("suppressed").join(released.select(*KEYS, "suppressed"), on=KEYS)
    shown: set[float] = set()
    hidden: dict[float, tuple[str, ...]] = {}
    for *key, mean, lower, upper, gone in both.select(
        *KEYS, "mean", "lower", "upper", "suppressed"
    ).iter_rows():
        # The mean of five grades is a ratio of small numbers, which the mean of an answer can be as well.
        for value in (None if key[-1] == "contribution" else mean, lower, upper):
            if value is not None and gone:
                hidden.setdefault(round(value, DECIMALS), tuple(key))
            elif value is not None:
                shown.add(round(value, DECIMALS))
    return Secrets({v: key for v, key in hidden.items() if v not in shown and round(v, 4) != v})


def texts(path: Path) -> Iterator[str]:
    """A file as text; the parts of a workbook or an archive one by one."""
    if path.suffix == ".xlsx":
        with ZipFile(path) as parts:
            for name in parts.namelist():
                yield parts.read(name).decode("utf-8", "replace")
    else:
        yield path.read_text(encoding="utf-8-sig", errors="replace")


def small_counts(path: Path, k: int) -> list[str]:
    """Where a table or document has a figure of fewer than k people that is no statement in office."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        return list(_counts_in(json.loads(text), k, path.name))
    return [
        f"{path.name}: {row}"
        for row in csv.DictReader(io.StringIO(text))
        if row.get("viewpoint") not in IN_OFFICE
        and any(0 < float(row[name]) < k for name in COUNTS if row.get(name))
    ]


def _counts_in(found: object, k: int, place: str) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            if name in COUNTS and isinstance(value, int) and 0 < value < k:
                yield f"{place}.{name} = {value}"
            yield from _counts_in(value, k, f"{place}.{name}")
    elif isinstance(found, list):
        for at, value in enumerate(found):
            yield from _counts_in(value, k, f"{place}[{at}]")
