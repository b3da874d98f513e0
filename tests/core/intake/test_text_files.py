"""CSV files as companies have them."""

from __future__ import annotations

import csv
import io
import random
import resource
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tazuna.errors import UnreadableSourceError
from tazuna.intake.raw_table import LINE, RaggedRow
from tazuna.intake.sources import read_table
from tazuna.intake.text_files import read_text_grid

PEOPLE = "社員番号,氏名,会社\n00123,髙橋,㈱手綱\n00124,①山田〜,IBM﨑\n"


def only(data: bytes, name: str = "people.csv", **options: object):
    (table,) = read_table(data, name, **options)
    return table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_every_encoding_that_excel_writes_gives_the_same_table(encoding: str) -> None:
    table = only(PEOPLE.replace("〜", "～").encode(encoding))
    assert table.columns == ("社員番号", "氏名", "会社")
    assert table.frame.rows() == [("00123", "髙橋", "㈱手綱", 2), ("00124", "①山田～", "IBM﨑", 3)]


def test_a_rare_kanji_outside_the_basic_plane_is_kept() -> None:
    assert only("社員番号,氏名\n1,𠮷田\n".encode()).frame["氏名"].to_list() == ["𠮷田"]


def test_headings_are_normalised_and_names_are_not() -> None:
    table = only("　社員ＩＤ ,㈱名\n１,㈱手綱\n".encode())
    assert table.columns == ("社員ID", "(株)名")
    assert table.frame["(株)名"].to_list() == ["㈱手綱"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found(separator: str, newline: str) -> None:
    rows = [["id", "skills, all; of\tthem", "部署"], ["1", "a;b;c", "営業,東京"], ["2", 'say "yes"', "x\ty"]]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline, quoting=csv.QUOTE_ALL).writerows(rows)
    table = only(out.getvalue().encode())
    assert table.columns == ("id", "skills, all; of them", "部署")
    assert table.frame.drop(LINE).rows() == [tuple(row) for row in rows[1:]]


def test_a_record_with_line_breaks_is_one_line_of_the_spreadsheet() -> None:
    table = only(b'id,note\r\n1,"first\r\nsecond\r\n\r\nthird"\r\n2,plain\r\n')
    assert table.frame.rows() == [("1", "first\nsecond\n\nthird", 2), ("2", "plain", 3)]


def test_titles_gaps_and_totals_are_set_apart_and_lines_stay_true() -> None:
    text = "社員名簿,,\n作成日,2026/4/1,\n\nコード,氏名,人数\n1,あ,10\n,,\n\n2,い,20\n合　計,,30\n\n"
    table = only(text.encode("cp932"))
    assert table.header_line == 4
    assert table.frame[LINE].to_list() == [5, 8]
    assert {n.kind: n.count for n in table.notices} == {"title_rows": 2, "empty_rows": 4, "totals_rows": 1}


def test_known_headings_make_a_header_certain_and_a_named_line_more_so() -> None:
    text = "区分,備考\nperson_id,wave\n1,2026\n".encode()
    assert only(text).columns == ("区分", "備考")
    assert only(text, known_headers=frozenset({"person_id", "wave"})).columns == ("person_id", "wave")
    assert only(text, header_line=2).columns == ("person_id", "wave")


def test_a_row_with_too_many_fields_is_named_and_trailing_commas_are_not() -> None:
    table = only(b"id,name\n1,a,x\n2,b,,\n3,c\n")
    assert table.ragged == (RaggedRow(line=2, found=3, expected=2),)
    assert table.columns == ("id", "name")


def test_a_line_broken_in_two_is_named() -> None:
    table = only(b"id,name,dept,grade\n1,a,x,1\n2,b\nb,y,2\n3,c,z,3\n")
    assert [row.line for row in table.ragged] == [3, 4]


def test_a_writer_that_leaves_out_empty_fields_at_the_end_is_no_fault() -> None:
    assert only(b"id,name,dept\n1,a\n2,b\n3,c,z\n").ragged == ()


def test_headings_that_repeat_or_are_missing_are_named() -> None:
    table = only("氏名,,氏名,空\n1,2,3,\n".encode())
    assert table.columns == ("氏名", "[B]", "氏名 (2)", "空")
    assert table.duplicate_headers == ("氏名",)
    assert [notice.kind for notice in table.notices] == ["unnamed_columns"]


