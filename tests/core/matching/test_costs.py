"""What each way of deciding costs, in the same words wherever rules are chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tazuna.matching.costs import Code, Comparison, compare, runner_up
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.promises import promise_of
from tazuna.matching.rules import PLAIN, Region, Rules


@pytest.fixture(scope="module")
def market() -> Market:
    """Forty people of five firms, of which four offer places."""
    rng = np.random.default_rng(15)
    lists = [rng.permutation(8)[:4].tolist() for _ in range(40)]
    tiers = {(i, s): int(rng.integers(1, 3)) for i, choices in enumerate(lists) for s in choices}
    return market_of_lists(
        lists,
        [2] * 8,
        tiers,
        sender=rng.integers(0, 5, 40).tolist(),
        host=[0, 0, 1, 1, 2, 2, 3, 3],
        minimum=[2] * 8,
    )


def test_every_reciprocity_and_every_rule_on_minimums_stands_beside_the_chosen_rules(market: Market) -> None:
    found = compare(market, Rules(open_places=np.ones(8, np.int64)), "costs", draws=60, looked_at=10)
    assert [row.code for row in found.rows] == [
        "chosen",
        "multiple",
        "no_open_places",
        "gate",
        "senders_first",
        "two_sided_ttc",
        "close_and_rerun",
    ]
    by_code = {row.code: row for row in found.rows}
    assert [name.text("en") for name, _ in found.impossible] == ["minimums filled first"]
    assert by_code["chosen"].places == 16
    assert by_code["chosen"].blocking_pairs == by_code["chosen"].justified_envy == 0
    assert by_code["senders_first"].places < by_code["gate"].places <= by_code["chosen"].places
    assert by_code["two_sided_ttc"].justified_envy > 0
    assert by_code["close_and_rerun"].blocking_pairs >= 0
    assert [code for code, row in by_code.items() if not row.promise.strategy_proof] == ["close_and_rerun"]


def test_with_the_gate_alternatives_must_keep_the_gate(market: Market) -> None:
    found = compare(market, Rules(reciprocity="gate"), "costs", draws=10, looked_at=1)
    keeping = {row.code for row in found.rows if row.keeps_limits}
    assert keeping == {"chosen", "multiple", "senders_first", "two_sided_ttc"}


@pytest.mark.parametrize(
    ("places", "first_choices", "second"),
    [([9, 8, 7], [1, 2, 9], "multiple"), ([9, 8, 8.3], [1, 2, 3], "gate"), ([9, 7, 8], [9, 9, 1], "gate")],
)
def test_the_runner_up_keeps_the_limits_and_fills_most_places_then_most_first_choices(
    market: Market, places: list[float], first_choices: list[float], second: str
) -> None:
    row = compare(market, PLAIN, "s", draws=1, looked_at=1).rows[0]
    codes: tuple[Code, ...] = ("chosen", "multiple", "gate")
    rows = [
        replace(row, code=code, places=filled, first_choices=first)
        for code, filled, first in zip(codes, places, first_choices, strict=True)
    ]
    beyond = replace(row, code="none", places=99, keeps_limits=False)
    found = runner_up(Comparison((*rows, beyond), (), 1, 1))
    assert found is not None
    assert found.code == second


def test_no_alternative_keeps_the_limits_of_two_sided_trading(market: Market) -> None:
    assert runner_up(compare(market, Rules(reciprocity="two_sided_ttc"), "s", draws=10, looked_at=1)) is None


def test_places_and_ranks_are_those_of_the_redraws() -> None:
    """Two people want one place first; the loser gets the second choice."""
    market = market_of_lists([[0, 1], [0, 1]], [1, 1])
    row = compare(market, PLAIN, "s", draws=50, looked_at=2).rows[0]
    assert (row.places, row.first_choices, row.mean_rank) == (2, 1, 1.5)


@pytest.mark.parametrize(
    ("rules", "truthful", "stable"),
    [
        (PLAIN, True, True),
        (Rules(regions=(Region("r", np.array([True]), 1),)), True, True),
        (Rules(reciprocity="two_sided_ttc"), True, False),
        (Rules(minimums="close_and_rerun", reciprocity="gate"), False, False),
        (Rules(minimums="extended_seats"), True, True),
    ],
)
def test_promises_are_told_in_both_languages_with_their_sources(
    rules: Rules, truthful: bool, stable: bool
) -> None:
    promise = promise_of(rules)
    assert (promise.strategy_proof, promise.stable) == (truthful, stable)
    assert promise.sources
    for words in promise.words:
        assert words.text("ja") != words.text("en")
