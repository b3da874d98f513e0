"""The section of the second look: one statement a question, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.reporting import made_study
from tests.core.reporting.conftest import TODAY

from tazuna.language import LANGUAGES, Language
from tazuna.measurement.careless.flags import FlagCount
from tazuna.measurement.careless.with_and_without import Change
from tazuna.measurement.contribution import ContributionLink, Correlation
from tazuna.measurement.dip.finding import DipFinding, Verdict
from tazuna.measurement.dip.two_lines import Line, TwoLines
from tazuna.measurement.second_look import CarelessLook, ClassLook, MoveLook, SecondLook
from tazuna.reporting.content import Items, Missing, Report
from tazuna.reporting.management import management_report

LINE = Line(-2.0, -3.0, -1.0, 0.01)
DIP = DipFinding(TwoLines(800, 38.0, LINE, LINE, 0.01, 6.0), (), None, "dip")
NOTHING = SecondLook("W2", None, None, (), {}, None, None)
WHOLE = SecondLook(
    wave="W2",
    before="W1",
    classes=ClassLook(800, 3, 20.0, "not_replicated", 0.4, {"layer": 0.31, "unmoved": 0.12}),
    moves=(MoveLook("layer", 500, 52.0, 35.0, 12.0, 22.0, 0.7, 0.28),),
    dips={"used": DIP},
    contribution=ContributionLink(
        800,
        True,
        Correlation(0.3, 0.2, 0.4),
        Correlation(0.33, 0.2, 0.4),
        Correlation(0.45, 0.3, 0.6),
        0.9,
        0.52,
    ),
    careless=CarelessLook(
        800, FlagCount(800, 16, 2.0, 1.2, 3.2), Change("C1", "W2", "co", 800, 784, 50.0, 50.4), (), "1.0"
    ),
)


def report_of(look: SecondLook | None, language: Language = "en") -> Report:
    return management_report(made_study.study(), made_study.figures(), "O1", language, today=TODAY, look=look)


def told(look: SecondLook, language: Language = "en") -> dict[str, str]:
    annex = report_of(look, language).parts[-1]
    (items,) = (
        b for s in annex.sections if s.code == "second-look" for b in s.blocks if isinstance(b, Items)
    )
    return dict(items.entries)


def test_the_section_stands_after_the_reliability_of_the_scores() -> None:
    codes = [section.code for section in report_of(WHOLE).parts[-1].sections]
    assert codes.index("second-look") == codes.index("reliability") + 1


def test_a_report_without_a_look_is_as_before() -> None:
    assert "second-look" not in [section.code for section in report_of(None).parts[-1].sections]


def test_classes_that_do_not_come_out_again_are_not_to_be_named() -> None:
    said = told(WHOLE)["Groups in the answers"]
    assert "3 latent classes" in said
    assert "do not name them" in said
    assert "layers 0.31" in said


def test_moves_stand_beside_what_error_alone_explains() -> None:
    said = told(WHOLE)["Moves between waves"]
    assert "52%" in said
    assert "35%" in said
    assert "0.28 or less error alone explains it" in said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("none_found", "no dip found; one of 6 points"),
        ("unchecked", "no dip is claimed"),
        ("artefact", "disappears"),
    ],
)
def test_a_dip_that_was_not_shown_is_not_claimed(verdict: Verdict, said: str) -> None:
    look = replace(WHOLE, dips={"used": replace(DIP, verdict=verdict)})
    assert said in told(look)["Dip by age"]


def test_fewer_flagged_than_the_threshold_are_told_as_such() -> None:
    look = replace(WHOLE, careless=CarelessLook(800, None, None, (), "1.0"))
    assert "fewer than 10 are flagged" in told(look)["Careless answers"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_is_there_in_both_languages(language: Language) -> None:
    said = told(WHOLE, language)
    assert len(said) == 5
    assert not any("{" in sentence for sentence in said.values())


def test_where_nothing_can_be_said_the_section_says_what_is_missing() -> None:
    annex = report_of(NOTHING).parts[-1]
    (block,) = (b for s in annex.sections if s.code == "second-look" for b in s.blocks)
    assert isinstance(block, Missing)
