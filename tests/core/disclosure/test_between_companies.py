"""What a comparison shows, what it withholds, and what somebody with more than one of them can find out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.disclosure.benchmark_rules import benchmark_rules
from tazuna.disclosure.between_companies import Benchmark, compare_companies
from tazuna.disclosure.budget import BudgetError, Ledger
from tazuna.disclosure.contributors import CompanySums, contributors
from tazuna.disclosure.noisy_means import PointSums

RULES = benchmark_rules()
SECRET = b"nobody who reads a report has this"
DAY = date(2026, 11, 21)


def company(people: int, mean: float = 50.0, **means: float) -> CompanySums:
    """A company whose mean is the same on every scale but those named."""
    sums = {m: PointSums(people, round(people * means.get(m, mean))) for m in RULES.measures}
    return CompanySums(people, sums)


def market(sizes: list[int]) -> dict[str, CompanySums]:
    return {f"C{n:02d}": company(size, 40 + 3 * n) for n, size in enumerate(sizes)}


def compared(
    companies: Mapping[str, CompanySums], secret: bytes = SECRET, ledger: Ledger | None = None
) -> Benchmark:
    return compare_companies(
        companies,
        RULES.measures,
        RULES,
        wave="2026",
        secret=secret,
        ledger=ledger or Ledger(),
        today=DAY,
    )


def shown(benchmark: Benchmark) -> set[str]:
    return set(benchmark.quartiles.filter(pl.col("withheld").not_())["measure"])


def test_seven_large_companies_are_compared_on_all_thirteen_scales() -> None:
    benchmark = compared(market([1500] * 7))
    assert shown(benchmark) == set(RULES.measures)
    assert benchmark.quartiles["companies"].unique().to_list() == [7]
    wide = benchmark.quartiles.pivot("quartile", index="measure", values="value")
    assert (wide["lower_quartile"] < wide["median"]).all()
    assert (wide["median"] < wide["upper_quartile"]).all()
    assert wide["median"].is_between(44, 54).all()


def test_every_number_comes_with_an_interval_that_holds_it() -> None:
    benchmark = compared(market([1500] * 7))
    for table, value in ((benchmark.quartiles, "value"), (benchmark.own, "mean")):
        assert table.select((pl.col(value) >= pl.col("lower")) & (pl.col(value) <= pl.col("upper")))[
            value
        ].all()


def test_five_companies_are_too_few_and_six_enough() -> None:
    assert not compared(market([1500] * 5)).shown
    assert shown(compared(market([1500] * 6))) == set(RULES.measures)


def test_a_withheld_figure_has_no_number_no_reason_and_no_own_value() -> None:
    benchmark = compared(market([1500] * 5))
    assert benchmark.quartiles.select("companies", "value", "lower", "upper").null_count().row(0) == (39,) * 4
    assert benchmark.own.is_empty()
    assert set(benchmark.quartiles.columns).isdisjoint({"reason", "organisation_id"})


@pytest.mark.parametrize(
    "sizes",
    [
        [9000, 1200, 1200, 1200, 1200, 1200, 1200],  # the largest has over half
        [9000, 9000, 1000, 1000, 1000, 1000, 400],  # the two largest have over four fifths
    ],
)
def test_nothing_is_shown_where_one_or_two_companies_dominate(sizes: list[int]) -> None:
    assert not compared(market(sizes)).shown


def test_the_same_companies_without_the_giant_are_compared() -> None:
    assert compared(market([1200] * 6)).shown


def test_a_company_of_a_hundred_enters_with_one_scale_and_one_of_five_hundred_with_six() -> None:
    found = contributors(
        market([100, 500, 1500]), RULES.measures, RULES, wave="2026", secret=SECRET
    )  # noise of the sizes: standard deviation 14 people
    assert [len(contributor.means) for contributor in found] == pytest.approx([1, 6, 13], abs=0.9)


def test_only_the_first_scales_are_compared_where_all_companies_are_small() -> None:
    found = shown(compared(market([330] * 8)))  # carries four; noise of the sizes moves single companies
    assert set(RULES.measures[:3]) <= found <= set(RULES.measures[:5])


def test_small_firms_enter_together_and_have_no_own_value() -> None:
    small = {f"S{n}": company(30, 60) for n in range(8)}
    benchmark = compared(market([1500] * 6) | small)
    assert benchmark.quartiles["companies"].max() == 7
    assert benchmark.own["organisation_id"].str.starts_with("S").sum() == 0
    assert compared(market([1500] * 5) | small).shown


def test_two_small_firms_are_too_few_to_be_counted_together() -> None:
    two = {f"S{n}": company(30, 60) for n in range(2)}
    assert not compared(market([1500] * 5) | two).shown


def test_small_firms_one_of_which_is_most_of_them_do_not_enter() -> None:
    firms = {"S0": company(60), "S1": company(1), "S2": company(1), "S3": company(1)}
    found = contributors(firms, RULES.measures, RULES, wave="2026", secret=SECRET)
    assert not found


def test_a_scale_that_few_of_a_company_answered_is_left_out_for_it() -> None:
    companies = market([1500] * 6)
    partly = companies["C05"]
    companies["C05"] = CompanySums(1500, {**partly.sums, "ms": PointSums(200, 200 * 50)})
    assert "ms" not in shown(compared(companies))
    assert "co" in shown(compared(companies))


def test_a_person_costs_the_budget_of_the_wave_and_no_more() -> None:
    """Size and figures of each contributor add up to ε; nobody is in two of them."""
    (row,) = compared(market([100, 500, 1500, 1500, 1500, 1500])).ledger.rows
    assert row.epsilon == Fraction(1) == RULES.wave_budget.limit
    for carried in (1, 6, 13):
        share = (RULES.budget.limit - RULES.size_cost) / carried
        assert RULES.size_cost + carried * share == RULES.budget.limit


@settings(max_examples=8)
@given(st.lists(st.integers(0, 3000), min_size=0, max_size=12))
def test_whatever_the_sizes_nothing_is_shown_of_fewer_than_six(sizes: list[int]) -> None:
    benchmark = compared(market(sizes))
    assert (benchmark.quartiles["companies"].drop_nulls() >= RULES.fewest_companies).all()
    assert set(benchmark.own["measure"]) <= shown(benchmark)


class TestAttacks:
    """What somebody finds out who has more than one table."""

    def test_running_again_gives_the_same_figures_so_that_there_is_nothing_to_average(self) -> None:
        tables = [compared(market([1500] * 7)) for _ in range(5)]
        assert all(table.quartiles.equals(tables[0].quartiles) for table in tables)
        assert all(table.own.equals(tables[0].own) for table in tables)

    def test_drawing_anew_would_average_the_noise_away(self) -> None:
        """The same attack on noise that is drawn at each run succeeds: the test above can fail."""
        companies = market([1500] * 7)
        runs = [compared(companies, SECRET + bytes([n])).own_of("C03") for n in range(24)]
        errors = np.array([run["mean"].to_numpy() - 49 for run in runs])
        assert np.abs(errors.mean(axis=0)).mean() < np.abs(errors).mean() / 3

    def test_the_ledger_refuses_a_second_table_of_the_wave_without_a_company(self) -> None:
        companies = market([1500] * 8)
        ledger = compared(companies).ledger
        del companies["C07"]
        with pytest.raises(BudgetError, match="0 of 1 is left"):
            compared(companies, ledger=ledger)

    def test_the_ledger_refuses_a_second_table_with_another_secret(self) -> None:
        companies = market([1500] * 8)
        with pytest.raises(BudgetError):
            compared(companies, b"another secret of enough length", compared(companies).ledger)

    def test_one_answer_more_changes_the_noise_so_that_the_difference_is_not_the_answer(self) -> None:
        companies = market([1500] * 7)
        changed = dict(companies)
        changed["C03"] = CompanySums(
            1501, {m: s + PointSums(1, 100) for m, s in companies["C03"].sums.items()}
        )
        before, after = compared(companies).own_of("C03"), compared(changed).own_of("C03")
        true_change = (100 - 49) / 1501
        assert np.abs(after["mean"].to_numpy() - before["mean"].to_numpy() - true_change).mean() > 0.5

    def test_two_tables_with_and_without_a_company_leave_its_mean_open_by_many_points(self) -> None:
        """Even for somebody who knows everything of the other companies but the noise that they got.

        The attacker tries every mean of the missing company and keeps those that the first table allows.
        """
        companies = market([1500] * 8)
        without = {name: numbers for name, numbers in companies.items() if name != "C04"}
        with_it, less = compared(companies), compared(without)
        assert with_it.shown
        assert less.shown
        seen = with_it.quartiles.filter(measure="ms")["value"].to_list()
        possible = [
            guess
            for guess in range(20, 90, 2)
            if compared({**without, "C04": company(1500, guess)}, b"the attacker has another secret")
            .quartiles.filter(measure="ms")
            .with_columns(off=(pl.col("value") - pl.Series(seen)).abs())["off"]
            .max()
            <= 2
        ]
        assert max(possible) - min(possible) >= 4

    def test_everybody_has_the_same_quartiles_so_that_readers_who_join_learn_nothing_more(self) -> None:
        benchmark = compared(market([1500] * 7))
        assert "organisation_id" not in benchmark.quartiles.columns
        assert set(benchmark.own_of("C01")["organisation_id"]) == {"C01"}

    def test_the_name_of_a_table_in_the_ledger_cannot_be_tried_without_the_secret(self) -> None:
        companies = market([1500] * 7)
        names = {compared(companies, secret).ledger.rows[0].table for secret in (SECRET, SECRET + b"!")}
        assert len(names) == 2
