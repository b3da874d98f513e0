"""One matching benchmark a process: ``python -m benchmarks.matching_tasks TASK SIZE …`` prints what it found.

Each task warms up first, so that no compilation is timed, and times itself; the memory is that of its arrays.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.matching_market import large_market
from benchmarks.tasks import Found, measured, print_task, resident, timed
from tazuna.matching.chances import chances_of
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.lottery import Numbers, Redraws
from tazuna.matching.market import Market, market_of_lists
from tazuna.matching.present import CACHED_FROM, Ranking, cached_cutoffs, present_chance

RECURSION = 1_000_000
"""The peer copies its players by recursion and needs far more than the usual limit."""
PEAK = Path("/proc/self/clear_refs")
"""Writing 5 to it lets Linux measure the peak of memory anew."""


def one_run(people: int, programs: int, choices: int, runs: int) -> Found:
    """A draw on a large market; ``megabytes`` are those that it needs beyond the tables."""
    _warm_up()
    market = large_market(people, programs, choices)
    PEAK.write_text("5")
    before = resident()
    mechanism = DeferredAcceptance(market)
    numbers = mechanism.empty_numbers()
    Redraws("benchmark").fill(numbers, 0)
    times = timed(lambda: mechanism.run(numbers), runs)
    return measured(times, runs, megabytes=resident() - before)


def redraws(people: int, programs: int, choices: int, draws: int, threads: int, runs: int) -> Found:
    """Everybody's chances from redraws, bounds included; ``digest`` tells whether the counts are the same."""
    _warm_up()
    mechanism = DeferredAcceptance(large_market(people, programs, choices))
    found = chances_of(mechanism, method="simulated", seed="benchmark", draws=draws, threads=threads)
    times = timed(
        lambda: chances_of(mechanism, method="simulated", seed="benchmark", draws=draws, threads=threads),
        runs,
    )
    digest = float(found.chance @ np.arange(1, found.chance.size + 1))
    return measured(times, runs, digest=digest)


def strict(people: int, programs: int, choices: int, runs: int) -> Found:
    """A market without ties, from arrays to everybody's place."""
    _warm_up()
    market, numbers = strict_market(people, programs, choices), Numbers(np.zeros(people))
    times = timed(lambda: DeferredAcceptance(replace(market)).run(numbers), runs)
    return measured(times, runs)


def strict_by_peer(people: int, programs: int, choices: int, runs: int) -> Found:
    """The same by the package ``matching`` from its dictionaries; ``same``: everybody got the same place."""
    from matching.games import HospitalResident

    sys.setrecursionlimit(RECURSION)
    market = strict_market(people, programs, choices)
    lists = market.program.reshape(people, choices)
    order = np.lexsort((market.tier, market.program))
    ranked = np.split(market.applicant_of_edge()[order], np.cumsum(np.bincount(market.program))[:-1])
    wishes = {f"p{i}": [f"g{s}" for s in choice] for i, choice in enumerate(lists.tolist())}
    orders = {f"g{s}": [f"p{i}" for i in found.tolist()] for s, found in enumerate(ranked)}
    seats = {f"g{s}": int(places) for s, places in enumerate(market.capacity)}
    solved: list[dict[str, set[str]]] = []

    def create_and_solve() -> None:
        matched = HospitalResident.create_from_dictionaries(wishes, orders, seats).solve()
        solved.append({host.name: {person.name for person in got} for host, got in matched.items()})

    times = timed(create_and_solve, runs, warm=False)
    held = DeferredAcceptance(market).run(Numbers(np.zeros(people))).held
    ours: dict[str, set[str]] = {name: set() for name in seats}
    for person in np.flatnonzero(held >= 0).tolist():
        ours[f"g{market.program[held[person]]}"].add(f"p{person}")
    return measured(times, runs, same=ours == solved[0])


def ranking(people: int, programs: int, choices: int, runs: int) -> Found:
    """The chance of a ranking that somebody tries out: left-out cut-offs, or cached ones above 5,000."""
    _warm_up()
    market = large_market(people, programs, choices)
    mechanism = DeferredAcceptance(market)
    tried = Ranking(market.program[:choices].astype(np.int64), market.tier[:choices])
    if people > CACHED_FROM:
        cached = cached_cutoffs(mechanism, 1000, "benchmark")
        times = timed(lambda: cached.chance_of(tried), runs)
    else:
        times = timed(lambda: present_chance(mechanism, 0, tried, "benchmark"), runs)
    return measured(times, runs)


def strict_market(people: int, programs: int, choices: int) -> Market:
    """A market in which each programme puts all who list it in an order; tiers are places in the order."""
    market = large_market(people, programs, choices)
    order = np.lexsort((np.random.default_rng(1).random(market.edges), market.program))
    first = np.cumsum(np.bincount(market.program)) - np.bincount(market.program)
    tier = np.empty_like(market.tier)
    tier[order] = np.arange(market.edges) - first[market.program[order]] + 1
    return replace(market, tier=tier)


def _warm_up() -> None:
    """Compile what is timed, on a market of two people."""
    mechanism = DeferredAcceptance(market_of_lists([[0, 1], [0]], [1, 1]))
    chances_of(mechanism, method="simulated", seed="warm", draws=2, threads=1)


TASKS: dict[str, Callable[..., Found]] = {
    "one_run": one_run,
    "redraws": redraws,
    "strict": strict,
    "strict_by_peer": strict_by_peer,
    "ranking": ranking,
}

if __name__ == "__main__":
    print_task(TASKS, [sys.argv[1], *map(int, sys.argv[2:])])
