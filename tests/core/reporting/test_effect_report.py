"""The effect report: the verdict first, one page, both languages, and no number but the effect's own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from tests.core.reporting.made_effects import BEFORE_AFTER, EFFECTS, LOTTERY, NOTHING, UNBOUNDED

from tazuna.evaluation.effect import Effect, Verdict
from tazuna.language import LANGUAGES, Language, Message
from tazuna.reporting.content import Items, Missing, Paragraph, Report
from tazuna.reporting.effect_report import TOO_SMALL, effect_report
from tazuna.reporting.pdf import render_pdf
from tazuna.reporting.processes import write_page

TODAY = date(2026, 11, 21)
TITLE = "Shinano mutual side work"
OWN = {"95", "1", "0", f"{TOO_SMALL}", "0.001"}
"""Numbers of the page's own words: the level of intervals, 1 SD, the line of 0, the rule of the decision."""

NAMES = re.compile(
    r"P\d{3}|20-34|35-49|50\+|(?:up to )?\d\d(?: to \d\d| and over)?:|（?\d\d[^）]*歳[^）]*）"
    r"|5回に4回|その\d|start, \d"
)
"""Names of programmes and groups that have digits in them, and how Japanese says four of five cases."""
SHOWN = (
    ("lottery", "ja"),
    ("unbounded", "en"),
    ("nothing", "en"),
    ("one-programme", "ja"),
    ("discontinuity", "en"),
    ("staggered", "ja"),
    ("adjusted", "en"),
    ("before-after", "ja"),
    ("refused", "ja"),
    ("crowded", "ja"),
    ("crowded", "en"),
)
"""Effects with the language in which their page is looked at."""


def report_of(effect: Effect, language: Language = "en") -> Report:
    return effect_report(effect, language, title=TITLE, today=TODAY, facts=(("Study", "4be1"),))


def page_of(effect: Effect, language: Language) -> str:
    """The text of the document's only page, without line breaks and blanks."""
    (page,) = pypdfium2.PdfDocument(BytesIO(render_pdf(report_of(effect, language), front_only=True)))
    return "".join(page.get_textpage().get_text_bounded().split())


def said_on(report: Report) -> list[str]:
    """All running text of page 1."""
    front = report.front
    told = [sentence.text for sentence in front.sentences]
    told += [text for card in front.cards for text in (card.headline, card.detail)]
    told += [front.decision.question, front.decision.reason, front.decision.rule]
    for section in front.answers:
        for block in section.blocks:
            if isinstance(block, Items):
                told += [words for entry in block.entries for words in entry]
            elif isinstance(block, Paragraph):
                told.append(block.text)
    return told


def numbers_of(value: object, language: Language) -> Iterator[float | str]:
    """Every number in an effect, and those in its own sentences as they stand there."""
    if isinstance(value, Message):
        yield from re.findall(r"\d[\d,.]*\d|\d", value.text(language))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from numbers_of(entry, language)
    elif isinstance(value, tuple):
        yield float(len(value))
        for entry in value:
            yield from numbers_of(entry, language)
    elif is_dataclass(value):
        for one in fields(value):
            yield from numbers_of(getattr(value, one.name), language)


def ways_to_write(effect: Effect, language: Language) -> set[str]:
    """Each number of the effect in points, standard deviations and percent, with up to three digits."""
    written = set(OWN)
    for value in numbers_of(effect, language):
        if isinstance(value, str):
            written.add(value)
        elif math.isfinite(value):
            for size in (abs(value), abs(value) / effect.deviation, 100 * abs(value)):
                written |= {f"{size:.{digits}f}" for digits in range(4)} | {f"{size:,.0f}", f"{size:g}"}
    return written


