"""A study folder opens as typed tables; a company's real export gives exactly its faults and notices."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.intake.company_export import write_company_export

from tazuna.errors import InstrumentError, StudyError
from tazuna.study.folder import open_study
from tazuna.study.guess import guess_study, make_study_folder

CLEAN = {
    "organisations": "organisation_id,name,kind\nC1,手綱株式会社,company\n",
    "departments": "department_id,organisation_id,name,successor_id\nD1,C1,営業部,D2\nD2,C1,新営業部,\n",
    "waves": "wave,label_ja,closed_on,k\n2024,第1回,2024-04-30,\n2025,第2回,2025-04-30,20\n",
    "people": (
        "person_id,organisation_id,department,birth_date,employment_type,is_manager,manager_id,languages,name\n"
        "001,C1,D1,1990-01-02,regular,true,,英語;中国語,山田\n"
        "002,C1,新営業部,1985-12-31,contract,false,001,,佐藤\n"
    ),
    "responses": (
        "person_id,wave,answered_at,ms1,ms2\n"
        "001,2024,2024-04-02 10:00:00,4,5\n002,2024,,,\n001,2025,2025-04-02 10:00:00,3,\n"
    ),
}
SETTINGS = 'schema = "tazuna/study/1"\ntitle = "手綱"\n'


def write_clean_study(folder: Path) -> Path:
    """A small study without a fault: two waves, two people, a reorganisation."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in CLEAN.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def test_a_clean_folder_opens_with_typed_columns_and_no_fault(tmp_path: Path) -> None:
    study = open_study(write_clean_study(tmp_path / "s"))

    assert list(study.faults) == []
    assert study.title == "手綱"
    people = study.tables["people"]
    assert people.schema["birth_year"] == pl.Int64
    assert people["birth_year"].to_list() == [1990, 1985]
    assert people["department"].to_list() == ["D1", "D2"]
    assert people["is_manager"].to_list() == [True, False]
    assert people["languages"].to_list() == [["英語", "中国語"], None]
    assert not {"name", "birth_date", "__line__"} & set(people.columns)
    assert study.responses.schema["ms1"] == pl.Int16
    assert study.responses.height == 3
    assert [(wave.year, wave.k, wave.label) for wave in study.waves] == [
        (2024, 10, "第1回"),
        (2025, 20, "第2回"),
    ]
    assert study.people_at("2024").height == 2
    study.require_sound()


def test_a_zip_and_a_workbook_of_the_same_tables_give_the_same_study(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    archive, workbook = tmp_path / "s.zip", tmp_path / "s.xlsx"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, f"s/{file.name}")
    with xlsxwriter.Workbook(workbook) as book:
        for name, text in CLEAN.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(text.splitlines()):
                for column, cell in enumerate(line.split(",")):
                    sheet.write_string(row, column, cell)
    opened = open_study(folder)
    for path in (archive, workbook):
        other = open_study(path)
        assert list(other.faults) == []
        assert other.responses.equals(opened.responses)
        for name, table in opened.tables.items():
            assert other.tables[name].equals(table), (path.name, name)


def test_draws_and_frozen_tables_within_a_study_do_not_disturb_it_and_open_by_themselves(
    tmp_path: Path,
) -> None:
    folder = write_clean_study(tmp_path / "s")
    alone = open_study(folder)
    for below in ("tables", "public", "report", "draws/2026/tables"):
        write_clean_study(folder / below)
        (folder / below / "people.csv").write_text("person_id,organisation_id\n009,C1\n", encoding="utf-8")
        (folder / below / "responses.csv").unlink()
    (folder / "draw.json").write_text("{}")
    archive = tmp_path / "s.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(folder.rglob("*.*")):
            packed.write(file, str(file.relative_to(folder)))

    for path in (folder, archive):
        opened = open_study(path)
        assert (opened.sha256, list(opened.faults)) == (alone.sha256, [])
        for inside in ("tables", "draws/2026/tables"):
            assert open_study(path, inside=inside).tables["people"]["person_id"].to_list() == ["009"]


def test_the_hash_is_that_of_the_input_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    before = open_study(folder).sha256
    names = ["departments.csv", "organisations.csv", "people.csv", "responses.csv", "study.toml", "waves.csv"]
    expected = hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()

    assert before == expected
    (folder / "notes.md").write_text("not an input", encoding="utf-8")
    assert open_study(folder).sha256 == before
    (folder / "waves.csv").write_text(CLEAN["waves"] + "2026,,,\n", encoding="utf-8")
    assert open_study(folder).sha256 != before


