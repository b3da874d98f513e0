"""The rules of a round: open places, reserves, caps and tiers, from settings and tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import get_args

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.matching.small_round import ROUND, small_study

from tazuna.errors import StudyError
from tazuna.matching import rules
from tazuna.matching.condition_tokens import ConditionError
from tazuna.matching.feasibility import feasible_market
from tazuna.matching.rules import PLAIN, Rules
from tazuna.matching.rules_of_study import rules_of
from tazuna.matching.shares import systematic_places
from tazuna.study import Study, match_settings
from tazuna.study.folder import open_study
from tazuna.study.match_settings import MatchSettings, ReserveSettings


def made(study: Study, **overrides: object) -> Rules:
    return rules_of(study, feasible_market(study, ROUND), overrides)


def caps(*rows: tuple[str, str, int | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["group", "kind", "upper", "lower"], orient="row")


def test_a_study_that_says_nothing_has_plain_rules() -> None:
    assert made(small_study()) == PLAIN


def test_what_the_settings_say_becomes_the_rules_and_overrides_replace_it() -> None:
    study = small_study(match=MatchSettings(ties="multiple", reciprocity="gate", minimums="close_and_rerun"))
    assert made(study) == Rules(ties="multiple", reciprocity="gate", minimums="close_and_rerun")
    assert made(study, ties="single").ties == "single"


def test_rules_for_a_round_that_does_not_exist_are_refused() -> None:
    study = replace(small_study(), rounds={ROUND: MatchSettings(ties="multiple"), "2026冬": MatchSettings()})
    with pytest.raises(StudyError, match="no round “2026冬”"):
        made(study)
    assert made(replace(study, rounds={ROUND: MatchSettings(ties="multiple")})).ties == "multiple"


def test_the_words_of_the_settings_are_those_of_the_rules() -> None:
    pairs = [
        (match_settings.Ties, rules.TieBreaking),
        (match_settings.Reciprocity, rules.Reciprocity),
        (match_settings.Minimums, rules.Minimums),
        (match_settings.RegionalChoice, rules.RegionalChoice),
    ]
    assert all(get_args(ours) == get_args(theirs) for ours, theirs in pairs)


def test_a_tier_beyond_the_rounds_is_refused_by_name() -> None:
    priorities = pl.DataFrame({"program_id": ["P1", "P1"], "person_id": ["bo", "cy"], "tier": [1, 3]})
    with pytest.raises(StudyError, match="P1 put cy into tier 3; this round has 2") as error:
        made(small_study(match=MatchSettings(tiers=2), priorities=priorities))
    assert "tiers = 3" in error.value.text("ja")
    assert made(small_study(match=MatchSettings(tiers=3), priorities=priorities)) == PLAIN


def test_open_places_are_the_share_of_all_places_unless_a_column_says_otherwise() -> None:
    study = small_study(match=MatchSettings(open_share=0.4))
    opened = made(study).open_places
    assert opened is not None
    assert (opened.sum(), opened[2]) == (1, 0)
    told = made(small_study(programs={"open_places": ["１", None, "0"]}, match=MatchSettings(open_share=0.4)))
    assert told.open_places is not None
    assert told.open_places.tolist() == [1, 0, 0]


@pytest.mark.parametrize("found", ["2", "-1", "some"])
def test_open_places_are_no_more_than_the_places(found: str) -> None:
    with pytest.raises(StudyError, match=f"P1, open_places: “{found}” is not a number from 0 to 1"):
        made(small_study(programs={"open_places": [found, None, None]}))


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=40).flatmap(
        lambda places: st.tuples(st.just(places), st.tuples(*(st.integers(0, q) for q in places)))
    ),
    st.floats(0, 1),
)
def test_systematic_places_are_the_share_whole_and_within_reach(
    given_places: tuple[list[int], tuple[int, ...]], share: float
) -> None:
    places, available = np.array(given_places[0]), np.array(given_places[1])
    programs = [f"P{s}" for s in range(places.size)]
    taken = systematic_places(share, places, available, programs, "round")
    assert ((taken >= 0) & (taken <= available)).all()
    assert taken.sum() == min(int(Decimal(repr(share)) * int(places.sum())), available.sum())


@given(st.lists(st.integers(0, 9), min_size=1), st.sampled_from([0.1, 0.25, 0.5]))
def test_each_programme_gives_its_share_give_or_take_a_place(capacity: list[int], share: float) -> None:
    places = np.array(capacity)
    taken = systematic_places(share, places, places, [f"P{s}" for s in range(places.size)], "round")
    assert (np.abs(taken - share * places) < 1).all()


def test_which_programmes_give_open_places_depends_on_the_round_and_not_on_the_order() -> None:
    programs, places = [f"P{s:02d}" for s in range(40)], np.ones(40, np.int64)
    one = systematic_places(0.25, places, places, programs, "a")
    turned = systematic_places(0.25, places, places, programs[::-1], "a")
    assert one.sum() == 10
    assert one.tolist() == turned[::-1].tolist()
    assert one.tolist() != systematic_places(0.25, places, places, programs, "b").tolist()


def test_a_reserve_names_who_qualifies_and_takes_what_is_left() -> None:
    reserves = (
        ReserveSettings("young", "age < 30", share=0.4),
        ReserveSettings("firm_c", 'organisation_id == "C"', places=5, order="before"),
    )
    study = small_study(match=MatchSettings(open_share=0.4, reserves=reserves))
    made_rules = made(study)
    young, firm_c = made_rules.reserves
    market = feasible_market(study, ROUND).market
    assert market.applicant_of_edge()[young.members].tolist() == [1]
    assert market.applicant_of_edge()[firm_c.members].tolist() == [2, 2, 2]
    assert (young.places.sum(), firm_c.order) == (1, "before")
    assert made_rules.open_places is not None
    assert (made_rules.open_places + young.places + firm_c.places).tolist() == market.capacity.tolist()


def test_a_reserve_nobody_can_read_names_the_reserve() -> None:
    reserves = (ReserveSettings("young", "agee < 30", places=1),)
    with pytest.raises(ConditionError, match="reserve “young”, who, character 1: found is “agee”"):
        made(small_study(match=MatchSettings(reserves=reserves)))


def test_caps_become_regions_of_programmes() -> None:
    study = small_study(
        programs={"prefecture": ["長野県", "長野県", "東京都"]},
        caps=caps(("長野県", "region", 2, None), ("B", "receiving", 1, 1), ("東京都", "region", 9, 0)),
        program_groups=("prefecture",),
    )
    with pytest.raises(StudyError, match=r"(長野県 and B|B and 長野県) cross"):
        made(study)
    nested = small_study(
        programs={"prefecture": ["長野県", "長野県", "長野県"]},
        caps=caps(("長野県", "region", 2, None), ("B", "receiving", 1, 1)),
    )
    regions = {region.name: region for region in made(nested).regions}
    assert regions["長野県"].programs.tolist() == [True, True, True]
    assert regions["B"].programs.tolist() == [False, True, True]
    assert (regions["長野県"].upper, regions["B"].upper, regions["B"].lower) == (2, 1, 1)


def test_a_limit_that_the_places_cannot_reach_is_no_region() -> None:
    study = small_study(caps=caps(("B", "receiving", 2, 0), ("A", "receiving", None, None)))
    assert made(study).regions == ()


def test_regions_may_be_nested_by_a_list_of_columns() -> None:
    study = small_study(
        programs={"prefecture": ["長野県", "長野県", "東京都"], "area": ["east"] * 3},
        caps=caps(("east", "region", 2, 0), ("長野県", "region", 1, 0)),
        program_groups=("prefecture", "area"),
    )
    assert [region.name for region in made(study).regions] == ["east", "長野県"]


@pytest.mark.parametrize("kind", ["region", "receiving", "sending"])
def test_a_cap_that_names_nothing_is_refused(kind: str) -> None:
    with pytest.raises(StudyError, match=rf"Table caps, nowhere \({kind}\)"):
        made(small_study(caps=caps(("nowhere", kind, 1, 0))))


def test_a_region_that_two_columns_name_is_refused() -> None:
    study = small_study(
        programs={"prefecture": ["x", "y", "y"], "area": ["x"] * 3},
        caps=caps(("x", "region", 1, 0)),
        program_groups=("prefecture", "area"),
    )
    with pytest.raises(StudyError, match="more than one column of programs: prefecture, area"):
        made(study)


def test_who_may_send_how_many_comes_from_caps_and_from_places_posted() -> None:
    limited = made(small_study(caps=caps(("A", "sending", 3, None), ("C", "sending", 1, None)))).sending
    assert limited is not None
    assert limited.tolist() == [3, -1, 1]
    posted = made(
        small_study(match=MatchSettings(sending="places"), caps=caps(("B", "sending", 1, 0)))
    ).sending
    assert posted is not None
    assert posted.tolist() == [1, 1, 0]
    drawn_first = made(small_study(match=MatchSettings(reciprocity="senders_first"))).sending
    assert drawn_first is not None
    assert drawn_first.tolist() == [1, 2, 0]


def test_glasgows_supervisors_are_regions_two_of_them_closed(shared_data: Path) -> None:
    study = open_study(shared_data / "glasgow_projects")
    prepared = feasible_market(study, "2014/15")
    regions = rules_of(study, prepared).regions
    assert sum(region.upper == 0 for region in regions) == 2
    assert rules_of(study, prepared).open_places is None
