"""Figures of a draw: shares with intervals, protected groups, the runner-up beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.core.matching.test_reasons import prepared_of

from tazuna.disclosure.threshold import ThresholdError
from tazuna.matching.chances import chances_of
from tazuna.matching.costs import compare
from tazuna.matching.feasibility import Prepared
from tazuna.matching.figures import DrawFigures, figures_of_draw, placed_by_group, wilson_limits
from tazuna.matching.lottery import Redraws
from tazuna.matching.market import market_of_lists
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.rules import Rules


def round_of(bands: Sequence[str | None]) -> Prepared:
    """As many people as bands, two programmes with five places each, everybody lists both."""
    rng = np.random.default_rng(1)
    lists = [list(rng.permutation(2)) for _ in bands]
    tiers = {(i, s): int(rng.integers(1, 4)) for i in range(len(bands)) for s in range(2)}
    prepared = prepared_of(market_of_lists(lists, [5, 5], tiers))
    return replace(prepared, people=prepared.people.with_columns(pl.Series("age_band", bands)))


def drawn(prepared: Prepared) -> DrawFigures:
    """Figures with one open place each, and their comparison."""
    rules = Rules(open_places=np.array([1, 1]))
    mechanism = mechanism_of(prepared.market, rules)
    numbers = mechanism.empty_numbers()
    Redraws("figures").fill(numbers, 0)
    return figures_of_draw(
        prepared,
        mechanism,
        numbers,
        mechanism.run(numbers).held,
        chances_of(mechanism, method="simulated", seed="chances", draws=200, threads=1),
        k=10,
        comparison=compare(prepared.market, rules, "compare", draws=50, looked_at=2, threads=1),
    )


def test_shares_by_rank_and_without_a_place_are_everybody() -> None:
    figures = drawn(round_of(["20-34"] * 25)).to_dict()
    shares = figures["share_by_rank"]
    assert isinstance(shares, dict)
    assert sum(shares.values()) + int(str(figures["unmatched"])) / 25 == pytest.approx(1)
    assert figures["unmatched"] == 15
    assert (figures["justified_envy"], figures["blocking_pairs"]) == (0, 0)


def test_the_interval_is_wilsons() -> None:
    lower, upper = wilson_limits(np.array([5, 0]), np.array([20, 8]))
    assert [round(float(limit), 3) for limit in (lower[0], upper[0])] == [0.112, 0.469]
    assert lower[1] == 0
    assert round(float(upper[1]), 3) == 0.324


def test_a_group_of_nine_is_hidden_with_all_its_numbers() -> None:
    prepared = round_of(["20-34"] * 12 + ["35-49"] * 9 + ["50+"] * 9)
    cells = placed_by_group(prepared, np.full(30, -1), 10)
    small = cells.filter(pl.col("group").is_in(["35-49", "50+"]))
    assert small["suppressed"].all()
    assert small.select("n", "mean", "lower", "upper").null_count().row(0) == (2, 2, 2, 2)
    assert not cells.filter(group="20-34")["suppressed"].item()


def test_a_lone_small_group_takes_another_with_it() -> None:
    prepared = round_of(["20-34"] * 30 + ["35-49"] * 12 + ["50+"] * 3)
    cells = placed_by_group(prepared, np.full(45, -1), 10)
    hidden = cells.filter(pl.col("group_by") == "age_band", "suppressed")["group"].to_list()
    assert len(hidden) == 2
    assert "50+" in hidden


def test_people_of_unknown_age_are_a_group_too() -> None:
    cells = placed_by_group(round_of([None] * 11 + ["50+"] * 11), np.full(22, -1), 10)
    assert cells.filter(pl.col("group_by") == "age_band")["group"].to_list() == ["", "50+"]


def test_no_figure_leaves_below_the_floor() -> None:
    with pytest.raises(ThresholdError):
        placed_by_group(round_of(["50+"] * 11), np.full(11, -1), 3)


def test_the_runner_up_stands_beside_the_chosen_rules() -> None:
    figures = drawn(round_of(["20-34"] * 25)).to_dict()
    chosen, other = figures["chosen"], figures["runner_up"]
    assert isinstance(chosen, dict)
    assert isinstance(other, dict)
    assert chosen["rules"] == "chosen"
    assert other["rules"] in ("multiple", "no_open_places", "gate", "senders_first", "two_sided_ttc")
    assert sum(other["people_by_rank"]) == pytest.approx(other["placed"], abs=1e-3)


def test_everybody_is_in_one_tenth_of_chance() -> None:
    spread = drawn(round_of(["20-34"] * 25)).to_dict()["chance_of_a_place"]
    assert isinstance(spread, dict)
    assert spread["in_no_redraw"] + sum(spread["by_tenths"]) + spread["in_every_redraw"] == 25
