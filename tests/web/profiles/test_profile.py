"""The own profile: right figures, in words, and for nobody else."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import polars as pl
import pytest
from django.test import Client
from django_scopes import scope

from tazuna.instrument.shipped import shipped_instrument
from tazuna.measurement.scoring import score_expression, scored_scales
from tazuna_web.accounts.models import Membership, Role
from tazuna_web.overview.models import Release
from tazuna_web.profiles.queries import own_profile
from tazuna_web.surveys.acts import save_answers
from tazuna_web.surveys.models import Wave
from web.tiny_consortium import Company, TinyConsortium, open_wave

TODAY = datetime.date(2026, 11, 20)
AREAS = ("co1", "co2", "co3", "co4", "co5")


def answers_of(area: str, *values: int) -> dict[str, int]:
    codes = shipped_instrument("co_profile").scales[area].questions
    return {code: values[place % len(values)] for place, code in enumerate(codes)}


def save(
    company: Company, values: dict[str, int], role: Role = Role.PERSON, wave: Wave | None = None
) -> None:
    save_answers(acting=company.acting(role), wave=wave or company.wave, values=values, today=TODAY)


def test_without_answers_there_is_no_profile(in_company: Company) -> None:
    assert own_profile(in_company.acting(Role.PERSON), "ja") is None


def test_the_scores_are_those_of_the_core(in_company: Company) -> None:
    values = {code: value for area in AREAS for code, value in answers_of(area, 1, 4, 5, 3).items()}
    save(in_company, values)
    profile = own_profile(in_company.acting(Role.PERSON), "ja")
    assert profile is not None
    instrument = shipped_instrument("co_profile")
    row = pl.DataFrame({code: [value] for code, value in values.items()})
    scales = scored_scales([instrument], row.columns)
    expected = {scale.code: row.select(score_expression(scale)).item() for scale in scales}
    assert {area.code: area.latest.interval.score for area in profile.areas} == pytest.approx(
        {code: expected[code] for code in AREAS}
    )


def test_an_area_with_too_few_answers_is_left_out(in_company: Company) -> None:
    save(in_company, answers_of("co1", 4) | {"co2a1": 3})
    profile = own_profile(in_company.acting(Role.PERSON), "ja")
    assert profile is not None
    assert [area.code for area in profile.areas] == ["co1"]


def test_the_interval_rests_on_own_answers_until_a_release_knows_better(in_company: Company) -> None:
    save(in_company, answers_of("co1", 2, 4))
    before = own_profile(in_company.acting(Role.PERSON), "ja")
    assert before is not None and before.by_own_answers
    Release.objects.create(
        held_by=in_company.organisation,
        wave=open_wave(in_company.organisation, in_company.people, "2025"),
        made_on=TODAY,
        figures=b"",
        facts={"reliability": {"co1": {"alpha": 0.8, "standard_error": 5.0}}},
        input_sha256="",
        tazuna_version="",
        seed=1,
    )
    after = own_profile(in_company.acting(Role.PERSON), "ja")
    assert after is not None and not after.by_own_answers
    [area] = after.areas
    assert area.latest.interval.standard_error == 5.0


def test_the_latest_wave_comes_first_with_the_change_since(in_company: Company) -> None:
    earlier = open_wave(in_company.organisation, in_company.people, "2025")
    Wave.objects.filter(pk=earlier.pk).update(opened_on=datetime.date(2025, 10, 1))
    save(in_company, answers_of("co1", 1), wave=earlier)
    save(in_company, answers_of("co1", 5))
    profile = own_profile(in_company.acting(Role.PERSON), "ja")
    assert profile is not None
    [area] = profile.areas
    assert [at.interval.score for at in area.waves] == [100.0, 0.0]
    assert [at.since for at in area.waves] == ["higher", None]


def test_beside_own_waves_stands_whether_the_questions_work_alike_once_they_are_released(
    in_company: Company, person: Client
) -> None:
    earlier = open_wave(in_company.organisation, in_company.people, "2025")
    Wave.objects.filter(pk=earlier.pk).update(opened_on=datetime.date(2025, 10, 1))
    save(in_company, answers_of("co1", 1), wave=earlier)
    save(in_company, answers_of("co1", 5))
    release = Release.objects.create(
        held_by=in_company.organisation,
        wave=in_company.wave,
        made_on=TODAY,
        figures=b"",
        facts={},
        input_sha256="",
        tazuna_version="",
        seed=1,
    )
    said = "調査回どうし：判定の文"
    release.editions.create(
        held_by=in_company.organisation, language="ja", content={"comparable": {"profile": said}}
    )
    assert said not in person.get("/profile/").content.decode()
    Wave.objects.filter(pk=in_company.wave.pk).update(state=Wave.State.RELEASED)
    assert said in person.get("/profile/").content.decode()


def test_areas_are_only_set_apart_where_they_clearly_differ(in_company: Company) -> None:
    save(in_company, answers_of("co1", 3, 4) | answers_of("co2", 4, 3))
    close_together = own_profile(in_company.acting(Role.PERSON), "ja")
    assert close_together is not None and close_together.strongest is None
    save(in_company, answers_of("co2", 1))
    apart = own_profile(in_company.acting(Role.PERSON), "ja")
    assert apart is not None and apart.strongest is not None and apart.weakest is not None
    assert (apart.strongest.code, apart.weakest.code) == ("co1", "co2")


def test_the_page_speaks_in_words_and_says_who_sees_what(company: Company, person: Client) -> None:
    with scope(held_by=[company.organisation.pk]):
        save(company, answers_of("co1", 4, 5))
    page = person.get("/profile/").content.decode()
    assert "ひとことで言うと" in page
    assert "だれに何が見えるか" in page
    assert "あなた自身の回答のばらつき" in page


def test_no_other_role_sees_the_profile_of_a_person(
    consortium: TinyConsortium, sign_in: Callable[[Membership], Client]
) -> None:
    company = consortium.company
    with scope(held_by=[company.organisation.pk]):
        save(company, answers_of("co1", 4, 5))
    others = [company.memberships[role] for role in (Role.MANAGER, Role.HR, Role.EXECUTIVE)]
    others += [consortium.other.memberships[Role.PERSON]]
    whose = company.memberships[Role.PERSON].person
    assert whose is not None
    for membership in others:
        client = sign_in(membership)
        tricks = {"person": whose.pk, "uuid": str(whose.uuid), "code": whose.code}
        assert "プロフィールはまだありません" in client.get("/profile/", tricks).content.decode()
        for guess in (whose.pk, whose.uuid, whose.code, company.memberships[Role.PERSON].pk):
            assert client.get(f"/profile/{guess}/").status_code == 404
    assert sign_in(consortium.secretariat).get("/profile/").status_code == 403


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    assert Client().get("/profile/")["Location"].startswith("/sign-in/")


def test_the_page_is_never_kept_by_a_cache(person: Client) -> None:
    assert "no-store" in person.get("/profile/")["Cache-Control"]
