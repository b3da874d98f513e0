"""Pairing for dialogue (対話の組み合わせ): with somebody one does not usually talk to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.language import Message, message
from tazuna.matching.conflict import Conflict
from tazuna.matching.market import Flags, Floats
from tazuna.matching.pair_graph import (
    Noise,
    Novelty,
    PairGraph,
    PairRules,
    PastRound,
    matched,
    matching_graph,
    pair_graph,
)
from tazuna.matching.shortage import pairing_conflict
from tazuna.matching.trio import best_with_trio

_REPLANS = 20


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who talks with whom in one round.

    Parameters
    ----------
    groups
        Pairs, and at most one group of three, each sorted by id.
    unpaired
        Ids for whom no partner was found; empty unless ``conflict`` says why.
    novelty
        Points of each group: of its pair, or the mean of its three pairs; without the noise.
    repeated
        How many of the groups bring together people who met in an earlier round of the same plan.
    trio_proven
        Whether no other group of three gives more points; None without a group of three.
    candidates
        Every pair that was allowed: person_a, person_b, novelty, noise. The record of what was drawn.
    noise
        Seed and size of the random points, None without.
    experiment
        Whether the round can be used as an experiment.
    conflict
        Why not everybody has a partner, or None.
    """

    groups: tuple[tuple[str, ...], ...]
    unpaired: tuple[str, ...]
    novelty: tuple[float, ...]
    repeated: int
    trio_proven: bool | None
    candidates: pl.DataFrame
    noise: Noise | None
    experiment: Message
    conflict: Conflict | None


def form_pairs(
    people: pl.DataFrame,
    *,
    rules: PairRules | None = None,
    novelty: Novelty | None = None,
    past: Sequence[PastRound] = (),
    noise: Noise | None = None,
) -> Pairing:
    """Pairs in which as many as possible take part and that are, in total, as new as possible.

    A maximum-weight matching among the largest ones, on the graph of pairs that no rule excludes. In an odd
    round one group is of three. The same people give the same pairs, whatever the order of the rows: equal
    totals are decided by the search, which goes by the order of ids.

    Parameters
    ----------
    people
        Columns of the table ``people``: ``person_id`` and those that ``rules`` and ``novelty`` name.
    rules
        Who is never brought together; by default the same department, the reporting line, all past partners.
    novelty
        What makes a pair new.
    past
        Groups of earlier rounds, the oldest round first.
    noise
        Random points for each pair, so that chance takes part and the round can be an experiment. Without it
        the pairs follow from the list alone.

    Raises
    ------
    TazunaError
        Where an id stands twice, or a pair to keep apart names somebody who does not take part.
    MissingInputError
        Where a rule needs a column that ``people`` lacks.

    Examples
    --------
    >>> import polars as pl
    >>> people = pl.DataFrame({"person_id": ["a", "b", "c", "d"], "department": ["X", "X", "Y", "Y"]})
    >>> form_pairs(people, rules=PairRules(reporting_line=False)).groups
    (('a', 'd'), ('b', 'c'))
    """
    graph = pair_graph(people, rules or PairRules(), novelty or Novelty(), past, noise)
    return _paired(graph, noise, np.zeros((len(graph.ids), len(graph.ids)), np.bool_))


def plan_rounds(
    people: pl.DataFrame,
    rounds: int,
    *,
    rules: PairRules | None = None,
    novelty: Novelty | None = None,
    past: Sequence[PastRound] = (),
    noise: Noise | None = None,
) -> tuple[Pairing, ...]:
    """Several rounds in a row (数回分の計画), in which nobody meets anybody twice while this is possible.

    Each round is paired with as few repeats as possible, then by novelty. Where a repeat comes up, the plan
    is made anew, up to 20 times, with the novelty mixed more and more with fixed numbers, and the plan with
    the fewest repeats is taken, the earliest of equal ones. This is a search: it finds a plan without
    repeats in nearly every case that has one, and `Pairing.repeated` counts what is left.

    Parameters
    ----------
    people, rules, novelty, past
        As in `form_pairs`; partners of ``past`` stay excluded as the rules say.
    rounds
        How many, 1 or more.
    noise
        Round k, counted from 0, uses the seed ``noise.seed + k``.
    """
    if rounds < 1:
        raise TazunaError(message("A plan needs 1 round or more, not {rounds}.", rounds=rounds))
    rules, novelty = rules or PairRules(), novelty or Novelty()
    best = _planned(people, rounds, rules, novelty, past, noise, 0.0)
    for attempt in range(1, _REPLANS + 1):
        if not _repeats(best):
            break
        plan = _planned(people, rounds, rules, novelty, past, noise, attempt / _REPLANS)
        best = min(best, plan, key=_repeats)
    return best


