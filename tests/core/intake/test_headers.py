"""Finding the header among titles, and naming columns."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.intake.tables_in_text import check_text

from tazuna.intake.headers import Header, column_index, column_letter, column_names, find_header


def header_row(rows: list[list[str | None]], **options: object) -> int | None:
    header = find_header(rows, **options)
    return None if header is None else header.last


TABLE: list[list[str | None]] = [["コード", "氏名", "部署"], ["1", "あ", "営業"], ["2", "い", "総務"]]


@pytest.mark.parametrize(
    "titles",
    [
        [],
        [["社員一覧", None, None]],
        [["社員一覧", None, None], [None, None, None], ["作成日", "2026/4/1", None]],
        [["部署", None, "人事部"], [None, None, None]],
    ],
)
def test_the_header_is_found_below_titles(titles: list[list[str | None]]) -> None:
    rows = [*titles, *TABLE]
    header = find_header(rows)
    assert header is not None
    assert rows[header.first] in (TABLE[0], ["部署", None, "人事部"])


def test_two_words_beside_a_wide_table_are_a_title() -> None:
    wide = [["対象", "全社", None, None, None], ["a", "b", "c", "d", "e"], ["1", "2", "3", "4", "5"]]
    assert header_row(wide) == 1


def test_figures_alone_are_no_header() -> None:
    assert header_row([["1", "2", "3"], ["4", "5", "6"]]) is None


def test_prose_in_one_column_is_no_table() -> None:
    assert header_row([["使い方", None], ["ここに書く", None]]) is None


def test_known_headings_win_over_looks() -> None:
    rows = [["見出し", "その他", "備考"], ["person_id", "wave", "score"], ["a", "b", "c"]]
    assert header_row(rows) == 0
    assert header_row(rows, known_headers=frozenset({"person_id", "wave"})) == 1


def test_data_below_a_gap_in_the_header_are_not_taken_for_its_second_row() -> None:
    assert find_header([["id", None, "部署"], ["p1", "x", "営業"]]) == Header(0, 0, ("id", None, "部署"))


def test_repeated_headings_never_collide_with_a_heading_that_looks_like_a_repeat() -> None:
    names, repeated = column_names(["a", "a (2)", "a", None], "ABCD")
    assert names == ("a", "a (2)", "a (3)", "[D]")
    assert repeated == ("a",)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.sampled_from(["a", "a (2)", "[B]", "b"])), max_size=8))
def test_column_names_are_always_unique(headings: list[str | None]) -> None:
    names, _ = column_names(headings, [column_letter(i) for i in range(len(headings))])
    assert len(set(names)) == len(headings)


@settings(deadline=None)
@given(st.integers(0, 20_000))
def test_letters_and_indices_are_inverse(index: int) -> None:
    assert column_index(column_letter(index)) == index


@pytest.mark.parametrize("heading", ["^.*$", "*", "^__line__$", "__line__"])
def test_a_heading_that_polars_would_take_for_a_pattern_is_a_heading(heading: str) -> None:
    checked = check_text({"people": f"person_id,{heading},所属\n1,a,b\n2,c,\n"})

    people = checked.drafts["people"].sound
    assert people[f"[B] {heading}"].to_list() == ["a", "c"]
    assert people["__line__"].to_list() == [2, 3]
