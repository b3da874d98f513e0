"""Figures (数値) and yes/no in the forms that companies write, from text to typed columns."""

from __future__ import annotations

import polars as pl

from tazuna.intake.parsed import Parsed, Unread
from tazuna.language import message

_PLAIN = r"^-?(?:0|[1-9][0-9]{0,17})$"
_GROUPED = r"^-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$"
_FIGURE = r"^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
YES = ("true", "yes", "はい", "有", "有り", "あり", "○", "◯", "〇", "✓", "✔", "1", "1.0")
NO = ("false", "no", "いいえ", "無", "無し", "なし", "×", "✕", "✗", "0", "0.0")


def parse_numbers(cells: pl.Series) -> Parsed:
    """Figures from text: full-width digits, ``1,234``, ``▲5``, ``△5`` and ``−5`` are read; units are not.

    Parameters
    ----------
    cells
        String (or numeric, which is taken over), any length.

    Returns
    -------
    Parsed
        ``values`` of Float64, always finite; ``forms`` counts ``full_width``, ``thousands`` and
        ``minus_sign``; the one reason of ``unread`` is ``not_a_number``.

    Examples
    --------
    >>> parse_numbers(pl.Series(["１，２３４", "▲5", "12.50"])).values.to_list()
    [1234.0, -5.0, 12.5]
    """
    if cells.dtype.is_numeric():
        values = cells.cast(pl.Float64)
        return Parsed(values.set(~values.is_finite(), None))
    read = _read(cells)
    unread = read["text"].is_not_null() & read["value"].is_null()
    found = Unread(
        "not_a_number", unread, message("a number is expected"), message("Write digits only, as 12.5")
    )
    return Parsed(read["value"].alias(cells.name), _forms(read), (found,) if unread.any() else ())


def parse_integers(cells: pl.Series) -> Parsed:
    """Whole numbers from text, in the forms of `parse_numbers`; ``12.0`` is 12.

    Parameters
    ----------
    cells
        String (or numeric, which is taken over), any length.

    Returns
    -------
    Parsed
        ``values`` of Int64; reasons of ``unread`` are ``not_a_number`` and ``not_whole``.
    """
    if cells.dtype.is_integer():
        return Parsed(cells.cast(pl.Int64))
    if cells.dtype == pl.String and cells.drop_nulls().str.contains(_PLAIN).all():
        return Parsed(cells.cast(pl.Int64))
    numbers = parse_numbers(cells)
    broken = numbers.values.is_not_null() & ((numbers.values % 1 != 0) | (numbers.values.abs() >= 2.0**53))
    whole = numbers.values.set(broken, None).cast(pl.Int64)
    unread = numbers.unread
    if broken.any():
        said = message("a whole number is expected")
        unread = (*unread, Unread("not_whole", broken, said, message("Write digits only, as 12")))
    return Parsed(whole, numbers.forms, unread)


def parse_booleans(cells: pl.Series) -> Parsed:
    """Yes and no from text: true/false, はい/いいえ, ○/×, 有/無, 1/0, yes/no, in any case and width.

    Parameters
    ----------
    cells
        String (or Boolean, or numeric with 1 and 0), any length.

    Returns
    -------
    Parsed
        ``values`` of Boolean; the one reason of ``unread`` is ``not_yes_or_no``.
    """
    if cells.dtype == pl.Boolean:
        return Parsed(cells)
    text = _distinct(cells)
    words = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    value = pl.col("plain").str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)
    read = _joined_back(cells, text.with_columns(value.alias("value")))
    unread = read["text"].is_not_null() & read["value"].is_null()
    said = message("yes or no is expected")
    found = Unread("not_yes_or_no", unread, said, message("Write はい or いいえ (or 1 or 0)"))
    return Parsed(read["value"].alias(cells.name), {}, (found,) if unread.any() else ())


def _distinct(cells: pl.Series) -> pl.DataFrame:
    """Every distinct text that is not blank, as ``text`` and NFKC-normalised as ``plain``."""
    texts = cells.cast(pl.String).unique().drop_nulls().to_frame("text")
    plain = pl.col("text").str.normalize("NFKC").str.strip_chars()
    return texts.with_columns(plain=plain).filter(pl.col("plain") != "")


def _joined_back(cells: pl.Series, distinct: pl.DataFrame) -> pl.DataFrame:
    """One row a cell; ``text`` is null where the cell is blank."""
    every = (
        cells.cast(pl.String).to_frame("text").join(distinct, on="text", how="left", maintain_order="left")
    )
    return every.with_columns(pl.when(pl.col("plain").is_not_null()).then("text").alias("text"))


def _read(cells: pl.Series) -> pl.DataFrame:
    ascii_minus = pl.col("plain").str.replace(r"^[▲△−‐–]\s*", "-")
    grouped = pl.col("figure").str.contains(_GROUPED)
    bare = pl.when(grouped).then(pl.col("figure").str.replace_all(",", "")).otherwise("figure")
    value = (
        pl.when(bare.str.contains(_FIGURE)).then(bare.str.strip_suffix(".")).cast(pl.Float64, strict=False)
    )
    distinct = (
        _distinct(cells)
        .with_columns(figure=ascii_minus)
        .with_columns(
            value=pl.when(value.is_finite()).then(value),
            thousands=grouped,
            minus_sign=pl.col("plain") != pl.col("figure"),
            full_width=pl.col("plain") != pl.col("text").str.strip_chars(),
        )
    )
    return _joined_back(cells, distinct)


def _forms(read: pl.DataFrame) -> dict[str, int]:
    read_cells = read.filter(pl.col("value").is_not_null())
    counts = {form: int(read_cells[form].sum()) for form in ("full_width", "thousands", "minus_sign")}
    return {form: count for form, count in counts.items() if count}