def test_a_company_export_gives_exactly_its_faults(tmp_path: Path) -> None:
    folder = write_company_export(tmp_path / "自社")
    make_study_folder(folder, guess_study(folder), {}, "ja")
    study = open_study(folder)

    assert sorted((fault.kind, fault.line, fault.column, fault.value) for fault in study.faults) == sorted(
        [
            ("unknown_code", 12, "雇用形態", "業務委託"),
            ("bad_date", 9, "生年月日", "1990/13/1"),
            ("bad_date", 9, "入社年月日", "2018/13/1"),
            ("bad_date", 10, "入社年月日", "43191"),
            ("bad_date", 12, "生年月日", "30/4/1"),
            ("bad_date", 12, "入社年月日", "04/05/2018"),
            ("duplicate_key", 11, "社員番号", "000102"),
            ("key_does_not_join", 5, "上司社員番号", "101"),
            ("key_does_not_join", 10, "上司社員番号", "000999"),
            ("key_does_not_join", 10, "所属", "物流部"),
            ("error_cell", 8, "ms2", "#DIV/0!"),
            ("not_a_category", 8, "ms1", "6"),
            ("key_does_not_join", 6, "社員番号", "103"),
            ("answered_twice", 4, "社員番号", "000102"),
        ]
    )
    assert {fault.source for fault in study.faults} == {"社員名簿.csv", "アンケート結果.xlsx › 回答"}


def test_a_company_export_gives_exactly_its_notices(tmp_path: Path) -> None:
    folder = write_company_export(tmp_path / "自社")
    make_study_folder(folder, guess_study(folder), {}, "ja")

    assert sorted((n.kind, n.source.split(" ")[0], n.count) for n in open_study(folder).notices) == sorted(
        [
            ("title_rows", "組織図.xlsx", 1),
            ("empty_rows", "組織図.xlsx", 1),
            ("date_form", "組織図.xlsx", 1),
            ("date_form", "組織図.xlsx", 2),
            ("date_form", "組織図.xlsx", 2),
            ("title_rows", "社員名簿.csv", 1),
            ("empty_rows", "社員名簿.csv", 2),
            ("totals_rows", "社員名簿.csv", 1),
            ("full_width", "社員名簿.csv", 1),
            ("date_form", "社員名簿.csv", 5),
            ("date_form", "社員名簿.csv", 5),
            ("one_organisation", "社員名簿.csv", 8),
            ("columns_not_used", "アンケート結果.xlsx", 1),
        ]
    )


def test_nothing_is_half_read_without_skipping(tmp_path: Path) -> None:
    folder = write_company_export(tmp_path / "自社")
    make_study_folder(folder, guess_study(folder), {}, "ja")
    study = open_study(folder)

    assert set(study.tables) == {"organisations", "departments", "waves"}
    assert study.responses.is_empty()
    with pytest.raises(StudyError, match="14 faults"):
        study.require_sound()


def test_skipping_keeps_what_is_sound_and_counts_the_rest(tmp_path: Path) -> None:
    folder = write_company_export(tmp_path / "自社")
    make_study_folder(folder, guess_study(folder), {}, "ja")
    study = open_study(folder, skip_faulty=True)
    study.require_sound()
    people = study.tables["people"]

    assert people["person_id"].to_list() == [
        "000101",
        "000102",
        "000103",
        "000104",
        "000105",
        "000106",
        "000107",
    ]
    assert people["birth_year"].to_list() == [1975, 1988, 1992, 1985, None, 1969, None]
    assert people["department"].to_list() == ["D1", "D1", "D2", "D3", "D3", None, "D3"]
    assert people["status"].to_list()[3:6] == ["leave", "seconded_out", "seconded_in"]
    assert people["position"][0] == "部長①"
    assert study.responses.select("person_id", "wave", "ms1", "ms2", "ms3").rows() == [
        ("000101", "2025", 4, 4, 5),
        ("000101", "2026", 5, 4, 5),
        ("000102", "2026", 2, 2, 3),
        ("000104", "2026", None, None, None),
        ("000105", "2026", None, None, 3),
        ("000106", "2026", 3, 3, 3),
    ]
    assert study.skipped_counts() == (("people", 1, 9), ("responses", 2, 2))
    assert dict(study.rows_read()) == {
        "organisations": 1,
        "departments": 3,
        "waves": 2,
        "people": 7,
        "responses": 6,
    }


def test_a_folder_without_people_says_what_it_found(tmp_path: Path) -> None:
    folder = write_company_export(tmp_path / "自社")
    with pytest.raises(StudyError) as error:
        open_study(folder)

    assert "社員名簿.csv" in error.value.text("ja")
    assert "tazuna init" in error.value.text("ja")


