"""Single damage whose place is known: the fault must name this table, line and column."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.properties.study_text import Place, StudyText

KnownDamage = Callable[[Random, StudyText], "Place | None"]

_CELLS: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("people", "hired_on"): (
        ("bad_date",),
        (
            "2018/13/1",
            "2018-02-30",
            "04/05/2018",
            "30/4/1",
            "43191",
            "平成99年1月1日",
            "昨日",
            "2018年4月",
            "H0.1.1",
        ),
    ),
    ("departments", "starts_on"): (("bad_date",), ("2018/13/1", "x", "2018-00-10", "9999999")),
    ("responses", "answered_at"): (("bad_date",), ("2026-10-01 25:00", "きのう", "2026-13-01T10:00")),
    ("people", "birth_year"): (("bad_age", "bad_number", "out_of_range"), ("1492", "abc", "19x0", "-5")),
    ("people", "birth_date"): (("bad_date", "bad_age"), ("1990/13/1", "1700-01-01", "誕生日")),
    ("people", "employment_type"): (("unknown_code",), ("業務委託?", "regulaar", "😀", "#REF")),
    ("people", "worksite"): (("unknown_code",), ("ofice", "？")),
    ("people", "is_manager"): (("unknown_code",), ("たぶん", "2", "yess")),
    ("people", "manager_id"): (("key_does_not_join",), ("999999", "nobody", "x\ty")),
    ("people", "organisation_id"): (("key_does_not_join",), ("C99", "c01", "会社")),
    ("people", "department"): (("key_does_not_join",), ("無い部署", "D99")),
    ("people", "person_id"): (("missing_value",), ("", "　", "\u00a0")),
    ("organisations", "kind"): (("unknown_code",), ("会社?", "firm")),
    ("departments", "organisation_id"): (("key_does_not_join", "missing_value"), ("C99", "")),
    ("departments", "parent_id"): (("key_does_not_join",), ("D99",)),
    ("responses", "ms1"): (("not_a_category",), ("6", "-1", "0.5", "とても", "3点", "1e3", "１２")),
    ("responses", "co1a1"): (("not_a_category",), ("6", "9" * 30, "=1")),
    ("responses", "person_id"): (("key_does_not_join",), ("999999", "1 01")),
    ("responses_long", "question"): (("unknown_question",), ("ms99", "？")),
    ("responses_long", "value"): (("not_a_category",), ("6", "x")),
    ("programs", "capacity"): (("bad_number", "out_of_range"), ("三", "-1", "1.5")),
    ("programs", "kind"): (("unknown_code",), ("sidework!",)),
    ("applications", "program_id"): (("key_does_not_join",), ("R999",)),
    ("priorities", "tier"): (("bad_number", "out_of_range", "missing_value"), ("x", "1.5", "")),
    ("participation", "status"): (("unknown_code",), ("done",)),
    ("outcomes", "performance"): (("bad_number",), ("高い", "5O")),
    ("waves", "closed_on"): (("bad_date", "ends_before_starts"), ("2023/10/32", "1999-01-01")),
    ("waves", "k"): (("out_of_range", "bad_number"), ("4", "-1", "五", "0")),
}


def bad_cell(random: Random, study: StudyText) -> Place | None:
    """One cell that its column does not take."""
    there = [spot for spot in sorted(_CELLS) if study.column(*spot) is not None]
    table, column = random.choice(there)
    place = study.column(table, column)
    rows = study.tables[table].rows
    kinds, cells = _CELLS[table, column]
    if place is None or not rows:
        return None
    if column == "department" and "departments" not in study.tables:
        return None
    row = random.choice(rows)
    row[place] = random.choice(cells)
    return Place(kinds, table, row, study.tables[table].header[place])


def key_twice(random: Random, study: StudyText) -> Place | None:
    """A row with the key of an earlier one."""
    table = random.choice(
        [t for t in ("people", "departments", "organisations", "waves") if t in study.tables]
    )
    rows = study.tables[table].rows
    again = list(random.choice(rows))
    rows.append(again)
    key = {"people": "person_id", "departments": "department_id", "waves": "wave"}.get(
        table, "organisation_id"
    )
    place = study.column(table, key)
    return (
        None if place is None else Place(("duplicate_key",), table, again, study.tables[table].header[place])
    )


def answered_again(random: Random, study: StudyText) -> Place | None:
    """A person who answers twice in a wave; the earlier row is named."""
    if "responses" not in study.tables or study.column("responses", "answered_at") is None:
        return None
    rows = study.tables["responses"].rows
    row = random.choice(rows)
    rows.append(list(row))
    return Place(("answered_twice",), "responses", row, study.tables["responses"].header[0])


def row_too_long(random: Random, study: StudyText) -> Place | None:
    """One row with a cell too many, as a comma inside a cell makes it."""
    table = random.choice(sorted(study.tables))
    if len(study.tables[table].rows) < 3:
        return None
    row = random.choice(study.tables[table].rows)
    row.append("余り")
    return Place(("ragged_row",), table, row, None)


def column_gone(random: Random, study: StudyText) -> Place | None:
    """A required column that is not there."""
    table, column = random.choice(
        [("people", "person_id"), ("organisations", "kind"), ("departments", "name"), ("responses", "wave")]
    )
    place = study.column(table, column)
    if place is None:
        return None
    text = study.tables[table]
    del text.header[place]
    for row in text.rows:
        del row[place]
    return Place(("missing_column",), table, None, column)


def heading_twice(random: Random, study: StudyText) -> Place | None:
    """Two columns with one heading."""
    table = random.choice(sorted(study.tables))
    text = study.tables[table]
    place = random.randrange(len(text.header))
    text.header.append(text.header[place])
    for row in text.rows:
        row.append(row[place])
    return Place(("duplicate_header",), table, None, text.header[place])


def question_unknown(random: Random, study: StudyText) -> Place | None:
    """A column that is written like a question code, but is none."""
    if "responses" not in study.tables:
        return None
    text = study.tables["responses"]
    text.header.append("ms77")
    for row in text.rows:
        row.append("1")
    return Place(("unknown_question",), "responses", None, "ms77")


def zeros_of_one(random: Random, study: StudyText) -> Place | None:
    """One key that lost its leading zeros."""
    place = study.column("responses", "person_id")
    if place is None:
        return None
    row = random.choice(study.tables["responses"].rows)
    row[place] = row[place].lstrip("0")
    return Place(("key_does_not_join",), "responses", row, study.tables["responses"].header[place])


def manager_of_self(random: Random, study: StudyText) -> Place | None:
    """Somebody who is their own manager."""
    boss, person = study.column("people", "manager_id"), study.column("people", "person_id")
    if boss is None or person is None:
        return None
    row = random.choice(study.tables["people"].rows)
    row[boss] = row[person]
    return Place(("circle",), "people", row, study.tables["people"].header[boss])


def wave_in_capitals(random: Random, study: StudyText) -> Place | None:
    """A wave whose name differs by case from all others, where most rows tell which spelling is right."""
    place = study.column("responses", "wave")
    if place is None:
        return None
    row = random.choice(study.tables["responses"].rows)
    usual, changed = row[place], row[place].upper()
    row[place] = changed
    if changed == usual or _rows_of_wave(study, usual) < 2:
        return None
    kinds = ("key_does_not_join", "wave_spelling")
    return Place(kinds, "responses", row, study.tables["responses"].header[place])


def _rows_of_wave(study: StudyText, wave: str) -> int:
    places = {name: study.column(name, "wave") for name in study.tables}
    return sum(
        row[place] == wave
        for name, place in places.items()
        if place is not None
        for row in study.tables[name].rows
    )


KNOWN_DAMAGES: dict[str, KnownDamage] = {
    damage.__name__: damage
    for damage in (
        bad_cell,
        key_twice,
        answered_again,
        row_too_long,
        column_gone,
        heading_twice,
        question_unknown,
        zeros_of_one,
        manager_of_self,
        wave_in_capitals,
    )
}
