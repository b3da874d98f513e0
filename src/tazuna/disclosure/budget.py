"""The privacy budget (プライバシー予算) of a wave, and the ledger of what was spent of it.

Every noisy figure tells a little of each person behind it. How much is a number: ε of differential privacy,
or ρ of its zero-concentrated form (zCDP), for which noise is Gaussian. The numbers add up, so that a limit
on their sum is a limit on what anybody can learn of a person from all tables of a wave together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tazuna.errors import TazunaError
from tazuna.language import message

PrivacyUnit = Literal["epsilon", "rho"]
"""ε of pure differential privacy, or ρ of zCDP."""


class BudgetError(TazunaError):
    """A table would spend more than is left of a wave's budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What all tables of one wave together may spend on one person.

    Raises
    ------
    ValueError
        The limit is not positive.
    """

    limit: Fraction
    unit: PrivacyUnit = "epsilon"

    def __post_init__(self) -> None:
        if self.limit <= 0:
            raise ValueError(f"a budget must be positive, not {self.limit}")


@dataclass(frozen=True, slots=True)
class Spending:
    """One row of the ledger.

    Parameters
    ----------
    wave, table
        The wave, and a name of the table that changes with its content: two tables of the same name are the
        same figures.
    epsilon
        What it costs the person whom it costs most, in the unit of the budget.
    figures
        Number of noisy figures in the table.
    at
        The day on which it was made.
    """

    wave: str
    table: str
    epsilon: Fraction
    figures: int
    at: date


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was spent, oldest first; rows are only ever added."""

    rows: tuple[Spending, ...] = ()

    def spent(self, wave: str) -> Fraction:
        """The sum over a wave's tables: each of them is about the same people."""
        return sequential(row.epsilon for row in self.rows if row.wave == wave)

    def holds(self, wave: str, table: str) -> bool:
        """Whether this very table was paid for; to show it again tells nothing more."""
        return any((row.wave, row.table) == (wave, table) for row in self.rows)


def sequential(costs: Iterable[Fraction]) -> Fraction:
    """The cost of several figures about the same people: the sum, in ε as in ρ.

    Source: Dwork & Roth, "The Algorithmic Foundations of Differential Privacy" (2014), theorem 3.14
    (https://doi.org/10.1561/0400000042); for ρ Bun & Steinke (2016), lemma 1.7
    (https://doi.org/10.1007/978-3-662-53641-4_24).
    """
    return sum(costs, Fraction(0))


def parallel(costs: Iterable[Fraction]) -> Fraction:
    """The cost of figures about people of whom nobody is in two: the largest.

    Source: McSherry, "Privacy Integrated Queries" (2009), theorem 4 (https://doi.org/10.1145/1559845.1559850).
    """
    return max(costs, default=Fraction(0))


def spend(ledger: Ledger, budget: Budget, spending: Spending) -> Ledger:
    """Enter a table in the ledger, or refuse to make it.

    Parameters
    ----------
    ledger
        What was spent so far.
    budget
        Of each wave.
    spending
        The table about to be made.

    Returns
    -------
    Ledger
        With the row added; unchanged where the very same table was paid for already.

    Raises
    ------
    BudgetError
        What is left of the wave's budget is less than the table costs.
    """
    if ledger.holds(spending.wave, spending.table):
        return ledger
    spent = ledger.spent(spending.wave)
    if spent + spending.epsilon > budget.limit:
        raise BudgetError(
            message(
                "Wave {wave}: this table costs {cost} of the privacy budget, and {left} of {limit} is left",
                wave=spending.wave,
                cost=spending.epsilon,
                left=budget.limit - spent,
                limit=budget.limit,
            ),
            message(
                "Use the table that was made first. A second one from changed answers would let the two be "
                "subtracted; make it only in the next wave."
            ),
        )
    return Ledger((*ledger.rows, spending))


def rho_of_epsilon(epsilon: Fraction) -> Fraction:
    """The ρ that every ε-private figure keeps, ε² / 2 (Bun & Steinke 2016, proposition 1.4)."""
    return epsilon * epsilon / 2


def epsilon_of_rho(rho: Fraction, delta: float) -> float:
    """The ε that ρ amounts to but for a chance of δ, ρ + 2 √(ρ ln(1/δ)) (Bun & Steinke 2016, prop. 1.3).

    Raises
    ------
    ValueError
        δ is not between 0 and 1.
    """
    if not 0 < delta < 1:
        raise ValueError(f"delta must lie between 0 and 1, not {delta}")
    return float(rho) + 2 * math.sqrt(float(rho) * math.log(1 / delta))
