"""Rows ↔ frames: the core's study of one organisation, from what the application holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import polars as pl

from tazuna.instrument.describing import questions_of
from tazuna.study import Study
from tazuna.study import Wave as StudyWave
from tazuna_web.organisations.models import Department, Organisation
from tazuna_web.surveys.models import Answer, AnswerSheet, CompanyAnswer, PersonAtWave, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of
from tazuna_web.surveys.questionnaire import instruments_of

CONTRIBUTION_ORDER = ("D", "C", "B", "A", "S")
_DIRECT = (
    "birth_year",
    "gender",
    "worksite",
    "job_family",
    "employment_type",
    "status",
    "is_manager",
    "contribution",
)
_PEOPLE_SCHEMA = {
    "person_id": pl.String,
    "wave": pl.String,
    "department": pl.String,
    "birth_year": pl.Int64,
    "gender": pl.String,
    "worksite": pl.String,
    "job_family": pl.String,
    "employment_type": pl.String,
    "status": pl.String,
    "is_manager": pl.Boolean,
    "contribution": pl.String,
}


def study_of(wave: Wave) -> Study:
    """The study of the wave's organisation up to and including the wave.

    Needs a scope that names the organisation. Pseudonyms become people's codes here and nowhere else: the
    frames live only as long as the calculation.
    """
    organisation = wave.held_by
    waves = list(
        Wave.objects.filter(held_by=organisation, opened_on__lte=wave.opened_on).exclude(
            state=Wave.State.OPEN
        )
    )
    instruments = instruments_of(wave)
    codes = list(questions_of(instruments))
    people = pl.concat([_population(each) for each in waves])
    responses = pl.concat([_responses(each, codes) for each in waves])
    tables = {
        "organisations": pl.DataFrame(
            {"organisation_id": [organisation.code], "name": [organisation.name], "kind": [organisation.kind]}
        ),
        "departments": _departments(organisation),
        "people": people.with_columns(organisation_id=pl.lit(organisation.code)),
        "company_answers": _company_answers(waves, organisation),
    }
    return Study(
        title=organisation.name,
        tables={name: table for name, table in tables.items() if table.height},
        responses=responses,
        instruments=instruments,
        waves=tuple(
            StudyWave(
                each.code, each.label, (each.closed_on or each.opened_on).year, each.fiscal_year, each.k
            )
            for each in waves
        ),
        orders={"contribution": CONTRIBUTION_ORDER},
        sha256=_hash([*tables.values(), responses]),
    )


def _population(wave: Wave) -> pl.DataFrame:
    """Everybody as they were at the wave, sorted here: databases differ in how they order text."""
    rows = PersonAtWave.objects.filter(wave=wave).values_list("person__code", "department__code", *_DIRECT)
    found = [(code, wave.code, department, *rest) for code, department, *rest in rows]
    frame = pl.DataFrame(found, schema=_PEOPLE_SCHEMA, orient="row")
    return frame.with_columns(pl.col(pl.String).replace({"": None})).sort("person_id")


def _responses(wave: Wave, codes: list[str]) -> pl.DataFrame:
    """One row a sheet, one column a question, in the order of the people's codes."""
    asked = PersonAtWave.objects.filter(wave=wave).values_list("person__uuid", "person__code")
    person_of = {pseudonym_of(uuid, wave.pk): code for uuid, code in asked}
    sheets = AnswerSheet.objects.filter(wave=wave).values_list("pk", "pseudonym", "answered_on", "language")
    heads = pl.DataFrame(
        [(str(pk), person_of[name], wave.code, day, spoken or None) for pk, name, day, spoken in sheets],
        schema={
            "sheet": pl.String,
            "person_id": pl.String,
            "wave": pl.String,
            "answered_at": pl.Date,
            "language": pl.String,
        },
        orient="row",
    )
    answers = Answer.objects.filter(sheet__wave=wave).values_list("sheet_id", "question", "value")
    long = pl.DataFrame(
        [(str(sheet), question, value) for sheet, question, value in answers.iterator(chunk_size=20_000)],
        schema={"sheet": pl.String, "question": pl.String, "value": pl.Int16},
        orient="row",
    )
    wide = (
        long.pivot(on="question", index="sheet", values="value")
        if long.height
        else long.select("sheet").clear()
    )
    absent = [pl.lit(None, pl.Int16).alias(code) for code in codes if code not in wide.columns]
    return (
        heads.join(wide.with_columns(absent), on="sheet", how="left")
        .sort("person_id")
        .select("person_id", "wave", "answered_at", "language", *codes)
    )


def _departments(organisation: Organisation) -> pl.DataFrame:
    rows = Department.objects.filter(held_by=organisation).values_list(
        "code", "name", "parent__code", "starts_on", "ends_on", "successor__code"
    )
    schema = {
        "department_id": pl.String,
        "name": pl.String,
        "parent_id": pl.String,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
        "successor_id": pl.String,
    }
    frame = pl.DataFrame(list(rows), schema=schema, orient="row").sort("department_id")
    return frame.with_columns(organisation_id=pl.lit(organisation.code))


def _company_answers(waves: Iterable[Wave], organisation: Organisation) -> pl.DataFrame:
    rows = CompanyAnswer.objects.filter(wave__in=list(waves)).values_list(
        "respondent", "viewpoint", "wave__code", "question", "value"
    )
    schema = {
        "respondent": pl.String,
        "viewpoint": pl.String,
        "wave": pl.String,
        "question": pl.String,
        "value": pl.Int16,
    }
    long = pl.DataFrame(list(rows), schema=schema, orient="row")
    if long.is_empty():
        return long
    wide = long.sort("question").pivot(
        on="question", index=["respondent", "viewpoint", "wave"], values="value"
    )
    wide = wide.sort("wave", "viewpoint", "respondent")
    return wide.select(pl.lit(organisation.code).alias("organisation_id"), pl.all())


def _hash(frames: Iterable[pl.DataFrame]) -> str:
    digest = hashlib.sha256()
    for frame in frames:
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()
