"""Waves: their order, their year, and the year in which ages hold."""

from __future__ import annotations

from dataclasses import replace

from tests.core.intake.tables_in_text import RULES, check_text, found


def test_waves_come_in_the_order_of_their_table() -> None:
    checked = check_text({"waves": "wave,closed_on\nB,2026-01-31\nA,2025-01-31\n"})

    assert [facts.wave for facts in checked.waves] == ["B", "A"]


def test_waves_without_a_table_come_in_order_of_appearance_or_as_named() -> None:
    tables = {"responses": "person_id,wave,q1\n001,春,1\n002,秋,1\n001,冬,1\n"}

    assert [facts.wave for facts in check_text(tables).waves] == ["春", "秋", "冬"]
    named = replace(RULES, wave_order=("冬", "春", "秋"))
    assert [facts.wave for facts in check_text(tables, named).waves] == ["冬", "春", "秋"]


def test_a_wave_is_spelled_as_in_most_rows_of_all_tables() -> None:
    tables = {
        "responses": "person_id,wave,q1\n001,W1,1\n002,w1,1\n",
        "people": "person_id,wave\n001,w1\n002,w1\n",
    }
    checked = check_text(tables)

    assert [facts.wave for facts in checked.waves] == ["w1"]
    assert found(checked) == [("wave_spelling", "responses", 2, "wave", "W1")]


def test_the_table_of_waves_decides_the_spelling_against_all_rows() -> None:
    tables = {"waves": "wave,k\nW1,10\n", "responses": "person_id,wave,q1\n001,w1,1\n002,w1,1\n"}

    assert [facts.wave for facts in check_text(tables).waves] == ["W1"]


def test_the_year_is_that_of_the_closing_and_january_belongs_to_last_fiscal_year() -> None:
    facts = check_text({"waves": "wave,opened_on,closed_on,k\nA,2025-12-01,2026-01-31,20\n"}).waves[0]

    assert (facts.year, facts.fiscal_year, facts.k) == (2026, 2025, 20)


def test_the_year_falls_back_to_fiscal_year_then_to_the_last_answer() -> None:
    assert check_text({"waves": "wave,fiscal_year\nA,2024\n"}).waves[0].year == 2024
    answers = "person_id,wave,answered_at,q1\n001,A,2026-02-01 10:00,1\n002,A,2026-03-31 23:00,1\n"
    facts = check_text({"responses": answers}).waves[0]
    assert (facts.year, facts.fiscal_year) == (2026, 2025)


def test_a_wave_without_any_date_has_no_year() -> None:
    assert check_text({"responses": "person_id,wave,q1\n001,A,1\n"}).waves[0].year is None


def test_ages_become_years_of_birth_by_the_wave_of_their_row() -> None:
    tables = {
        "waves": "wave,closed_on\nA,2025-05-01\nB,2026-05-01\n",
        "people": "person_id,wave,age\n1,A,30\n1,B,31\n2,,40\n",
    }
    people = check_text(tables).drafts["people"].sound

    assert people["birth_year"].to_list() == [1995, 1995, 1986]
    assert "age" not in people.columns


def test_years_of_birth_in_the_age_column_are_accepted_and_said() -> None:
    tables = {"waves": "wave,closed_on\nA,2026-05-01\n", "people": "person_id,age\n1,1974\n2,30\n3,150\n"}
    people = check_text(tables, skip_faulty=True).drafts["people"]

    assert people.sound["birth_year"].to_list() == [1974, 1996, None]
    assert [n.count for n in people.notices if n.kind == "year_as_age"] == [1]


def test_ages_without_any_year_are_said_and_nobody_is_lost() -> None:
    people = check_text({"people": "person_id,age\n1,30\n2,1980\n"}).drafts["people"]

    assert people.sound["birth_year"].to_list() == [None, 1980]
    assert [n.count for n in people.notices if n.kind == "age_without_year"] == [1]


def test_dates_of_birth_are_reduced_to_the_year_and_names_are_dropped() -> None:
    text = "person_id,birth_date,name,kana,email,氏名,電話番号\n1,昭和60年1月7日,a,b,c,d,e\n"
    people = check_text({"people": text}).drafts["people"]

    assert people.sound.drop("__line__").to_dicts() == [{"person_id": "1", "birth_year": 1985}]
    assert "personal_column" in [notice.kind for notice in people.notices]


def test_age_bands_are_kept_and_the_year_stays_unknown() -> None:
    people = check_text({"people": "person_id,age_band\n1,35-49\n"}).drafts["people"].sound

    assert people.select("age_band", "birth_year").row(0) == ("35-49", None)
