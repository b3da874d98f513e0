"""The shipped instruments: structure, languages, length, and what their wording must not do."""

from __future__ import annotations

import re

import pytest

from tazuna.errors import InstrumentError
from tazuna.instrument.describing import children_of, questions_of, scales_of, top_scales
from tazuna.instrument.model import Instrument, Question
from tazuna.instrument.shipped import SHIPPED, shipped_instrument, shipped_instruments

QUESTIONS = list(questions_of(shipped_instruments().values()).values())
LONGEST_JAPANESE = 50
DOUBLE_NEGATION = re.compile(
    r"ないわけ|なくはない|ないことはない|ないとはいえ|ざるを得|なくもない|ずには|なければなら"
)
NEGATION_EN = re.compile(
    r"\b(not|no|never|nobody|nothing|don't|cannot|without|dis\w+|un(able|willing|happy))\b", re.I
)


@pytest.fixture(params=SHIPPED)
def instrument(request: pytest.FixtureRequest) -> Instrument:
    return shipped_instrument(request.param)


def test_all_five_load_under_their_own_id() -> None:
    assert {key: value.id for key, value in shipped_instruments().items()} == {key: key for key in SHIPPED}


def test_a_shipped_instrument_is_read_once() -> None:
    assert shipped_instrument("outcomes") is shipped_instruments()["outcomes"]


def test_an_unknown_id_names_those_there_are() -> None:
    with pytest.raises(InstrumentError) as caught:
        shipped_instrument("co_profil")
    assert "co_profil" in caught.value.text("ja")
    assert "co_profile" in caught.value.text("ja")


def test_each_states_source_licence_and_that_it_is_not_yet_validated(instrument: Instrument) -> None:
    assert instrument.licence == "CC-BY-4.0"
    assert "Tazuna" in instrument.source["ja"]
    assert "Tazuna" in instrument.source["en"]
    assert "まだ検証されていません" in instrument.validation["ja"]
    assert instrument.validation["en"].startswith("Not yet validated; a pilot with n ≥ 500")


def test_the_profile_has_five_areas_eleven_items_and_thirty_nine_questions() -> None:
    profile = shipped_instrument("co_profile")
    areas = children_of("co", profile.scales)
    items = [item for area in areas for item in children_of(area.code, profile.scales)]
    assert [area.code for area in areas] == ["co1", "co2", "co3", "co4", "co5"]
    assert [len(children_of(area.code, profile.scales)) for area in areas] == [2, 2, 2, 2, 3]
    assert len(items) == 11
    assert [q for item in items for q in item.questions] == list(profile.scales["co"].questions)
    assert len(set(profile.scales["co"].questions)) == 39
    for item in items:
        assert list(item.questions) == [f"{item.code}{n}" for n in range(1, len(item.questions) + 1)]


def test_the_five_area_names_are_cited_and_the_rest_is_ours() -> None:
    scales = shipped_instrument("co_profile").scales
    assert [s.label["ja"] for s in scales.values() if s.kind == "area"] == [
        "軸を起点にありたい自分の生き方を構想する",
        "自己を理解し、仕事を通して自己実現・表現する",
        "心の内側にある好奇心やモチベーションを起点に行動する",
        "新しいものを受容し、自己変容を積み重ねる",
        "自分自身・周囲と調和し、好循環を生み出す",
    ]
    for scale in scales.values():
        assert scale.own_words == (scale.kind != "area")
        assert (scale.kind == "area") == ("ミラツク" in (scale.source or ""))


def test_two_unscored_checks_ask_the_opposite_of_a_scored_question() -> None:
    profile = shipped_instrument("co_profile")
    checks = [question for question in profile.questions.values() if question.checks]
    assert [check.code for check in checks] == ["co_check2", "co_check1"]
    places = list(profile.questions)
    for check in checks:
        assert not check.scored
        assert check.key == -1
        assert profile.questions[check.checks or ""].scored
        # Asked side by side, the two would be answered as a pair.
        assert abs(places.index(check.code) - places.index(check.checks or "")) >= 5


