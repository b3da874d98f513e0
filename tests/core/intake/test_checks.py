"""Every rule of the tables: what breaks it is named by table, line, column and value, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.core.intake.tables_in_text import ORGANISATIONS, PEOPLE, RULES, check_text, faults_of, found

from tazuna.intake.words import as_text

DEPARTMENTS = "department_id,organisation_id,name\nD1,C1,営業\nD2,C1,総務\nD3,C2,総務\n"
PROGRAMS = "program_id,kind,organisation_id,title,capacity\nG1,side_work,C1,a,2\nG2,side_work,C2,b,1\n"

ONE_FAULT = {
    "an impossible date": (
        {"people": "person_id,hired_on\n1,2018-04-01\n2,2018/13/1\n"},
        ("bad_date", "people", 3, "hired_on", "2018/13/1"),
    ),
    "a date that could be two": (
        {"people": "person_id,hired_on\n1,04/05/2018\n"},
        ("bad_date", "people", 2, "hired_on", "04/05/2018"),
    ),
    "a year of two digits": (
        {"people": "person_id,hired_on\n1,30/4/1\n"},
        ("bad_date", "people", 2, "hired_on", "30/4/1"),
    ),
    "a serial number": (
        {"people": "person_id,hired_on\n1,43191\n"},
        ("bad_date", "people", 2, "hired_on", "43191"),
    ),
    "an unknown code": (
        {"people": "person_id,employment_type\n1,regulr\n"},
        ("unknown_code", "people", 2, "employment_type", "regulr"),
    ),
    "a key that does not join": (
        {"people": "person_id,organisation_id\n1,C9\n"},
        ("key_does_not_join", "people", 2, "organisation_id", "C9"),
    ),
    "a duplicate key": (
        {"people": "person_id,prefecture\n1,長野県\n1,東京都\n"},
        ("duplicate_key", "people", 3, "person_id", "1"),
    ),
    "a missing column": (
        {"organisations": "organisation_id,kind\nC1,company\nC2,company\n"},
        ("missing_column", "organisations", None, "name", None),
    ),
    "a missing value": (
        {"organisations": "organisation_id,name,kind\nC1,a,company\nC2,,company\n"},
        ("missing_value", "organisations", 3, "name", None),
    ),
    "an answer that is no category": (
        {"responses": "person_id,wave,q1\n001,W1,7\n"},
        ("not_a_category", "responses", 2, "q1", "7"),
    ),
    "a column like a question": (
        {"responses": "person_id,wave,q1,q9\n001,W1,3,3\n"},
        ("unknown_question", "responses", None, "q9", None),
    ),
    "a question that no instrument has": (
        {"responses_long": "person_id,wave,question,value\n001,W1,q1,3\n001,W1,x9,3\n"},
        ("unknown_question", "responses_long", 3, "question", "x9"),
    ),
    "a wave that is not in waves": (
        {"waves": "wave,k\nW1,10\n", "responses": "person_id,wave,q1\n001,W1,3\n002,W2,3\n"},
        ("key_does_not_join", "responses", 3, "wave", "W2"),
    ),
    "a wave in another spelling": (
        {"responses": "person_id,wave,q1\n001,W1,3\n002,w 1,3\n"},
        ("wave_spelling", "responses", 3, "wave", "w 1"),
    ),
    "a threshold below the floor": (
        {"waves": "wave,k\nW1,4\n"},
        ("out_of_range", "waves", 2, "k", "4"),
    ),
    "somebody who answered twice": (
        {"responses": "person_id,wave,q1\n001,W1,3\n001,W1,4\n"},
        ("answered_twice", "responses", 2, "person_id", "001"),
    ),
    "an unknown instrument": (
        {"responses": "person_id,wave,instrument,q1\n001,W1,frist,3\n"},
        ("unknown_code", "responses", 2, "instrument", "frist"),
    ),
    "an unknown viewpoint": (
        {"company_answers": "organisation_id,respondent,viewpoint,wave,q1\nC1,E1,boss,W1,3\n"},
        ("unknown_code", "company_answers", 2, "viewpoint", "boss"),
    ),
    "an age of nought": (
        {"people": "person_id,age\n1,0\n"},
        ("bad_age", "people", 2, "age", "0"),
    ),
    "an age of 99999": (
        {"people": "person_id,age\n1,99999\n"},
        ("bad_age", "people", 2, "age", "99999"),
    ),
    "a department that does not exist": (
        {"departments": DEPARTMENTS, "people": "person_id,organisation_id,department\n1,C1,企画\n"},
        ("key_does_not_join", "people", 2, "department", "企画"),
    ),
    "a successor that does not exist": (
        {"departments": DEPARTMENTS.replace("name\n", "name,successor_id\n").replace("営業\n", "営業,D9\n")},
        ("key_does_not_join", "departments", 2, "successor_id", "D9"),
    ),
    "an end before the start": (
        {"waves": "wave,opened_on,closed_on\nW1,2026-05-01,2026-04-30\n"},
        ("ends_before_starts", "waves", 2, "closed_on", "2026-04-30"),
    ),
    "a negative capacity": (
        {"programs": PROGRAMS.replace("a,2", "a,-2")},
        ("out_of_range", "programs", 2, "capacity", "-2"),
    ),
    "text in a numeric column": (
        {"programs": PROGRAMS.replace("b,1", "b,一人")},
        ("bad_number", "programs", 3, "capacity", "一人"),
    ),
    "text in an outcome": (
        {"outcomes": "person_id,wave,sales\n001,W1,12.5\n002,W1,many\n"},
        ("bad_number", "outcomes", 3, "sales", "many"),
    ),
    "a rank given twice": (
        {"programs": PROGRAMS, "applications": "person_id,program_id,rank\n001,G1,1\n001,G2,1\n"},
        ("rank_repeated", "applications", 3, "rank", "1"),
    ),
    "a gap in the ranks": (
        {"programs": PROGRAMS, "applications": "person_id,program_id,rank\n001,G1,1\n001,G2,3\n"},
        ("rank_gap", "applications", 3, "rank", "3"),
    ),
    "a row with a cell too many": (
        {"people": "person_id,organisation_id\n001,C1\n002,C1,x\n003,C1\n"},
        ("ragged_row", "people", 3, None, None),
    ),
    "two columns with one heading": (
        {"people": "person_id,organisation_id,organisation_id\n001,C1,C1\n"},
        ("duplicate_header", "people", None, "organisation_id", None),
    ),
    "an ordered value outside its order": (
        {"people": "person_id,contribution\n001,A\n002,Z\n"},
        ("unknown_code", "people", 3, "contribution", "Z"),
    ),
}


@pytest.mark.parametrize("case", ONE_FAULT)
def test_a_fault_is_named_with_table_line_column_and_value(case: str) -> None:
    tables, expected = ONE_FAULT[case]
    rules = replace(RULES, orders={"contribution": ("C", "B", "A")})

    assert found(check_text(tables, rules)) == [expected]


@pytest.mark.parametrize("case", ONE_FAULT)
def test_every_fault_says_in_both_languages_what_is_expected_and_what_to_do(case: str) -> None:
    for fault in faults_of(check_text(ONE_FAULT[case][0])):
        for language in ("ja", "en"):
            assert "{" not in fault.text(language)
            assert len(fault.cure.text(language)) > 5


@pytest.mark.parametrize("case", ONE_FAULT)
def test_rows_read_and_rows_set_aside_are_the_rows_of_the_file(case: str) -> None:
    tables, _ = ONE_FAULT[case]
    checked = check_text(tables, skip_faulty=True)

    for name, text in tables.items():
        draft = checked.drafts[name]
        assert draft.rows_in_file == len(text.splitlines()) - 1
        assert 0 <= draft.sound.height <= draft.rows_in_file


def test_a_table_without_a_fault_has_none() -> None:
    assert found(check_text({"departments": DEPARTMENTS, "programs": PROGRAMS})) == []


def test_a_bad_optional_value_empties_the_cell_and_keeps_the_person() -> None:
    people = "person_id,hired_on,employment_type\n1,2018/13/1,regular\n2,2018-04-01,odd\n"
    draft = check_text({"people": people}, skip_faulty=True).drafts["people"]

    assert draft.sound["person_id"].to_list() == ["1", "2"]
    assert draft.sound["hired_on"].null_count() == 1
    assert draft.sound["employment_type"].to_list() == ["regular", None]
    assert draft.emptied == 2


def test_of_people_with_the_same_id_the_first_row_stays() -> None:
    people = "person_id,prefecture\n1,長野県\n1,東京都\n2,大阪府\n"
    draft = check_text({"people": people}, skip_faulty=True).drafts["people"]

    assert draft.sound["prefecture"].to_list() == ["長野県", "大阪府"]
    assert draft.faults[0].rows["first_line"].to_list() == [2]


def test_the_same_person_in_two_waves_is_no_duplicate() -> None:
    people = "person_id,wave,grade\n1,W1,3\n1,W2,4\n1,W2,5\n"

    assert found(check_text({"people": people})) == [("duplicate_key", "people", 4, "person_id", "1")]


def test_a_key_that_lost_its_zeros_is_told_how_it_would_join() -> None:
    checked = check_text({"responses": "person_id,wave,q1\n1,W1,3\n"})
    fault = next(iter(faults_of(checked)))

    assert "001" in fault.cure.text("en")
    assert "先頭の0" in fault.cure.text("ja")


def test_a_key_in_another_case_is_told_how_it_would_join() -> None:
    fault = next(iter(faults_of(check_text({"people": "person_id,organisation_id\n1,c1\n"}))))

    assert "C1" in fault.cure.text("en")


def test_full_width_keys_join() -> None:
    checked = check_text({"responses": "person_id,wave,q1\n００１,W1,３\n"})

    assert found(checked) == []
    assert checked.responses["q1"].to_list() == [3]
    assert [notice.kind for notice in checked.drafts["responses"].notices] == ["full_width"]


def test_every_fault_of_a_row_is_named_at_once() -> None:
    people = "person_id,organisation_id,hired_on\n1,C1,\n1,C9,2018/13/1\n"

    kinds = {(kind, line) for kind, _, line, _, _ in found(check_text({"people": people}))}
    assert kinds == {("duplicate_key", 3), ("key_does_not_join", 3), ("bad_date", 3)}


def test_rows_that_point_to_a_row_set_aside_follow_it_when_faults_are_skipped() -> None:
    organisations = "organisation_id,name,kind\nC1,a,company\nC2,,company\n"
    programs = {"organisations": organisations, "programs": PROGRAMS}

    assert [f[0] for f in found(check_text(programs))] == ["missing_value"]
    skipped = check_text(programs, skip_faulty=True)
    assert [f[:3] for f in found(skipped)][-1] == ("key_does_not_join", "programs", 3)
    assert skipped.drafts["programs"].sound["program_id"].to_list() == ["G1"]
    assert skipped.drafts["people"].sound.height == 3
    assert skipped.drafts["people"].emptied == 1


def test_the_nearest_heading_is_named_where_a_required_column_is_missing() -> None:
    fault = next(iter(faults_of(check_text({"people": "社員番号,部署\n1,営業\n"}))))

    assert '"社員番号" = "person_id"' in fault.cure.text("ja")


def test_circles_of_managers_departments_and_successors_are_named() -> None:
    departments = (
        "department_id,organisation_id,name,parent_id,successor_id\n"
        "D1,C1,a,D2,\nD2,C1,b,D1,\nD3,C1,c,D1,D4\nD4,C1,d,,D3\nD5,C1,e,,D3\n"
    )
    people = "person_id,manager_id\n1,2\n2,1\n3,1\n4,4\n"
    checked = check_text({"departments": departments, "people": people})

    circles = [(table, line, column) for kind, table, line, column, _ in found(checked) if kind == "circle"]
    assert circles == [
        ("departments", 2, "parent_id"),
        ("departments", 3, "parent_id"),
        ("departments", 4, "successor_id"),
        ("departments", 5, "successor_id"),
        ("people", 2, "manager_id"),
        ("people", 3, "manager_id"),
        ("people", 5, "manager_id"),
    ]


def test_values_and_columns_of_study_toml_are_understood_and_nothing_else() -> None:
    people = "社員番号,雇用 形態,メモ\n1,正社員,a\n2,契約,b\n3,なぞ,c\n"
    rules = replace(
        RULES,
        columns={"people": {"社員番号": "person_id", "雇用形態": "employment_type", "メモ": "memo"}},
        values={("people", "employment_type"): {"正社員": "regular", "なぞ": ""}},
    )
    draft = check_text({"people": people}, rules, skip_faulty=True).drafts["people"]

    assert draft.sound["employment_type"].to_list() == ["regular", None, None]
    assert draft.sound["memo"].to_list() == ["a", "b", "c"]
    assert [fault.value for fault in faults_of(check_text({"people": people}, rules))] == ["契約"]


def test_an_outside_programme_need_not_be_in_the_table() -> None:
    participation = (
        "person_id,program_id,status,source\n001,G1,completed,round\n002,X9,completed,outside\n"
        "003,X9,completed,round\n"
    )

    assert [f[:3] for f in found(check_text({"programs": PROGRAMS, "participation": participation}))] == [
        ("key_does_not_join", "participation", 4)
    ]


def test_an_assignment_without_a_place_is_no_fault() -> None:
    tables = {"programs": PROGRAMS, "assignments": "person_id,program_id,rank\n001,G1,1\n002,,\n"}

    assert found(check_text(tables)) == []


def test_ranks_begin_anew_in_each_round() -> None:
    programs = (
        "program_id,round,kind,organisation_id,title,capacity\n"
        "G1,spring,event,C1,a,1\nG2,autumn,event,C1,b,1\nG3,autumn,event,C1,c,1\n"
    )
    sound = "person_id,program_id,rank\n001,G1,1\n001,G2,1\n001,G3,2\n"
    faulty = "person_id,program_id,rank\n001,G1,1\n001,G2,2\n001,G3,2\n"

    assert found(check_text({"programs": programs, "applications": sound})) == []
    assert [f[:3] for f in found(check_text({"programs": programs, "applications": faulty}))] == [
        ("rank_repeated", "applications", 4),
        ("rank_gap", "applications", 3),
    ]


def test_eligibility_is_kept_as_text() -> None:
    programs = 'program_id,kind,organisation_id,title,capacity,eligibility\nG1,event,C1,a,1,"age >= 20, or"\n'

    assert check_text({"programs": programs}).drafts["programs"].sound["eligibility"][0] == "age >= 20, or"


def test_people_without_an_organisation_column_belong_to_the_only_one() -> None:
    checked = check_text(
        {"organisations": "organisation_id,name,kind\nC1,a,company\n", "people": "person_id,grade\n1,2\n"}
    )

    assert checked.drafts["people"].sound["organisation_id"].to_list() == ["C1"]
    assert "one_organisation" in [notice.kind for notice in checked.drafts["people"].notices]


def test_marks_without_an_order_are_kept_and_said() -> None:
    draft = check_text({"people": "person_id,contribution\n1,A\n2,B\n"}).drafts["people"]

    assert draft.sound["contribution"].to_list() == ["A", "B"]
    assert "no_order" in [notice.kind for notice in draft.notices]


def test_sample_tables_of_these_tests_are_sound() -> None:
    assert found(check_text({"organisations": ORGANISATIONS, "people": PEOPLE})) == []


def test_a_faulty_cell_of_a_megabyte_is_shown_in_a_line_that_can_be_read() -> None:
    checked = check_text({"people": f"person_id,hired_on\n1,{'字' * 350_000}\n"})

    (fault,) = faults_of(checked)
    assert fault.line == 2
    assert fault.value is not None and len(fault.value) == 1_001
    assert len(fault.text("ja")) < 300


def test_hundreds_of_attributes_are_counted_rather_than_all_named() -> None:
    names = [f"列{n}" for n in range(400)]
    checked = check_text({"people": f"person_id,{','.join(names)}\n1,{','.join('a' for _ in names)}\n"})

    (said,) = [n.text("ja") for n in checked.drafts["people"].notices if n.kind == "attributes"]
    assert said.endswith("列29, … (400)")


def test_people_without_an_organisation_are_counted_in_a_notice() -> None:
    checked = check_text({"people": "person_id,organisation_id\n1,C1\n2,\n3,C9\n"})

    assert [n.count for n in checked.drafts["people"].notices if n.kind == "no_organisation"] == [2]


def test_figures_beyond_whole_numbers_stay_figures() -> None:
    assert as_text(pl.Series([1e300, None, 2.0])).to_list() == ["1e+300", None, "2.0"]
    assert as_text(pl.Series([3.0, None])).to_list() == ["3", None]