def _repeats(plan: Sequence[Pairing]) -> int:
    return sum(pairing.repeated for pairing in plan)


def _planned(
    people: pl.DataFrame,
    rounds: int,
    rules: PairRules,
    novelty: Novelty,
    past: Sequence[PastRound],
    noise: Noise | None,
    mixing: float,
) -> tuple[Pairing, ...]:
    pairings: list[Pairing] = []
    own_rules = PairRules(
        rules.same_department,
        rules.same_organisation,
        rules.reporting_line,
        len(past) if rules.past_rounds is None else rules.past_rounds,
        rules.apart,
    )
    met: Flags | None = None
    for number in range(rounds):
        of_round = None if noise is None else Noise(noise.seed + number, noise.size)
        graph = pair_graph(people, own_rules, novelty, past, of_round)
        met = np.zeros((len(graph.ids), len(graph.ids)), np.bool_) if met is None else met
        pairing = _paired(graph, of_round, met, _mixed(graph, mixing, number))
        met = met | _met_in(graph, pairing)
        pairings.append(pairing)
    return tuple(pairings)


def _mixed(graph: PairGraph, mixing: float, number: int) -> Floats:
    """Fixed numbers of up to the share ``mixing`` of the most points, symmetric."""
    n = len(graph.ids)
    rng = np.random.Generator(np.random.Philox([round(mixing * _REPLANS), number]))
    drawn = np.triu(rng.random((n, n)), 1) * mixing * float(graph.novelty.max(initial=0.0) or 1.0)
    return np.asarray(drawn + drawn.T)


def _met_in(graph: PairGraph, pairing: Pairing) -> Flags:
    places = {person: place for place, person in enumerate(graph.ids)}
    met = np.zeros((len(places), len(places)), np.bool_)
    for group in pairing.groups:
        members = [places[person] for person in group]
        met[np.ix_(members, members)] = True
    return met


def _paired(graph: PairGraph, noise: Noise | None, avoided: Flags, mixed: Floats | None = None) -> Pairing:
    """The best groups, with as few as possible of the ``avoided`` pairs."""
    allowed = graph.allowed()
    points = graph.points(mixed)
    first_of_all = len(graph.ids) * (int(points.max(initial=0)) + 1)
    points = points + first_of_all * ~avoided
    nodes = matching_graph(points, allowed)
    pairs = matched(nodes)
    with_trio = None
    if 2 * len(pairs) < len(graph.ids):
        with_trio = best_with_trio(nodes, points, allowed, pairs)
    places = sorted(pairs if with_trio is None else (*with_trio.pairs, with_trio.trio))
    seated = {place for group in places for place in group}
    unpaired = tuple(person for place, person in enumerate(graph.ids) if place not in seated)
    inner = [np.ix_(group, group) for group in places]
    return Pairing(
        groups=tuple(tuple(graph.ids[place] for place in group) for group in places),
        unpaired=unpaired,
        novelty=tuple(
            float(graph.novelty[cell][np.triu_indices(len(group), 1)].mean())
            for cell, group in zip(inner, places, strict=True)
        ),
        repeated=sum(bool(avoided[cell][np.triu_indices(len(cell[0]), 1)].any()) for cell in inner),
        trio_proven=None if with_trio is None else with_trio.proven,
        candidates=_candidates(graph, allowed),
        noise=noise,
        experiment=_experiment(noise),
        conflict=pairing_conflict(graph) if unpaired else None,
    )


def _candidates(graph: PairGraph, allowed: Flags) -> pl.DataFrame:
    first, second = np.nonzero(np.triu(allowed, 1))
    ids = pl.Series(graph.ids, dtype=pl.String)
    return pl.DataFrame(
        {
            "person_a": ids.gather(first),
            "person_b": ids.gather(second),
            "novelty": graph.novelty[first, second],
            "noise": graph.noise[first, second],
        }
    )


def _experiment(noise: Noise | None) -> Message:
    if noise is None:
        return message("The pairs follow from the list alone, without chance: no experiment is possible.")
    return message(
        "Chance took part in the pairs, and its numbers are recorded (seed {seed}, up to {size} points a"
        " pair): an experiment is possible.",
        seed=noise.seed,
        size=noise.size,
    )
