"""The demo's sample: dated as of today, answered in part, with somebody behind every door."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache

import polars as pl
import pytest
from django.db import connection, transaction
from django_scopes import scopes_disabled
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoDbBlocker

from tazuna.commands.console import steps
from tazuna_web.accounts.models import Role
from tazuna_web.organisations.models import Organisation
from tazuna_web.people.models import Person
from tazuna_web.site.demo_data.doors import DOOR_COMPANY, choose_visitors
from tazuna_web.site.demo_data.making import PEOPLE, fill
from tazuna_web.site.demo_data.sample import SMALL_DEPARTMENT_ANSWERS, Sample, sample_of
from tazuna_web.site.doors import DOORS, door_membership
from tazuna_web.surveys.models import Answer, AnswerSheet, CompanyAnswer, PersonAtWave, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of

TODAY = datetime.date(2027, 2, 10)

pytestmark = pytest.mark.django_db


@cache
def whole() -> Sample:
    return sample_of(TODAY, people=PEOPLE)


def answered() -> pl.DataFrame:
    """Everybody asked, with whether they answered."""
    responses = whole().tables["responses"].select("person_id", "wave", answered=True)
    people = whole().tables["people"].join(responses, on=["person_id", "wave"], how="left")
    return people.with_columns(pl.col("answered").fill_null(False))


def test_the_last_wave_is_open_today() -> None:
    *closed, last = whole().periods
    assert [period.code for period in whole().periods] == ["fy2024", "fy2025", "fy2026"]
    assert last.open
    assert last.opened_on < TODAY < last.closes_on
    assert [period.closes_on for period in closed] == [datetime.date(2025, 2, 10), datetime.date(2026, 2, 10)]


def test_a_leap_day_is_no_obstacle() -> None:
    assert sample_of(datetime.date(2028, 2, 29), people=120).periods[0].closes_on == datetime.date(
        2026, 2, 28
    )


def test_nobody_has_answered_after_today_or_outside_the_wave() -> None:
    for period in whole().periods:
        days = whole().tables["responses"].filter(pl.col("wave") == period.code)["answered_on"]
        assert days.is_between(period.opened_on, min(period.closes_on, TODAY)).all()


def test_about_six_in_ten_have_answered_the_open_wave() -> None:
    now = answered().filter(pl.col("wave") == whole().periods[-1].code)
    for share in now.group_by("organisation_id").agg(pl.col("answered").mean())["answered"]:
        assert 0.5 <= share <= 0.6


def test_a_small_department_was_shown_and_will_be_hidden() -> None:
    counts = (
        answered()
        .filter(pl.col("organisation_id") == DOOR_COMPANY)
        .group_by("department", "wave")
        .agg(pl.col("answered").sum())
        .pivot("wave", index="department")
    )
    _, before, now = (period.code for period in whole().periods)
    hidden = counts.filter(pl.col(before) >= 10, pl.col(now) < 10)
    assert SMALL_DEPARTMENT_ANSWERS in hidden[now].to_list()


def test_the_truth_names_the_waves_as_the_rows_do() -> None:
    scores = whole().truth["true_scores"]
    assert {row["wave"] for row in scores} == {period.code for period in whole().periods}


def test_the_manager_leads_a_unit_that_can_be_shown() -> None:
    manager = choose_visitors(whole()).people[Role.MANAGER]
    last = whole().periods[-1].code
    unit = answered().filter(pl.col("person_id") == manager, pl.col("wave") == last)["department"][0]
    for period in whole().periods:
        team = answered().filter(pl.col("department") == unit, pl.col("wave") == period.code)
        assert team["answered"].sum() >= 12


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A small sample in the database, once for all tests here, which only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with steps("en") as step:
            fill(TODAY, 120, step)
        with scopes_disabled():
            yield
        transaction.set_rollback(True)


def test_the_sample_fills_the_database(rows: None) -> None:
    assert {
        kind: Organisation.objects.filter(kind=kind).count() for kind in ("company", "consortium", "region")
    } == {
        "company": 3,
        "consortium": 1,
        "region": 1,
    }
    assert Organisation.objects.filter(kind="host", parent__kind="region").exists()
    assert sorted(Wave.objects.values_list("state", flat=True)) == ["closing"] * 6 + ["open"] * 3
    assert PersonAtWave.objects.count() == 360
    assert 0 < AnswerSheet.objects.count() < 360
    assert Answer.objects.filter(sheet__wave__state="open").exists()


def test_somebody_stands_behind_every_door_and_has_yet_to_answer(rows: None) -> None:
    for door in DOORS:
        membership = door_membership(door.name)
        assert membership is not None
        assert not membership.account.has_usable_password()
        code = "CONS" if door.role == Role.SECRETARIAT else DOOR_COMPANY
        assert membership.held_by.code == code
    for role in (Role.PERSON, Role.MANAGER, Role.HR):
        person = door_membership(role.value).person
        for wave in Wave.objects.filter(held_by=person.held_by):
            assert PersonAtWave.objects.filter(wave=wave, person=person).exists()
            sheets = AnswerSheet.objects.filter(wave=wave, pseudonym=pseudonym_of(person.uuid, wave.pk))
            assert sheets.exists() == (wave.state != Wave.State.OPEN)


def test_the_company_side_behind_the_doors_answered_closed_waves_only(rows: None) -> None:
    for role in (Role.HR, Role.EXECUTIVE):
        mine = CompanyAnswer.objects.filter(respondent=str(door_membership(role.value).account.uuid))
        assert set(mine.values_list("wave__state", flat=True)) == {"closing"}
    assert CompanyAnswer.objects.filter(wave__state="open").exists()


def test_no_row_tells_who_answered(rows: None) -> None:
    codes, uuids = zip(*Person.objects.values_list("code", "uuid"), strict=True)
    for sheet in AnswerSheet.objects.all():
        assert sheet.pseudonym not in codes
        assert str(sheet.pk) not in map(str, uuids)
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM surveys_answersheet ORDER BY {place}")
        stored = [str(row[0]) for row in cursor.fetchall()]
    assert stored == sorted(stored)


def test_the_release_on_which_the_doors_open_is_made_first(rows: None) -> None:
    queued = [task.args_kwargs["args"][0] for task in DBTaskResult.objects.ready()]
    assert len(queued) == 6
    first = Wave.objects.get(pk=queued[0])
    assert (first.held_by.code, first.code) == (DOOR_COMPANY, "fy2025")
    assert max(task.priority for task in DBTaskResult.objects.ready()) == 0
