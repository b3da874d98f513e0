"""The report as a workbook: a sheet a section, real numbers, set up to be printed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook

from tazuna.language import translator
from tazuna.reporting.content import Figure, Items, Missing, Paragraph, Report, Section
from tazuna.reporting.numbers import date_text
from tazuna.reporting.sheets import SheetWriter, Styles

_LONGEST_SHEET_NAME = 31


def write_workbook(report: Report, path: Path) -> None:
    """Write the workbook; the same report gives the same bytes.

    Parameters
    ----------
    report
        The content.
    path
        The file to write (``.xlsx``); its folder exists.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties(
            {
                "title": f"{report.title} {report.organisation} {report.wave}",
                "subject": report.wave,
                "author": report.organisation,
                "company": report.organisation,
                "keywords": report.handling,
                "comments": "; ".join(f"{name}: {value}" for name, value in report.provenance),
                "created": datetime.combine(report.today, time(), tzinfo=UTC),
            }
        )
        styles = Styles.of(workbook)
        taken: set[str] = set()
        _write_front(report, workbook, styles, taken)
        for number, part in enumerate(report.parts, start=1):
            for place, section in enumerate(part.sections, start=1):
                name = sheet_name(f"{number}-{place} {section.title}", taken)
                _write_section(section, part.title, SheetWriter.begin(workbook, name, styles, report))


def _write_front(report: Report, workbook: Workbook, styles: Styles, taken: set[str]) -> None:
    t = translator(report.language)
    front = report.front
    sheet = SheetWriter.begin(workbook, sheet_name(t("On one page"), taken), styles, report)
    sheet.heading(report.title)
    sheet.text(f"{report.organisation}　{report.wave}　{date_text(report.today, report.language)}")
    for sentence in front.sentences:
        sheet.text(f"{sentence.part}: {sentence.text}", bold=True)
    for card in front.cards:
        sheet.text(f"{card.label}: {card.headline} ({card.detail})")
    decision = front.decision
    sheet.text(f"{decision.heading}: {decision.question}", bold=True)
    sheet.text(decision.reason)
    sheet.text(decision.rule, quiet=True)
    sheet.text(" | ".join(f"{name} {value}" for name, value in front.facts))
    for note in front.notes:
        sheet.text(note, quiet=True)
    if isinstance(front.figure, Figure):
        sheet.figure(front.figure)
    else:
        sheet.missing(front.figure)
    sheet.finish()


def _write_section(section: Section, part: str, sheet: SheetWriter) -> None:
    sheet.heading(section.title)
    sheet.text(part, quiet=True)
    for block in section.blocks:
        match block:
            case Figure():
                sheet.figure(block)
            case Paragraph():
                sheet.text(block.text, bold=block.tone == "finding", quiet=block.tone == "note")
            case Items():
                for name, words in block.entries:
                    sheet.text(f"{name}: {words}" if name else words)
            case Missing():
                sheet.missing(block)
            case _:
                sheet.table(block)
    sheet.finish()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A sheet name that Excel accepts and that is not taken yet, whatever its case."""
    allowed = re.sub(r"[\[\]:*?/\\']", " ", wanted)
    name = _whole_words(allowed, _LONGEST_SHEET_NAME)
    number = 2
    while name.lower() in taken:
        ending = f" {number}"
        name = name[: _LONGEST_SHEET_NAME - len(ending)] + ending
        number += 1
    taken.add(name.lower())
    return name


def _whole_words(words: str, length: int) -> str:
    """The beginning of ``words``, broken at a blank where there is one in the second half."""
    if len(words) <= length:
        return words.strip()
    cut = words[: length + 1]
    blank = cut.rfind(" ")
    return cut[:blank].strip() if blank > length // 2 else words[:length].strip()