def test_a_number_armoured_against_excel_keeps_its_zeros() -> None:
    assert only(b'id,name\n="00123",a\n').frame["id"].to_list() == ["00123"]


def test_stray_quotation_marks_inside_a_cell_are_text() -> None:
    table = only(b'id,size,name\n1,5" pipe,a\n2,3" rod,b\n3,x,c\n')
    assert table.frame["size"].to_list() == ['5" pipe', '3" rod', "x"]


def test_a_header_in_two_rows_under_merged_cells_becomes_one() -> None:
    text = "社員番号,氏名,,所属\n,姓,名,\n1,山田,花子,営業\n"
    table = only(text.encode())
    assert table.columns == ("社員番号", "氏名 姓", "氏名 名", "所属")
    assert (table.header_line, table.frame[LINE].to_list()) == (2, [3])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t\n\xe3\x80\x80", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"MZ\x90\0" + b"\0" * 99, "program"),
        (b"PK\x03\x04" + b"\0" * 99, "zip"),
        (b"id,name\n1,\0\n", "binary"),
        ("id,name\n1,日本語です\n".encode() + "2,日本語です\n".encode("cp932"), "line 3: byte 28"),
        ("id,name\n1,日本語です\n".encode("cp932") + "2,日本語です\n".encode(), "line 2: byte 10"),
        (b"id,name\n1,\xff\xfe\n", "line 2: byte 10"),
        (b'id,name\n1,"never closed\n2,b\n', "line 2"),
        (b"just a sentence\nand another\n", "no row looks like the header"),
    ],
)
def test_what_is_no_table_is_refused_with_the_place(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableSourceError, match=said):
        only(data)


@pytest.mark.parametrize("kind", ["random", "one line", "prose", "one long row"])
def test_fifty_megabytes_of_junk_are_refused_within_seconds_of_work(kind: str, tmp_path: Path) -> None:
    size = 50 << 20
    junk = {
        "random": lambda: random.Random(1).randbytes(size),
        "one line": lambda: b"x" * size,
        "prose": lambda: b"some words without any mark between them\n" * (size // 41),
        "one long row": lambda: b"ab," * (size // 3),
    }[kind]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with pytest.raises(UnreadableSourceError):
        only(junk)
    assert time.process_time() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700_000


cells = st.text(st.sampled_from('ab,;\t"\n 0漢'), max_size=6)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=12)
)


@settings(deadline=None)
@example(rows=[[";;"]], newline="\n", bom=False)
@example(rows=[[";;"], [";;"]], newline="\n", bom=False)
@given(tables, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_python_writes_is_read_back_cell_by_cell(rows: list[list[str]], newline: str, bom: bool) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=newline).writerows([["", *["key"] * 6], *[["key", *row] for row in rows]])
    grid = read_text_grid(out.getvalue().encode("utf-8-sig" if bom else "utf-8"), "x.csv")
    expected = [[cell.strip() or None for cell in ["key", *row]] for row in rows]
    found = [list(row)[: len(rows[0]) + 1] for row in grid.below(1).drop(LINE).rows()]
    assert found == expected


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(st.sampled_from('ab1,\t;"\n\r 計é漢'), max_size=80).map(str.encode)
    )
)
def test_any_bytes_give_a_table_or_a_clear_refusal(data: bytes) -> None:
    try:
        table = only(data)
    except UnreadableSourceError:
        return
    counts = {notice.kind: notice.count for notice in table.notices}
    set_apart = sum(counts.get(kind, 0) for kind in ("title_rows", "empty_rows", "totals_rows"))
    physical = read_text_grid(data, "x.csv").below(0).height
    header_rows = physical - set_apart - table.frame.height
    assert header_rows in (1, 2)


def test_a_cell_of_a_megabyte_is_read_beside_a_stray_quotation_mark() -> None:
    table = only(f'a,b\n"x",{"字" * 350_000}\ny"z,"1"\n'.encode())

    assert table.frame["b"].str.len_chars().to_list() == [350_000, 1]
