"""The report's three files, under names that say what they are."""

from __future__ import annotations

from pathlib import Path

from tazuna.reporting.content import Report
from tazuna.reporting.file_names import Suffix, report_file_name
from tazuna.reporting.html import render_html
from tazuna.reporting.pdf import render_pdf
from tazuna.reporting.workbook import write_workbook


def write_report_files(report: Report, folder: Path) -> tuple[str, ...]:
    """Write HTML, PDF and XLSX into ``folder``, which exists; returns their names."""

    def path(suffix: Suffix) -> Path:
        return folder / report_file_name(
            report.organisation, report.wave, report.today, report.language, suffix
        )

    page, document, book = path("html"), path("pdf"), path("xlsx")
    page.write_text(render_html(report), encoding="utf-8")
    document.write_bytes(render_pdf(report))
    write_workbook(report, book)
    return (page.name, document.name, book.name)
