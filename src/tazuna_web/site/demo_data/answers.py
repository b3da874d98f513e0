"""The sample's answers as rows: sheets under pseudonyms, and the company side's statements."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from django.db import connection, transaction

from tazuna.instrument.describing import questions_of
from tazuna.instrument.shipped import shipped_instrument
from tazuna_web.accounts.models import Account, Role
from tazuna_web.people.models import Person
from tazuna_web.site.demo_data.doors import DOOR_COMPANY, Visitors
from tazuna_web.site.demo_data.rows import ASKED_INSTRUMENTS
from tazuna_web.site.demo_data.sample import Sample
from tazuna_web.surveys.models import Answer, AnswerSheet, CompanyAnswer, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of

SHEETS_AT_ONCE = 50
"""About five thousand answers: a short transaction."""
FIRST_RESPONDENT = {"executive": ("E01", Role.EXECUTIVE), "hr": ("H01", Role.HR)}
"""The respondents of the door company who stand behind its doors."""


def store_answers(
    sample: Sample, visitors: Visitors, waves: Mapping[tuple[str, str], Wave], people: Mapping[str, Person]
) -> None:
    """Store every answer; the visitors' answers to the open wave are left for them to give.

    Sheets are stored in the order of their random ids, so that their place in the table tells nothing either.
    """
    asked = questions_of(tuple(shipped_instrument(name) for name in ASKED_INSTRUMENTS))
    columns = [column for column in sample.tables["responses"].columns if column in asked]
    ended_with = list(questions_of((shipped_instrument(ASKED_INSTRUMENTS[-1]),)))
    open_wave = sample.periods[-1].code
    given = sample.tables["responses"].filter(
        (pl.col("wave") != open_wave) | ~pl.col("person_id").is_in(list(visitors.people.values()))
    )
    holders = sample.tables["people"].select("person_id", "wave", "organisation_id")
    sheets: list[tuple[AnswerSheet, dict[str, int | None]]] = []
    for row in given.join(holders, on=["person_id", "wave"]).iter_rows(named=True):
        wave = waves[row["organisation_id"], row["wave"]]
        sheet = AnswerSheet(
            held_by_id=wave.held_by_id,
            wave=wave,
            pseudonym=pseudonym_of(people[row["person_id"]].uuid, wave.pk),
            answered_on=row["answered_on"],
            finished=any(row[question] is not None for question in ended_with),
        )
        sheets.append((sheet, {question: row[question] for question in columns}))
    sheets.sort(key=lambda sheet: sheet[0].pk)
    for start in range(0, len(sheets), SHEETS_AT_ONCE):
        some = sheets[start : start + SHEETS_AT_ONCE]
        with transaction.atomic():
            AnswerSheet.objects.bulk_create([sheet for sheet, _ in some])
            _insert_answers(some)


def _insert_answers(sheets: Sequence[tuple[AnswerSheet, Mapping[str, int | None]]]) -> None:
    """Insert below the models: a quarter of a million of their objects would take most of the first start."""
    key = Answer._meta.pk
    rows = [
        (
            key.get_db_prep_value(uuid.uuid4(), connection),
            sheet.held_by_id,
            key.get_db_prep_value(sheet.pk, connection),
            question,
            value,
        )
        for sheet, values in sheets
        for question, value in values.items()
        if value is not None
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {Answer._meta.db_table} (id, held_by_id, sheet_id, question, value)"  # noqa: S608
            " VALUES (%s, %s, %s, %s, %s)",
            rows,
        )


def store_company_answers(
    sample: Sample, accounts: Mapping[Role, Account], waves: Mapping[tuple[str, str], Wave]
) -> None:
    """Store the statements of executives and HR; those behind the doors not yet in the open wave."""
    open_wave = sample.periods[-1].code

    def rows() -> Iterator[CompanyAnswer]:
        for row in sample.tables["company_answers"].iter_rows(named=True):
            wave, viewpoint = waves[row["organisation_id"], row["wave"]], row["viewpoint"]
            respondent, role = FIRST_RESPONDENT[viewpoint]
            visits = row["organisation_id"] == DOOR_COMPANY and row["respondent"] == respondent
            if visits and row["wave"] == open_wave:
                continue
            for question in (name for name in row if name.startswith("ms") and row[name] is not None):
                yield CompanyAnswer(
                    held_by_id=wave.held_by_id,
                    wave=wave,
                    viewpoint=viewpoint,
                    respondent=str(accounts[role].uuid) if visits else row["respondent"],
                    question=question,
                    value=row[question],
                )

    CompanyAnswer.objects.bulk_create(rows())