def test_the_management_score_asks_three_views_of_three_with_both_wordings() -> None:
    score = shipped_instrument("management_score")
    views = children_of("ms", score.scales)
    assert [(view.code, view.label["ja"], view.questions) for view in views] == [
        ("ms_see", "体現度", ("ms1", "ms2", "ms3")),
        ("ms_grow", "機会の提供", ("ms4", "ms5", "ms6")),
        ("ms_connect", "基盤整備", ("ms7", "ms8", "ms9")),
    ]
    assert all(question.company_wording for question in score.questions.values())
    assert score.wording("ms4", "ja", company=True).startswith("当社は")


def test_outcomes_have_two_or_three_questions_each_and_three_indicators() -> None:
    scales = shipped_instrument("outcomes").scales
    outcomes = [scale for scale in scales.values() if scale.kind == "outcome"]
    assert [scale.code for scale in outcomes] == [
        "engagement",
        "innovation",
        "drive",
        "idea_use",
        "party",
        "leadership",
        "perseverance",
        "used",
        "opportunity",
        "stay",
        "recommend",
        "isolation",
        "learning",
    ]
    assert all(len(scale.questions) in (2, 3) for scale in outcomes)
    assert [s.code for s in scales.values() if s.kind == "indicator"] == [
        "gave_up",
        "reason_not_moving",
        "reason_not_learning",
    ]
    assert {s.code for s in scales.values() if s.better == "low"} == {"isolation", "gave_up"}


def test_layer_and_group_questions_are_indicators_of_the_same_code() -> None:
    groups = shipped_instrument("layers_groups")
    assert list(groups.scales) == list(groups.questions)
    kinds = {
        code: (question.response.lowest, question.response.highest)
        for code, question in groups.questions.items()
    }
    one_to_five = {"lg_practice", "lg_interest", "lg_support", "lg_use_here", "lg_not_block"}
    assert {code for code, ends in kinds.items() if ends == (1, 5)} == one_to_five
    assert kinds.pop("lg_cause") == (1, 3)
    assert all(ends == (0, 1) for code, ends in kinds.items() if code not in one_to_five)


def test_codes_are_unique_over_all_shipped_instruments() -> None:
    instruments = shipped_instruments().values()
    assert len(questions_of(instruments)) == sum(len(i.questions) for i in instruments)
    assert {s.code for s in top_scales(scales_of(instruments))} >= {"co", "ms", "engagement", "sheet"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.code)
def test_a_question_is_short_bilingual_and_says_what_it_catches(question: Question) -> None:
    for words in filter(None, (question.wording, question.company_wording)):
        assert set(words) == {"ja", "en"}
        assert len(words["ja"]) <= LONGEST_JAPANESE
        assert len(words["en"].split()) <= 24
        assert words["en"][0].isupper()
        assert words["en"][-1] in ".?)"
        assert not words["ja"].endswith("。")
    assert question.label is not None
    assert len(question.label["ja"]) <= 12
    assert set(question.label) == set(question.catches) == {"ja", "en"}
    assert "\n" not in question.catches["ja"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.code)
def test_no_question_negates_twice_or_asks_two_things(question: Question) -> None:
    for words in filter(None, (question.wording, question.company_wording)):
        assert not DOUBLE_NEGATION.search(words["ja"])
        assert words["ja"].count("ない") + words["ja"].count("なく") <= 1
        assert len(NEGATION_EN.findall(words["en"])) <= 1
        assert not re.search(r"かつ|および|また、|し、かつ", words["ja"])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.code)
def test_every_scored_question_is_keyed_positively_and_every_unordered_one_unscored(
    question: Question,
) -> None:
    assert not question.scored or question.key == 1
    assert question.scored <= question.response.ordered


def test_no_two_questions_share_a_wording() -> None:
    for language in ("ja", "en"):
        wordings = [question.wording[language] for question in QUESTIONS]
        assert len(set(wordings)) == len(wordings)


def test_the_five_categories_read_the_same_in_every_instrument() -> None:
    labels = {
        tuple(c.label["ja"] for c in i.responses["agree"].categories) for i in shipped_instruments().values()
    }
    assert labels == {
        (
            "まったくあてはまらない",
            "あまりあてはまらない",
            "どちらともいえない",
            "ややあてはまる",
            "とてもあてはまる",
        )
    }
