"""The effect report: the verdict first, one page, both languages, and no number but the effect's own."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from tests.core.reporting.made_effects import EFFECTS, LOTTERY

from tazuna.evaluation.effect import Effect
from tazuna.language import LANGUAGES, Language
from tazuna.reporting.content import Report
from tazuna.reporting.effect_report import effect_report, write_effect_report
from tazuna.reporting.pdf import render_pdf

TODAY = date(2026, 11, 21)
TITLE = "Shinano mutual side work"


def report_of(effect: Effect, language: Language) -> Report:
    return effect_report(effect, language, title=TITLE, today=TODAY, facts=(("Study", "4be1"),))


def texts_of(document: bytes) -> list[str]:
    """The text of each page, without line breaks and blanks."""
    opened = pypdfium2.PdfDocument(BytesIO(document))
    return ["".join(page.get_textpage().get_text_bounded().split()) for page in opened]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EFFECTS)
def test_the_document_is_one_page_and_begins_with_the_verdict(name: str, language: Language) -> None:
    report = report_of(EFFECTS[name], language)
    (page,) = texts_of(render_pdf(report, front_only=True))
    verdict = EFFECTS[name].verdict.says.text(language)
    assert report.front.sentences[0].text == verdict
    said = ["".join(sentence.text.split()) for sentence in report.front.sentences]
    places = [page.find(sentence) for sentence in said]
    assert min(places) >= 0
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_document_and_figures_are_written(language: Language, tmp_path: Path) -> None:
    names = write_effect_report(LOTTERY, tmp_path, language, title=TITLE, today=TODAY)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    assert {Path(name).suffix for name in names} == {".html", ".pdf", ".svg"}
