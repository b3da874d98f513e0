"""Small markets, by Hypothesis and by the thousand, and the search for lists that pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations

import numpy as np
from hypothesis import strategies as st

from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.rules import Region, Reserve, Rules


@st.composite
def markets(draw: st.DrawFn, *, people: int = 7, programs: int = 5) -> Market:
    """Tiers, places for nobody, people without a feasible pair, firms that send and receive."""
    count = draw(st.integers(1, programs))
    lists = draw(
        st.lists(
            st.lists(st.integers(0, count - 1), unique=True, max_size=count), min_size=0, max_size=people
        )
    )
    firms = draw(st.integers(1, 4))
    pairs = [(i, s) for i, choices in enumerate(lists) for s in choices]
    capacity = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return market_of_lists(
        lists,
        capacity,
        {pair: draw(st.integers(1, 3)) for pair in pairs},
        sender=draw(st.lists(st.integers(-1, firms - 1), min_size=len(lists), max_size=len(lists))),
        host=draw(st.lists(st.integers(0, firms - 1), min_size=count, max_size=count)),
        minimum=[draw(st.integers(0, places)) for places in capacity],
    )


@st.composite
def numbers_of(draw: st.DrawFn, market: Market, ties: str) -> Numbers:
    """Lottery numbers in any order, no two the same."""

    def order(size: int) -> np.ndarray:
        return (np.array(draw(st.permutations(range(size))), float) + 0.5) / max(1, size)

    return Numbers(order(len(market.applicants)), order(market.edges) if ties == "multiple" else None)


@st.composite
def nested_regions(draw: st.DrawFn, programs: int) -> tuple[Region, ...]:
    """Regions that come from cutting the programmes ever further; limits from 0 up."""
    regions: list[Region] = []

    def cut(members: list[int]) -> None:
        if draw(st.booleans()):
            flags = np.isin(np.arange(programs), members)
            regions.append(Region(f"r{len(regions)}", flags, draw(st.integers(0, 4))))
        if len(members) > 1:
            at = draw(st.integers(1, len(members) - 1))
            cut(members[:at])
            cut(members[at:])

    cut(draw(st.permutations(range(programs))))
    return tuple(draw(st.permutations(regions)))


@st.composite
def acceptance_rules(draw: st.DrawFn, market: Market) -> Rules:
    """Ties, a reserve on either side, open places: all that is deferred acceptance on blocks."""
    reserved = np.array([draw(st.integers(0, places)) for places in market.capacity], np.int64)
    opened = np.array([draw(st.integers(0, places)) for places in market.capacity - reserved], np.int64)
    members = np.array([draw(st.booleans()) for _ in range(market.edges)], np.bool_)
    side = draw(st.sampled_from(["none", "before", "after"]))
    reserve = () if side == "none" else (Reserve("some", members, reserved, side),)
    return Rules(
        ties=draw(st.sampled_from(["single", "multiple"])),
        open_places=opened if draw(st.booleans()) else None,
        reserves=reserve,
    )


def random_market(rng: np.random.Generator, people: int, programs: int, **given: object) -> Market:
    """Complete lists in any order, up to two places a programme, two tiers, as many firms as programmes."""
    lists = [rng.permutation(programs).tolist() for _ in range(people)]
    tiers = {(i, s): int(rng.integers(1, 3)) for i in range(people) for s in range(programs)}
    options: dict[str, object] = {
        "sender": rng.integers(0, programs, people).tolist(),
        "host": list(range(programs)),
        **given,
    }
    return market_of_lists(lists, rng.integers(0, 3, programs).tolist(), tiers, **options)  # type: ignore[arg-type]


def random_numbers(rng: np.random.Generator, market: Market, ties: str) -> Numbers:
    """Numbers of one draw."""
    pair = rng.random(market.edges) if ties == "multiple" else None
    return Numbers(rng.random(len(market.applicants)), pair)


def other_lists(market: Market, person: int, longest: int) -> Iterator[list[int]]:
    """Every list of a person's edges up to a length, in every order."""
    edges = range(int(market.start[person]), int(market.start[person + 1]))
    for length in range(1, longest + 1):
        for choice in permutations(edges, length):
            yield list(choice)


