"""Everybody's reason and next step, on small rounds where the right sentence is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tazuna.language import LANGUAGES, Language
from tazuna.matching.certified import Certified
from tazuna.matching.chances import chances_of, simulated_chances
from tazuna.matching.feasibility import Prepared
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.next_steps import next_steps_of
from tazuna.matching.reasons import reasons_of
from tazuna.matching.reciprocity import GATE
from tazuna.matching.rules import PLAIN, Region, Reserve, Rules
from tazuna.matching.sentences import chance_words
from tazuna.study import Study

NOTHING_REMOVED: dict[str, list[object]] = {"person_id": [], "program_id": [], "rank": [], "reason": []}


def prepared_of(market: Market, removed: dict[str, list[object]] | None = None) -> Prepared:
    """A round with this market, programmes called A, B, … and everybody alike."""
    owner = market.applicant_of_edge()
    return Prepared(
        round="R",
        market=market,
        pairs=pl.DataFrame(
            {
                "person_id": [market.applicants[i] for i in owner],
                "program_id": [market.programs[s] for s in market.program],
                "rank": market.rank,
                "tier": market.tier,
            },
            schema_overrides={"person_id": pl.String, "program_id": pl.String},
        ),
        removed=pl.DataFrame(
            removed or NOTHING_REMOVED,
            schema={"person_id": pl.String, "program_id": pl.String, "rank": pl.Int64, "reason": pl.String},
        ),
        people=pl.DataFrame({"person_id": market.applicants, "sender": ["X"] * len(market.applicants)}),
        programs=pl.DataFrame(
            {
                "program_id": market.programs,
                "title": [chr(65 + at) for at in range(len(market.programs))],
                "kind": ["side_work"] * len(market.programs),
                "organisation_id": ["Y"] * len(market.programs),
            }
        ),
        wave=None,
        year=None,
        notices=(),
    )


def study() -> Study:
    """A study that says nothing but the hosts' names."""
    empty = pl.DataFrame()
    hosts = pl.DataFrame({"organisation_id": ["X", "Y"], "name": ["Xylem", "Yard"]})
    return Study("made", {"organisations": hosts}, empty, (), (), {}, "")


def told(
    market: Market,
    rules: Rules = PLAIN,
    numbers: list[float] | None = None,
    removed: dict[str, list[object]] | None = None,
    language: Language = "en",
) -> tuple[list[str], list[str]]:
    """Reasons and next steps where the lottery numbers are as given, by default in the order of people."""
    people = len(market.applicants)
    drawn = Numbers(np.array(numbers if numbers is not None else [(i + 0.5) / people for i in range(people)]))
    prepared, mechanism = prepared_of(market, removed), mechanism_of(market, rules)
    held = mechanism.run(drawn).held
    chances = chances_of(mechanism, method="simulated", seed="reasons", draws=400, threads=1)
    reasons = reasons_of(prepared, mechanism, drawn, held, chances).texts(language)
    steps = next_steps_of(study(), prepared, held, mechanism.taking_part(drawn)).texts(language)
    return reasons.to_list(), steps.to_list()


def test_twelve_of_one_tier_for_two_places_are_told_their_draw_and_their_chance() -> None:
    lists = [[0]] * 3 + [[1, 0]] + [[0]] * 9
    tiers = {(i, 0): 1 if i == 0 else 2 for i in range(13)} | {(3, 1): 2}
    market = market_of_lists([*lists, [1]], [3, 1], tiers | {(13, 1): 1})
    reasons, _ = told(market, numbers=[(i + 1) / 20 for i in range(14)])
    assert reasons[0] == "You have your choice 1. It was certain, however the draw came out."
    assert reasons[1].startswith(
        "You have your choice 1: the draw among 12 people of the same tier had 2 to win"
    )
    assert "At choice 2 the draw among 12 people of the same tier had 2 to win; your chance was" in reasons[3]
    assert reasons[3].endswith("At choice 1 every place (1) went to people of better tiers.")


def test_the_sentence_of_the_brief_reads_so_in_japanese() -> None:
    market = market_of_lists([[0]] * 4, [1])
    reasons, _ = told(market, language="ja")
    assert reasons[3].startswith(
        "枠は決まりませんでした。第1希望の枠は同じ優先順位の4人で1枠の抽選となり、当選の確率は2"
    )


def test_a_place_for_everybody_needs_no_draw() -> None:
    reasons, steps = told(market_of_lists([[0], [0]], [3]))
    assert set(reasons) == {"You have your choice 1. It was certain, however the draw came out."}
    assert steps == ["", ""]


def test_who_gets_a_later_choice_is_told_of_the_first() -> None:
    reasons, _ = told(market_of_lists([[0], [0, 1]], [1, 1]))
    assert reasons[1].startswith(
        "You have your choice 2: there was a place for everybody who wanted one. At choice 1"
    )


def test_an_open_place_is_called_so_by_winner_and_loser() -> None:
    market = market_of_lists([[0], [0], [0]], [2], {(0, 0): 1, (1, 0): 2, (2, 0): 3})
    reasons, _ = told(market, replace(PLAIN, open_places=np.array([1])), [0.5, 0.6, 0.1])
    assert reasons[2].startswith(
        "You have an open place at your choice 1: the draw among 2 people of any tier"
    )
    assert "the draw among 2 people of any tier had 1 open to win" in reasons[1]


