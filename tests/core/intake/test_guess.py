"""`tazuna init` guesses what a company's files are, asks for the rest, and what it writes works."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.core.intake.company_export import write_company_export

from tazuna.errors import StudyError
from tazuna.intake.guess_columns import heading_confidence
from tazuna.intake.guess_settings import open_questions
from tazuna.intake.schema import schema
from tazuna.study.folder import open_study
from tazuna.study.guess import guess_study, make_study_folder


def test_a_companys_files_are_recognised(tmp_path: Path) -> None:
    guess = guess_study(write_company_export(tmp_path / "自社"))

    assert {table.table: table.place for table in guess.tables} == {
        "departments": "組織図.xlsx#部署一覧",
        "waves": "組織図.xlsx#調査回",
        "people": "社員名簿.csv",
        "responses": "アンケート結果.xlsx",
    }
    people = guess.table("people")
    assert people is not None
    assert {column.source: column.column for column in people.columns} == {
        "社員番号": "person_id",
        "氏名": "name",
        "フリガナ": "kana",
        "所属": "department",
        "性別": "gender",
        "生年月日": "birth_date",
        "入社年月日": "hired_on",
        "雇用形態": "employment_type",
        "役職": "position",
        "在籍区分": "status",
        "管理職": "is_manager",
        "上司社員番号": "manager_id",
    }


def test_only_what_is_unclear_is_asked(tmp_path: Path) -> None:
    asks = open_questions(guess_study(write_company_export(tmp_path / "自社")), "ja")

    assert [(ask.key, ask.default) for ask in asks] == [
        ("title", "自社"),
        ("organisation", "自社"),
        ("value:people:gender:1", "male"),
        ("value:people:gender:2", "female"),
        ("value:people:employment_type:業務委託", "?"),
    ]
    assert "「1」は何を指しますか（4行）" in asks[2].text.text("ja")
    assert [choice.label for choice in asks[2].choices[:2]] == ["男性", "女性"]


def test_answers_are_written_and_what_nobody_decided_stays_a_fault(tmp_path: Path) -> None:
    folder = write_company_export(tmp_path / "自社")
    answers = {"organisation": '手綱 "本社", 株式会社', "value:people:gender:1": "female"}
    written = make_study_folder(folder, guess_study(folder), answers, "ja")

    assert [path.name for path in written] == ["study.toml", "organisations.csv"]
    settings = tomllib.loads(written[0].read_text(encoding="utf-8"))
    assert settings["values"]["people"]["gender"] == {"1": "female", "2": "female"}
    assert settings["values"]["people"]["employment_type"]["嘱託"] == "rehired"
    study = open_study(folder)
    assert study.tables["organisations"]["name"].to_list() == ['手綱 "本社", 株式会社']
    assert ("unknown_code", "業務委託") in [(fault.kind, fault.value) for fault in study.faults]


def test_a_study_toml_is_not_replaced_unasked(tmp_path: Path) -> None:
    folder = write_company_export(tmp_path / "自社")
    guess = guess_study(folder)
    make_study_folder(folder, guess, {}, "en")
    with pytest.raises(StudyError, match="exists already"):
        make_study_folder(folder, guess, {}, "en")
    again = guess_study(folder)
    assert again.has_settings
    assert [path.name for path in make_study_folder(folder, again, {}, "en", replace=True)] == ["study.toml"]


def test_a_worksite_column_full_of_places_stays_an_attribute(tmp_path: Path) -> None:
    places = "".join(f"{n},第{n}営業所\n" for n in range(40))
    (tmp_path / "社員名簿.csv").write_text("社員番号,勤務地\n" + places, encoding="utf-8")
    people = guess_study(tmp_path).table("people")

    assert people is not None
    assert people.left == ("勤務地",)


def test_marks_and_waves_are_put_in_order(tmp_path: Path) -> None:
    (tmp_path / "社員名簿.csv").write_text("社員番号,評価\n1,A\n2,S\n3,C\n4,B\n", encoding="utf-8")
    (tmp_path / "回答.csv").write_text("社員番号,調査回,ms1\n1,春,1\n2,秋,2\n", encoding="utf-8")
    guess = guess_study(tmp_path)

    assert guess.orders == {"contribution": ("C", "B", "A", "S")}
    assert guess.waves == ("春", "秋")
    text = make_study_folder(tmp_path, guess, {"waves": "秋、春"}, "ja")[0].read_text(encoding="utf-8")
    assert tomllib.loads(text)["waves"] == {"order": ["秋", "春"]}
    assert [wave.wave for wave in open_study(tmp_path).waves] == ["秋", "春"]


@pytest.mark.parametrize(
    ("heading", "column"),
    [("社員ＮＯ．", "person_id"), ("入社年月日（西暦）", "hired_on"), ("employee number", "person_id")],
)
def test_headings_are_recognised_in_other_spellings(heading: str, column: str) -> None:
    columns = schema()["people"].columns
    assert max(columns.values(), key=lambda c: heading_confidence(heading, c)).name == column


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError):
        guess_study(tmp_path)


def test_a_folder_with_programmes_gets_the_rules_of_a_new_round(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("person_id,organisation_id\n1,A\n", encoding="utf-8")
    without = make_study_folder(tmp_path, guess_study(tmp_path), {}, "ja")[0].read_text(encoding="utf-8")
    (tmp_path / "programs.csv").write_text(
        "program_id,kind,organisation_id,title,capacity\nP1,side_work,A,x,1\n", encoding="utf-8"
    )
    (tmp_path / "organisations.csv").unlink()
    text = make_study_folder(tmp_path, guess_study(tmp_path), {}, "ja", replace=True)[0].read_text("utf-8")

    assert "match" not in tomllib.loads(without)
    assert tomllib.loads(text)["match"] == {"tiers": 2, "open_share": 0.25}
