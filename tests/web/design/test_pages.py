"""What holds for every page and component of the design."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django_cotton.compiler_regex import CottonCompiler

import tazuna_web
from tazuna_web.accounts.models import Role
from tazuna_web.design.context import ROLE_LABELS, navigation
from web.tiny_consortium import Company

PACKAGE = Path(tazuna_web.__file__).parent
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
CATALOGUE = PACKAGE / "locale/ja/LC_MESSAGES/django.po"
PLACES = re.compile(r"%\((\w+)\)s")


def english_of(entry: Message) -> str:
    """The msgid, in the singular."""
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def rendered(source: str, **context: object) -> str:
    template = engines["django"].from_string(CottonCompiler().process(source))
    return template.render(context, RequestFactory().get("/"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"""\sstyle=|<style|\son[a-z]+=["']|javascript:""", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


def test_every_place_of_an_english_sentence_stands_in_the_japanese_one() -> None:
    for entry in read_po(CATALOGUE.open("rb")):
        singular = english_of(entry)
        words = entry.string if isinstance(entry.string, str) else entry.string[0]
        assert set(PLACES.findall(words)) == set(PLACES.findall(singular)), singular


def test_every_sentence_of_the_templates_has_its_japanese() -> None:
    known = {english_of(entry) for entry in read_po(CATALOGUE.open("rb"))}
    for template in TEMPLATES:
        source = template.read_text(encoding="utf-8")
        for _, sentence in re.findall(r"""\{%\s*translate\s+(["'])(.*?)\1""", source):
            assert sentence.replace("%", "%%") in known, template.name


def test_a_button_is_a_link_where_it_has_an_address() -> None:
    assert "<a " in rendered('<c-button href="/x/">進む</c-button>')
    button = rendered('<c-button kind="primary" name="go" value="next">進む</c-button>')
    assert "<button" in button and 'name="go" value="next"' in button


def test_a_score_draws_its_interval_on_the_scale_from_0_to_100() -> None:
    score = rendered('<c-score :value="v" :lower="l" :upper="u" />', v=62.5, l=48.2, u=76.8)
    assert 'cx="62.5%"' in score
    assert 'x1="48.2%" x2="76.8%"' in score


def test_a_figure_offers_its_table_and_downloads() -> None:
    figure = rendered(
        '<c-figure title="スコア" picture="/p.svg" alt="棒">'
        "<table></table>"
        '<c-slot name="downloads"><li><a href="/t.xlsx">Excel</a></li></c-slot>'
        "</c-figure>"
    )
    assert '<img src="/p.svg" alt="棒"' in figure
    assert figure.index("<details") < figure.index("<table>") < figure.index("/t.xlsx")


def test_the_error_page_of_the_server_needs_no_request() -> None:
    assert "<h1>" in render_to_string("500.html")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_name(role: Role) -> None:
    assert str(ROLE_LABELS[role])


def test_the_navigation_marks_the_page_that_one_is_on(company: Company) -> None:
    entries = navigation(company.acting(Role.PERSON), "/surveys/3/2/")
    assert [entry.here for entry in entries] == [True, False]
    assert navigation(None, "/") == []


def test_the_frame_loads_nothing_from_elsewhere(person: Client) -> None:
    page = person.get("/surveys/").content.decode()
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "default-src 'none'" in person.get("/surveys/")["Content-Security-Policy"]
