"""Deferred acceptance written a second time, plainly, and run on every order of the lottery numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import permutations, product

import numpy as np

from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.rules import Reserve, Rules, TieBreaking

Numbers = dict[tuple[int, int], float]
"""(person, programme) → lottery number."""


@dataclass(frozen=True)
class SmallMarket:
    """Lists, tiers and places in plain Python; ``members`` may have a reserved place at any programme."""

    lists: list[list[int]]
    tiers: dict[tuple[int, int], int]
    capacity: list[int]
    opened: list[int]
    reserved: list[int]
    members: set[int] = field(default_factory=set)
    reserved_first: bool = False

    def market(self) -> Market:
        return market_of_lists(self.lists, self.capacity, self.tiers)

    def rules(self, ties: TieBreaking) -> Rules:
        market = self.market()
        reserve = Reserve(
            name="first_timers",
            members=np.isin(market.applicant_of_edge(), sorted(self.members)),
            places=np.array(self.reserved, np.int64),
            order="before" if self.reserved_first else "after",
        )
        return Rules(
            ties=ties,
            open_places=np.array(self.opened, np.int64) if any(self.opened) else None,
            reserves=(reserve,) if any(self.reserved) else (),
        )

    def chosen(self, program: int, people: set[int], numbers: Numbers) -> set[int]:
        """Whom a programme keeps: kind of place after kind of place, the best of those still there."""
        opened, reserved = self.opened[program], self.reserved[program]
        ordinary = self.capacity[program] - opened - reserved
        kinds = [("ordinary", ordinary), ("reserved", reserved), ("open", opened)]
        if self.reserved_first:
            kinds = [kinds[1], kinds[0], kinds[2]]
        kept: set[int] = set()
        for kind, places in kinds:
            eligible = people - kept
            if kind == "reserved":
                eligible &= self.members
            best_first = sorted(
                eligible,
                key=lambda i: (0 if kind == "open" else self.tiers.get((i, program), 1), numbers[i, program]),
            )
            kept |= set(best_first[:places])
        return kept

    def placed(self, numbers: Numbers) -> dict[int, int]:
        """Person → programme: everybody asks in turn until nobody is refused any more."""
        asked = [0] * len(self.lists)
        held: list[set[int]] = [set() for _ in self.capacity]
        free = [i for i, choices in enumerate(self.lists) if choices]
        while free:
            person = free.pop()
            program = self.lists[person][asked[person]]
            candidates = held[program] | {person}
            held[program] = self.chosen(program, candidates, numbers)
            for refused in candidates - held[program]:
                asked[refused] += 1
                if asked[refused] < len(self.lists[refused]):
                    free.append(refused)
        return {person: program for program, people in enumerate(held) for person in people}

    def all_numbers(self, ties: TieBreaking) -> Iterator[Numbers]:
        """Every order of the numbers once; all are equally likely."""
        people, programs = range(len(self.lists)), range(len(self.capacity))
        if ties == "single":
            for order in permutations(people):
                yield {(i, s): float(place) for place, i in enumerate(order) for s in programs}
            return
        listed = [[i for i in people if s in self.lists[i]] for s in programs]
        for orders in product(*(list(permutations(there)) for there in listed)):
            yield {(i, s): float(place) for s in programs for place, i in enumerate(orders[s])}

    def chances(self, ties: TieBreaking) -> list[Fraction]:
        """One a pair, in the order of the lists."""
        counts = {(i, s): 0 for i, choices in enumerate(self.lists) for s in choices}
        runs = 0
        for numbers in self.all_numbers(ties):
            runs += 1
            for pair in self.placed(numbers).items():
                counts[pair] += 1
        return [Fraction(count, runs) for count in counts.values()]


def random_market(
    rng: np.random.Generator, people: int, programs: int, *, kinds: bool = False, tiers: int = 3
) -> SmallMarket:
    """Lists of any length, tiers, programmes with no place up to two; with ``kinds`` also other places."""
    capacity = rng.integers(0, 4 if kinds else 3, programs)
    opened = rng.integers(0, capacity // 2 + 1) if kinds else np.zeros(programs, int)
    reserved = rng.integers(0, (capacity - opened) // 2 + 1) if kinds else np.zeros(programs, int)
    lists = [
        [int(s) for s in rng.permutation(programs)[: rng.integers(1, programs + 1)]] for _ in range(people)
    ]
    return SmallMarket(
        lists=lists,
        tiers={(i, s): int(rng.integers(1, tiers + 1)) for i in range(people) for s in lists[i]},
        capacity=capacity.tolist(),
        opened=opened.tolist(),
        reserved=reserved.tolist(),
        members={i for i in range(people) if rng.random() < 0.5},
        reserved_first=bool(rng.random() < 0.5),
    )


def solved_markets(
    seed: int, count: int, *, kinds: bool = False, ties: TieBreaking = "single"
) -> tuple[tuple[SmallMarket, tuple[Fraction, ...]], ...]:
    """Many markets with everybody's chances; kept, because every order takes its time."""
    return _solved_once(seed, count, kinds, ties)  # a cache tells a default left out from one given


@cache
def _solved_once(
    seed: int, count: int, kinds: bool, ties: TieBreaking
) -> tuple[tuple[SmallMarket, tuple[Fraction, ...]], ...]:
    markets = many_markets(seed, count, kinds=kinds, ties=ties)
    return tuple((small, tuple(small.chances(ties))) for small in markets)


def many_markets(
    seed: int, count: int, *, kinds: bool = False, ties: TieBreaking = "single"
) -> list[SmallMarket]:
    """Mostly four to six people, some seven; with several lotteries at most four, for their many orders."""
    rng = np.random.default_rng(seed)
    sizes = [3, 4] if ties == "multiple" else [3, 4, 4, 5, 5, 5, 6]
    markets = []
    for at in range(count):
        people = 7 if ties == "single" and at % 100 == 0 else int(rng.choice(sizes))
        programs = int(rng.integers(2, 3 if ties == "multiple" else 5))
        markets.append(random_market(rng, people, programs, kinds=kinds))
    return markets
