"""The budget adds up, and no order of tables gets more out of a wave than its limit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tazuna.disclosure.budget import (
    Budget,
    BudgetError,
    Ledger,
    Spending,
    epsilon_of_rho,
    parallel,
    rho_of_epsilon,
    sequential,
    spend,
)

DAY = date(2026, 11, 21)
costs = st.fractions(min_value=0, max_value=2, max_denominator=50)


def row(wave: str, table: str, cost: Fraction) -> Spending:
    return Spending(wave, table, cost, 3, DAY)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), costs), max_size=20),
    st.fractions(min_value=Fraction(1, 10), max_value=3, max_denominator=50),
)
def test_no_wave_ever_spends_more_than_its_limit_and_rows_are_only_added(asked, limit: Fraction) -> None:
    ledger = Ledger()
    for wave, table, cost in asked:
        before = ledger
        try:
            ledger = spend(ledger, Budget(limit), row(wave, table, cost))
        except BudgetError:
            assert before.spent(wave) + cost > limit
        assert ledger.rows[: len(before.rows)] == before.rows
        assert ledger.spent(wave) <= limit


@settings(max_examples=30)
@given(st.lists(costs, min_size=1))
def test_figures_about_the_same_people_add_up_and_disjoint_ones_cost_the_largest(parts) -> None:
    assert sequential(parts) == sum(parts)
    assert parallel(parts) == max(parts) <= sequential(parts)


def test_the_same_table_again_is_free() -> None:
    budget = Budget(Fraction(1))
    once = spend(Ledger(), budget, row("2026", "x", Fraction(1)))
    assert spend(once, budget, row("2026", "x", Fraction(1))) is once


def test_a_refusal_names_wave_cost_rest_and_cure_in_both_languages() -> None:
    spent = Ledger((row("2026", "x", Fraction(3, 4)),))
    with pytest.raises(BudgetError) as refused:
        spend(spent, Budget(Fraction(1)), row("2026", "y", Fraction(1, 2)))
    english, japanese = refused.value.text("en"), refused.value.text("ja")
    assert english.startswith("Wave 2026: this table costs 1/2 of the privacy budget, and 1/4 of 1 is left\n")
    assert "1/4" in japanese
    assert "次の調査回" in japanese


def test_what_one_wave_spent_does_not_weigh_on_the_next() -> None:
    spent = Ledger((row("2026", "x", Fraction(1)),))
    assert len(spend(spent, Budget(Fraction(1)), row("2027", "x", Fraction(1))).rows) == 2


def test_zero_concentrated_privacy_converts_as_published() -> None:
    assert rho_of_epsilon(Fraction(1)) == Fraction(1, 2)
    assert epsilon_of_rho(Fraction(1, 2), 1e-6) == pytest.approx(5.756, abs=0.001)  # .5 + 2√(.5 · ln 10⁶)


def test_a_budget_of_nothing_and_a_delta_of_one_are_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        Budget(Fraction(0))
    with pytest.raises(ValueError, match="delta"):
        epsilon_of_rho(Fraction(1), 1.0)
