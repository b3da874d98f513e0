"""Drawing a round (抽選の実施): from a study to a market, and from the key to everybody's place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from tazuna.matching.costs import Comparison, compare
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.draw import commitment_of, is_short, key_of, numbers_of
from tazuna.matching.feasibility import Prepared, feasible_market
from tazuna.matching.frozen_tables import Frozen, freeze
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Market
from tazuna.matching.mechanism import Mechanism, Outcome
from tazuna.matching.mechanisms import mechanism_of
from tazuna.matching.public_lists import firm_codes, rules_in_words
from tazuna.matching.reciprocity import GATE, gated_pairs
from tazuna.matching.regional_caps import CappedAcceptance
from tazuna.matching.rules import Rules
from tazuna.matching.rules_of_study import rules_of
from tazuna.study import Study

SHORT = "not secret"
FORESEEN = "the organiser could have foreseen it"


@dataclass(frozen=True, slots=True)
class Ready:
    """A round whose tables are final.

    Parameters
    ----------
    before_gate
        With the pairs that only the gate removes.
    prepared
        Without them.
    rules
        On the market of ``prepared``.
    mechanism
        Both together.
    """

    before_gate: Prepared
    prepared: Prepared
    rules: Rules
    mechanism: Mechanism

    @property
    def market(self) -> Market:
        """The feasible pairs."""
        return self.prepared.market


@dataclass(frozen=True, slots=True)
class Drawn:
    """A round after its draw.

    Parameters
    ----------
    ready, frozen
        What was drawn.
    secret, beacon
        What the key was made of; the beacon None where there was none.
    numbers
        Of the applicants of the market.
    outcome
        Who holds what.
    """

    ready: Ready
    frozen: Frozen
    secret: str
    beacon: str | None
    numbers: Numbers
    outcome: Outcome

    @property
    def marks(self) -> list[str]:
        """See `marks_of`."""
        return marks_of(self.secret, self.beacon)

    def facts(self) -> dict[str, object]:
        """What ``draw.json`` says of the draw itself, and what anybody can compute again."""
        prepared = self.ready.prepared
        codes = firm_codes(prepared.market, self.frozen, self.secret)
        return {
            "round": prepared.round,
            "mechanism": mechanism_name(self.ready.mechanism),
            "rules": rules_in_words(self.ready.rules, codes),
            "beacon": self.beacon,
            "commitment": commitment_of(self.secret),
            "tables_sha256": self.frozen.seal,
            "marks": self.marks,
            "cutoffs": cutoffs_in_words(self.ready.mechanism, self.outcome),
        }


def ready_round(study: Study, round_: str) -> Ready:
    """The round with its rules; where only firms that post may send, without the pairs of the others.

    Raises
    ------
    TazunaError
        As `feasible_market`, `rules_of` and `mechanism_of`.
    """
    prepared = before_gate = feasible_market(study, round_)
    if study.match_of(round_).reciprocity == "gate":
        prepared = without_pairs(prepared, gated_pairs(prepared.market), GATE)
    rules = rules_of(study, prepared)
    return Ready(before_gate, prepared, rules, mechanism_of(prepared.market, rules))


def compared(
    study: Study, ready: Ready, seed: str, *, threads: int | None = None, keeping_limits: bool = False
) -> Comparison:
    """The rules beside other ones, on as many redraws as take seconds, also where the round is large."""
    before = ready.before_gate
    rules = ready.rules if before is ready.prepared else rules_of(study, before)
    edges = max(1, before.market.edges)
    return compare(
        before.market,
        rules,
        seed,
        draws=min(200, max(10, 5_000_000 // edges)),
        looked_at=min(30, max(2, 500_000 // edges)),
        threads=threads,
        keeping_limits=keeping_limits,
    )


def draw_round(study: Study, ready: Ready, secret: str, beacon: str | None) -> Drawn:
    """Freeze the tables, make key and lottery numbers, and run the mechanism once.

    Parameters
    ----------
    secret
        Whose SHA-256 was published at the opening.
    beacon
        The public figure that was named then and came out after the tables were final.
    """
    frozen = freeze(study, ready.prepared, secret)
    key = key_of(secret, beacon)
    numbers = numbers_of(key, ready.prepared.round, frozen.receipts, ready.market, ready.rules)
    return Drawn(ready, frozen, secret, beacon, numbers, ready.mechanism.run(numbers))


def without_pairs(prepared: Prepared, removed: Flags, reason: str) -> Prepared:
    """The round without some of its pairs, which join those removed.

    Parameters
    ----------
    removed
        Bool, one an edge.
    reason
        Code of why.
    """
    market, mask = prepared.market, pl.Series(removed)
    kept = np.bincount(market.applicant_of_edge()[~removed], minlength=len(market.applicants))
    gone = prepared.pairs.filter(mask).select("person_id", "program_id", "rank", reason=pl.lit(reason))
    return replace(
        prepared,
        market=replace(
            market,
            start=np.concatenate([[0], np.cumsum(kept)]).astype(np.int64),
            program=market.program[~removed],
            rank=market.rank[~removed],
            tier=market.tier[~removed],
        ),
        pairs=prepared.pairs.filter(~mask),
        removed=pl.concat([prepared.removed, gone]).sort("person_id", "rank"),
    )


def marks_of(secret: str, beacon: str | None) -> list[str]:
    """What must be said of a draw: its secret could be guessed, or nothing public went into its key."""
    return [SHORT] * is_short(secret) + [FORESEEN] * (not beacon)


def mechanism_name(mechanism: Mechanism) -> str:
    """The parts of a mechanism from the outside in, e.g. ``senders_first, capped_acceptance``."""
    parts = [mechanism]
    while (inside := getattr(parts[-1], "inside", None)) is not None:
        parts.append(inside)
    return ", ".join(_snake(type(part).__name__) for part in parts)


def cutoffs_in_words(mechanism: Mechanism, outcome: Outcome) -> list[dict[str, object]]:
    """The worst admitted position of each kind of places of each programme.

    Position = tier + lottery number (open places: 1 + lottery number). ``cutoff`` is null where nobody was
    turned away, 0 where there is no place; ``places`` is their number.
    """
    innermost = mechanism
    while (inside := getattr(innermost, "inside", None)) is not None:
        innermost = inside
    if not isinstance(innermost, DeferredAcceptance | CappedAcceptance):
        return []
    blocks = innermost.blocks
    order = sorted(mechanism.rules.reserves, key=lambda reserve: reserve.order != "before")
    names = iter([reserve.name for reserve in order])
    kinds = [
        f"reserved: {next(names)}" if layer.kind == "reserved" else layer.kind for layer in blocks.layers
    ]
    return [
        {
            "program_id": mechanism.market.programs[program],
            "kind": kinds[layer],
            "places": int(places),
            "cutoff": None if cutoff == np.inf else max(0.0, float(cutoff)),
        }
        for program, layer, places, cutoff in zip(
            blocks.program, blocks.layer, blocks.places, outcome.cutoffs, strict=True
        )
    ]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")