@pytest.mark.parametrize(("name", "language"), SHOWN)
def test_the_document_is_one_page_and_begins_with_the_verdict(name: str, language: Language) -> None:
    page, report = page_of(EFFECTS[name], language), report_of(EFFECTS[name], language)
    assert report.front.sentences[0].text == EFFECTS[name].verdict.says.text(language)
    places = [page.find("".join(sentence.text.split())) for sentence in report.front.sentences]
    assert min(places) >= 0
    assert places == sorted(places)
    assert "".join(report.front.decision.question.split()) in page
    assert "".join(report.front.answers[-1].title.split()) in page


@pytest.mark.parametrize(("name", "language"), SHOWN)
def test_every_number_of_the_page_comes_from_the_effect(name: str, language: Language) -> None:
    effect = EFFECTS[name]
    known = ways_to_write(effect, language)
    for text in said_on(report_of(effect, language)):
        bare = NAMES.sub("", text)
        unknown = set(re.findall(r"\d[\d,.]*\d|\d", bare)) - known
        assert not unknown, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_document_and_figures_are_written(language: Language, tmp_path: Path) -> None:
    names = write_page(report_of(LOTTERY, language), tmp_path)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    page = next(tmp_path.glob("*.html")).read_text("utf-8")
    assert "{" not in page.partition("</style>")[2]
    codes = ("effect", "subgroups", "balance", "bounds", "dose", "calibration", "outcomes")
    assert {f"effect-{code}.{language}.svg" for code in codes[1:]} | {f"effect.{language}.svg"} == {
        path.name for path in tmp_path.glob("*.svg")
    }


def test_assumptions_are_marked_in_words_the_failed_ones_first() -> None:
    (section,) = (one for one in report_of(LOTTERY).front.answers if one.code == "effect-else")
    marks = [block.entries[0][0] for block in section.blocks if isinstance(block, Items)]
    assert [mark.partition("]")[0] for mark in marks] == [
        "[does not hold",
        "[cannot be checked",
        "[holds",
        "[holds",
    ]


def test_an_interval_without_an_end_is_said_in_words() -> None:
    cards = report_of(UNBOUNDED).front.cards
    assert "−2.1 or more, no upper limit" in cards[0].detail
    assert "no limit on either side" in cards[1].detail
    assert not any("inf" in text.replace("information", "") for text in said_on(report_of(UNBOUNDED)))


def test_refusals_stand_where_figures_would() -> None:
    report = report_of(EFFECTS["refused"])
    blocks = {section.code: section.blocks[0] for section in report.parts[0].sections}
    assert isinstance(blocks["annex-dose"], Missing)
    assert isinstance(blocks["annex-spillover"], Missing)
    assert "50 and over: no figure" in " ".join(said_on(report))


def asked(effect: Effect, **changed: object) -> str:
    question = replace(effect.question, **changed)  # type: ignore[arg-type]
    return report_of(replace(effect, question=question)).front.decision.question


def test_more_is_asked_for_only_where_the_effect_is_wanted() -> None:
    assert asked(LOTTERY) == "Extend this programme?"
    assert asked(LOTTERY, better="low") == "Stop this programme, or change it?"
    assert asked(LOTTERY, better="unknown").startswith("Is this change wanted")
    assert asked(NOTHING) == "Use the time and money for something else?"
    assert asked(BEFORE_AFTER) == "Give the next places by a fair draw among equals?"
    weak = replace(LOTTERY, verdict=Verdict(LOTTERY.verdict.says, "weak"))
    assert asked(weak) == "Draw more places openly in the next round?"


def test_points_are_said_of_scales_only() -> None:
    grade = replace(LOTTERY, question=replace(LOTTERY.question, in_points=False))
    assert report_of(LOTTERY).front.cards[0].headline == "+6.2 points (+0.31 SD)"
    assert report_of(grade).front.cards[0].headline == "+6.2 (+0.31 SD)"


def test_without_a_deviation_no_size_is_standardised() -> None:
    report = report_of(replace(LOTTERY, deviation=0.0))
    assert report.front.cards[0].headline == "+6.2 points"
    assert "1 SD" not in [name for name, _ in report.front.facts]
