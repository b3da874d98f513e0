"""Response rates: of k people or more, and never who."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from django_scopes import scope, scopes_disabled
from hypothesis import given
from hypothesis import strategies as st

from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.models import Role
from tazuna_web.organisations.models import Department
from tazuna_web.overview.rates import WaveRates, _large_enough, _rate, member_standings, wave_rates
from tazuna_web.surveys.models import Answer, AnswerSheet, PersonAtWave, Wave
from tazuna_web.surveys.pseudonyms import pseudonym_of
from web.overview.conftest import Companies
from web.overview.loaded_sample import OTHER, OWN, Loaded

K = 10


def rates_of(wave: Wave) -> WaveRates:
    with scope(held_by=[wave.held_by_id]):
        return wave_rates(wave)


def answer(wave: Wave, count: int) -> None:
    """The first ``count`` people asked answer one question each."""
    with scopes_disabled():
        asked = PersonAtWave.objects.filter(wave=wave).exclude(status="left").select_related("person")
        for row in asked.order_by("pk")[:count]:
            sheet = AnswerSheet.objects.create(
                held_by=wave.held_by,
                wave=wave,
                pseudonym=pseudonym_of(row.person.uuid, wave.pk),
                answered_on=datetime.date(2026, 11, 20),
            )
            Answer.objects.create(held_by=wave.held_by, sheet=sheet, question="ms1", value=3)


def asked_in(wave: Wave) -> int:
    with scopes_disabled():
        return PersonAtWave.objects.filter(wave=wave).exclude(status="left").count()


def test_the_companys_rate_is_of_those_asked(loaded: Loaded) -> None:
    wave = loaded.waves[OWN][2]
    asked = asked_in(wave)
    answer(wave, asked // 2)
    company = rates_of(wave).company
    assert company is not None
    assert (company.asked, company.percent, company.beyond) == (asked, round(100 * (asked // 2) / asked), 0)


def test_an_opened_sheet_without_an_answer_does_not_count(loaded: Loaded) -> None:
    wave = loaded.waves[OWN][2]
    answer(wave, 30)
    before = rates_of(wave)
    with scopes_disabled():
        AnswerSheet.objects.create(
            held_by=wave.held_by, wave=wave, pseudonym="0" * 64, answered_on=datetime.date(2026, 11, 20)
        )
    assert rates_of(wave) == before


def test_a_department_below_k_is_left_out(loaded: Loaded) -> None:
    wave = loaded.waves[OWN][2]
    with scopes_disabled():
        small = Department.objects.create(held_by=wave.held_by, code="SMALL", name="小さな部署")
        people = PersonAtWave.objects.filter(wave=wave).exclude(status="left").values_list("pk", flat=True)
        PersonAtWave.objects.filter(pk__in=list(people[: K - 1])).update(department=small)
    rates = rates_of(wave)
    assert "小さな部署" not in [rate.unit for rate in rates.departments]
    assert rates.left_out


def test_nobody_is_told_that_all_or_none_of_a_unit_answered() -> None:
    none, everybody = _rate("", 20, 0, K), _rate("", 20, 20, K)
    assert none is not None
    assert everybody is not None
    assert (none.percent, none.beyond) == (10, -1)
    assert (everybody.percent, everybody.beyond) == (90, 1)


def test_a_unit_of_nine_has_no_rate() -> None:
    assert _rate("", 9, 5, K) is None
    assert _rate("", 10, 5, K) is not None


@given(st.dictionaries(st.integers(1, 30), st.integers(1, 40), max_size=12), st.integers(0, 40))
def test_what_is_left_out_is_nobody_or_at_least_k(asked: dict[int, int], without_department: int) -> None:
    counts: Counter[int | None] = Counter(
        {**asked, **({None: without_department} if without_department else {})}
    )
    shown = set(_large_enough(counts, K)) - {None}
    left_out = sum(count for unit, count in counts.items() if unit not in shown)
    assert all(counts[unit] >= K for unit in shown)
    assert left_out == 0 or left_out >= K or not shown


def test_the_secretariat_gets_counts_and_no_answers(companies: Companies) -> None:
    consortium = companies.loaded.organisations["CONS"]
    answer(companies.open_wave, 40)
    with scope(held_by=[consortium.pk]):
        standings = member_standings(Acting(None, consortium, Role.SECRETARIAT))
        assert not Wave.objects.exists()
    assert [one.name for one in standings] == [
        companies.loaded.organisations[code].name for code in (OWN, OTHER)
    ]
    assert [one.wave.pk for one in standings if one.wave] == [
        companies.loaded.waves[c][2].pk for c in (OWN, OTHER)
    ]
    assert all(one.rate is not None and one.rate.asked >= K for one in standings)


def test_a_company_asking_fewer_than_k_has_no_rate_at_the_secretariat(companies: Companies) -> None:
    consortium = companies.loaded.organisations["CONS"]
    with scopes_disabled():
        keep = PersonAtWave.objects.filter(wave=companies.open_wave).values_list("pk", flat=True)[: K - 1]
        PersonAtWave.objects.filter(wave=companies.open_wave).exclude(pk__in=list(keep)).delete()
    standings = member_standings(Acting(None, consortium, Role.SECRETARIAT))
    assert standings[0].rate is None
    assert standings[1].rate is not None


@pytest.mark.parametrize("code", [OWN, OTHER])
def test_rates_need_the_scope_of_the_holder(loaded: Loaded, code: str) -> None:
    wave = loaded.waves[code][2]
    other = loaded.organisations[OTHER if code == OWN else OWN]
    with scope(held_by=[other.pk]):
        assert wave_rates(wave).company is None
