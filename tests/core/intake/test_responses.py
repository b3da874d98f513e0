"""Answers: wide and long, in numbers or words, once a person and wave."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.intake.tables_in_text import check_text, found


def test_empty_cells_and_missing_codes_are_not_answered() -> None:
    responses = check_text({"responses": "person_id,wave,q1,q2,q3\n001,W1,,0,9\n"}).responses

    assert responses.select("q1", "q2", "q3").row(0) == (None, None, None)
    assert responses.schema["q1"] == pl.Int16


def test_answers_in_words_are_understood_and_counted() -> None:
    checked = check_text(
        {"responses": "person_id,wave,q1,q2\n001,W1,そう思う,Strongly  Agree\n002,W1,2,3.0\n"}
    )

    assert checked.responses["q1"].to_list() == [5, 2]
    assert checked.responses["q2"].to_list() == [5, 3]
    notice = next(n for n in checked.drafts["responses"].notices if n.kind == "answers_in_words")
    assert notice.count == 2


def test_a_row_without_any_answer_stays_a_row() -> None:
    responses = check_text({"responses": "person_id,wave,q1\n001,W1,\n002,W1,1\n"}).responses

    assert responses["person_id"].to_list() == ["001", "002"]


def test_the_latest_answer_counts() -> None:
    text = (
        "person_id,wave,answered_at,q1\n"
        "001,W1,2026-04-03 10:00,1\n001,W1,2026-04-05 10:00,2\n001,W1,2026-04-04 10:00,3\n"
    )
    checked = check_text({"responses": text}, skip_faulty=True)

    assert checked.responses["q1"].to_list() == [2]
    assert checked.responses["answered_at"].to_list() == [datetime(2026, 4, 5, 10)]  # noqa: DTZ001
    assert [(kind, line) for kind, _, line, _, _ in found(checked)] == [
        ("answered_twice", 2),
        ("answered_twice", 4),
    ]


def test_the_last_row_counts_where_no_time_is_given() -> None:
    checked = check_text({"responses": "person_id,wave,q1\n001,W1,1\n001,W1,2\n"}, skip_faulty=True)

    assert checked.responses["q1"].to_list() == [2]


def test_rows_for_different_instruments_come_together() -> None:
    text = "person_id,wave,instrument,q1,q2\n001,W1,first,1,\n001,W1,second,,2\n"
    checked = check_text({"responses": text})

    assert found(checked) == []
    assert checked.responses.select("q1", "q2").rows() == [(1, 2)]


def test_long_answers_become_wide() -> None:
    text = (
        "person_id,wave,question,value,answered_at\n"
        "001,W1,q1,1,2026-04-01\n001,W1,Ｑ２,そう思う,2026-04-02\n002,W1,q1,,\n"
    )
    checked = check_text({"responses_long": text})

    assert found(checked) == []
    assert checked.responses.select("person_id", "q1", "q2", "q3").rows() == [
        ("001", 1, 5, None),
        ("002", None, None, None),
    ]
    assert checked.responses["answered_at"][0] == datetime(2026, 4, 2)  # noqa: DTZ001


def test_the_language_of_answering_is_kept_where_a_table_tells_it() -> None:
    wide = check_text({"responses": "person_id,wave,language,q1\n001,W1,ja,1\n002,W1,,2\n"})
    assert found(wide) == []
    assert wide.responses["language"].to_list() == ["ja", None]
    long = check_text(
        {"responses_long": "person_id,wave,question,value,language\n001,W1,q1,1,en\n001,W1,q2,2,\n"}
    )
    assert found(long) == []
    assert long.responses.select("language", "q1", "q2").rows() == [("en", 1, 2)]
    untold = check_text({"responses": "person_id,wave,q1\n001,W1,1\n"})
    assert "language" not in untold.responses.columns


def test_a_long_answer_that_is_no_category_is_named() -> None:
    checked = check_text({"responses_long": "person_id,wave,question,value\n001,W1,q1,8\n"})

    assert found(checked) == [("not_a_category", "responses_long", 2, "value", "8")]


def test_a_question_answered_twice_in_the_long_form_is_named() -> None:
    checked = check_text(
        {"responses_long": "person_id,wave,question,value\n001,W1,q1,2\n001,W1,q1,4\n"}, skip_faulty=True
    )

    assert [fault[0] for fault in found(checked)] == ["answered_twice"]
    assert checked.responses["q1"].to_list() == [4]


def test_wide_and_long_come_together() -> None:
    checked = check_text(
        {
            "responses": "person_id,wave,q1\n001,W1,1\n",
            "responses_long": "person_id,wave,question,value\n001,W1,q2,2\n002,W1,q2,3\n",
        }
    )

    assert checked.responses.sort("person_id").select("person_id", "q1", "q2").rows() == [
        ("001", 1, 2),
        ("002", None, 3),
    ]


def test_free_columns_of_answers_are_left_out_and_said() -> None:
    checked = check_text({"responses": "person_id,wave,q1,自由記述\n001,W1,1,良い\n"})

    assert "自由記述" not in checked.responses.columns
    assert "columns_not_used" in [notice.kind for notice in checked.drafts["responses"].notices]


def test_company_answers_are_numbers_of_the_company_questions() -> None:
    text = "organisation_id,respondent,viewpoint,wave,q1,q2\nC1,E1,Executive,W1,5,9\nC1,H1,hr,W1,3,\n"
    checked = check_text({"company_answers": text})

    assert found(checked) == []
    company = checked.drafts["company_answers"].sound
    assert company.select("viewpoint", "q1", "q2").rows() == [("executive", 5, None), ("hr", 3, None)]


cells = st.sampled_from(["", "1", "5", "３", "0", "9", "7", "そう思う", "x", "2.5"])


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["001", "002", "1", "x"]), st.sampled_from(["W1", "W2"]), cells), min_size=1
    )
)
def test_no_answer_is_lost(rows: list[tuple[str, str, str]]) -> None:
    text = "person_id,wave,q1\n" + "".join(f"{person},{wave},{cell}\n" for person, wave, cell in rows)
    checked = check_text({"responses": text}, skip_faulty=True)
    draft = checked.drafts["responses"]
    faults = {(kind, line) for kind, _, line, _, _ in found(checked)}
    named = {line for kind, line in faults if kind in ("answered_twice", "key_does_not_join")}

    assert draft.rows_in_file == len(rows)
    assert draft.rows_in_file - draft.sound.height == len(named)
    assert checked.responses.height == draft.sound.height
    fine = {"": None, "1": 1, "5": 5, "３": 3, "0": None, "9": None, "そう思う": 5}
    for line, (_, _, cell) in enumerate(rows, start=2):
        assert (("not_a_category", line) in faults) == (cell not in fine)
    expected = [fine.get(cell) for line, (_, _, cell) in enumerate(rows, start=2) if line not in named]
    assert draft.sound["q1"].to_list() == expected
