"""Rounds whose information is known by arithmetic: what each design would show, and what would show more."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path

import pytest
from tests.core.evaluation.planned_round import ROUND, planned_round

from tazuna.errors import StudyError
from tazuna.evaluation.before_the_study import Outlook, outlook_of
from tazuna.evaluation.design_outlook import DesignOutlook
from tazuna.evaluation.outlook_document import outlook_document
from tazuna.evaluation.outlook_words import design_sentence, outlook_sentences
from tazuna.evaluation.power import power_at
from tazuna.evaluation.round_information import information_by_setting, programs_asked
from tazuna.language import LANGUAGES
from tazuna.matching.drawing import ready_round

REDRAWS = 400
OF_V = 0.02
"""With these redraws V of even chances is known to about 1%; p(1 - p) is flat there."""


def outlook(
    folder: Path, program: str = "any", outcome: str | None = "used_at_work", **given: object
) -> Outlook:
    study = planned_round(folder / "study", **given)  # type: ignore[arg-type]
    ready = ready_round(study, ROUND)
    return outlook_of(study, ready, program=program, outcome=outcome, draws=REDRAWS, threads=1)


@pytest.fixture(scope="module")
def even(tmp_path_factory: pytest.TempPathFactory) -> Outlook:
    """80 people for 40 places, every chance one half: V = 20."""
    return outlook(tmp_path_factory.mktemp("even"))


def design(found: Outlook, rung: str) -> DesignOutlook:
    return next(one for one in found.designs if one.rung == rung)


def said(found: Outlook) -> str:
    return "\n".join(sentence.text("en") for sentence in outlook_sentences(found))


def test_even_chances_of_everybody_are_a_quarter_of_a_person_each(even: Outlook) -> None:
    now = even.information.now
    assert now.v == pytest.approx(20, rel=OF_V)
    assert (now.applicants, now.places, now.at_risk) == (80, 40, 80)
    assert now.placed == pytest.approx(40)


def test_those_who_will_not_answer_take_their_share_of_v(even: Outlook) -> None:
    lottery = even.lottery
    assert lottery.v == pytest.approx(0.75 * even.information.now.v)
    assert lottery.mde == pytest.approx(2.80 / sqrt(15), rel=OF_V)


def test_a_baseline_helps_by_the_share_of_people_who_have_one(even: Outlook) -> None:
    r, share = even.past.r, even.with_baseline
    assert share == pytest.approx(0.75, abs=0.01)
    lottery = even.lottery
    assert lottery.mde is not None
    assert lottery.mde_with_baseline == pytest.approx(lottery.mde * sqrt(1 - share * r**2))


def test_power_and_rounds_are_those_of_the_smallest_effect(even: Outlook) -> None:
    lottery = even.lottery
    assert lottery.mde is not None
    assert lottery.power == pytest.approx(power_at(2.8016 * 0.3 / lottery.mde), abs=1e-3)
    assert lottery.rounds == 6
    assert lottery.rounds_with_baseline is not None
    assert lottery.rounds_with_baseline < 6
    assert lottery.carries_verdict


def test_the_designs_below_are_told_too(even: Outlook) -> None:
    assert [one.rung for one in even.designs] == list("ABCDE")
    assert [one.usable for one in even.designs] == [True, False, True, True, True]
    adjusted = design(even, "D")
    assert adjusted.n_treated == pytest.approx(0.5 * 60 * 0.75, abs=0.5)
    assert adjusted.n_comparison == pytest.approx(150 * 0.75 - 22.5, abs=0.5)
    change = design(even, "E")
    assert change.n_treated == adjusted.n_treated
    assert even.highest is even.lottery


def test_a_single_programme_has_its_share_of_the_information(even: Outlook) -> None:
    programs = even.information.programs
    assert [one.v for one in programs] == pytest.approx([5] * 4, rel=0.05)
    assert [one.v for one in programs] == sorted((one.v for one in programs), reverse=True)


def test_one_programme_asked_about_leaves_the_others_out(tmp_path: Path) -> None:
    found = outlook(tmp_path, program="P1, P2")
    assert found.information.now.v == pytest.approx(10, rel=OF_V)
    assert (found.information.now.applicants, found.information.now.places) == (40, 20)
    assert {one.program_id for one in found.information.programs} == {"P1", "P2"}


def test_a_strict_order_shows_nothing_and_open_places_would_show_something(tmp_path: Path) -> None:
    found = outlook(tmp_path, tiers=20)
    assert found.information.now.v == 0
    assert not found.lottery.usable
    assert found.lottery.mde is None
    assert said(found).startswith("By its draw alone this round would not show an effect.")
    by = {setting.other.setting: setting for setting in found.settings}
    assert set(by) == {"two_tiers", "quarter_open", "two_tiers_quarter_open", "half_open"}
    assert by["half_open"].more_v > by["quarter_open"].more_v > 0
    assert [setting.more_v for setting in found.settings] == sorted(
        (setting.more_v for setting in found.settings), reverse=True
    )


def test_one_more_open_place_is_tried_by_programme_best_first(tmp_path: Path) -> None:
    found = outlook(tmp_path, tiers=4)
    assert 1 <= len(found.one_more) <= 5
    gains = [setting.more_v for setting in found.one_more]
    assert gains == sorted(gains, reverse=True)
    assert gains[0] > 0
    assert f"places at {found.one_more[0].other.program_id} given by open draw" in said(found)


def test_programmes_that_choose_by_score_open_the_cut_off_design(tmp_path: Path) -> None:
    found = outlook(tmp_path, screened=True)
    cutoff = design(found, "B")
    assert cutoff.usable
    assert (cutoff.n_treated, cutoff.n_comparison) == pytest.approx((30, 30))
    assert not design(found, "A").usable


def test_a_small_round_carries_no_verdict_and_says_so(tmp_path: Path) -> None:
    found = outlook(tmp_path, applicants=40, programs=2)
    assert found.lottery.usable
    assert not found.lottery.carries_verdict
    assert "too loose for a verdict" in said(found)


def test_without_an_earlier_wave_the_assumptions_are_said(tmp_path: Path) -> None:
    found = outlook(tmp_path, waves=1)
    assert "is assumed: too few people answered in two earlier waves" in said(found)
    assert "Nobody is reckoned to be lost" in said(found)


def test_a_programme_that_the_round_does_not_have_is_named(tmp_path: Path) -> None:
    ready = ready_round(planned_round(tmp_path / "study"), ROUND)
    with pytest.raises(StudyError, match="P9"):
        information_by_setting(ready, "P1,P9", draws=10)
    with pytest.raises(StudyError):
        programs_asked(ready.market, " , ")
    assert programs_asked(ready.market, "any").all()


def test_the_sentences_name_the_smallest_effect_in_points_of_the_outcome(even: Outlook) -> None:
    mde, deviation = even.lottery.best_mde, even.past.deviation
    assert mde is not None
    assert deviation is not None
    first = said(even).splitlines()[0]
    assert first == (
        f"This round would show effects from {mde:.2f} SD on, which is {mde * deviation:.1f} points of "
        "used_at_work."
    )


def test_the_document_is_json_with_both_languages_and_names_nobody(even: Outlook) -> None:
    content = outlook_document(even)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    assert json.loads(text)["information"]["v"] == pytest.approx(20, rel=OF_V)
    sentences = content["sentences"]
    assert isinstance(sentences, list)
    assert all(set(sentence) == set(LANGUAGES) for sentence in sentences)
    assert not any(f'"{1000 + at}"' in text for at in range(200))


def test_every_design_has_a_line_in_both_languages(even: Outlook) -> None:
    for one in even.designs:
        for language in LANGUAGES:
            assert design_sentence(one, 0.3).text(language).startswith(one.rung)
