"""From the rules of a round to its mechanism (割当方式)."""

from __future__ import annotations

from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import Market
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.minimums import CloseAndRerun, expect_room_for_minimums
from tazuna.matching.nested_caps import expect_nested
from tazuna.matching.reciprocity import SendersFirst, gate_limits, gated_pairs, places_posted
from tazuna.matching.regional_caps import CappedAcceptance
from tazuna.matching.rules import PLAIN, Rules
from tazuna.matching.two_sided_ttc import TwoSidedTopTradingCycles


def mechanism_of(market: Market, rules: Rules = PLAIN) -> Mechanism:
    """The mechanism that the rules describe, on one market.

    Deferred acceptance on blocks; under limits if there are regions or extended seats; closing and
    re-running around it; senders drawn first around that. Or two-sided top trading cycles alone.

    Limits on sending hold whatever ``reciprocity`` says, by drawing the senders first; ``senders_first``
    without limits means as many as places posted. Pairs that the gate still finds in the market take no part.

    Raises
    ------
    StudyError
        Two settings do not go together, two regions cross, or more places are reserved and open than there
        are.
    """
    if rules.reciprocity == "two_sided_ttc":
        _expect_plain(rules)
        return TwoSidedTopTradingCycles(market, rules)
    mechanism = _acceptance(market, rules)
    limits = rules.sending
    if rules.reciprocity == "senders_first" and limits is None:
        limits = places_posted(market)
    if rules.reciprocity == "gate" and gated_pairs(market).any():
        limits = gate_limits(market, limits)
    return mechanism if limits is None else SendersFirst(mechanism, limits)


def _acceptance(market: Market, rules: Rules) -> Mechanism:
    """Deferred acceptance with what the rules add to it, without reciprocity."""
    expect_nested(rules.regions)
    if not rules.regions and rules.minimums != "extended_seats":
        plain = DeferredAcceptance(market, rules)
        return CloseAndRerun(plain, plain.blocks) if rules.minimums == "close_and_rerun" else plain
    capped = CappedAcceptance(market, rules)
    if rules.minimums == "extended_seats":
        expect_room_for_minimums(market, capped.blocks)
    return CloseAndRerun(capped, capped.blocks) if rules.minimums == "close_and_rerun" else capped


def _expect_plain(rules: Rules) -> None:
    """Refuse what two-sided top trading cycles cannot keep, rather than leave it out silently."""
    beside = next(
        (
            setting
            for setting, given in (
                ("ties = “multiple”", rules.ties == "multiple"),
                ("reserves", bool(rules.reserves)),
                ("caps of kind region or receiving", bool(rules.regions)),
                (f"minimums = “{rules.minimums}”", rules.minimums != "report"),
            )
            if given
        ),
        None,
    )
    if beside is not None:
        raise StudyError(
            message(
                "reciprocity = “two_sided_ttc” and {setting} do not go together: firms trade places one for "
                "one, and nothing else can hold.",
                setting=beside,
            ),
            message("Remove one of the two, or choose reciprocity = “senders_first” or “gate”."),
        )
