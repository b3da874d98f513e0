"""The draw in short: one page to decide from, its pictures, and nothing of small groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from tests.core.matching.test_figures import drawn, round_of

from tazuna.language import LANGUAGES, Language
from tazuna.matching.figures import DrawFigures
from tazuna.reporting.content import Missing, Report
from tazuna.reporting.draw_report import draw_report, write_draw_report
from tazuna.reporting.figures.draw import DrawWords, places_by_group_figure, share_by_rank_figure


@pytest.fixture(scope="module")
def figures() -> DrawFigures:
    """Of thirty people, nine of whom are 35 to 49 and nine older."""
    return drawn(round_of(["20-34"] * 12 + ["35-49"] * 9 + ["50+"] * 9))


def report_of(figures: DrawFigures, language: Language, places: int = 10) -> Report:
    """The report of a round of ten places."""
    return draw_report(figures, language, title="Study", round_="R1", places=places, today=date(2026, 11, 21))


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_pdf_and_pictures_are_written_in_the_language(
    figures: DrawFigures, language: Language, tmp_path: Path
) -> None:
    names = write_draw_report(report_of(figures, language), tmp_path)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    assert {Path(name).suffix for name in names} == {".html", ".pdf", ".svg"}
    page = next(tmp_path.glob("*.html")).read_text("utf-8")
    document = pypdfium2.PdfDocument(BytesIO(next(tmp_path.glob("*.pdf")).read_bytes()))
    first = document[0].get_textpage().get_text_bounded().replace("\r\n", "")
    said = {"en": "10 of 30 people have a place", "ja": "応募した30人のうち10人の枠が決まり"}[language]
    assert said in page
    assert said in first
    assert "{" not in page.partition("</style>")[2]
    document.close()


def test_hidden_groups_are_in_no_picture_and_no_table(figures: DrawFigures) -> None:
    figure = places_by_group_figure(DrawWords(figures, {}, "en"))
    assert figure is not None
    assert [(row[0], row[2]) for row in figure.table.rows] == [("Age band", 12), ("Company", 30)]
    assert any("more groups are not shown" in note for note in figure.notes)


def test_without_any_group_the_page_says_so(figures: DrawFigures) -> None:
    bare = replace(figures, groups=figures.groups.clear())
    blocks = report_of(bare, "en").parts[0].sections[0].blocks
    assert isinstance(blocks[0], Missing)


def test_the_runner_up_is_beside_each_rank(figures: DrawFigures) -> None:
    figure = share_by_rank_figure(DrawWords(figures, {}, "en"))
    assert figure is not None
    assert figure.table.columns[-1].label == "Other rules"
    assert all(row[-1] is not None for row in figure.table.rows)
    assert sum(float(str(row[2])) for row in figure.table.rows) == pytest.approx(100)
    alone = share_by_rank_figure(DrawWords(replace(figures, runner_up=None), {}, "en"))
    assert alone is not None
    assert alone.table.columns[-1].label == "95% upper"


def test_places_left_are_the_decision_while_people_have_none(figures: DrawFigures) -> None:
    question = report_of(figures, "en", places=14).front.decision.question
    assert question == "Offer the 4 places that are left to the 20 people without one?"
    assert "two tiers" in report_of(figures, "en").front.decision.question


def test_envy_is_never_talked_away(figures: DrawFigures) -> None:
    unfair = replace(figures, fairness=replace(figures.fairness, justified_envy=3, blocking_outside=5))
    said = report_of(unfair, "en").front.sentences[1].text
    assert "in 3 cases" in said
    assert "in 2 a wanted place" in said
