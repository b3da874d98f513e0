"""Page 1 says what the cells say."""

from __future__ import annotations

import pytest
from tests.core.reporting import made_study
from tests.core.reporting.conftest import composed, front

from tazuna.reporting.content import FrontPage, Missing


def report_with(measure: str, address: dict[str, str], **changed: float) -> FrontPage:
    rows = [
        row | changed
        if row["wave"] == "W2" and row["measure"] == measure and address.items() <= row.items()
        else row
        for row in made_study.plausible_cells()
    ]
    return front(made_study.figures(rows))


def test_the_first_sentence_gives_both_scores_and_their_difference_with_its_interval() -> None:
    assert front().sentences[0].text == "経営は72点、社員は51点、差21点［17〜25］。"


def test_the_english_sentence_says_the_same() -> None:
    said = front(language="en").sentences[0].text
    assert said == "Executives 72 points, Employees 51 points: a difference of 21 points [17–25]."


@pytest.mark.parametrize(
    ("measure", "address", "shown", "sentence"),
    [
        ("ms", {"viewpoint": "executive"}, "88点", 0),
        ("ms", {"viewpoint": "employee"}, "88点", 0),
        ("gap.ms", {"viewpoint": "executive-employee"}, "88点", 0),
        ("share.unmoved.unreached", {"group_by": "all"}, "88%", 1),
        ("share.unmoved.moved", {"group_by": "all"}, "12%", 1),
        ("used", {"group_by": "level*age_band", "group": "high|50+"}, "88点", 2),
    ],
)
def test_a_changed_cell_changes_its_sentence(
    measure: str, address: dict[str, str], shown: str, sentence: int
) -> None:
    assert shown not in front().sentences[sentence].text
    changed = report_with(measure, address, mean=88.0, lower=86.0, upper=90.0)
    assert shown in changed.sentences[sentence].text


def test_overlapping_intervals_are_said_to_be_possibly_chance() -> None:
    address = {"group_by": "level*age_band", "group": "high|35-49"}
    assert "偶然" in front().sentences[2].text
    apart = report_with("used", address, mean=20.0, lower=18.0, upper=22.0)
    assert "偶然" not in apart.sentences[2].text


def test_the_largest_gap_and_the_largest_unmoved_group_stand_out() -> None:
    gap, stuck = front().cards
    assert (gap.headline, gap.detail) == (
        "機会の提供：28点［24〜32］",
        "経営 76点［71〜81］、社員 48点［46〜50］",
    )
    assert (stuck.headline, stuck.detail) == ("リーチ不足群：19%［16〜22］", "回答者438人のうち約85人")


def test_a_negative_gap_can_be_the_largest() -> None:
    address = {"viewpoint": "manager-employee"}
    turned = report_with("gap.ms_see", address, mean=-60.0, lower=-66.0, upper=-54.0)
    assert "−60点［−66〜−54］" in turned.cards[0].headline


def test_the_decision_takes_up_the_gap_when_its_whole_interval_is_beyond_ten() -> None:
    decision = front().decision
    assert "機会の提供" in decision.question
    assert decision.heading.startswith("2026年12月20日")


def test_the_decision_takes_up_the_group_when_the_gap_may_be_small() -> None:
    rows = [
        row | {"lower": 2.0} if row["measure"].startswith("gap.") else row
        for row in made_study.plausible_cells()
    ]
    assert "リーチ不足群" in front(made_study.figures(rows)).decision.question


def test_the_decision_takes_up_the_lowest_view_when_neither_is_sure() -> None:
    rows = [
        row | {"lower": 2.0} if row["measure"].startswith(("gap.", "share.unmoved.")) else row
        for row in made_study.plausible_cells()
    ]
    decision = front(made_study.figures(rows)).decision
    assert "機会の提供" in decision.question
    assert "最も低く" in decision.reason


def test_the_decision_asks_for_answers_when_nothing_can_be_shown() -> None:
    page = front(made_study.figures([]))
    assert "十分な回答" in page.decision.question
    assert isinstance(page.figure, Missing)


def test_without_the_company_side_the_sentence_says_that_nobody_can_be_compared_with() -> None:
    rows = [
        row
        for row in made_study.plausible_cells()
        if row["viewpoint"] in ("employee", "all") and not row["measure"].startswith("gap.")
    ]
    said = front(made_study.figures(rows)).sentences[0].text
    assert said == "社員は51点［49〜53］。比べる相手の回答がありません。"


def test_one_executive_has_a_score_without_interval() -> None:
    figure = front().figure
    assert not isinstance(figure, Missing)
    alone = next(row for row in figure.table.rows if row[:2] == ("総合", "人事"))
    assert alone == ("総合", "人事", 1, 64.0, None, None)


def test_who_was_asked_who_answered_and_k_stand_on_the_page() -> None:
    assert front().facts == (
        ("調査回", "2026年度調査"),
        ("対象", "600人"),
        ("回答", "444人"),
        ("回答率", "74%"),
        ("表示の下限", "回答10人"),
    )


def test_skipped_faults_are_counted_on_the_page_and_in_the_annex() -> None:
    study = made_study.study(set_aside={"people": 12, "responses": 3}, emptied={"people": 7})
    report = composed(study=study)
    assert any("15行" in note and "7か所" in note for note in report.front.notes)
    sample = report.parts[-1].sections[0]
    table = next(block for block in sample.blocks if getattr(block, "code", "") == "skipped")
    assert table.rows == (("people", 12, 7), ("responses", 3, 0))
