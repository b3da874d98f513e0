"""Folders, zips and single files as the source of a study."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tazuna.errors import UnreadableSourceError
from tazuna.intake.raw_table import LINE
from tazuna.intake.sources import open_source, read_table_file, study_files, study_folders

PEOPLE = "社員番号,氏名\n1,髙橋\n"
DEPARTMENTS = "部署コード,部署名\nD1,営業\n"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def test_a_folder_gives_its_tables_and_passes_over_everything_else(tmp_path: Path) -> None:
    (tmp_path / "People.CSV").write_text(PEOPLE)
    (tmp_path / "部署.tsv").write_bytes(DEPARTMENTS.replace(",", "\t").encode("cp932"))
    pl.DataFrame({"wave": ["2026"], "k": [10]}).write_parquet(tmp_path / "waves.parquet")
    for name in (
        "~$people.xlsx",
        ".hidden.csv",
        "study.toml",
        "truth.json",
        "co.yaml",
        "draw.json",
        "memo.docx",
    ):
        (tmp_path / name).write_bytes(b"\0")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "people.csv").write_text("x,y\n")
    tables = open_source(tmp_path)
    assert [(table.name, table.source) for table in tables] == [
        ("People", "People.CSV"),
        ("waves", "waves.parquet"),
        ("部署", "部署.tsv"),
    ]


def test_names_are_normalised_and_the_source_is_what_a_person_sees(tmp_path: Path) -> None:
    decomposed = "ﾃﾞｰﾀ"
    (tmp_path / f"{decomposed}.csv").write_text(PEOPLE)
    (table,) = open_source(tmp_path)
    assert (table.name, table.source) == ("データ", f"{decomposed}.csv")


def test_a_readme_beside_the_tables_is_left_out_with_a_notice(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "readme.txt").write_text("これは説明です。\n表ではありません。\n")
    (table,) = open_source(tmp_path)
    assert [notice.kind for notice in table.notices] == ["no_table"]


def test_an_old_workbook_in_a_folder_is_not_silently_lost(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "responses.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(UnreadableSourceError, match=r"responses\.xls cannot be read"):
        open_source(tmp_path)


def test_a_workbook_gives_a_table_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "ｐｅｏｐｌｅ"
    book.active.append(["person_id", "name"])
    book.active.append(["1", "a"])
    sheet = book.create_sheet("departments")
    sheet.append(["department_id", "name"])
    book.save(tmp_path / "study.xlsx")
    tables = open_source(tmp_path / "study.xlsx")
    assert [table.name for table in tables] == ["people", "departments"]
    assert [table.frame.height for table in tables] == [1, 0]


@pytest.mark.parametrize("top", ["", "調査2026/"])
def test_a_zip_is_read_with_or_without_a_folder_around(tmp_path: Path, top: str) -> None:
    members = {
        f"{top}社員.csv": PEOPLE.encode("cp932"),
        f"{top}study.toml": b"title = 'x'",
        "__MACOSX/._社員.csv": b"\0",
    }
    path = zipped(tmp_path / "Study.ZIP", members)
    (table,) = open_source(path)
    assert table.columns == ("社員番号", "氏名")
    assert study_files(path)["study.toml"]() == b"title = 'x'"


def test_names_written_by_windows_are_japanese_again(tmp_path: Path) -> None:
    path = tmp_path / "study.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AAAA.csv", PEOPLE)
    path.write_bytes(path.read_bytes().replace(b"AAAA.csv", "社員".encode("cp932") + b".csv"))
    assert [table.source for table in open_source(path)] == ["社員.csv"]


@pytest.mark.parametrize("name", ["../people.csv", "/etc/people.csv", "a/../../people.csv"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableSourceError, match="unsafe name"):
        open_source(zipped(tmp_path / "study.zip", {name: PEOPLE.encode()}))


def test_a_zip_bomb_a_broken_zip_and_one_with_a_password_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", b"0" * (120 << 20))
    with pytest.raises(UnreadableSourceError, match="not opened"):
        open_source(bomb)
    whole = zipped(tmp_path / "whole.zip", {"people.csv": PEOPLE.encode()}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:-30])
    with pytest.raises(UnreadableSourceError, match="damaged"):
        open_source(tmp_path / "cut.zip")
    locked = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(mark) + at] |= 1
    (tmp_path / "locked.zip").write_bytes(bytes(locked))
    with pytest.raises(UnreadableSourceError, match="password"):
        open_source(tmp_path / "locked.zip")


def test_what_is_not_there_or_holds_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match="cannot be opened"):
        open_source(tmp_path / "nowhere.csv")
    with pytest.raises(UnreadableSourceError, match="holds no table"):
        open_source(tmp_path)


def test_parquet_keeps_its_types_and_broken_parquet_is_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame({"社員ＩＤ": ["1", " "], "年齢": [30, None]})
    frame.write_parquet(tmp_path / "people.parquet")
    (table,) = read_table_file(tmp_path / "people.parquet")
    assert table.columns == ("社員ID", "年齢")
    assert table.frame.schema == {"社員ID": pl.String, "年齢": pl.Int64, LINE: pl.Int64}
    assert table.frame.rows() == [("1", 30, 2), (None, None, 3)]
    data = (tmp_path / "people.parquet").read_bytes()
    for broken in (b"", b"PAR1", data[:-20], data[:4] + b"\xff" * 40 + data[44:]):
        (tmp_path / "people.parquet").write_bytes(broken)
        with pytest.raises(UnreadableSourceError):
            read_table_file(tmp_path / "people.parquet")


def test_progress_names_each_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(PEOPLE)
    (tmp_path / "b.csv").write_text(DEPARTMENTS)
    seen: list[str] = []
    open_source(tmp_path, progress=seen.append)
    assert seen == ["a.csv", "b.csv"]


def test_real_files_of_the_public_data_are_read_whole(shared_data: Path) -> None:
    (table,) = read_table_file(shared_data / "big5.tsv")
    assert table.frame.height == 19_719
    assert len(table.columns) == 57
    assert table.ragged == ()
    assert [t.name for t in open_source(shared_data / "glasgow_projects")] == [
        "applications",
        "caps",
        "organisations",
        "people",
        "programs",
    ]


def test_a_parquet_column_of_another_type_becomes_text_or_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame(
        {
            "person_id": [b"001", b"002"],
            "count": pl.Series([2**64 - 1, 1], dtype=pl.UInt64),
            "skills": [[1, None, 2], None],
            "grade": pl.Series(["A", "B"], dtype=pl.Categorical),
        }
    ).write_parquet(path)
    (table,) = read_table_file(path)
    assert table.frame.drop(LINE).rows() == [
        ("001", "18446744073709551615", "1;2", "A"),
        ("002", "1", None, "B"),
    ]

    for odd in (pl.duration(days=1), pl.struct(pl.lit(1).alias("a")), pl.lit(b"\xff\xfe")):
        pl.DataFrame({"person_id": ["1"], "name": ["a"]}).with_columns(odd=odd).write_parquet(path)
        with pytest.raises(UnreadableSourceError, match=r"people\.parquet odd"):
            read_table_file(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_an_archive_damaged_inside_a_file_is_refused_whatever_packed_it(tmp_path: Path, method: int) -> None:
    path = tmp_path / "study.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("people.csv", PEOPLE * 200)
    data = path.read_bytes()
    middle = data.index(b"people.csv") + 30
    path.write_bytes(data[:middle] + b"\xff" * 8 + data[middle + 8 :])

    with pytest.raises(UnreadableSourceError, match="damaged"):
        open_source(path)


def test_a_member_of_an_archive_that_is_called_a_dot_is_passed_over(tmp_path: Path) -> None:
    path = zipped(tmp_path / "study.zip", {".": b"x", "people.csv": PEOPLE.encode()})

    assert list(study_files(path)) == ["people.csv"]


@pytest.mark.parametrize("top", ["", "study/"])
def test_a_folder_within_a_study_is_read_alone_and_only_when_asked_for(tmp_path: Path, top: str) -> None:
    members = {
        "people.csv": b"whole",
        "draws/autumn/people.csv": b"autumn",
        "draws/autumn/tables/people.csv": b"frozen",
        "draws/spring/people.csv": b"spring",
    }
    for name, content in members.items():
        (tmp_path / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "s" / name).write_bytes(content)
    archive = zipped(tmp_path / "s.zip", {f"{top}{name}": content for name, content in members.items()})

    for path in (tmp_path / "s", archive):
        assert study_files(path)["people.csv"]() == b"whole"
        assert study_files(path, "draws/autumn")["people.csv"]() == b"autumn"
        assert study_files(path, "draws/autumn/tables")["people.csv"]() == b"frozen"
        assert study_files(path, "draws/winter") == {}
        assert study_folders(path) == ("draws",)
        assert study_folders(path, "draws") == ("autumn", "spring")
        assert study_folders(path, "draws/spring") == study_folders(path, "winter") == ()


def test_a_workbook_has_no_folders_within(tmp_path: Path) -> None:
    book = tmp_path / "s.xlsx"
    book.write_bytes(b"any")
    assert study_folders(book) == ()
    assert study_files(book, "tables") == {}
