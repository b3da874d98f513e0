"""From a study to a market: lists, tiers, organisations, and one reason for every pair removed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.core.matching.small_round import ROUND, consents, small_study

from tazuna.errors import MissingInputError, StudyError
from tazuna.matching.feasibility import feasible_market
from tazuna.matching.market import Market
from tazuna.matching.removal import REASONS
from tazuna.study.folder import open_study
from tazuna.study.match_settings import MatchSettings


def lists(market: Market) -> dict[str, list[str]]:
    return {
        person: [market.programs[s] for s in market.program[market.list_of(i)]]
        for i, person in enumerate(market.applicants)
    }


def removed(**changes: Mapping[str, object]) -> dict[tuple[str, str], str]:
    frame = feasible_market(small_study(**changes), ROUND).removed
    return {(person, program): reason for person, program, _rank, reason in frame.iter_rows()}


def test_lists_are_in_the_order_of_the_ranks_and_a_closed_programme_stays() -> None:
    market = feasible_market(small_study(), ROUND).market
    assert lists(market) == {"ann": ["P2", "P1"], "bo": ["P1"], "cy": ["P1", "P2", "P3"]}
    assert market.capacity.tolist() == [1, 2, 0]
    assert market.rank.tolist() == [1, 2, 1, 1, 2, 3]


def test_the_order_of_the_rows_does_not_matter() -> None:
    study = small_study()
    turned = replace(study, tables={name: table.reverse() for name, table in study.tables.items()})
    one, other = feasible_market(study, ROUND), feasible_market(turned, ROUND)
    assert one.pairs.equals(other.pairs)
    assert lists(one.market) == lists(other.market)


def test_ranks_as_submitted_survive_the_removal_of_better_choices() -> None:
    prepared = feasible_market(
        small_study(applications={"consented_at": consents(True, True, True, False, True, True)}), ROUND
    )
    cy = prepared.market.list_of(2)
    assert prepared.market.rank[cy].tolist() == [2, 3]
    assert prepared.removed.rows() == [("cy", "P1", 1, "no_consent")]


def test_an_applicant_without_a_feasible_pair_stays_in_the_market() -> None:
    market = feasible_market(small_study(people={"status": ["active", "left", "active"]}), ROUND).market
    assert lists(market)["bo"] == []


def test_own_company_is_closed_in_mutual_side_work_only() -> None:
    assert removed() == {}
    assert removed(programs={"kind": ["mutual_side_work"] * 3}) == {("ann", "P1"): "own_company"}


def test_the_home_organisation_counts_before_the_organisation() -> None:
    changes = {
        "programs": {"kind": ["mutual_side_work"] * 3},
        "people": {"home_organisation_id": ["B", None, "A"]},
    }
    assert removed(**changes) == {("ann", "P2"): "own_company", ("cy", "P1"): "own_company"}


def test_declined_pairs_are_removed() -> None:
    priorities = pl.DataFrame(
        {"program_id": ["P1", "P1"], "person_id": ["bo", "cy"], "tier": [1, 2], "eligible": [False, True]}
    )
    assert removed(priorities=priorities) == {("bo", "P1"): "declined"}


def test_a_condition_removes_those_who_do_not_meet_it_and_those_of_whom_it_is_not_known() -> None:
    conditions = ["age >= 30", None, None]
    assert removed(programs={"eligibility": conditions}) == {
        ("bo", "P1"): "not_eligible",
        ("cy", "P1"): "not_eligible",
    }
    assert removed(programs={"eligibility": ['not (age_band == "35-49")', None, None]}) == {
        ("ann", "P1"): "not_eligible",
        ("cy", "P1"): "not_eligible",
    }


def test_ages_are_of_the_year_of_the_round() -> None:
    prepared = feasible_market(small_study(), ROUND)
    assert (prepared.year, prepared.people["age"].to_list()) == (2026, [36, 26, None])


def test_a_condition_on_age_needs_a_year() -> None:
    study = small_study(programs={"eligibility": ["ａｇｅ >= 30", None, None], "starts_on": [None] * 3})
    with pytest.raises(MissingInputError, match="P1, eligibility: it asks for an age"):
        feasible_market(replace(study, waves=()), ROUND)
    assert feasible_market(replace(study, waves=()), ROUND, year=2026).removed.height == 2


def test_hours_of_the_person_and_of_the_round_limit_what_is_feasible() -> None:
    takes = {"hours_per_week": [5.0, 8.0, None]}
    assert removed(programs=takes, people={"hours_available": ["４", None, "8"]}) == {
        ("ann", "P1"): "hours",
        ("ann", "P2"): "hours",
    }
    assert removed(programs=takes, match=MatchSettings(most_hours_per_week=5)) == {
        ("ann", "P2"): "hours_of_round",
        ("cy", "P2"): "hours_of_round",
    }
    with pytest.raises(StudyError, match="Column hours_available, bo: “few” is not a number"):
        removed(programs=takes, people={"hours_available": ["4", "few", None]})


def test_nobody_is_sent_where_they_do_not_travel() -> None:
    there = {"place": ["onsite", "remote", "mixed"], "prefecture": ["長野県", "長野県", "東京都"]}
    people = {"travel_prefectures": ["東京都； 千葉県", None, "長野県;東京都"]}
    assert removed(programs=there, people=people) == {("ann", "P1"): "travel"}


def test_each_pair_has_the_first_reason_that_applies() -> None:
    changes = {
        "people": {"status": ["left", "active", "active"]},
        "applications": {"consented_at": consents(False, False, False, True, True, True)},
        "programs": {"kind": ["mutual_side_work"] * 3, "eligibility": ["age > 90"] * 3},
    }
    assert removed(**changes) == {
        ("ann", "P1"): "left",
        ("ann", "P2"): "left",
        ("bo", "P1"): "no_consent",
        ("cy", "P1"): "not_eligible",
        ("cy", "P2"): "not_eligible",
        ("cy", "P3"): "not_eligible",
    }
    assert all(reason.text("ja") != reason.text("en") for reason in REASONS.values())


def test_tiers_are_those_of_the_host_and_one_where_it_ranks_nobody() -> None:
    priorities = pl.DataFrame({"program_id": ["P1", "P1"], "person_id": ["ann", "cy"], "tier": [2, 1]})
    prepared = feasible_market(small_study(priorities=priorities), ROUND)
    assert prepared.pairs.select("person_id", "program_id", "tier").rows()[2] == ("bo", "P1", None)
    assert prepared.market.tier.tolist() == [1, 2, 3, 1, 1, 1]
    assert [(notice.kind, notice.count) for notice in prepared.notices] == [("unranked", 1)]


def test_at_a_screened_programme_the_score_decides_inside_a_tier() -> None:
    priorities = pl.DataFrame(
        {
            "program_id": ["P1", "P1", "P1", "P2", "P2"],
            "person_id": ["ann", "bo", "cy", "ann", "cy"],
            "tier": [1, 1, 2, 1, 1],
            "score": [60.0, 71.5, 99.0, 10.0, 20.0],
        }
    )
    study = small_study(priorities=priorities, programs={"tie_breaker": ["Ｓcore", None, "lottery"]})
    market = feasible_market(study, ROUND).market
    assert market.tier.tolist() == [1, 2, 1, 3, 1, 1]
    assert market.screened.tolist() == [True, False, False]


def test_without_a_score_one_comes_last_in_the_tier() -> None:
    priorities = pl.DataFrame(
        {
            "program_id": ["P1"] * 3,
            "person_id": ["ann", "bo", "cy"],
            "tier": [1, 1, 2],
            "score": [None, 50.0, 9.0],
        }
    )
    market = feasible_market(
        small_study(priorities=priorities, programs={"tie_breaker": ["score"] * 3}), ROUND
    ).market
    assert market.tier[market.program == 0].tolist() == [2, 1, 3]


def test_senders_and_hosts_index_the_organisations() -> None:
    market = feasible_market(small_study(people={"organisation_id": ["A", None, "C"]}), ROUND).market
    assert market.organisations == ("A", "B", "C")
    assert (market.sender.tolist(), market.host.tolist()) == ([0, -1, 2], [0, 1, 1])


def test_only_programmes_of_the_round_are_in_it() -> None:
    study = small_study(programs={"round": [ROUND, "2027", None]})
    prepared = feasible_market(study, ROUND)
    assert (prepared.market.programs, prepared.pairs.height, prepared.removed.height) == (("P1",), 3, 0)
    with pytest.raises(StudyError, match="no round “spring”") as error:
        feasible_market(study, "spring")
    assert f"{ROUND}, 2027" in error.value.text("ja")


def test_a_study_without_rounds_is_one_round() -> None:
    assert feasible_market(small_study(programs={"round": [None] * 3}), "any").market.edges == 6


def test_two_choices_of_the_same_rank_are_refused() -> None:
    with pytest.raises(StudyError, match="cy gave rank 1 to more than one"):
        feasible_market(small_study(applications={"rank": [1, 2, 1, 1, 1, 2]}), ROUND)


def test_a_round_without_programmes_or_applications_says_so() -> None:
    study = small_study()
    for table in ("programs", "applications"):
        others = {name: frame for name, frame in study.tables.items() if name != table}
        with pytest.raises(MissingInputError, match="a small round has no"):
            feasible_market(replace(study, tables=others), ROUND)


def test_people_are_taken_as_of_the_wave_before_the_round() -> None:
    study = small_study()
    people = pl.DataFrame(
        {
            "person_id": ["ann", "ann", "bo", "cy", "cy"],
            "wave": ["2025", "2027", "2027", None, "2027"],
            "organisation_id": ["A", "C", "B", "C", "A"],
        }
    )
    prepared = feasible_market(replace(study, tables={**study.tables, "people": people}), ROUND)
    assert prepared.wave == "2025"
    assert prepared.people.select("person_id", "sender").rows() == [("ann", "A"), ("bo", "B"), ("cy", "C")]


def test_receipts_of_applications_belong_to_the_person() -> None:
    prepared = feasible_market(
        small_study(applications={"receipt": ["r1", None, "r2", "r3", "r3", "r3"]}), ROUND
    )
    assert prepared.people["receipt"].to_list() == ["r1", "r2", "r3"]
    with pytest.raises(StudyError, match="ann has more than one receipt"):
        feasible_market(small_study(applications={"receipt": ["r1", "r2", "r3", "r4", "r4", "r4"]}), ROUND)


def test_the_glasgow_lists_become_a_market_as_they_stand(shared_data: Path) -> None:
    study = open_study(shared_data / "glasgow_projects")
    study.require_sound(waves=False)
    prepared = feasible_market(study, "2014/15")
    market = prepared.market
    assert (len(market.applicants), len(market.programs), market.edges) == (51, 147, 304)
    assert prepared.removed.is_empty()
    assert set(market.tier.tolist()) == {1}


def test_a_hundred_thousand_applicants_take_about_a_second() -> None:
    people, programs, choices = 100_000, 1_000, 10
    rng = np.random.default_rng(1)
    ids = [f"{i:06d}" for i in range(people)]
    offered = [f"P{s:04d}" for s in range(programs)]
    first = rng.integers(0, programs, people)
    listed = (first[:, None] + np.arange(choices) * 7) % programs
    study = small_study()
    tables = {
        "organisations": study.tables["organisations"],
        "people": pl.DataFrame(
            {"person_id": ids, "organisation_id": "A", "birth_year": rng.integers(1960, 2005, people)}
        ),
        "programs": pl.DataFrame(
            {
                "program_id": offered,
                "kind": "mutual_side_work",
                "organisation_id": ["A", "B"] * (programs // 2),
                "capacity": 5,
                "eligibility": [f"age >= {30 + s % 20}" for s in range(programs)],
            }
        ),
        "applications": pl.DataFrame(
            {
                "person_id": np.repeat(ids, choices),
                "program_id": np.array(offered)[listed.ravel()],
                "rank": np.tile(np.arange(1, choices + 1), people),
            }
        ),
    }
    began = time.process_time()
    prepared = feasible_market(replace(study, tables=tables), "any")
    assert prepared.market.edges + prepared.removed.height == people * choices
    assert (
        time.process_time() - began < 10
    )  # about 1 s of wall time; the bound only catches a loop over people
