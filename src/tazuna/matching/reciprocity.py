"""A firm that sends people also receives (相互性): the gate, and the senders drawn first."""

from __future__ import annotations

from typing import Any

import numpy as np

from tazuna.language import message
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Floats, Integers, Market
from tazuna.matching.mechanism import Mechanism

NO_LIMIT = -1
GATE = "gate"
GATE_REASON = message("the person's company offers no place in this round, and only those that do may send")


def places_posted(market: Market) -> Integers:
    """Int64, one an organisation: places that it offers."""
    posted = np.bincount(market.host, market.capacity, len(market.organisations))
    return posted.astype(np.int64)


def gated_pairs(market: Market) -> Flags:
    """Pairs of applicants whose organisation offers no place, to be removed before the draw.

    Who was sent by no organisation stays.

    Returns
    -------
    Bool, one an edge.
    """
    closed = np.append(places_posted(market) == 0, False)
    return closed[market.sender[market.applicant_of_edge()]]


def gate_limits(market: Market, limits: Integers | None = None) -> Integers:
    """The gate as limits on sending: 0 for a firm that offers no place; the others keep ``limits``."""
    kept = np.full(len(market.organisations), NO_LIMIT, np.int64) if limits is None else limits
    return np.where(places_posted(market) == 0, 0, kept)


class SendersFirst(Mechanism):
    """Each organisation with a limit sends those of its applicants with the smallest lottery numbers.

    Only then are the places drawn, among those sent, by the mechanism inside and with the same numbers. Who
    is sent depends on nobody's ranks, so nobody gains by a list other than the true one if that holds inside.
    (A limit kept while places are assigned can be gained from, and depends on who asks first.)

    Not promised: an organisation may send fewer than its limit, since somebody sent may get no place while a
    colleague who was not would have got one.

    Parameters
    ----------
    inside
        Deferred acceptance, or a mechanism that runs on its workspace.
    limits
        Int64, one an organisation: most people sent; -1 for no limit. People without a feasible pair do not
        count, and neither do those that no organisation sends.
    """

    def __init__(self, inside: Mechanism, limits: Integers) -> None:
        super().__init__(inside.market, inside.rules)
        self.inside = inside
        self.limits = limits
        market = self.market
        applies = np.diff(market.start) > 0
        limited = np.append(limits != NO_LIMIT, False)[market.sender] & applies
        self._limited = np.flatnonzero(limited)
        self._sender = market.sender[self._limited]

    def workspace(self) -> Any:
        """Arrays of the mechanism inside."""
        return self.inside.workspace()

    def taking_part(self, numbers: Numbers) -> Flags:
        """Bool, one an applicant: who may take part, before the places are drawn."""
        taking_part = np.ones(len(self.market.applicants), np.bool_)
        order = np.lexsort((numbers.person[self._limited], self._sender))
        sender = self._sender[order]
        place_in_firm = np.arange(order.size) - np.searchsorted(sender, sender)
        taking_part[self._limited[order]] = place_in_firm < self.limits[sender]
        return taking_part

    def assign(self, numbers: Numbers, workspace: Any) -> Integers:
        """The edge that each applicant holds, or -1; see `Mechanism.assign`."""
        workspace.active[:] = self.taking_part(numbers)
        return self.inside.assign(numbers, workspace)

    def cutoffs(self, workspace: Any) -> Floats:
        """Those of the mechanism inside."""
        return self.inside.cutoffs(workspace)
