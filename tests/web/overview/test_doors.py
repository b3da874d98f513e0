"""Pages, pictures and files of a release, for every role: none holds a hidden figure or reads an answer."""

from __future__ import annotations

import io
import re
from collections import deque
from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from django_scopes import scopes_disabled

from doors.hidden_figures import Secrets, secrets
from tazuna.measurement.overview import Measured
from tazuna_web.accounts.models import Role
from tazuna_web.overview.models import Edition
from tazuna_web.surveys.models import Answer, CompanyAnswer
from web.overview.conftest import Companies, Enter

_LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)"')
STARTS = ("/overview/", "/overview/team/", "/overview/members/", "/profile/", "/surveys/")
LEFT_OUT = ("/sign-out/", "/static/", "/close/", "/again/", "/language/")
ENOUGH = 100


@pytest.fixture
def hidden(companies: Companies, measured: Measured) -> Secrets:
    released = pl.read_parquet(io.BytesIO(bytes(companies.own.figures)))
    return secrets(measured.cells, released)


def crawled(client: Client) -> dict[str, bytes]:
    """Everything that can be reached from the starts, by address."""
    waiting, found = deque(STARTS), {}
    while waiting:
        address = waiting.popleft()
        if address in found or any(part in address for part in LEFT_OUT):
            continue
        response = client.get(address)
        found[address] = response.content if response.status_code == 200 else b""
        if "text/html" in response.get("Content-Type", "") and "attachment" not in response.get(
            "Content-Disposition", ""
        ):
            waiting += [link.replace("&amp;", "&") for link in _LINK.findall(found[address].decode())]
    return {address: content for address, content in found.items() if content}


def leaks(pages: dict[str, bytes], hidden: Secrets, folder: Path) -> dict[str, list[tuple[str, ...]]]:
    found = {}
    for number, (address, content) in enumerate(pages.items()):
        name = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        path = folder / f"{number}-{name}"
        if path.suffix != ".pdf":
            path.write_bytes(content)
            if cells := hidden.in_file(path):
                found[address] = cells
    return found


def test_no_role_finds_a_hidden_figure_and_no_page_needs_an_answer(
    companies: Companies, enter: Enter, hidden: Secrets, tmp_path: Path
) -> None:
    assert len(hidden.of) > ENOUGH
    with scopes_disabled():
        assert not Answer.objects.exists()
        assert not CompanyAnswer.objects.exists()
    reached = set()
    for role in Role:
        organisation = (
            companies.loaded.organisations["CONS"] if role == Role.SECRETARIAT else companies.organisation
        )
        pages = crawled(enter(role, organisation))
        (tmp_path / role).mkdir()
        assert leaks(pages, hidden, tmp_path / role) == {}
        reached |= {address.partition("?")[0].rpartition(".")[2] for address in pages if "." in address}
    assert reached >= {"svg", "xlsx", "csv", "html"}


def test_a_page_with_a_hidden_figure_is_found(
    companies: Companies, enter: Enter, hidden: Secrets, tmp_path: Path
) -> None:
    value = next(iter(hidden.of))
    with scopes_disabled():
        edition = Edition.objects.get(release=companies.own, language="ja")
        edition.content["front"]["sentences"][0]["text"] = f"平均は{value}です。"
        edition.save()
    pages = crawled(enter(Role.HR, companies.organisation))
    assert "/overview/" in leaks(pages, hidden, tmp_path)
