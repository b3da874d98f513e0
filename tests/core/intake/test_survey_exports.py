"""The export of a survey tool is read as the tool writes it, and what is not so is refused with its line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.core.intake import survey_files as made

from tazuna.errors import UnreadableSourceError
from tazuna.instrument.shipped import shipped_instruments
from tazuna.intake.raw_table import LINE
from tazuna.intake.survey_exports.answer_words import answer_words
from tazuna.intake.survey_exports.detection import find_exports
from tazuna.intake.survey_exports.export import ExportColumn, SurveyExport
from tazuna.intake.survey_exports.guessing import ListedPeople, guess_export
from tazuna.intake.survey_exports.wordings import SAME_WORDING, bare_wording, match_questions
from tazuna.study.questions import asked_questions

ASKED = asked_questions(shipped_instruments().values())


def read(data: bytes, name: str = "survey.csv") -> SurveyExport:
    (export,) = find_exports(data, name).values()
    return export


def test_qualtrics_has_three_header_rows_and_previews_are_set_aside() -> None:
    export = read(made.qualtrics())

    assert export.format == "qualtrics"
    assert export.set_aside == 1
    assert export.table.frame.height + export.set_aside == made.PEOPLE + 1
    assert export.table.frame[LINE].to_list() == list(range(5, made.PEOPLE + 5))
    said = {notice.kind: notice.text("ja") for notice in export.table.notices}
    assert said["previews"] == "survey.csv：プレビューとテストの回答、除いた件数：1件（4行目）"
    assert said["unfinished"] == "survey.csv：途中までの回答、残した件数：1件"
    assert export.table.frame["Q4"].drop_nulls().to_list() == [made.COMMENT]
    assert export.named("key") == ("ResponseId", "ExternalReference")
    assert export.named("email") == ("RecipientEmail",)
    assert "IPAddress" in export.named("personal")


def test_moments_of_another_time_zone_keep_their_instant() -> None:
    data = made.qualtrics().replace(b"Asia/Tokyo", b"America/Denver")
    cells = read(data).table.frame["RecordedDate"]
    assert cells[0] == "2026-06-13 20:12:54Z"


def test_the_legacy_form_has_two_header_rows_and_an_empty_column() -> None:
    export = read(made.qualtrics_legacy())
    assert export.table.frame.height == made.PEOPLE
    assert export.named("key") == ("V1", "V4")
    assert export.named("personal") == ("V3", "V6")
    assert export.table.columns[-1] == "Q2_9"


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("headings", [made.LIME_CODES, made.LIME_FULL, made.LIME_BOTH])
def test_limesurvey_is_known_by_codes_wordings_or_both(headings: list[str], separator: str) -> None:
    export = read(made.limesurvey(headings, separator))

    assert export.format == "limesurvey"
    assert export.table.frame.height == made.PEOPLE
    assert export.table.columns == tuple(headings)
    assert export.table.frame[LINE].to_list() == list(range(2, made.PEOPLE + 2))
    assert len(export.named("key")) == 2
    assert [notice.kind for notice in export.table.notices] == ["unfinished"]


def test_masked_formulas_and_line_feeds_in_cells_are_as_they_were_written() -> None:
    frame = read(made.limesurvey()).table.frame
    assert frame["Q2[other]"].drop_nulls().to_list() == ["=1+1"]
    assert frame["Q3"].drop_nulls().to_list() == [made.COMMENT]


def test_an_archive_gives_the_answers_in_words_and_null_where_a_field_is_absent() -> None:
    export = read(made.lime_archive(), "a.lsa")

    assert export.table.frame.height == made.PEOPLE
    assert {column.source: column.wording for column in export.columns}["Q1[SQ001]"].endswith(
        f"[{made.WORDINGS['ms1']}]"
    )
    words = export.table.frame["Q1[SQ003]"].to_list()
    assert [word or "" for word in words] == [made.label(person, 2) for person in range(made.PEOPLE)]
    assert export.table.frame["submitdate"].null_count() == made.PEOPLE, "1980 stands for “not recorded”"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n',
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n',
        '<!DOCTYPE d SYSTEM "http://example.com/d.dtd">\n',
    ],
)
def test_an_archive_that_declares_entities_is_refused(declared: str) -> None:
    xml = made.lime_xml("Responses", {"responses": made.lime_responses()}, declared)
    with pytest.raises(UnreadableSourceError) as error:
        find_exports(made.lime_archive(xml), "a.lsa")
    assert "実体の宣言" in error.value.text("ja")


def test_google_forms_headings_may_have_line_feeds() -> None:
    export = read(made.google_forms())
    assert export.format == "google_forms"
    assert export.table.frame["タイムスタンプ"][0] == "2026/06/13 2:12:54 午後 GMT+9"
    assert export.table.frame.height == made.PEOPLE
    assert export.named("email") == ("メールアドレス",)
    assert [guess.column for guess in match_questions(export.columns, ASKED)] == list(made.QUESTIONS)


def test_the_sheet_behind_a_google_form_has_24_hours(tmp_path: Path) -> None:
    data = made.google_forms().replace(b" 2:", b" 14:").replace(" 午後 GMT+9".encode(), b"")
    assert read(data).format == "google_forms"


def test_microsoft_forms_headings_end_in_line_feeds_and_points_are_no_questions(tmp_path: Path) -> None:
    made.microsoft_forms(tmp_path / "m.xlsx")
    export = read((tmp_path / "m.xlsx").read_bytes(), "m.xlsx")

    assert export.format == "microsoft_forms"
    assert export.table.frame.height == made.PEOPLE
    assert {"点数 - 学んだ方法", "フィードバック - 学んだ方法"} <= set(export.named("technical"))
    assert "ご意見2" in export.named("asked")
    assert export.table.frame["学んだ方法"][0] == "研修;読書;"


def without_line(data: bytes, line: int) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines[: line - 1], *lines[line:]])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (without_line(made.qualtrics(), 3), "3行目：Qualtricsの書き出しにある3行目の見出し"),
        (without_line(without_line(made.qualtrics(), 3), 2), "3行目：Qualtricsの書き出しにある3行目の見出し"),
        (made.qualtrics().replace(b'{""ImportId"":""QID3""}', b"QID3"), "「Q3」の下のセルがQualtrics"),
        (
            made.qualtrics().replace(b"Status,IPAddress,", b"Status;IPAddress;Progress;", 1),
            "区切り文字が違います",
        ),
        (made.google_forms().split(b'"\n"2026')[0] + b'"\n', "には回答がありません"),
        (made.limesurvey().replace(b'"submitdate",', b"", 1), "列 submitdate がありません"),
        (made.limesurvey(separator="|"), "区切り文字が"),
    ],
    ids=["no third row", "no rows 2 and 3", "broken ImportId", "mixed cut", "no response", "no date", "bars"],
)
def test_a_broken_export_is_refused_with_place_and_cure(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableSourceError) as error:
        find_exports(data, "survey.csv")
    assert said in error.value.text("ja")
    assert error.value.cure is not None


def test_headings_in_two_languages_are_refused(tmp_path: Path) -> None:
    mixed = ["ID", "Start time", *made.MICROSOFT_HEADINGS[2:]]
    made.microsoft_forms(tmp_path / "m.xlsx", headings=mixed)
    with pytest.raises(UnreadableSourceError) as error:
        find_exports((tmp_path / "m.xlsx").read_bytes(), "m.xlsx")
    assert "ID,開始時刻,完了時刻,メール,名前" in error.value.text("ja")
    assert "ID,Start time,完了時刻" in error.value.text("ja")


def test_a_companys_own_table_is_no_export() -> None:
    assert not find_exports("社員番号,氏名\n1,山田\n2,佐藤\n".encode(), "社員名簿.csv")
    assert not find_exports(b"id,name\n1,a\n2,b\n", "people.csv")


@pytest.mark.parametrize(
    "text",
    [
        "Q1.自分の目標",
        "Ｑ１：自分の目標",
        "1. 自分の目標 *",
        "問3 自分の、目標。",
        "② 自分の目標【必須】",
        "(1) 自分の目標",
    ],
)
def test_numbering_and_marks_are_no_part_of_a_wording(text: str) -> None:
    assert bare_wording(text) == "自分の目標"


def column(wording: str) -> ExportColumn:
    return ExportColumn(wording, "asked", wording)


def test_equal_wordings_are_sure_similar_ones_doubtful_and_the_companys_none() -> None:
    found = match_questions(
        [
            column("I can put my career goals into words"),
            column("自分が力を発揮しやすい仕事を、よくわかっている"),
            column("社員は、キャリアの目標に向けて行動している"),
            column("昼食は社員食堂で食べる"),
        ],
        ASKED,
    )
    assert [(guess.column, guess.confidence >= 0.9) for guess in found] == [("ms1", True), ("ms2", False)]
    assert found[0].confidence == SAME_WORDING


def test_codes_of_answers_are_doubtful_and_numbered_labels_sure() -> None:
    codes = read(made.limesurvey())
    words = answer_words(codes.table, match_questions(codes.columns, ASKED), ASKED, "limesurvey")
    assert {(word.word, word.value, word.sure) for word in words} == {
        (f"AO0{value}", str(value), False) for value in range(1, 6)
    }
    numbered = read(made.google_forms().replace("とてもあてはまる".encode(), "5. とてもあてはまる".encode()))
    words = answer_words(numbered.table, match_questions(numbered.columns, ASKED), ASKED, "google_forms")
    assert {(word.word, word.value, word.sure) for word in words} == {("5. とてもあてはまる", "5", True)}


def test_the_staff_number_is_proposed_where_it_joins_and_never_an_anonymous_address(tmp_path: Path) -> None:
    listed = ListedPeople(pl.Series(made.NUMBERS))
    google = guess_export(read(made.google_forms()), "g.csv", ASKED, listed, ())
    assert [(key.source, key.joins) for key in google.keys] == [("社員番号", 30), ("メールアドレス", 0)]
    assert google.wave == "2026-06"
    made.microsoft_forms(tmp_path / "m.xlsx", anonymous=True)
    export = read((tmp_path / "m.xlsx").read_bytes(), "m.xlsx")
    assert [key.source for key in guess_export(export, "m.xlsx", ASKED, listed, ()).keys] == ["ID"]


@pytest.mark.parametrize(
    ("made_by", "column"), [("qualtrics", "UserLanguage"), ("limesurvey", "startlanguage")]
)
def test_the_language_that_a_tool_noted_is_proposed_and_is_no_question(made_by: str, column: str) -> None:
    guess = guess_export(read(getattr(made, made_by)()), "x.csv", ASKED, None, ())
    assert [one.source for one in guess.columns if one.column == "language"] == [column]
    assert guess.questions == sum(one.column not in ("answered_at", "language") for one in guess.columns)
