"""The section of the second look: one statement a question, in both languages, from released figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest
from tests.core.reporting import made_study
from tests.core.reporting.conftest import TODAY

from tazuna.disclosure.release import release_cells
from tazuna.language import LANGUAGES, Language, message
from tazuna.measurement.comparing import Comparability
from tazuna.measurement.dip.finding import Verdict
from tazuna.measurement.factor.invariance import Invariance
from tazuna.measurement.second_look.careless import CarelessFinding
from tazuna.measurement.second_look.classes import ClassFinding
from tazuna.measurement.second_look.contribution import LinkFinding
from tazuna.measurement.second_look.dips import DipFinding
from tazuna.measurement.second_look.look import SecondLook
from tazuna.measurement.second_look.moves import MoveFinding
from tazuna.measurement.second_look.rows import Row, cells_of, figure, share
from tazuna.reporting.content import Figure, Items, Paragraph, Part, Section, Table
from tazuna.reporting.figures.age_curve import age_curve_figure
from tazuna.reporting.management import material
from tazuna.reporting.sections.annex import annex
from tazuna.reporting.sections.executive import executive_part
from tazuna.reporting.sections.second_look import second_look_sections

DIP = DipFinding("used", "all", "dip", 38.0, 6.0, ("used1",))


def moved(hidden: bool = False) -> list[Row]:
    groups = (("practice", 100, 40), ("understanding", 200, 110), ("traditional", 200, 110))
    rows = [
        share("left.layer", 500, 260),
        figure("left_unchanged.layer", 500, 35.0),
        figure("left_beyond.layer", 500, 17.0, 12.0, 22.0),
    ]
    for group, n, left in groups:
        where: Row = {"group_by": "layer_before", "group": group, "suppressed": hidden}
        parts = share("left.layer", n, left), figure("left_unchanged.layer", n, 36.0)
        rows += [row | where for row in (*parts, figure("left_beyond.layer", n, 19.0, 9.0, 29.0))]
    return rows


ROWS: list[Row] = [
    *(share(f"share.class.{number}", 800, 800 * size) for number, size in ((1, 0.5), (2, 0.3), (3, 0.2))),
    figure("agreement.layer", 800, 0.31),
    figure("agreement.unmoved", 800, 0.12),
    *moved(),
    figure("dip.used.before", 800, -2.0, -3.0, -1.0),
    figure("dip.used.after", 800, 2.5, 1.0, 4.0),
    figure("correlation.observed", 800, 0.3, 0.2, 0.4),
    figure("correlation.for_score", 800, 0.33, 0.22, 0.44),
    figure("correlation.for_both", 800, 0.45, 0.3, 0.6),
    share("flagged", 444, 16),
    share("flagged.long_string", 444, 16),
    figure("co", 428, 50.1, 48.0, 52.0, group_by="careless", group="not_flagged"),
]


def look_of(rows: list[Row], **changes: Any) -> SecondLook:
    cells = cells_of(rows, "O1", "W2")
    whole = SecondLook(
        wave="W2",
        before="W1",
        release=release_cells(cells, {"W2": made_study.K}),
        classes=ClassFinding(3, "not_replicated", 0.4, drawn=False),
        moves=(MoveFinding("layer", 0.7, 0.28),),
        dips=(DIP,),
        contribution=LinkFinding(True, 0.9, 0.52),
        careless=CarelessFinding(("long_string",), ("too_fast",), "1.0"),
    )
    return replace(whole, **changes)


WHOLE = look_of(ROWS)
STUDY, FIGURES = made_study.study(), made_study.figures()
NOTHING = look_of([], classes=None, moves=(), dips=(), contribution=None, careless=None)


@pytest.fixture(scope="module")
def executive() -> Part:
    return executive_part(material(STUDY, FIGURES, "O1", "en", TODAY, look=WHOLE))


def section(look: SecondLook, language: Language = "en") -> Section:
    (found,) = second_look_sections(material(STUDY, FIGURES, "O1", language, TODAY, look=look))
    return found


def told(look: SecondLook, language: Language = "en") -> dict[str, str]:
    (items,) = (block for block in section(look, language).blocks if isinstance(block, Items))
    return dict(items.entries)


def tables(look: SecondLook) -> dict[str, Table]:
    return {block.code: block for block in section(look).blocks if isinstance(block, Table)}


def test_the_section_stands_after_the_reliability_of_the_scores() -> None:
    codes = [part.code for part in annex(material(STUDY, FIGURES, "O1", "en", TODAY, look=WHOLE)).sections]
    assert codes.index("second-look") == codes.index("reliability") + 1


def test_the_age_curve_says_where_a_dip_was_tested_or_that_none_was(executive: Part) -> None:
    blocks = (block for section in executive.sections for block in section.blocks)
    (curve,) = (block for block in blocks if isinstance(block, Figure) and block.code == "age-curve")
    assert "see “A second look" in curve.notes[-1]
    unseen = material(STUDY, FIGURES, "O1", "en", TODAY)
    assert second_look_sections(unseen) == ()
    bare = age_curve_figure(unseen)
    assert bare is not None
    assert "has not been tested" in bare.notes[-1]


def test_classes_that_do_not_come_out_again_are_not_to_be_named() -> None:
    said = told(WHOLE)["Groups in the answers"]
    assert "of 800 people fall into 3 latent classes" in said
    assert "do not name them" in said
    assert "layers 0.31" in said
    assert "look-classes" not in tables(WHOLE)


def test_replicated_classes_are_shown_with_the_groups_by_rule_in_them() -> None:
    inside = [
        share("share.layer.practice", n, n / 4, group_by="class", group=name)
        for name, n in (("1", 400), ("2", 240), ("3", 9))
    ]
    look = look_of([*ROWS, *inside], classes=ClassFinding(3, "replicated", 0.9, drawn=False))
    table = tables(look)["look-classes"]
    column = [place for place, each in enumerate(table.columns) if each.label == "practising"]
    assert [row[column[0]] for row in table.rows[:2]] == [25.0, 25.0]
    assert not isinstance(table.rows[2][column[0]], float)  # Nine people: the door hides it.


def test_moves_stand_beside_what_error_alone_explains() -> None:
    said = told(WHOLE)["Moves between waves"]
    assert "Of 500 people 52% are in another layer" in said
    assert "it would be 35%" in said
    assert "17 [12–22]" in said
    assert "reliability of 0.28 or less" in said
    rows = tables(WHOLE)["look-moves"].rows
    assert [row[1] for row in rows] == [500, 100, 200, 200]
    assert rows[1][2:5] == (40.0, 36.0, 19.0)


def test_moves_that_error_can_explain_are_said_to_be_no_more() -> None:
    rows = [row | {"lower": -3.0} if row["measure"] == "left_beyond.layer" else row for row in ROWS]
    said = told(look_of(rows))["Moves between waves"]
    assert "Error alone can explain it." in said
    assert "more than error" not in said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("none_found", "no dip found; one of 6 points"),
        ("unchecked", "no dip is claimed"),
        ("artefact", "disappears without the questions that work differently by age (used1)"),
    ],
)
def test_a_dip_that_was_not_shown_is_not_claimed(verdict: Verdict, said: str) -> None:
    look = look_of(ROWS, dips=(replace(DIP, verdict=verdict),))
    assert said in told(look)["Dip by age"]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [("comparable", "a dip around 38; over the whole study"), ("not_comparable", "no dip")],
)
def test_too_few_questions_for_a_check_of_their_own_rest_on_invariance_in_the_study(
    verdict: Literal["comparable", "not_comparable"], said: str
) -> None:
    by_age = Comparability("used", "age_band", Invariance((), (), (), (), (), verdict, message("…")))
    m = material(
        STUDY, FIGURES, "O1", "en", TODAY, look=look_of(ROWS, dips=(replace(DIP, verdict="unchecked"),))
    )
    (section,) = second_look_sections(replace(m, comparability=(by_age,)))
    (items,) = (block for block in section.blocks if isinstance(block, Items))
    assert said in dict(items.entries)["Dip by age"]


def test_the_correlation_stands_beside_contribution_by_level_too(executive: Part) -> None:
    said = told(WHOLE)["Contribution and profile"]
    assert "0.30 [0.20–0.40] (n = 800)" in said
    assert "0.52, 0.45 [0.30–0.60]" in said
    (section,) = (section for section in executive.sections if section.code == "contribution")
    assert [type(block).__name__ for block in section.blocks] == ["Figure", "Paragraph"]
    assert section.blocks[1] == Paragraph(said)


def test_scores_are_shown_with_and_without_the_flagged() -> None:
    said = told(WHOLE)["Careless answers"]
    assert "Of 444 people 4% [2–6] are flagged" in said
    assert "changes by more than 1.5 points" in said
    (row,) = tables(WHOLE)["look-without"].rows
    assert row[1:5] == (444, 48.6, 428, 50.1)


def test_fewer_flagged_than_the_threshold_are_hidden_without_the_reason() -> None:
    hidden: Row = {"suppressed": True}
    rows = [row | hidden if str(row["measure"]).startswith("flagged") else row for row in ROWS[:-1]]
    look = look_of(rows)
    assert (
        "How many are flagged, and the scores without them, are not shown" in told(look)["Careless answers"]
    )
    assert not {"look-careless", "look-without"} & set(tables(look))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", [WHOLE, NOTHING], ids=["whole", "nothing"])
def test_every_question_has_its_statement_in_both_languages(look: SecondLook, language: Language) -> None:
    said = told(look, language)
    assert len(said) == 5
    assert not any("{" in sentence for sentence in said.values())


def test_where_nothing_can_be_said_one_sentence_says_what_is_missing() -> None:
    said = told(NOTHING)
    assert all(sentence.startswith("Not examined: ") for sentence in said.values())
    assert "200 people" in said["Groups in the answers"]
    assert not tables(NOTHING)