def test_a_reserved_place_names_its_reserve() -> None:
    market = market_of_lists([[0], [0]], [2], {(0, 0): 1, (1, 0): 1})
    reserve = Reserve("field staff", np.array([False, True]), np.array([1]), "before")
    crowded = market_of_lists([[0], [0], [0]], [2])
    members = replace(reserve, members=np.array([False, False, True]))
    reasons, _ = told(crowded, Rules(reserves=(members,)), [0.1, 0.2, 0.3])
    assert reasons[2] == "You have your choice 1. It was certain, however the draw came out."
    several = replace(reserve, members=np.array([False, True, True]))
    reasons, _ = told(crowded, Rules(reserves=(several,)), [0.1, 0.2, 0.3])
    assert "reserved for “field staff”" in reasons[1]
    assert market.edges == 2


def test_a_region_at_its_limit_is_named() -> None:
    market = market_of_lists([[0], [1]], [1, 1])
    region = Region("Nagano", np.array([True, True]), 1)
    reasons, _ = told(market, Rules(regions=(region,)), [0.1, 0.2])
    assert "since Nagano was at its limit" in reasons[1]


def test_senders_not_drawn_are_told_of_their_firm_and_not_of_places_left() -> None:
    market = market_of_lists([[1], [1]], [1, 2], sender=[0, 0], host=[0, 1])
    reasons, steps = told(market, Rules(reciprocity="senders_first"), [0.1, 0.2])
    assert "The people whom your firm may send were drawn, and you were not among them." in reasons[1]
    assert steps[1].startswith("Ask your firm to offer a place")


def test_trading_places_is_called_an_exchange() -> None:
    market = market_of_lists([[1], [0], [1]], [1, 1], sender=[0, 1, -1], host=[0, 1])
    reasons, _ = told(market, Rules(reciprocity="two_sided_ttc"))
    assert "by an exchange of places between firms" in reasons[0]
    assert "no exchange of places with your firm came about" in reasons[2]


def test_a_programme_that_did_not_start_is_said_so() -> None:
    market = market_of_lists([[0]], [3], minimum=[2])
    reasons, _ = told(market, Rules(minimums="close_and_rerun"))
    assert "Choice 1 did not start" in reasons[0]


def test_who_has_no_choice_left_is_told_why_and_what_to_do() -> None:
    removed: dict[str, list[object]] = {
        "person_id": ["a0", "a1"],
        "program_id": ["p0", "p0"],
        "rank": [1, 1],
        "reason": ["declined", GATE],
    }
    reasons, steps = told(market_of_lists([[], []], [1]), removed=removed)
    assert reasons[0].startswith("You have no place, since no choice of yours could take part in the draw.")
    assert reasons[0].endswith(
        "Choice 1 could not take part in the draw: the host declined after the interview."
    )
    assert steps[0].startswith("Ask the host what it missed")
    assert steps[1].startswith("Ask your firm to offer a place")


def test_a_removed_first_choice_is_told_beside_the_place() -> None:
    market = replace(market_of_lists([[0]], [1]), rank=np.array([2], np.int32))
    removed: dict[str, list[object]] = {
        "person_id": ["a0"],
        "program_id": ["p1"],
        "rank": [1],
        "reason": ["declined"],
    }
    reasons, _ = told(market, removed=removed)
    assert reasons[0].startswith("You have your choice 2. It was certain")
    assert "Choice 1 could not take part in the draw: the host declined" in reasons[0]


def test_places_left_are_offered_but_never_one_that_was_asked_for() -> None:
    market = market_of_lists([[0], [0]], [1, 1, 0])
    _, steps = told(market)
    assert steps == ["", "Places are left at “B – Yard”, which is open to you: apply now."]


def test_a_programme_of_the_own_company_is_not_offered_in_mutual_side_work() -> None:
    market = market_of_lists([[0], [0]], [1, 1])
    prepared = prepared_of(market)
    own = prepared.programs.with_columns(
        kind=pl.lit("mutual_side_work"), organisation_id=pl.Series(["Y", "X"])
    )
    step = next_steps_of(
        study(), replace(prepared, programs=own), np.array([0, -1]), np.ones(2, np.bool_)
    ).texts("en")
    assert step[1].startswith(
        "No place that is open to you is left in this round. In the next round name more"
    )


def test_nobody_is_told_zero_or_a_hundred_percent_unless_it_is_proved() -> None:
    market = market_of_lists([[0], [0], [0], [0], [0]], [1])
    certified = Certified(*(np.array([True, *[False] * 3, False]), np.array([*[False] * 4, True])) * 2)
    chances = simulated_chances(market, np.array([0, 0, 7, 1000, 1000]), 1000, certified)
    words = chance_words(chances, np.array([0, 1, 2, 3, 4, -1]), "en").to_list()
    assert words == ["0%", "under 1%", "1%", "over 99%", "100%", None]
    few = simulated_chances(market, np.array([0, 0, 7, 100, 100]), 100, None)
    assert chance_words(few, np.array([0, 2, 3]), "ja").to_list() == ["3%未満", "7%", "97%超"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_filled_in(language: Language) -> None:
    rng = np.random.default_rng(5)
    lists = [list(rng.permutation(6)[: rng.integers(1, 5)]) for _ in range(60)]
    tiers = {(i, int(s)): int(rng.integers(1, 4)) for i, choices in enumerate(lists) for s in choices}
    market = market_of_lists(lists, [3, 2, 4, 0, 5, 1], tiers)
    rules = Rules(open_places=np.array([1, 0, 1, 0, 2, 1]))
    reasons, steps = told(market, rules, list(rng.random(60)), language=language)
    assert all(reason and "{" not in reason for reason in reasons)
    assert all("{" not in step for step in steps)
