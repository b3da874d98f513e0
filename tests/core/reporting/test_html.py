"""The page: one file, no request, accessible, and safe against what names may hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import polars as pl
from tests.core.reporting import made_study
from tests.core.reporting.conftest import Rendered, composed

from tazuna.reporting.html import render_html

ATTACK = "<script>alert(1)</script> & \"'><img src=x onerror=alert(1)>"


class Outline(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[tuple[str, dict[str, str | None]]]:
        return [found for found in self.tags if found[0] in names]


def test_nothing_is_fetched(plausible: Rendered) -> None:
    namespaces = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
    addresses = set(re.findall(r"(?:https?:)?//[\w./-]+", plausible.page)) - set(namespaces)
    assert not addresses
    assert not re.search(r"@import|url\((?!#)", plausible.page)
    assert not Outline(plausible.page).all("script", "link", "img", "iframe", "object")


def test_the_policy_allows_styles_only(plausible: Rendered) -> None:
    policy = next(a for _, a in Outline(plausible.page).all("meta") if "http-equiv" in a)
    assert (policy["content"] or "").startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_headings_step_down_one_at_a_time(plausible: Rendered) -> None:
    levels = [int(tag[1]) for tag, _ in Outline(plausible.page).all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_reference_has_its_target(plausible: Rendered) -> None:
    tags = Outline(plausible.page).tags
    ids = [a["id"] for _, a in tags if a.get("id")]
    assert len(ids) == len(set(ids))
    links = {(a["href"] or "")[1:] for tag, a in tags if tag == "a"}
    named = {part for _, a in tags for part in (a.get("aria-labelledby") or "").split()}
    fills = set(re.findall(r"url\(#([^)]+)\)", plausible.page))
    assert links | named | fills <= set(ids)


def test_every_drawing_is_an_image_with_name_and_description(plausible: Rendered) -> None:
    drawings = Outline(plausible.page).all("svg")
    assert len(drawings) == len(plausible.report.figures)
    assert all(a["role"] == "img" for _, a in drawings)
    for _, a in drawings:
        assert re.search(rf'<desc id="{a["aria-labelledby"]}">[^<]*\w', plausible.page)
    assert plausible.page.count("<details>") == len(drawings)


def test_language_landmarks_and_skip_link_are_there(plausible: Rendered) -> None:
    outline = Outline(plausible.page)
    assert outline.all("html")[0][1]["lang"] == "ja"
    assert all(outline.all(landmark) for landmark in ("header", "nav", "main", "footer"))
    assert outline.all("a")[0][1] == {"class": "skip", "href": "#main"}


def test_every_table_has_a_caption_and_scoped_headers(plausible: Rendered) -> None:
    outline = Outline(plausible.page)
    assert len(outline.all("table")) == len(outline.all("caption"))
    assert all(a.get("scope") in ("col", "row") for _, a in outline.all("th"))


def test_names_are_text_and_never_markup() -> None:
    study = made_study.study(ATTACK)
    departments = study.tables["departments"].with_columns(pl.lit(ATTACK).alias("name"))
    page = render_html(
        composed(study=made_study.study(ATTACK, tables={**study.tables, "departments": departments}))
    )
    outline = Outline(page)
    assert not outline.all("script", "img")
    assert not [a for _, a in outline.tags if "onerror" in a]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_same_report_gives_the_same_page(plausible: Rendered) -> None:
    assert render_html(composed()) == plausible.page


def test_a_report_without_figures_is_a_whole_page_in_english(empty: Rendered) -> None:
    assert Outline(empty.page).all("html")[0][1]["lang"] == "en"
    assert not re.search(
        "[ぁ-んァ-ヶ]",
        re.sub(r"<style>.*?</style>|2026年度調査|株式会社あおぞら", "", empty.page, flags=re.S),
    )
