"""The rules of a round (募集回の決め方): how ties are broken, which places are open, which limits hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tazuna.matching.market import Flags, Integers

TieBreaking = Literal["single", "multiple"]
"""One lottery number a person for all programmes (STB), or one a person and programme (MTB)."""
Reciprocity = Literal["none", "gate", "senders_first", "two_sided_ttc"]
Minimums = Literal["report", "close_and_rerun", "extended_seats"]
RegionalChoice = Literal["drawn_order", "turns"]

DEFAULT_TIERS = 2
DEFAULT_OPEN_SHARE = 0.25
"""Of a new round; a study that says nothing has as many tiers as its hosts gave and no open places."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """Places of each programme kept for some (優先枠; Kominers & Sönmez 2016).

    Parameters
    ----------
    name
        As the rules call it, e.g. ``first_timers``.
    members
        Bool, one an edge of the market: who qualifies there.
    places
        Int64, one a programme: how many of its places.
    order
        Whether these places are filled ``before`` the ordinary ones or ``after`` them. Before them, somebody
        who qualifies and would have had an ordinary place takes a reserved one, and the reserve helps less.
    """

    name: str
    members: Flags
    places: Integers
    order: Literal["before", "after"] = "after"


@dataclass(frozen=True, slots=True)
class Region:
    """A limit on the places filled in some programmes together (地域の上限).

    Parameters
    ----------
    name
        As in the table ``caps``.
    programs
        Bool, one a programme.
    upper
        Most people in them together.
    lower
        Fewest wished for; never enforced, the preview reports how likely it is missed. 0: none.
    """

    name: str
    programs: Flags
    upper: int
    lower: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything beside the market that decides who gets which place.

    Parameters
    ----------
    ties
        How ties inside a tier are broken.
    open_places
        Int64, one a programme: how many of its places are drawn among all accepted after the tiered ones, by
        the same numbers (公開抽選枠); None for none.
    reserves
        In the order in which they are filled.
    regions
        Limits on groups of programmes: disjoint or nested, else no mechanism here can promise anything.
    regional_choice
        Who is kept where a region is full: those with the best positions (``drawn_order``), or the programmes
        take one each in turns (``turns``).
    reciprocity
        What a firm that sends people must do (相互性).
    sending
        Int64, one an organisation: most people that it may send; -1 for no limit; None for none at all. With
        ``senders_first`` those who may go are drawn before the places.
    minimums
        What is done about programmes that would start with fewer than their minimum.
    """

    ties: TieBreaking = "single"
    open_places: Integers | None = None
    reserves: tuple[Reserve, ...] = ()
    regions: tuple[Region, ...] = ()
    regional_choice: RegionalChoice = "drawn_order"
    reciprocity: Reciprocity = "none"
    sending: Integers | None = None
    minimums: Minimums = "report"


PLAIN = Rules()
"""Deferred acceptance with tiers and a single lottery, nothing else."""
