"""The document: PDF/UA, on its pages, without a missing glyph, and never running what a name holds."""

from __future__ import annotations

import re
from io import BytesIO

import polars as pl
import pypdfium2
import pytest
from tests.core.reporting import made_study
from tests.core.reporting.conftest import Rendered, composed

from tazuna.reporting.pdf import render_pdf

ATTACK = '#read("/etc/passwd") [*x*] $y$ \\u{41} // = < @ _'
RARE = "𠮷野髙﨑①㈱ＡＢ"


@pytest.fixture(scope="module")
def odd() -> str:
    """The text of a report whose names hold markup, rare characters and one that no font has."""
    name = f"{ATTACK} {RARE}😀"
    study = made_study.study(name)
    departments = study.tables["departments"].with_columns(pl.lit(f"部署 {ATTACK}"[:30]).alias("name"))
    tables = {**study.tables, "departments": departments}
    document = pypdfium2.PdfDocument(
        BytesIO(render_pdf(composed(study=made_study.study(name, tables=tables))))
    )
    return "\n".join(document[i].get_textpage().get_text_bounded() for i in range(len(document)))


def test_it_says_that_it_is_pdf_ua(plausible: Rendered) -> None:
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", plausible.document)
    assert b"/Lang" in plausible.document
    assert b"/MarkInfo" in plausible.document


def test_title_language_and_date_are_set(plausible: Rendered) -> None:
    document = pypdfium2.PdfDocument(BytesIO(plausible.document))
    found = document.get_metadata_dict()
    assert found["Title"] == "キャリアオーナーシップ経営レポート 株式会社あおぞら 2026年度調査"
    assert found["CreationDate"].startswith("D:20261120")


def test_every_page_is_a4_landscape_and_has_its_text_inside(plausible: Rendered) -> None:
    document = pypdfium2.PdfDocument(BytesIO(plausible.document))
    for page in document:
        assert page.get_size() == pytest.approx((841.89, 595.28), abs=0.1)
        text = page.get_textpage()
        assert len(text.get_text_bounded()) > 60
        boxes = [text.get_charbox(i) for i in range(text.count_chars())]
        assert min(box[0] for box in boxes) >= 25
        assert max(box[2] for box in boxes) <= 841.89 - 25
        assert min(box[1] for box in boxes) >= 10
        assert max(box[3] for box in boxes) <= 595.28 - 10


def test_page_one_holds_the_whole_of_page_one(plausible: Rendered) -> None:
    first = plausible.pages()[0].replace("\r\n", "")
    front = plausible.report.front
    parts = [sentence.text for sentence in front.sentences]
    parts += [front.decision.question, front.decision.heading, *(card.headline for card in front.cards)]
    assert not [part for part in parts if part not in first]


def test_page_one_stays_one_page_with_long_words_in_english() -> None:
    rows = [row | {"mean": 100.0} for row in made_study.plausible_cells()]
    study = made_study.study("The Very Long Name of a Company That Has Grown by Mergers " * 2)
    document = pypdfium2.PdfDocument(BytesIO(render_pdf(composed(made_study.figures(rows), study, "en"))))
    assert "Please decide by" in document[0].get_textpage().get_text_bounded()
    assert "Management view" in document[1].get_textpage().get_text_bounded()
    assert "Where do we stand" in document[1].get_textpage().get_text_bounded()


def test_a_name_is_printed_as_it_stands(odd: str) -> None:
    assert ATTACK in odd
    assert "root:" not in odd


def test_rare_characters_are_shown_and_unknown_ones_replaced(odd: str) -> None:
    assert RARE in odd
    assert "😀" not in odd
    assert "〓" in odd


def test_the_same_report_gives_the_same_bytes(plausible: Rendered) -> None:
    assert render_pdf(composed()) == plausible.document


def test_a_report_without_figures_is_a_whole_document(empty: Rendered) -> None:
    assert "The management score is missing." in empty.pages()[0]