def with_list(market: Market, person: int, edges: list[int]) -> tuple[Market, np.ndarray]:
    """The market in which one person submitted these edges; and which old edge each new one was."""
    own = market.list_of(person)
    kept = np.concatenate(
        [np.arange(own.start), np.array(edges, np.int64), np.arange(own.stop, market.edges)]
    )
    start = market.start.copy()
    start[person + 1 :] += len(edges) - (own.stop - own.start)
    rank = market.rank[kept]
    rank[own.start : own.start + len(edges)] = np.arange(1, len(edges) + 1)
    changed = replace(market, start=start, program=market.program[kept], rank=rank, tier=market.tier[kept])
    return changed, kept


def lists_that_pay(
    mechanism_of: Callable[[Market, Rules], Mechanism],
    market: Market,
    rules: Rules,
    numbers: Numbers,
    *,
    longest: int | None = None,
) -> int:
    """How many people would gain by another list, everybody else being truthful.

    The market holds each person once for every list (all but one at rest), so that it is laid out once.

    Parameters
    ----------
    longest
        Longest list that may be submitted; the truth is then the best so many.
    """
    people = len(market.applicants)
    most = longest or int(np.diff(market.start).max())
    owner, chosen = [], []
    for person in range(people):
        own = list(range(market.list_of(person).start, market.list_of(person).stop))
        for edges in [
            own[:most],
            *(other for other in other_lists(market, person, most) if other != own[:most]),
        ]:
            owner.append(person)
            chosen.append(edges)
    old = np.array([edge for edges in chosen for edge in edges], np.int64)
    crowd = replace(
        market,
        applicants=tuple(f"{person}-{k}" for k, person in enumerate(owner)),
        start=np.concatenate([[0], np.cumsum([len(edges) for edges in chosen])]).astype(np.int64),
        program=market.program[old],
        rank=np.concatenate([np.arange(1, len(edges) + 1) for edges in chosen]).astype(np.int32),
        tier=market.tier[old],
        sender=market.sender[owner],
    )
    reserves = tuple(replace(reserve, members=reserve.members[old]) for reserve in rules.reserves)
    mechanism = mechanism_of(crowd, replace(rules, reserves=reserves))
    pair = None if numbers.pair is None else numbers.pair[old]
    again = Numbers(numbers.person[owner], pair)
    workspace = mechanism.workspace()
    truth = np.flatnonzero(np.diff(owner, prepend=-1))

    def result(copy: int) -> float:
        workspace.active[:] = False
        workspace.active[truth] = True
        workspace.active[truth[owner[copy]]] = False
        workspace.active[copy] = True
        edge = mechanism.assign(again, workspace)[copy]
        return np.inf if edge < 0 else old[edge]

    paying = 0
    for person in range(people):
        last = truth[person + 1] if person + 1 < people else len(owner)
        by_truth = result(int(truth[person]))
        paying += any(result(copy) < by_truth for copy in range(int(truth[person]) + 1, int(last)))
    return paying


def lists_that_pay_anew(
    mechanism_of: Callable[[Market, Rules], Mechanism], market: Market, rules: Rules, numbers: Numbers
) -> int:
    """The same with a market of its own for every list: for mechanisms that draw who is active."""
    by_truth = mechanism_of(market, rules).run(numbers).held
    paying = 0
    for person, edge in enumerate(by_truth):
        truth = np.inf if edge < 0 else edge
        for edges in other_lists(market, person, int(np.diff(market.start)[person])):
            changed, old = with_list(market, person, edges)
            got = mechanism_of(changed, rules).run(numbers).held[person]
            if got >= 0 and old[got] < truth:
                paying += 1
                break
    return paying
