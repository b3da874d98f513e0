"""Who competed for which places (競合): the facts behind everybody's reason, counted from one draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.matching.blocks import Layer, layers_of
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Floats, Indices, Integers, Market
from tazuna.matching.rules import Rules


@dataclass(frozen=True, slots=True)
class Competition:
    """One draw seen from each pair.

    Parameters
    ----------
    layers
        Of places, in the order in which they are filled.
    layer
        Int32, one an applicant: index of the layer in which they have their place, or -1.
    wanted
        Bool, one an edge: the applicant has this place, or would rather have it than what they have.
    room
        Bool, one an edge: a place that the applicant could have had was left empty.
    last_tier
        Int32, one a programme: the last tier with a tiered place; 0 where nobody has one.
    tier_people, tier_places
        Int64, one an edge: people of the same tier there who wanted a tiered place, and tiered places that
        this tier got.
    tiered_filled
        Int64, one a programme: tiered places that somebody has.
    open_people, open_places
        Int64, one a programme: people left for the open places, and open places.
    turned_away
        Bool, one a programme: somebody wanted a place there and has not got it.
    """

    layers: tuple[Layer, ...]
    layer: Indices
    wanted: Flags
    room: Flags
    last_tier: Indices
    tier_people: Integers
    tier_places: Integers
    tiered_filled: Integers
    open_people: Integers
    open_places: Integers
    turned_away: Flags


def competition_of(
    market: Market, rules: Rules, numbers: Numbers, held: Integers, taking_part: Flags
) -> Competition:
    """Count the competition of one draw.

    Parameters
    ----------
    numbers
        Of the draw.
    held
        Int64, one an applicant: the edge held, or -1.
    taking_part
        Bool, one an applicant: False for those whose firm's senders were drawn without them.
    """
    layers, programs = layers_of(market, rules), len(market.programs)
    owner = market.applicant_of_edge()
    wanted = taking_part[owner] & ((held[owner] < 0) | (np.arange(market.edges) <= held[owner]))
    layer = _layers_held(market, layers, numbers, held)
    of_edge = np.full(market.edges, -1, np.int32)
    of_edge[held[held >= 0]] = layer[held >= 0]

    tiered = np.array([kind.kind in ("tiered", "extended") for kind in layers])
    first_tiered, in_tiered = int(np.argmax(tiered)), (of_edge >= 0) & tiered[of_edge]
    last_tier = np.zeros(programs, np.int32)
    np.maximum.at(last_tier, market.program[in_tiered], market.tier[in_tiered])
    same = np.unique(
        market.program * (int(market.tier.max(initial=0)) + 1) + market.tier, return_inverse=True
    )[1]
    still = wanted & ((of_edge < 0) | (of_edge >= first_tiered))

    opened = np.sum([kind.places for kind in layers if kind.kind == "open"], axis=0, dtype=np.int64)
    is_open = np.array([kind.kind == "open" for kind in layers])
    for_open = wanted & ((of_edge < 0) | is_open[of_edge])
    return Competition(
        layers=layers,
        layer=layer,
        wanted=wanted,
        room=_room(market, layers, of_edge),
        last_tier=last_tier,
        tier_people=np.bincount(same, still)[same].astype(np.int64) if same.size else same,
        tier_places=np.bincount(same, in_tiered)[same].astype(np.int64) if same.size else same,
        tiered_filled=np.bincount(market.program[in_tiered], minlength=programs).astype(np.int64),
        open_people=np.bincount(market.program, for_open, programs).astype(np.int64),
        open_places=np.broadcast_to(opened, programs),
        turned_away=np.bincount(market.program[wanted & (of_edge < 0)], minlength=programs) > 0,
    )


def _layers_held(market: Market, layers: tuple[Layer, ...], numbers: Numbers, held: Integers) -> Indices:
    """The layer of each applicant's place: each layer in turn takes its best of those not yet taken."""
    people = np.flatnonzero(held >= 0)
    edges = held[people]
    drawn: Floats = numbers.person[people] if numbers.pair is None else numbers.pair[edges]
    program, tier = market.program[edges], market.tier[edges]
    found = np.full(people.size, -1, np.int32)
    for index, layer in enumerate(layers):
        may = found < 0 if layer.members is None else (found < 0) & layer.members[edges]
        position = drawn if layer.kind == "open" else tier + drawn
        left = np.flatnonzero(may)
        left = left[np.lexsort((position[left], program[left]))]
        place = np.arange(left.size) - np.searchsorted(program[left], program[left])
        found[left[place < layer.places[program[left]]]] = index
    layer_of = np.full(held.size, -1, np.int32)
    layer_of[people] = found
    return layer_of


def _room(market: Market, layers: tuple[Layer, ...], of_edge: Indices) -> Flags:
    """Whether a layer that is open to the applicant of an edge has an empty place."""
    room = np.zeros(market.edges, np.bool_)
    for index, layer in enumerate(layers):
        filled = np.bincount(market.program[of_edge == index], minlength=len(market.programs))
        empty = (filled < layer.places)[market.program]
        room |= empty if layer.members is None else empty & layer.members
    return room
