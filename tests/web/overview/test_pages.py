"""What each role finds in the overview, and what nobody finds."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries, Settings

from tazuna_web.accounts.models import Role
from tazuna_web.overview.models import Edition, Release
from tazuna_web.overview.queries import table_in
from tazuna_web.overview.rates import wave_rates
from tazuna_web.overview.tasks import make_release
from tazuna_web.surveys.models import Wave
from web.overview.conftest import Companies, Enter
from web.overview.loaded_sample import OWN

COMPANY_PAGES = ("release", "answer-check", "progress")
TABLE = "score-table"


def address(name: str, companies: Companies, *rest: str) -> str:
    return reverse(name, args=[companies.own.wave_id, *rest])


def files_of(release: Release) -> list[str]:
    wave = release.wave_id
    return [
        reverse("release", args=[wave]),
        reverse("answer-check", args=[wave]),
        reverse("progress", args=[wave]),
        reverse("picture", args=[wave, "score"]),
        reverse("table", args=[wave, TABLE, "xlsx"]),
        reverse("table", args=[wave, TABLE, "csv"]),
        *(reverse("report", args=[wave, form]) for form in ("html", "pdf", "xlsx")),
    ]


def edition(companies: Companies, language: str = "ja") -> Edition:
    with scopes_disabled():
        return companies.own.editions.get(language=language)


def test_hr_finds_the_sentences_as_text_and_every_figure_with_its_table_and_downloads(
    companies: Companies, enter: Enter
) -> None:
    page = enter(Role.HR, companies.organisation).get("/overview/").content.decode()
    content = edition(companies).content
    for sentence in content["front"]["sentences"]:
        assert sentence["text"] in page
    pictures = re.findall(r'<img src="(/overview/\d+/pictures/[^"]+)" alt="([^"]+)"', page)
    with scopes_disabled():
        drawn = companies.own.editions.get(language="ja").pictures.exclude(code__startswith="answer-check")
        assert len(pictures) == drawn.count() >= 10
    assert page.count("表で見る") >= len(pictures)
    for form in ("xlsx", "csv"):
        assert len(re.findall(rf"/overview/\d+/tables/[a-z0-9-]+\.{form}", page)) >= len(pictures)
    assert page.index(".xlsx") < page.index(".csv")


def test_the_page_shows_the_figures_as_the_report_writes_them(companies: Companies, enter: Enter) -> None:
    page = enter(Role.HR, companies.organisation).get("/overview/").content.decode()
    table = table_in(edition(companies).content, TABLE)
    assert table is not None
    means = [row[3] for row in table["rows"] if isinstance(row[3], float)]
    assert len(means) >= 8
    assert all(f'<td class="number">{mean:.1f}</td>' in page for mean in means)


def test_english_pages_have_english_figures(companies: Companies, enter: Enter) -> None:
    client = enter(Role.HR, companies.organisation, "en")
    page = client.get("/overview/").content.decode()
    assert edition(companies, "en").content["front"]["decision"]["heading"] in page
    assert "language=en" in page
    picture = client.get(address("picture", companies, "score")).content.decode()
    assert "Employees" in picture


def test_executives_find_one_page_and_no_rates(companies: Companies, enter: Enter) -> None:
    page = enter(Role.EXECUTIVE, companies.organisation).get("/overview/").content.decode()
    content = edition(companies).content
    assert content["front"]["decision"]["question"] in page
    assert page.count('<img src="/overview/') == 1
    assert reverse("close-wave", args=[companies.open_wave.pk]) not in page
    assert "rate-value" not in page


@pytest.mark.parametrize("role", [Role.PERSON, Role.MANAGER, Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_other_roles_may_not_enter_the_companys_pages(companies: Companies, enter: Enter, role: Role) -> None:
    client = enter(role, companies.organisation)
    for place in ["/overview/", *files_of(companies.own)]:
        assert client.get(place).status_code == 403, place


def test_strangers_are_sent_to_sign_in(companies: Companies, client: object) -> None:
    for place in ["/overview/", "/overview/team/", "/overview/members/", *files_of(companies.own)]:
        response = client.get(place)  # type: ignore[attr-defined]
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/sign-in/"), place


@pytest.mark.parametrize("role", [Role.HR, Role.EXECUTIVE])
def test_another_companys_release_does_not_exist(companies: Companies, enter: Enter, role: Role) -> None:
    client = enter(role, companies.organisation)
    for place in files_of(companies.other):
        assert client.get(place).status_code == 404, place


def test_another_companys_wave_cannot_be_closed_or_made_again(companies: Companies, enter: Enter) -> None:
    client = enter(Role.HR, companies.organisation)
    wave = companies.loaded.waves["C02"][2]
    assert client.get(reverse("close-wave", args=[wave.pk])).status_code == 404
    assert client.post(reverse("close-wave", args=[wave.pk])).status_code == 404
    assert client.post(reverse("make-again", args=[wave.pk])).status_code == 404
    with scopes_disabled():
        assert Wave.objects.get(pk=wave.pk).state == Wave.State.OPEN


def test_only_hr_closes_and_only_by_post(companies: Companies, enter: Enter) -> None:
    place = reverse("close-wave", args=[companies.open_wave.pk])
    assert enter(Role.EXECUTIVE, companies.organisation).post(place).status_code == 403
    client = enter(Role.HR, companies.organisation)
    assert "締め切" in client.get(place).content.decode()
    with scopes_disabled():
        assert Wave.objects.get(pk=companies.open_wave.pk).state == Wave.State.OPEN
    assert client.post(place).headers["Location"] == "/overview/"
    with scopes_disabled():
        assert Wave.objects.get(pk=companies.open_wave.pk).state == Wave.State.CLOSING
    assert client.get(place).headers["Location"] == "/overview/"


def test_while_the_figures_are_made_the_page_asks_again_with_and_without_script(
    companies: Companies, enter: Enter
) -> None:
    wave = companies.loaded.waves[OWN][0]
    make_release.enqueue(wave.pk)
    client = enter(Role.HR, companies.organisation)
    progress = reverse("progress", args=[wave.pk])
    page = client.get("/overview/").content.decode()
    assert f'hx-get="{progress}?seen=waiting"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    htmx = {"HX-Request": "true"}
    assert client.get(f"{progress}?seen=waiting", headers=htmx).status_code == 204
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    part = client.get(f"{progress}?seen=waiting", headers=htmx).content.decode()
    assert f"{progress}?seen=running" in part
    with scopes_disabled():
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.RELEASED)
    last = client.get(f"{progress}?seen=running", headers=htmx)
    assert f'{progress}?seen=released" hx-trigger="load"' in last.content.decode()
    assert "HX-Refresh" not in last.headers
    assert client.get(f"{progress}?seen=released", headers=htmx).headers["HX-Refresh"] == "true"
    assert client.get(progress).headers["Location"] == "/overview/"


def test_after_a_failure_hr_can_try_again(companies: Companies, enter: Enter) -> None:
    wave = companies.loaded.waves[OWN][0]
    make_release.enqueue(wave.pk)
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    again = reverse("make-again", args=[wave.pk])
    assert again not in enter(Role.EXECUTIVE, companies.organisation).get("/overview/").content.decode()
    client = enter(Role.HR, companies.organisation)
    page = client.get("/overview/").content.decode()
    assert again in page
    assert "hx-get" not in page
    assert client.get(again).status_code == 405
    assert client.post(again).headers["Location"] == "/overview/"
    assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 1


def test_without_a_release_the_page_says_what_to_do(loaded: object, enter: Enter) -> None:
    organisation = loaded.organisations[OWN]  # type: ignore[attr-defined]
    with scopes_disabled():
        Wave.objects.filter(held_by=organisation).exclude(state=Wave.State.OPEN).delete()
    page = enter(Role.HR, organisation).get("/overview/").content.decode()
    assert reverse("close-wave", args=[loaded.waves[OWN][2].pk]) in page  # type: ignore[attr-defined]
    with scopes_disabled():
        Wave.objects.filter(held_by=organisation).delete()
    assert 'class="empty"' in enter(Role.HR, organisation).get("/overview/").content.decode()


def test_pictures_may_style_themselves_and_do_nothing_else(companies: Companies, enter: Enter) -> None:
    response = enter(Role.HR, companies.organisation).get(address("picture", companies, "score"))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert (
        response.headers["Content-Security-Policy"]
        == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert "private" in response.headers["Cache-Control"]
    assert "immutable" in response.headers["Cache-Control"]
    assert "<script" not in response.content.decode()


def test_tables_come_as_csv_that_excel_reads_with_unrounded_figures(
    companies: Companies, enter: Enter
) -> None:
    response = enter(Role.HR, companies.organisation).get(address("table", companies, TABLE, "csv"))
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    table = table_in(edition(companies).content, TABLE)
    assert table is not None
    assert rows[0] == [column["label"] for column in table["columns"]]
    expected = [row[3] for row in table["rows"]]
    found = [row[3] for row in rows[1:]]
    assert [float(value) for value in found if value != "非表示"] == [
        v for v in expected if isinstance(v, float)
    ]


def test_tables_come_as_workbooks_with_numbers(companies: Companies, enter: Enter) -> None:
    response = enter(Role.HR, companies.organisation).get(address("table", companies, TABLE, "xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert isinstance(sheet["D2"].value, int | float)


@pytest.mark.parametrize("rest", [("no-such-table", "csv"), (TABLE, "exe"), (TABLE, "pdf")])
def test_unknown_tables_and_formats_do_not_exist(
    companies: Companies, enter: Enter, rest: tuple[str, str]
) -> None:
    assert enter(Role.HR, companies.organisation).get(address("table", companies, *rest)).status_code == 404


@pytest.mark.parametrize(("form", "begins"), [("html", b"<!"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_the_report_comes_as_a_file_with_a_japanese_name(
    companies: Companies, enter: Enter, form: str, begins: bytes
) -> None:
    response = enter(Role.EXECUTIVE, companies.organisation).get(address("report", companies, form))
    assert response.content.startswith(begins)
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "sandbox" not in response.headers.get("Content-Security-Policy", "")


def test_the_answer_check_is_of_the_demo_alone(
    companies: Companies, enter: Enter, settings: Settings
) -> None:
    client = enter(Role.HR, companies.organisation)
    page = client.get(address("answer-check", companies)).content.decode()
    assert "answer-check-views" in page
    settings.DEMO = False
    assert client.get(address("answer-check", companies)).status_code == 404
    assert "tour-title" not in client.get("/overview/").content.decode()


def test_a_manager_finds_the_own_department_as_a_whole(companies: Companies, enter: Enter) -> None:
    with scopes_disabled():
        manager = (
            companies.loaded.accounts[Role.MANAGER].memberships.select_related("person__department").get()
        )
    page = enter(Role.MANAGER, companies.organisation).get("/overview/team/").content.decode()
    assert manager.person is not None
    assert manager.person.department is not None
    assert manager.person.department.name in page
    assert "score-value" in page
    assert not re.search(r"\d{6}", page.split("<main")[1])


@pytest.mark.parametrize(("language", "said"), [("ja", "部署どうし："), ("en", "Between departments: ")])
def test_beside_a_comparison_stands_whether_the_questions_work_alike(
    companies: Companies, enter: Enter, language: str, said: str
) -> None:
    content = edition(companies, language).content
    assert content["comparable"]["team"].startswith(said)
    page = (
        enter(Role.MANAGER, companies.organisation, language=language).get(reverse("team")).content.decode()
    )
    assert content["comparable"]["team"] in page
    blocks = [
        block for part in content["parts"] for section in part["sections"] for block in section["blocks"]
    ]
    notes = {block["text"] for block in blocks if block["block"] == "paragraph"}
    # The report's own sentence of the same comparison says the same.
    assert content["comparable"]["change"] in notes


def test_a_manager_of_a_small_department_finds_a_kind_sentence(companies: Companies, enter: Enter) -> None:
    from tazuna_web.organisations.models import Department

    with scopes_disabled():
        small = Department.objects.create(held_by=companies.organisation, code="SMALL", name="小さな部署")
        manager = companies.loaded.accounts[Role.MANAGER].memberships.get()
        assert manager.person is not None
        type(manager.person).objects.filter(pk=manager.person.pk).update(department=small)
    page = enter(Role.MANAGER, companies.organisation).get("/overview/team/").content.decode()
    assert "score-value" not in page
    assert 'class="empty"' in page


def test_the_secretariat_finds_states_and_rates_and_no_score(companies: Companies, enter: Enter) -> None:
    page = (
        enter(Role.SECRETARIAT, companies.loaded.organisations["CONS"])
        .get("/overview/members/")
        .content.decode()
    )
    for code in (OWN, "C02"):
        assert companies.loaded.organisations[code].name in page
    assert "点" not in page.split("<main")[1].split("得点は各社だけが見ます")[-1]
    assert 'class="score"' not in page


@pytest.mark.parametrize("role", [Role.PERSON, Role.MANAGER, Role.HR, Role.EXECUTIVE])
def test_only_the_secretariat_sees_the_members(companies: Companies, enter: Enter, role: Role) -> None:
    assert enter(role, companies.organisation).get("/overview/members/").status_code == 403


def test_the_pages_forbid_inline_script_and_style(companies: Companies, enter: Enter) -> None:
    response = enter(Role.HR, companies.organisation).get("/overview/")
    assert "style-src 'self'" in response.headers["Content-Security-Policy"]
    page = response.content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=", page)
    assert page.count("<h1") == 1
    identities = re.findall(r'\sid="([^"]+)"', page)
    assert len(identities) == len(set(identities))


def test_the_overview_needs_few_queries(
    companies: Companies, enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter(Role.HR, companies.organisation)
    with django_assert_max_num_queries(25):
        client.get("/overview/")


def test_the_rates_of_the_page_are_those_of_the_wave(companies: Companies, enter: Enter) -> None:
    with scope(held_by=[companies.organisation.pk]):
        rates = wave_rates(companies.open_wave)
    page = enter(Role.HR, companies.organisation).get("/overview/").content.decode()
    assert rates.company is not None
    assert str(rates.company.asked) in page


def test_no_template_has_an_inline_style() -> None:
    templates = Path(__file__).parents[3] / "src" / "tazuna_web" / "overview" / "templates"
    assert not [
        path for path in templates.rglob("*.html") if re.search(r"\sstyle=|<script", path.read_text("utf-8"))
    ]
