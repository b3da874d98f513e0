"""Blocks of places with one priority each: reserved, tiered and open places of every programme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.matching.market import Flags, Indices, Integers, Market
from tazuna.matching.rules import Rules

Kind = Literal["tiered", "open", "reserved", "extended"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One block of each programme: the same kind of places everywhere.

    Parameters
    ----------
    kind
        ``tiered``: by tier, then number. ``open``: by number alone. ``reserved``: tiered, members only.
        ``extended``: tiered, beyond the programme's minimum.
    places
        Int64, one a programme.
    members
        Bool, one an edge of the market: who may have these places; None for everybody.
    """

    kind: Kind
    places: Integers
    members: Flags | None = None


@dataclass(frozen=True, slots=True)
class Blocks:
    """The market with every programme split into blocks, and every list expanded to match.

    An applicant wants a place of a programme, whatever its kind; so a list names the blocks of a programme in
    the order in which they are filled, where the programme stood. On these lists the choice of a programme
    is plain deferred acceptance (Kominers & Sönmez 2016, https://doi.org/10.3982/TE1839).

    Parameters
    ----------
    start, block, tier, edge
        Int64 n + 1, then one an entry of an expanded list: block, tier there, and the edge of the market that
        the entry stands for.
    places
        Int64, one a block.
    program
        Int32, one a block.
    layer
        Int32, one a block: which of the ``layers``.
    layers
        In the order in which they are filled.
    """

    start: Integers
    block: Indices
    tier: Indices
    edge: Indices
    places: Integers
    program: Indices
    layer: Indices
    layers: tuple[Layer, ...]

    @property
    def count(self) -> int:
        """Number of blocks."""
        return self.places.size


def layers_of(market: Market, rules: Rules) -> tuple[Layer, ...]:
    """The layers that the rules make of every programme's places.

    Raises
    ------
    StudyError
        A programme has fewer places than are reserved and open together.
    """
    spoken_for = np.zeros_like(market.capacity)
    before: list[Layer] = []
    after: list[Layer] = []
    for reserve in rules.reserves:
        spoken_for += reserve.places
        side = before if reserve.order == "before" else after
        side.append(Layer("reserved", reserve.places, reserve.members))
    opened = rules.open_places
    if opened is not None:
        spoken_for += opened
    short = np.flatnonzero(spoken_for > market.capacity)
    if short.size:
        raise StudyError(
            message(
                "The programme {program} has {capacity} places, but {wanted} are reserved or open.",
                program=market.programs[short[0]],
                capacity=int(market.capacity[short[0]]),
                wanted=int(spoken_for[short[0]]),
            ),
            message("Reserve or open fewer places, or offer more."),
        )
    ordinary = market.capacity - spoken_for
    if rules.minimums == "extended_seats":
        regular = np.minimum(ordinary, market.minimum)
        middle = [Layer("tiered", regular), Layer("extended", ordinary - regular)]
    else:
        middle = [Layer("tiered", ordinary)]
    last = [] if opened is None else [Layer("open", opened)]
    return (*before, *middle, *after, *last)


def blocks_of(market: Market, layers: tuple[Layer, ...]) -> Blocks:
    """Split every programme into the blocks of ``layers``; a layer without places makes no block.

    A programme without a single place keeps a block without one, so that its applicants are turned away.
    """
    if len(layers) == 1 and layers[0].members is None:
        programs = np.arange(len(market.programs), dtype=np.int32)
        edges = np.arange(market.edges, dtype=np.int32)
        tier = market.tier if layers[0].kind != "open" else np.ones_like(market.tier)
        return Blocks(
            market.start,
            market.program,
            tier,
            edges,
            layers[0].places,
            programs,
            np.zeros_like(programs),
            layers,
        )
    block_at = _numbered(layers)
    entries = [_entries(market, layer, block_at[:, k]) for k, layer in enumerate(layers)]
    edge = np.concatenate([entry for entry, _ in entries])
    order_in_program = np.concatenate([np.full(entry.size, k) for k, (entry, _) in enumerate(entries)])
    tier = np.concatenate([tiers for _, tiers in entries])
    order = np.lexsort((order_in_program, edge))
    edge, tier, order_in_program = edge[order], tier[order], order_in_program[order]
    per_edge = np.bincount(edge, minlength=market.edges)
    before = np.concatenate([[0], np.cumsum(per_edge)])
    kept = block_at >= 0
    return Blocks(
        start=before[market.start].astype(np.int64),
        block=block_at[market.program[edge], order_in_program].astype(np.int32),
        tier=tier.astype(np.int32),
        edge=edge.astype(np.int32),
        places=np.stack([layer.places for layer in layers], axis=1)[kept],
        program=np.nonzero(kept)[0].astype(np.int32),
        layer=np.nonzero(kept)[1].astype(np.int32),
        layers=layers,
    )


def _numbered(layers: tuple[Layer, ...]) -> Integers:
    """Int64, programmes x layers: index of the block, -1 where the layer has no place there."""
    places = np.stack([layer.places for layer in layers], axis=1)
    kept = places > 0
    tiered = next(k for k, layer in enumerate(layers) if layer.kind == "tiered")
    kept[~kept.any(axis=1), tiered] = True
    return np.where(kept, np.cumsum(kept).reshape(kept.shape) - 1, -1)


def _entries(market: Market, layer: Layer, block: Integers) -> tuple[Indices, Indices]:
    """The edges that may have a place of one layer, and their tiers there."""
    open_to = block[market.program] >= 0
    if layer.members is not None:
        open_to &= layer.members
    edge = np.flatnonzero(open_to).astype(np.int32)
    return edge, np.ones_like(edge) if layer.kind == "open" else market.tier[edge]
