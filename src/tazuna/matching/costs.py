"""What each way of deciding costs (方式の比較): places, first choices, stability, and room for games."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tazuna.errors import StudyError
from tazuna.language import Message, message
from tazuna.matching.fairness import Yardstick
from tazuna.matching.lottery import Redraws
from tazuna.matching.market import Floats, Market
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.promises import Promise, promise_of
from tazuna.matching.redraws import count_offers
from tazuna.matching.rules import Reciprocity, Rules

Code = Literal[
    "chosen",
    "single",
    "multiple",
    "no_open_places",
    "no_reserves",
    "no_regions",
    "drawn_order",
    "turns",
    "none",
    "gate",
    "senders_first",
    "two_sided_ttc",
    "report",
    "close_and_rerun",
    "extended_seats",
]

NAMES: dict[Code, Message] = {
    "chosen": message("as chosen"),
    "single": message("one lottery number a person for all programmes"),
    "multiple": message("a lottery number of its own for each programme"),
    "no_open_places": message("no open places"),
    "no_reserves": message("no reserved places"),
    "no_regions": message("no limits on regions"),
    "drawn_order": message("a full region keeps the best positions"),
    "turns": message("programmes of a full region take turns"),
    "none": message("no reciprocity"),
    "gate": message("only companies that offer places send"),
    "senders_first": message("senders drawn first, as many as places offered"),
    "two_sided_ttc": message("companies trade places one for one"),
    "report": message("minimums only reported"),
    "close_and_rerun": message("programmes below their minimum close"),
    "extended_seats": message("minimums filled first"),
}
"""What the rules are with one thing changed."""

_IMPLIES: dict[Reciprocity, frozenset[Reciprocity]] = {
    "none": frozenset(),
    "gate": frozenset({"senders_first", "two_sided_ttc"}),
    "senders_first": frozenset({"two_sided_ttc"}),
    "two_sided_ttc": frozenset(),
}
"""Which others keep what a chosen reciprocity asks of firms. Nothing asked: any other would add a limit."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One way of deciding, on one market.

    Parameters
    ----------
    code, name
        What differs from the chosen rules.
    places, first_choices
        People with a place, and with their first choice; means over redraws.
    mean_rank
        Of those with a place; NaN where nobody has one.
    by_rank
        Float64: people with their first, second, … choice; means over redraws.
    blocking_pairs, justified_envy
        Means over some redraws, by the priorities of these rules and among those who take part; blocking
        pairs are those that the limits permit.
    promise
        Whether lists can be gamed, and why.
    keeps_limits
        Whether the limits of the chosen rules hold here as well, and none is added that nobody asked for.
    """

    code: Code
    name: Message
    places: float
    first_choices: float
    mean_rank: float
    by_rank: Floats
    blocking_pairs: float
    justified_envy: float
    promise: Promise
    keeps_limits: bool

    def to_dict(self) -> dict[str, object]:
        """For a JSON file."""
        return {
            "rules": self.code,
            "placed": self.places,
            "first_choices": self.first_choices,
            "people_by_rank": self.by_rank.tolist(),
            "blocking_pairs": self.blocking_pairs,
            "justified_envy": self.justified_envy,
            "strategy_proof": self.promise.strategy_proof,
            "stable": self.promise.stable,
            "keeps_limits": self.keeps_limits,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The chosen rules and their alternatives.

    Parameters
    ----------
    rows
        The first is the chosen one.
    impossible
        Alternatives that do not go together with the rest of the rules, and why.
    draws, looked_at
        Redraws behind places and ranks, and behind blocking pairs and envy.
    """

    rows: tuple[Cost, ...]
    impossible: tuple[tuple[Message, Message], ...]
    draws: int
    looked_at: int


