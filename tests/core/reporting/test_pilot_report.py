"""The pilot report: the first sentence counts, every verdict stands in it, in both languages."""

from __future__ import annotations

import dataclasses
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from tests.core.measurement.pilot.planted import PLANTED, planted_pilot

from tazuna.language import LANGUAGES, Language
from tazuna.measurement.pilot.pilot import Pilot
from tazuna.reporting.content import Figure, Mark, Report, Table
from tazuna.reporting.pilot_report import pilot_report, write_pilot_report


def report_of(found: Pilot, language: Language) -> Report:
    return pilot_report(found, language, title="items.csv", wave="", today=date(2026, 11, 21))


def tables(report: Report) -> dict[str, Table]:
    blocks = [block for part in report.parts for section in part.sections for block in section.blocks]
    found = [*(block for block in blocks if isinstance(block, Table)), *(f.table for f in report.figures)]
    return {table.code: table for table in found}


def test_the_first_sentence_says_how_many_stay() -> None:
    report = report_of(planted_pilot(), "en")
    assert report.front.sentences[0].text == (
        "8 of 14 questions can stay as they are. 6 should be reworded or left out."
    )
    assert report.front.sentences[2].text.startswith("These mean different things to different people: r5")
    assert report.front.decision.question == "Change q4, q6, q7, q8, r5, r6 before the next wave?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_a_sentence_of_its_own(language: Language) -> None:
    found = planted_pilot()
    said = {
        row[0]: row[-1]
        for code, table in tables(report_of(found, language)).items()
        if code.startswith("verdicts-")
        for row in table.rows
    }
    keep = {"en": "Keep it.", "ja": "このまま使えます。"}[language]
    assert {code for code, words in said.items() if words != keep} == set(PLANTED)


def test_figures_show_the_released_percentages_and_hide_the_others() -> None:
    found = planted_pilot()
    answers = tables(report_of(found, "en"))["answers-1-table"]
    assert sum(value for value in answers.rows[0][3:] if isinstance(value, float)) == pytest.approx(100)
    hidden = dataclasses.replace(found.release, k={"": 901}, cells=_all_hidden(found))
    protected = report_of(dataclasses.replace(found, release=hidden), "en")
    for value in (cell for row in tables(protected)["answers-1-table"].rows for cell in row[1:]):
        assert value is Mark.HIDDEN
    assert not [figure for figure in protected.figures if figure.code.startswith("groups-")]


def test_files_in_both_languages_are_written_and_the_pdf_can_be_read(tmp_path: Path) -> None:
    report = report_of(planted_pilot(), "ja")
    names = write_pilot_report(report, tmp_path)
    assert {name.rsplit(".", 1)[1] for name in names} == {"html", "pdf", "svg"}
    page = (tmp_path / next(name for name in names if name.endswith("html"))).read_text(encoding="utf-8")
    assert "14問のうち8問はこのまま使えます。" in page
    pdf = pypdfium2.PdfDocument(
        BytesIO((tmp_path / next(name for name in names if name.endswith("pdf"))).read_bytes())
    )
    assert "予備調査レポート" in pdf[0].get_textpage().get_text_range()
    assert all(isinstance(figure, Figure) and figure.alternative for figure in report.figures)


def _all_hidden(found: Pilot):  # type: ignore[no-untyped-def]
    import polars as pl

    return found.release.cells.with_columns(
        pl.lit(None, pl.Int64).alias("n"),
        *(pl.lit(None, pl.Float64).alias(name) for name in ("mean", "lower", "upper")),
        suppressed=pl.lit(value=True),
    )
