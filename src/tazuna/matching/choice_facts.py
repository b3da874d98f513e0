"""What happened at one choice of each person (希望ごとの結果): the case, and the numbers that tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.matching.chances import ALWAYS, Chances
from tazuna.matching.competition import Competition, competition_of
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Integers
from tazuna.matching.mechanism import Mechanism


@dataclass(frozen=True, slots=True)
class DrawSeen:
    """One draw of a mechanism with the competition in it.

    Parameters
    ----------
    held
        Int64, one an applicant: the edge held, or -1.
    taking_part
        Bool, one an applicant: False for those whose firm's senders were drawn without them.
    """

    mechanism: Mechanism
    held: Integers
    taking_part: Flags
    competition: Competition
    chances: Chances


def draw_seen(mechanism: Mechanism, numbers: Numbers, held: Integers, chances: Chances) -> DrawSeen:
    """Count who competed for what in a draw of ``mechanism``."""
    taking_part = mechanism.taking_part(numbers)
    competition = competition_of(mechanism.market, mechanism.rules, numbers, held, taking_part)
    return DrawSeen(mechanism, held, taking_part, competition, chances)


def won(draw: DrawSeen) -> pl.DataFrame:
    """How each applicant came to the place that they have; ``case`` is null for those without one.

    Returns
    -------
    One row an applicant: edge, case, rank, people, places, name (of the reserve).
    """
    market, seen = draw.mechanism.market, draw.competition
    edge = np.maximum(draw.held, 0)
    if not market.edges:
        return _nothing(draw.held.size)
    program, layer = market.program[edge], seen.layer
    kind = np.array([found.kind for found in seen.layers])[layer]
    names = np.array(list(_layer_names(draw.mechanism, seen)))[layer]
    by_tier = market.tier[edge] < seen.last_tier[program]
    by_tier |= seen.tier_people[edge] <= seen.tier_places[edge]
    case = np.select(
        [
            draw.held < 0,
            draw.chances.status[edge] == ALWAYS,
            np.full(edge.size, _exchanges(draw.mechanism)),
            ~seen.turned_away[program],
            kind == "reserved",
            kind == "open",
            by_tier,
        ],
        ["", "sure", "exchange", "room", "reserved", "open", "tier"],
        "drawn",
    )
    in_open = kind == "open"
    return _facts(
        draw,
        draw.held,
        case,
        np.where(in_open, seen.open_people[program], seen.tier_people[edge]),
        np.where(in_open, seen.open_places[program], seen.tier_places[edge]),
        names,
    )


def lost(draw: DrawSeen, edges: Integers) -> pl.DataFrame:
    """Why each applicant has not got one of their choices.

    Parameters
    ----------
    edges
        Int64, one an applicant: an edge that they wanted; -1 for nothing to tell.

    Returns
    -------
    As of `won`; the name is that of the region.
    """
    market, seen = draw.mechanism.market, draw.competition
    if not market.edges:
        return _nothing(edges.size)
    edge = np.maximum(edges, 0)
    program, tier = market.program[edge], market.tier[edge]
    last = seen.last_tier[program]
    region = _full_regions(draw)[program]
    case = np.select(
        [
            edges < 0,
            ~draw.taking_part[market.applicant_of_edge()[edge]],
            market.capacity[program] == 0,
            np.full(edge.size, _exchanges(draw.mechanism)),
            _not_started(draw)[program],
            seen.room[edge] & (region != ""),
            seen.room[edge],
            tier == last,
            seen.open_places[program] > 0,
            last == 0,
            tier > last,
        ],
        [
            "",
            "sending",
            "closed",
            "exchange",
            "not_started",
            "region",
            "limit",
            "drawn",
            "open",
            "reserved",
            "tier",
        ],
        "limit",
    )
    people = np.where(case == "open", seen.open_people[program], seen.tier_people[edge])
    places = np.select(
        [case == "open", case == "tier"],
        [seen.open_places[program], seen.tiered_filled[program]],
        seen.tier_places[edge],
    )
    return _facts(draw, edges, case, people, places, region)


def _facts(
    draw: DrawSeen,
    edges: Integers,
    case: npt.NDArray[np.str_],
    people: Integers,
    places: Integers,
    name: npt.NDArray[np.str_],
) -> pl.DataFrame:
    frame = {"edge": edges, "case": case, "people": people, "places": places, "name": name}
    rank = draw.mechanism.market.rank[np.maximum(edges, 0)].astype(np.int64)
    return pl.DataFrame({**frame, "rank": rank}).with_columns(pl.col("case").replace("", None))


def _nothing(people: int) -> pl.DataFrame:
    """Facts where the market has no pairs at all."""
    numbers = {name: np.full(people, -1) for name in ("edge", "people", "places", "rank")}
    return pl.DataFrame(numbers).with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("case", "name")
    )


def _exchanges(mechanism: Mechanism) -> bool:
    """Whether places were traded, so that tiers made no difference."""
    return mechanism.rules.reciprocity == "two_sided_ttc"


def _not_started(draw: DrawSeen) -> Flags:
    """Programmes that were closed for want of people: Bool, one a programme."""
    market = draw.mechanism.market
    filled = np.bincount(market.program[draw.held[draw.held >= 0]], minlength=len(market.programs))
    closes = draw.mechanism.rules.minimums == "close_and_rerun"
    return np.asarray((filled == 0) & (market.minimum > 0) & closes)


def _full_regions(draw: DrawSeen) -> npt.NDArray[np.str_]:
    """The region at its limit that each programme lies in, the smallest; empty where there is none."""
    market = draw.mechanism.market
    filled = np.bincount(market.program[draw.held[draw.held >= 0]], minlength=len(market.programs))
    found = np.full(len(market.programs), "", dtype=object)
    for region in sorted(draw.mechanism.rules.regions, key=lambda region: -int(region.programs.sum())):
        if filled[region.programs].sum() >= region.upper:
            found[region.programs] = region.name
    return found.astype(np.str_)


def _layer_names(mechanism: Mechanism, seen: Competition) -> Iterator[str]:
    """The name of the reserve that each layer is, else nothing; the first layers are reserves ``before``."""
    reserves = mechanism.rules.reserves
    names = iter(
        [reserve.name for order in ("before", "after") for reserve in reserves if reserve.order == order]
    )
    for layer in seen.layers:
        yield next(names) if layer.kind == "reserved" else ""
