"""Reports rendered once for all tests of the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from tests.core.reporting import made_study

from tazuna.language import Language
from tazuna.measurement.overview import StudyFigures
from tazuna.reporting.content import FrontPage, Report
from tazuna.reporting.html import render_html
from tazuna.reporting.management import management_report, material
from tazuna.reporting.material import Material
from tazuna.reporting.pdf import render_pdf
from tazuna.reporting.sections.front_page import front_page
from tazuna.reporting.workbook import write_workbook
from tazuna.study import Study

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Rendered:
    """One report in its three formats, and as the texts that a reader of each finds."""

    report: Report
    page: str
    document: bytes
    book: Path

    def pages(self) -> list[str]:
        """The text of each PDF page."""
        opened = pypdfium2.PdfDocument(BytesIO(self.document))
        return [opened[i].get_textpage().get_text_bounded() for i in range(len(opened))]

    def values(self) -> list[object]:
        """Every cell value of the workbook."""
        opened = openpyxl.load_workbook(self.book)
        return [
            value
            for sheet in opened
            for row in sheet.iter_rows(values_only=True)
            for value in row
            if value is not None
        ]


def composed(
    figures: StudyFigures | None = None, study: Study | None = None, language: Language = "ja"
) -> Report:
    return management_report(
        study or made_study.study(),
        figures or made_study.figures(),
        made_study.ORGANISATION,
        language,
        today=TODAY,
    )


def front(
    figures: StudyFigures | None = None, study: Study | None = None, language: Language = "ja"
) -> FrontPage:
    """Page 1 alone."""
    return front_page(told(figures, study, language))


def told(
    figures: StudyFigures | None = None, study: Study | None = None, language: Language = "ja"
) -> Material:
    """What the sections are written from."""
    released = figures or made_study.figures()
    return material(study or made_study.study(), released, made_study.ORGANISATION, language, TODAY)


def rendered(report: Report, folder: Path) -> Rendered:
    book = folder / "report.xlsx"
    write_workbook(report, book)
    return Rendered(report, render_html(report), render_pdf(report), book)


@pytest.fixture(scope="session")
def plausible(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A company with everything in it."""
    return rendered(composed(), tmp_path_factory.mktemp("plausible"))


@pytest.fixture(scope="session")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A company of which every group is too small."""
    secret = {"n": 4, "mean": made_study.SECRET, "lower": made_study.SECRET, "upper": made_study.SECRET}
    small = [
        row | secret for row in made_study.plausible_cells() if row["viewpoint"] not in ("executive", "hr")
    ]
    return rendered(composed(made_study.figures(small)), tmp_path_factory.mktemp("protected"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A study without a single figure, in English."""
    return rendered(composed(made_study.figures([]), language="en"), tmp_path_factory.mktemp("empty"))
