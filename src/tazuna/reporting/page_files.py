"""A report and its figures as files: page, document, and every drawing by itself."""

from __future__ import annotations

from pathlib import Path

from tazuna.reporting.content import Report
from tazuna.reporting.drawing import draw
from tazuna.reporting.file_names import dated_name
from tazuna.reporting.html import render_html
from tazuna.reporting.pdf import render_pdf


def write_page_files(
    report: Report, folder: Path, named: tuple[str, ...], *, front_only: bool = False
) -> tuple[str, ...]:
    """Write HTML, PDF and each figure as SVG into ``folder``, which exists.

    Parameters
    ----------
    named
        Parts of the names of page and document, before the date.
    front_only
        Of the PDF: page 1 and nothing else.

    Returns
    -------
    tuple of str
        The names of the files.
    """
    files = {
        dated_name(named, report.today, "html"): render_html(report).encode(),
        dated_name(named, report.today, "pdf"): render_pdf(report, front_only=front_only),
    }
    files |= {f"{figure.code}.{report.language}.svg": draw(figure).encode() for figure in report.figures}
    for name, held in files.items():
        (folder / name).write_bytes(held)
    return tuple(files)
