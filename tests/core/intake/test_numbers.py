"""Figures and yes/no as companies write them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.intake.numbers import parse_booleans, parse_integers, parse_numbers

READABLE = st.characters(exclude_categories=["Cc", "Cs"])


@pytest.mark.parametrize(
    ("written", "value", "forms"),
    [
        ("12", 12, {}),
        ("12.50", 12.5, {}),
        ("-3", -3, {}),
        ("1,234", 1234, {"thousands": 1}),
        ("1,234,567.5", 1234567.5, {"thousands": 1}),
        ("１２．５", 12.5, {"full_width": 1}),
        ("▲5", -5, {"minus_sign": 1}),
        ("△1,000", -1000, {"thousands": 1, "minus_sign": 1}),
        ("−7", -7, {"minus_sign": 1}),
        ("1e3", 1000, {}),
    ],
)
def test_accepted_figures_are_read_and_counted(written: str, value: float, forms: dict[str, int]) -> None:
    parsed = parse_numbers(pl.Series([written, None, " "]))
    assert parsed.values.to_list() == [value, None, None]
    assert parsed.forms == forms
    assert parsed.unread == ()


@pytest.mark.parametrize(
    "written", ["12人", "1,23", "abc", "nan", "inf", "1e999", "--1", "1 2", "٣", "0x1f", "-"]
)
def test_other_text_is_no_number(written: str) -> None:
    parsed = parse_numbers(pl.Series(["1", written]))
    assert parsed.values.to_list() == [1, None]
    assert [(unread.reason, unread.mask.to_list()) for unread in parsed.unread] == [
        ("not_a_number", [False, True])
    ]


def test_whole_numbers_may_carry_an_empty_fraction_but_no_other() -> None:
    parsed = parse_integers(pl.Series(["12", "12.0", "１２", "12.5", "x", None]))
    assert parsed.values.to_list() == [12, 12, 12, None, None, None]
    assert parsed.values.dtype == pl.Int64
    assert {unread.reason: unread.mask.arg_true().to_list() for unread in parsed.unread} == {
        "not_a_number": [4],
        "not_whole": [3],
    }


@settings(deadline=None)
@given(st.lists(st.integers(-(10**17), 10**17)))
def test_clean_whole_numbers_are_read_exactly(numbers: list[int]) -> None:
    assert parse_integers(pl.Series(map(str, numbers), dtype=pl.String)).values.to_list() == numbers


@settings(deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_separators_and_width_do_not_change_a_number(numbers: list[int]) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    written = pl.Series([f"{number:,}".translate(wide).replace("-", "▲") for number in numbers])
    assert parse_integers(written).values.to_list() == numbers


def test_yes_and_no_are_read_in_the_words_of_forms() -> None:
    yes = ["true", "TRUE", "はい", "○", "〇", "◯", "1", "１", "Yes", "有"]
    no = ["false", "いいえ", "×", "0", "ｎｏ", "無", "FALSE"]
    parsed = parse_booleans(pl.Series([*yes, *no, None, "　", "たぶん"]))
    assert parsed.values.to_list() == [True] * len(yes) + [False] * len(no) + [None] * 3
    assert parsed.bad.arg_true().to_list() == [len(yes) + len(no) + 2]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(READABLE, max_size=8), st.text("0123456789,.-▲e", max_size=8))))
def test_every_cell_is_read_or_empty_or_named_once(texts: list[str | None]) -> None:
    cells = pl.Series(texts, dtype=pl.String)
    for parsed in (parse_numbers(cells), parse_integers(cells), parse_booleans(cells)):
        named = sum(
            (unread.mask.cast(pl.Int64) for unread in parsed.unread), pl.zeros(len(texts), eager=True)
        )
        for text, value, times in zip(texts, parsed.values, named, strict=True):
            blank = text is None or not text.strip()
            assert (value is not None) + times == (0 if blank else 1)
