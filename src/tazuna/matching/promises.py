"""What each set of rules promises (保証), and what it does not: the same words wherever rules are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tazuna.language import Message, message
from tazuna.matching.rules import Rules

_DEFERRED = "Gale & Shapley (1962); Dubins & Freedman (1981); Roth (1982)"


@dataclass(frozen=True, slots=True)
class Promise:
    """What holds whatever people submit.

    Parameters
    ----------
    strategy_proof
        Nobody gains by a list other than the true one: each person gets one place, lists are as long as
        people like, and tiers were given without knowing the ranks.
    stable
        No justified envy, and no pair outside full regions that the limits permit would rather have each
        other.
    words
        What is promised and what is given up, a sentence each.
    sources
        Where it is proved.
    """

    strategy_proof: bool
    stable: bool
    words: tuple[Message, ...]
    sources: tuple[str, ...]


def promise_of(rules: Rules) -> Promise:
    """What the mechanism of ``rules`` promises (see `tazuna.matching.mechanisms.mechanism_of`)."""
    if rules.reciprocity == "two_sided_ttc":
        words: tuple[Message, ...] = (
            message("For people, listing one's true wishes is best."),
            message("Each company receives exactly as many people as it sends."),
            message("Priorities of hosts do not count, and places that no trade reaches stay empty."),
        )
        return Promise(True, False, words, ("Dur & Ünver (2019)",))
    closing = rules.minimums == "close_and_rerun"
    if closing:
        first = message("Leaving a programme off one's list can pay, because it may then be closed.")
    else:
        first = message("Listing one's true wishes is best, and nobody with a worse position is preferred.")
    beside = [*_of_reciprocity(rules), *_of_limits(rules)]
    words = (first, *(sentence for sentence, _ in beside))
    sources = (_DEFERRED, *dict.fromkeys(source for _, source in beside if source))
    return Promise(not closing, not closing, words, sources)


def _of_reciprocity(rules: Rules) -> Iterator[tuple[Message, str]]:
    if rules.reciprocity == "gate":
        yield message("People of companies that offer no place cannot take part."), ""
    if rules.reciprocity == "senders_first" or rules.sending is not None:
        sentence = message(
            "No company sends more than it may; who is not drawn as a sender gets no place even if some stay "
            "empty."
        )
        yield sentence, ""


def _of_limits(rules: Rules) -> Iterator[tuple[Message, str]]:
    if rules.regions:
        sentence = message(
            "Limits are never exceeded; in a full region places can stay empty, also ones that a person in "
            "it would rather have."
        )
        by_turns = "Kamada & Kojima (2015, 2018)"
        by_order = "Kamada & Kojima (2018); Goto et al. (2016); Kojima, Tamura & Yokoo (2018)"
        yield sentence, by_turns if rules.regional_choice == "turns" else by_order
    if rules.minimums == "close_and_rerun":
        yield message("Every programme that runs has its minimum."), ""
    if rules.minimums == "extended_seats":
        sentence = message(
            "The minimums are certain only if everybody lists every programme and there are enough people."
        )
        yield sentence, "Fragiadakis et al. (2015); Kojima, Tamura & Yokoo (2018)"
