"""All attacks on one release of a group of companies, and how far each came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from tests.core.disclosure.attacks import (
    ANSWERED,
    WITH_MS,
    narrowest,
    recovered_exactly,
    sums_recovered,
    what_is_known,
)
from tests.core.disclosure.linked_attacks import asked_in_both_waves, known_by_the_rule, linked_measures
from tests.core.disclosure.made_companies import Company, K


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the attacks found out about hidden numbers below k.

    Parameters
    ----------
    exact
        Attack → how many are known exactly.
    narrowest
        Attack → the least range of whole numbers within which one is known.
    """

    exact: dict[str, int]
    narrowest: dict[str, float]


def outcome(
    made: Company,
    shown: pl.DataFrame,
    *,
    waves: Sequence[str],
    targets: int | None,
    all_small: bool = False,
) -> Outcome:
    """Attack what is shown of a group of companies.

    Parameters
    ----------
    waves
        Whose tables are attacked one by one; numbers asked are attacked over both waves in any case.
    targets
        How many hidden numbers of each table are bounded; None for all, of the rule and of linked measures at
        most ten.
    all_small
        What the rule of hiding is; see `known_by_the_rule`.
    """
    exact = {"algebra": 0, "integer sums": 0, "waves": 0, "rule": 0}
    least: dict[str, float] = {}
    few = 10 if targets is None else targets
    for wave in waves:
        for measures in (ANSWERED, WITH_MS):
            known = what_is_known(shown, made.cells, wave, measures)
            exact["algebra"] += recovered_exactly(known, K)
            _keep(least, "algebra", narrowest(known, K, targets))
        exact["integer sums"] += sums_recovered(shown, made.cells, wave, K)
        _keep(least, "linked measures", narrowest(linked_measures(shown, made.cells, wave), K, few))
        answered = what_is_known(shown, made.cells, wave, ANSWERED)
        by_rule, width = known_by_the_rule(answered, K, few, all_small=all_small)
        exact["rule"] += by_rule
        _keep(least, "rule", width)
    both = asked_in_both_waves(shown, made.cells)
    exact["waves"] = recovered_exactly(both, K)
    _keep(least, "waves", narrowest(both, K, targets))
    return Outcome(exact, least)


def _keep(least: dict[str, float], attack: str, width: float) -> None:
    least[attack] = min(least.get(attack, width), width)