def compare(
    market: Market,
    rules: Rules,
    seed: str,
    *,
    draws: int = 200,
    looked_at: int = 30,
    threads: int | None = None,
    keeping_limits: bool = False,
) -> Comparison:
    """Run the chosen rules and each alternative on the same redraws.

    Parameters
    ----------
    market
        Before the gate has removed anybody's pairs, so that what the gate costs can be seen.
    seed, threads
        As in `tazuna.matching.redraws.count_offers`.
    draws, looked_at
        Redraws for places and ranks, and for the slower blocking pairs and envy.
    keeping_limits
        Leave out alternatives that do not keep the limits of the chosen rules: enough for `runner_up`.

    Raises
    ------
    StudyError
        The chosen rules themselves do not go together.
    """
    rows = [_cost(mechanism_of(market, rules), "chosen", True, seed, draws, looked_at, threads)]
    impossible: list[tuple[Message, Message]] = []
    for code, changed, keeps in _alternatives(market, rules):
        if keeping_limits and not keeps:
            continue
        try:
            mechanism = mechanism_of(market, changed)
        except StudyError as error:
            impossible.append((NAMES[code], error.problem))
            continue
        rows.append(_cost(mechanism, code, keeps, seed, draws, looked_at, threads))
    return Comparison(tuple(rows), tuple(impossible), draws, looked_at)


def runner_up(comparison: Comparison) -> Cost | None:
    """The alternative that keeps the same limits and fills most places, then most first choices.

    Differences below half a person count as none. None where no alternative keeps the limits.
    """
    keeping = [row for row in comparison.rows[1:] if row.keeps_limits]
    most = max((row.places for row in keeping), default=0.0)
    fullest = [row for row in keeping if row.places > most - 0.5]
    return max(fullest, key=lambda row: row.first_choices, default=None)


def _alternatives(market: Market, rules: Rules) -> Iterator[tuple[Code, Rules, bool]]:
    """The rules with one thing changed at a time, and whether the limits of the chosen ones still hold."""
    trading = rules.reciprocity == "two_sided_ttc"
    if not trading:
        other_ties: Literal["single", "multiple"] = "multiple" if rules.ties == "single" else "single"
        yield other_ties, replace(rules, ties=other_ties), True
        if rules.open_places is not None:
            yield "no_open_places", replace(rules, open_places=None), True
        if rules.reserves:
            yield "no_reserves", replace(rules, reserves=()), False
        if rules.regions:
            yield "no_regions", replace(rules, regions=()), False
            other: Literal["turns", "drawn_order"] = (
                "turns" if rules.regional_choice == "drawn_order" else "drawn_order"
            )
            yield other, replace(rules, regional_choice=other), True
    if (market.sender >= 0).any():
        yield from _other_reciprocity(rules)
    if market.minimum.any() and not trading:
        for minimums in ("report", "close_and_rerun", "extended_seats"):
            if minimums != rules.minimums:
                yield minimums, replace(rules, minimums=minimums), False


def _other_reciprocity(rules: Rules) -> Iterator[tuple[Code, Rules, bool]]:
    for reciprocity in ("none", "gate", "senders_first", "two_sided_ttc"):
        keeps = reciprocity in _IMPLIES[rules.reciprocity]
        already = reciprocity == "senders_first" and rules.sending is not None
        if already or reciprocity == rules.reciprocity:
            continue
        dropped = rules.reciprocity == "senders_first" and not keeps
        sending = None if dropped else rules.sending
        yield reciprocity, replace(rules, reciprocity=reciprocity, sending=sending), keeps


def _cost(
    mechanism: Mechanism,
    code: Code,
    keeps_limits: bool,
    seed: str,
    draws: int,
    looked_at: int,
    threads: int | None,
) -> Cost:
    market, rules = mechanism.market, mechanism.rules
    counts = count_offers(mechanism, draws, seed, threads=threads).held
    placed = int(counts.sum())
    yardstick, redraws = Yardstick(market, rules), Redraws(seed)
    numbers, workspace = mechanism.empty_numbers(), mechanism.workspace()
    blocking = envy = 0
    for draw in range(looked_at):
        redraws.fill(numbers, draw)
        held = mechanism.assign(numbers, workspace)
        found = yardstick.measure(numbers, held, mechanism.taking_part(numbers))
        blocking += found.blocking_outside
        envy += found.justified_envy
    return Cost(
        code=code,
        name=NAMES[code],
        places=placed / draws,
        first_choices=int(counts[market.rank == 1].sum()) / draws,
        mean_rank=float(counts @ market.rank) / placed if placed else np.nan,
        by_rank=np.bincount(market.rank - 1, counts) / draws,
        blocking_pairs=blocking / looked_at,
        justified_envy=envy / looked_at,
        promise=promise_of(rules),
        keeps_limits=keeps_limits,
    )
