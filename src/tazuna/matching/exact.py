"""Exact chances (厳密な確率) in small markets: every order of the lottery numbers is run once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, permutations, product

import numpy as np

from tazuna.errors import TazunaError
from tazuna.language import message
from tazuna.matching.certified import Certified
from tazuna.matching.deferred_acceptance import DeferredAcceptance
from tazuna.matching.market import Flags, Floats, Integers, market_of_lists
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.rules import Rules

MOST_ORDERS = 1_000_000
ROWS = 5000
"""Results that are kept before they are counted."""


@dataclass(frozen=True, slots=True)
class _Lottery:
    """Numbers of which every order counts.

    ``size`` values, of which those of each of the ``groups`` are put into every order, each group by itself.
    ``person``, ``pair``: which value is the number of each applicant and each edge.
    """

    size: int
    groups: tuple[Integers, ...]
    person: Integers
    pair: Integers | None

    def orders(self) -> Iterator[Floats]:
        """Every combination of orders, in the same array."""
        values = np.full(self.size, 0.5)
        drawn = np.concatenate([np.empty(0, np.int64), *self.groups])
        marks = [[(k + 0.5) / group.size for k in range(group.size)] for group in self.groups]
        for combination in product(*map(permutations, marks)):
            values[drawn] = tuple(chain(*combination))
            yield values


@dataclass(frozen=True, slots=True)
class _Part:
    """A market that can be enumerated by itself; ``edge``: what each of its edges is in the whole market."""

    mechanism: Mechanism
    lottery: _Lottery
    edge: Integers


def exact_by_components(mechanism: DeferredAcceptance, certified: Certified) -> Floats:
    """Chances under plain deferred acceptance, enumerating apart who cannot get into each other's way.

    Certain seats are taken out and pairs certified never are left out. What remains falls into components
    that share no block with more people than places. With a single lottery all orders of a component's people
    are run; with several, all orders inside each lottery, and inside each tier where tiers decide first.

    Returns
    -------
    Float64, one an edge of the market: share of the orders, exact up to rounding.

    Raises
    ------
    TazunaError
        Together more than `MOST_ORDERS` orders.
    """
    parts = _components(mechanism, certified)
    _refuse_above_limit(parts)
    chance = np.zeros(mechanism.market.edges)
    chance[mechanism.blocks.edge[certified.always_entries]] = 1.0
    for part in parts:
        np.add.at(chance, part.edge, _shares(part))
    return chance


def exact_of_any(mechanism: Mechanism) -> Floats:
    """Chances under any mechanism: all orders of all numbers.

    Returns
    -------
    Float64, one an edge of the market.

    Raises
    ------
    TazunaError
        More than `MOST_ORDERS` orders.
    """
    people, edges = len(mechanism.market.applicants), mechanism.market.edges
    person, pair = np.arange(people), None
    groups: tuple[Integers, ...] = (person,)
    if mechanism.rules.ties == "multiple":
        pair = people + np.arange(edges)
        groups = (person, pair)
    size = people if pair is None else people + edges
    part = _Part(mechanism, _Lottery(size, groups, person, pair), np.arange(edges))
    _refuse_above_limit([part])
    return _shares(part)


def _refuse_above_limit(parts: Iterable[_Part]) -> None:
    total = 0
    for part in parts:
        orders = 1
        for group in part.lottery.groups:
            for factor in range(2, group.size + 1):
                orders = min(orders * factor, MOST_ORDERS + 1)
        total += orders
    if total > MOST_ORDERS:
        raise TazunaError(
            message(
                "Exact chances need more than {limit} orders of the lottery numbers here.",
                limit=f"{MOST_ORDERS:,}",
            ),
            message("Let the chances be simulated instead."),
        )


def _shares(part: _Part) -> Floats:
    """Float64, one an edge of the part: in which share of the orders it is held."""
    mechanism, lottery = part.mechanism, part.lottery
    numbers, workspace = mechanism.empty_numbers(), mechanism.workspace()
    counts = np.zeros(part.edge.size + 1, np.int64)
    rows = np.empty((ROWS, lottery.person.size), np.int64)
    run = 0
    for run, values in enumerate(lottery.orders(), start=1):
        numbers.person[:] = values[lottery.person]
        if numbers.pair is not None:
            numbers.pair[:] = values[lottery.pair]
        rows[(run - 1) % ROWS] = mechanism.assign(numbers, workspace)
        if run % ROWS == 0:
            counts += np.bincount(rows.ravel() + 1, minlength=counts.size)
    counts += np.bincount(rows[: run % ROWS].ravel() + 1, minlength=counts.size)
    shares: Floats = counts[1:] / run
    return shares


def _components(mechanism: DeferredAcceptance, certified: Certified) -> list[_Part]:
    """Deferred acceptance on each component, every block a programme of its own."""
    # Imported here: a quarter of a second, which a simulated draw need not wait for.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    blocks, people = mechanism.blocks, len(mechanism.market.applicants)
    owner = np.repeat(np.arange(people), np.diff(blocks.start))
    seated = np.zeros(people, np.bool_)
    seated[owner[certified.always_entries]] = True
    places = blocks.places - np.bincount(blocks.block[certified.always_entries], minlength=blocks.count)
    entries = np.flatnonzero(~certified.never_entries & ~seated[owner])
    scarce = np.bincount(blocks.block[entries], minlength=blocks.count) > places

    links = entries[scarce[blocks.block[entries]]]
    shape = (people + blocks.count, people + blocks.count)
    graph = coo_array((np.ones(links.size), (owner[links], people + blocks.block[links])), shape=shape)
    label = connected_components(graph, directed=False)[1][owner[entries]]
    order = np.argsort(label, kind="stable")
    bounds = np.flatnonzero(np.diff(label[order])) + 1
    return [
        _part(mechanism, part, owner[part], places, scarce)
        for part in np.split(entries[order], bounds)
        if part.size
    ]


def _part(
    mechanism: DeferredAcceptance, entries: Integers, owner: Integers, places: Integers, scarce: Flags
) -> _Part:
    blocks, market = mechanism.blocks, mechanism.market
    people, person = np.unique(owner, return_inverse=True)
    kept, block = np.unique(blocks.block[entries], return_inverse=True)
    lists: list[list[int]] = [[] for _ in people]
    tiers: dict[tuple[int, int], int] = {}
    for i, s, tier in zip(person.tolist(), block.tolist(), blocks.tier[entries].tolist(), strict=True):
        lists[i].append(s)
        tiers[i, s] = tier
    ties = mechanism.rules.ties
    local = DeferredAcceptance(market_of_lists(lists, places[kept].tolist(), tiers), Rules(ties=ties))
    everybody = np.arange(people.size)
    if ties == "single":
        lottery = _Lottery(people.size, (everybody,), everybody, None)
    else:
        edges, pair = np.unique(blocks.edge[entries], return_inverse=True)
        drawn = scarce[blocks.block[entries]]
        opened = np.array([layer.kind == "open" for layer in blocks.layers])[blocks.layer] & scarce
        by_number_alone = np.isin(market.program[edges], blocks.program[kept[opened[kept]]])
        tier = np.where(by_number_alone, 0, market.tier[edges])
        _, group = np.unique(np.stack([market.program[edges], tier]), axis=1, return_inverse=True)
        matters = np.unique(pair[drawn])
        groups = tuple(matters[group[matters] == g] for g in np.unique(group[matters]))
        lottery = _Lottery(edges.size, groups, np.zeros(people.size, np.int64), pair)
    return _Part(local, lottery, blocks.edge[entries].astype(np.int64))
