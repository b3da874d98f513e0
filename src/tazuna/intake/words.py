"""Text, identifiers, codes, lists and yes/no: from cells of text to values that compare."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from tazuna.intake.schema import Code, normalised
from tazuna.language import Message, message

NormalisedKind = Literal["full_width", "date_form", "number_form"]
_COMPARED_WORDS = 1000
_EXACT = 2.0**53


@dataclass(frozen=True, slots=True)
class BadCells:
    """Cells of one column that break the same rule.

    Parameters
    ----------
    mask
        True in the rows that break it.
    details
        One row a true of ``mask``: what fills open places of the sentences; None where they have none.
    shown
        What to show as the value found, one a row; None: the cell as it stands in the file.
    """

    kind: str
    mask: pl.Series
    expected: Message
    cure: Message
    details: pl.DataFrame | None = None
    shown: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed column: ``values`` (null = empty or bad), what was bad, how many cells were normalised."""

    values: pl.Series
    bad: tuple[BadCells, ...] = ()
    normalised: tuple[tuple[NormalisedKind, int], ...] = ()


def rows_mask(height: int, positions: pl.Series) -> pl.Series:
    """Boolean of length ``height``, True at ``positions``."""
    return pl.repeat(False, height, eager=True).scatter(positions, values=True)


def as_text(cells: pl.Series) -> pl.Series:
    """The cells as trimmed text, whole numbers without a decimal point, blanks as null."""
    if cells.dtype.is_float():
        given = cells.drop_nulls()
        whole = (given.is_finite() & (given % 1 == 0) & (given.abs() < _EXACT)).all()
        cells = cells.cast(pl.Int64) if whole else cells
    if cells.dtype == pl.List:
        cells = cells.list.join(";")
    text = cells.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


def as_identifiers(cells: pl.Series) -> Typed:
    """Identifiers: NFKC (full-width digits become ASCII), trimmed; leading zeros and case stay."""
    text = as_text(cells)
    if _is_ascii(text):
        return Typed(text)
    narrow = text.str.normalize("NFKC").str.strip_chars()
    changed = int((text != narrow).sum())
    return Typed(narrow, normalised=(("full_width", changed),) if changed else ())


def _is_ascii(text: pl.Series) -> bool:
    return bool(text.str.len_bytes().sum() == text.str.len_chars().sum())


def compared(text: pl.Series) -> pl.Series:
    """The text as it is compared: as `schema.normalised`, for a column."""
    narrow = text if _is_ascii(text) else text.str.normalize("NFKC")
    return narrow.str.replace_all(r"\s", "").str.to_lowercase()


def mapped_values(cells: pl.Series, words: Mapping[str, str]) -> pl.Series:
    """The cells with the words of ``[values.TABLE.COLUMN]`` replaced; one mapped to "" becomes empty."""
    ours = {normalised(word): value for word, value in words.items()}
    text = as_text(cells)
    found = compared(text).replace_strict(ours, default=None, return_dtype=pl.String)
    mapped = found.zip_with(found.is_not_null(), text)
    return mapped.set((mapped == "").fill_null(value=False), None).alias(cells.name)


def as_codes(cells: pl.Series, codes: Sequence[Code]) -> Typed:
    """Codes as the contract writes them; a word that is none of them is bad, with the nearest one named."""
    return as_one_of(cells, [code.value for code in codes])


def as_one_of(cells: pl.Series, allowed: Sequence[str]) -> Typed:
    """Values of a closed list, found by NFKC, width, case and spaces."""
    ours = {normalised(value): value for value in allowed}
    if _are_all_in(cells, ours.values()):
        return Typed(cells)
    text = as_text(cells)
    values = compared(text).replace_strict(ours, default=None, return_dtype=pl.String).alias(cells.name)
    unknown = text.is_not_null() & values.is_null()
    if not unknown.any():
        return Typed(values)
    return Typed(values, _unknown_words(text, unknown, tuple(allowed)))


def _are_all_in(cells: pl.Series, allowed: Iterable[str]) -> bool:
    """Whether all cells are empty or written exactly as one of ``allowed``: most columns of codes are."""
    if cells.dtype != pl.String:
        return False
    exact = pl.Series(allowed, dtype=pl.String)
    return bool(cells.is_in(exact.filter(exact != "").implode()).all())


def _unknown_words(text: pl.Series, unknown: pl.Series, allowed: tuple[str, ...]) -> tuple[BadCells, ...]:
    nearest = nearest_words(text.filter(unknown), allowed)
    similar = text.replace_strict(nearest, default=None, return_dtype=pl.String)
    expected = message("expected is one of {allowed}", allowed=", ".join(allowed))
    with_nearest, without = unknown & similar.is_not_null(), unknown & similar.is_null()
    bad = []
    if with_nearest.any():
        details = pl.DataFrame({"nearest": similar.filter(with_nearest)})
        cure = message("Did you mean {nearest}? Correct it, or map the word in study.toml under [values]")
        bad.append(BadCells("unknown_code", with_nearest, expected, cure, details))
    if without.any():
        cure = message("Correct it, or map the word in study.toml under [values]; tazuna init helps")
        bad.append(BadCells("unknown_code", without, expected, cure))
    return tuple(bad)


def nearest_words(found: pl.Series, allowed: Iterable[str]) -> dict[str, str]:
    """Word found → the most similar allowed one, where one is similar (for the first thousand words)."""
    by_comparison = {normalised(word): word for word in allowed}
    nearest = {}
    for word in found.drop_nulls().unique(maintain_order=True).head(_COMPARED_WORDS):
        close = difflib.get_close_matches(normalised(word), by_comparison, n=1, cutoff=0.6)
        if close:
            nearest[word] = by_comparison[close[0]]
    return nearest


def as_list(cells: pl.Series) -> Typed:
    """Lists from text with semicolons (half or full width), blanks left out."""
    parts = as_text(cells).str.replace_all("；", ";").str.split(";")
    trimmed = parts.list.eval(pl.element().str.strip_chars()).list.eval(
        pl.element().filter(pl.element() != "")
    )
    return Typed(trimmed.alias(cells.name))