def test_a_folder_without_settings_uses_the_usual_ones_and_says_so(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    (folder / "study.toml").unlink()
    (folder / "予定.xlsx").write_bytes((_workbook_of_plans(tmp_path)).read_bytes())
    study = open_study(folder)

    assert study.title == "s"
    assert [notice.kind for notice in study.notices] == ["no_settings", "files_not_used"]


def _workbook_of_plans(folder: Path) -> Path:
    path = folder / "plans.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("予定")
        for row in range(3):
            sheet.write_row(row, 0, ["日付", "内容"] if row == 0 else [str(row), "会議"])
    return path


def test_a_table_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    shutil.copy(folder / "people.csv", folder / "people.tsv")
    with pytest.raises(StudyError, match="more than once"):
        open_study(folder)


def test_mistakes_in_the_instruments_are_named(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    toml = folder / "study.toml"
    toml.write_text(SETTINGS + '[instruments]\nshipped = ["co_profil"]\n', encoding="utf-8")
    with pytest.raises(StudyError, match="co_profil"):
        open_study(folder)
    toml.write_text(SETTINGS + '[instruments]\nfiles = ["own.yaml"]\n', encoding="utf-8")
    with pytest.raises(StudyError, match=r"own\.yaml"):
        open_study(folder)
    (folder / "own.yaml").write_text("id: own\n", encoding="utf-8")
    with pytest.raises(InstrumentError, match=r"own\.yaml"):
        open_study(folder)


def test_only_named_instruments_are_in_use(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    text = SETTINGS + '[instruments]\nshipped = ["management_score"]\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")
    study = open_study(folder)

    assert [instrument.id for instrument in study.instruments] == ["management_score"]
    assert [c for c in study.responses.columns if c.startswith("co")] == []


def test_the_public_market_is_a_sound_study(shared_data: Path) -> None:
    study = open_study(shared_data / "glasgow_projects")

    assert list(study.faults) == []
    assert study.program_groups == ("organisation_id",)
    assert study.tables["applications"].height == 304
    assert study.tables["caps"].filter(pl.col("upper") == 0).height == 2


cell = st.sampled_from(
    ["", "001", "C1", "C9", "2018/4/1", "2018/13/1", "regular", "odd", "=1+1", "①", "０１"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.tuples(cell, cell, cell, cell), min_size=1, max_size=12))
def test_every_row_of_people_is_read_or_named(tmp_path: Path, rows: list[tuple[str, str, str, str]]) -> None:
    folder = write_clean_study(tmp_path / "s")
    lines = [",".join(row) for row in rows]
    text = "person_id,organisation_id,hired_on,employment_type\n" + "\n".join(lines) + "\n"
    (folder / "people.csv").write_text(text, encoding="utf-8")
    (folder / "responses.csv").unlink(missing_ok=True)
    study = open_study(folder, skip_faulty=True)
    empty = sum(not any(row) for row in rows)
    set_aside = {f.line for f in study.faults if f.table == "people" and f.required}
    totals = sum(n.count for n in study.notices if n.kind == "totals_rows" and n.source == "people.csv")

    assert study.rows_in_file["people"] == len(rows) - empty - totals
    assert study.tables["people"].height + len(set_aside) == study.rows_in_file["people"]
    for line, (person, organisation, hired, employed) in enumerate(rows, start=2):
        named = {(f.line, f.column) for f in study.faults}
        if person or organisation or hired or employed:
            assert ((line, "organisation_id") in named) == (organisation not in ("", "C1"))
            assert ((line, "hired_on") in named) == (hired not in ("", "2018/4/1"))
            assert ((line, "employment_type") in named) == (employed not in ("", "regular"))


def test_typed_parquet_tables_open_like_text(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    opened = open_study(folder)
    people = pl.read_csv(
        folder / "people.csv", schema_overrides={"person_id": pl.String, "manager_id": pl.String}
    )
    people.with_columns(pl.col("birth_date").str.to_date()).write_parquet(folder / "people.parquet")
    answers = pl.read_csv(folder / "responses.csv", schema_overrides={"person_id": pl.String})
    answers.with_columns(pl.col("ms1").cast(pl.Float64)).write_parquet(folder / "responses.parquet")
    for name in ("people.csv", "responses.csv"):
        (folder / name).unlink()
    study = open_study(folder)

    assert list(study.faults) == []
    assert study.tables["people"].equals(opened.tables["people"])
    assert study.responses.equals(opened.responses)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ({"organisations": "organisation_id,name,name,kind\nC1,手綱,手綱,company\n"}, "organisations"),
        ({"people": "person_id,organisation_id\n"}, "people"),
        ({"people": "person_id,organisation_id,organisation_id\n1,C1,C1\n"}, "people"),
        ({"waves": "wave\n", "responses": "person_id,wave,ms1\n"}, "no wave"),
    ],
)
def test_nothing_is_computed_without_an_organisation_a_person_or_a_wave(
    tmp_path: Path, damage: dict[str, str], said: str
) -> None:
    folder = write_clean_study(tmp_path / "s")
    for name, text in damage.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")

    with pytest.raises(StudyError, match=said):
        open_study(folder, skip_faulty=True).require_sound()


def test_a_study_without_waves_is_sound_for_what_needs_none(tmp_path: Path) -> None:
    folder = write_clean_study(tmp_path / "s")
    (folder / "waves.csv").write_text("wave\n", encoding="utf-8")
    (folder / "responses.csv").write_text("person_id,wave,ms1\n", encoding="utf-8")

    open_study(folder, skip_faulty=True).require_sound(waves=False)
