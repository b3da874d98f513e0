"""Large text files are read in a shorter way, and to the same cells."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.intake import even_text
from tazuna.intake.even_text import EvenShape, even_grid, even_shape
from tazuna.intake.grids import table_of_grid
from tazuna.intake.raw_table import LINE
from tazuna.intake.text_files import read_text_grid


def test_columns_of_digits_are_numbers_and_all_others_text() -> None:
    text = b"id,q1,q2,q3\n01,4,,a\n02,5,,b\n"
    frame = even_grid(text, ",", EvenShape(3, 4)).below(1)
    assert frame.dtypes == [pl.String, pl.UInt8, pl.String, pl.String, pl.Int64]
    assert frame.rows() == [("01", 4, None, "a", 2), ("02", 5, None, "b", 3)]


@pytest.mark.parametrize("odd", ["05", "+5", " 5", "5 ", "5.0", "五", "555", "-5"])
def test_a_cell_that_a_number_would_change_keeps_its_column_text(
    odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(even_text, "_SAMPLED_RECORDS", 2)
    text = f"id,q1\na,4\nb,5\nc,{odd}\n".encode()
    frame = even_grid(text, ",", EvenShape(4, 2)).below(1)
    assert frame["1"].to_list() == ["4", "5", odd.strip()]


def test_a_larger_number_below_the_sample_is_the_same_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(even_text, "_SAMPLED_RECORDS", 2)
    frame = even_grid(b"id,q1\na,4\nb,5\nc,10\nd,255", ",", EvenShape(5, 2)).below(1)
    assert frame["1"].cast(pl.String).to_list() == ["4", "5", "10", "255"]


@pytest.mark.parametrize(
    "text",
    [b"a,b\n1,2\n3\n", b"a,b\n1,2,3\n4\n", b"a,b\n\n1,2\n", b'a,b\n1,"2"\n', b"a\n1\n", b"", b"a,b\n1"],
)
def test_uneven_quoted_and_narrow_texts_are_left_to_the_usual_way(text: bytes) -> None:
    assert even_shape(text, ",", least=0) is None


def test_a_small_text_is_left_to_the_usual_way() -> None:
    assert even_shape(b"a,b\n1,2\n", ",") is None


cells = st.text(st.sampled_from("0159a漢+ ."), max_size=3)


@settings(deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=12)
    ),
    st.booleans(),
    st.integers(1, 64),
)
def test_both_ways_read_the_same_table(rows: list[list[str]], ended: bool, piece: int) -> None:
    lines = [",".join(["key", "name", "x", "y"][: len(rows[0])]), *(",".join(row) for row in rows)]
    text = ("\n".join(lines) + "\n" * ended).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(even_text, "_PIECE", piece)
        shape = even_shape(text, ",", least=0)
    assert shape == EvenShape(len(lines), len(rows[0]))
    short = table_of_grid(even_grid(text, ",", shape), "t", "t.csv", frozenset(["key", "name"]))
    usual = table_of_grid(read_text_grid(text, "t.csv"), "t", "t.csv", frozenset(["key", "name"]))
    assert short is not None
    assert usual is not None
    assert short.columns == usual.columns
    as_text = pl.all().exclude(LINE).cast(pl.String)
    assert short.frame.with_columns(as_text).equals(usual.frame)
    assert [notice.kind for notice in short.notices] == [notice.kind for notice in usual.notices]
