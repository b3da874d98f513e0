"""Two-sided top trading cycles (双方向の交換サイクル): each firm receives exactly as many as it sends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.compiled import compiled
from tazuna.matching.lottery import Numbers
from tazuna.matching.market import Flags, Indices, Integers, Market
from tazuna.matching.mechanism import Mechanism
from tazuna.matching.rules import Rules


@dataclass(slots=True)
class Trading:
    """Arrays that a run overwrites.

    Parameters
    ----------
    held
        Int64, one an applicant: the edge held after a run, or -1.
    """

    following: Integers
    places: Integers
    posted: Integers
    sent: Integers
    next_person: Integers
    path: Integers
    step: Integers
    trades: Flags
    held: Integers


class TwoSidedTopTradingCycles(Mechanism):
    """People point to firms, firms to their own people, and whoever stands on a cycle trades.

    Each person points to the firm of the best programme on their list that has a place, each firm to that of
    its own people still there who has the smallest lottery number. Everybody on a cycle gets the place they
    point at. A firm leaves when it has nobody left to send, no place left, or has sent as many as it may.

    Promised: each firm receives exactly as many people as it sends; nobody is worse off than without the
    exchange; nobody gains by a list other than the true one (people, not firms).

    Not promised: it is not stable, and it fills fewer places than other mechanisms. Hosts count only by whom
    they accept: **tiers, scores and open places make no difference**. Who is sent by no organisation gets
    no place.

    Parameters
    ----------
    market
        Feasible pairs; a pair within one firm is a trade of that firm with itself.
    rules
        ``sending`` is the most that each firm may send.

    References
    ----------
    Dur & Ünver (2019), Two-Sided Matching via Balanced Exchange, Journal of Political Economy 127(3),
    1156-1177, https://doi.org/10.1086/701358. There a firm is one pool of places; here the programmes of a
    firm share one place in the cycles.
    """

    def __init__(self, market: Market, rules: Rules) -> None:
        super().__init__(market, rules)
        firms = len(market.organisations)
        self._sent_by_somebody = np.flatnonzero(market.sender >= 0)
        self._sender = market.sender[self._sent_by_somebody]
        per_firm = np.bincount(self._sender, minlength=firms)
        self._own = np.concatenate([[0], np.cumsum(per_firm)])
        limits = np.full(firms, -1) if rules.sending is None else rules.sending
        self._most = np.where(limits < 0, per_firm, limits).astype(np.int64)
        self._posted = np.bincount(market.host, market.capacity, firms).astype(np.int64)

    def workspace(self) -> Trading:
        """Arrays for one thread."""
        people, firms = len(self.market.applicants), len(self.market.organisations)
        return Trading(
            following=np.empty(people, np.int64),
            places=np.empty_like(self.market.capacity),
            posted=np.empty(firms, np.int64),
            sent=np.empty(firms, np.int64),
            next_person=np.empty(firms, np.int64),
            path=np.empty(firms + 1, np.int64),
            step=np.empty(firms, np.int64),
            trades=np.empty(firms, np.bool_),
            held=np.empty(people, np.int64),
        )

    def assign(self, numbers: Numbers, workspace: Trading) -> Integers:
        """The edge that each applicant holds, or -1; see `Mechanism.assign`."""
        market = self.market
        workspace.following[:] = market.start[:-1]
        workspace.places[:] = market.capacity
        workspace.posted[:] = self._posted
        workspace.sent[:] = 0
        workspace.next_person[:] = self._own[:-1]
        workspace.step[:] = -1
        workspace.trades[:] = True
        workspace.held[:] = -1
        order = np.lexsort((numbers.person[self._sent_by_somebody], self._sender))
        _trade(
            self._sent_by_somebody[order],
            self._own,
            self._most,
            market.start,
            market.program,
            market.host,
            workspace.following,
            workspace.places,
            workspace.posted,
            workspace.sent,
            workspace.next_person,
            workspace.path,
            workspace.step,
            workspace.trades,
            workspace.held,
        )
        return workspace.held


@compiled
def _trade(
    queue: Integers,
    own: Integers,
    most: Integers,
    start: Integers,
    program: Indices,
    host: Indices,
    following: Integers,
    places: Integers,
    posted: Integers,
    sent: Integers,
    next_person: Integers,
    path: Integers,
    step: Integers,
    trades: Flags,
    held: Integers,
) -> None:
    """Fill ``held``. ``path``: firms whose person points to the next; ``step``: where on it, or -1."""
    for beginning in range(most.size):
        depth = 0
        path[0] = beginning
        while trades[beginning]:
            firm = path[depth]
            step[firm] = depth
            wanted = -1
            while next_person[firm] < own[firm + 1] and posted[firm] > 0 and sent[firm] < most[firm]:
                person = queue[next_person[firm]]
                entry = following[person]
                while entry < start[person + 1]:
                    wish = program[entry]
                    if places[wish] > 0 and trades[host[wish]]:
                        break
                    entry += 1
                following[person] = entry
                if entry < start[person + 1]:
                    wanted = host[program[entry]]
                    break
                next_person[firm] += 1
            if wanted < 0:
                trades[firm] = False
                step[firm] = -1
                depth -= 1
                continue
            if step[wanted] < 0:
                depth += 1
                path[depth] = wanted
                continue
            while True:
                firm = path[depth]
                person = queue[next_person[firm]]
                entry = following[person]
                held[person] = entry
                places[program[entry]] -= 1
                posted[host[program[entry]]] -= 1
                sent[firm] += 1
                next_person[firm] += 1
                step[firm] = -1
                depth -= 1
                if firm == wanted:
                    break
            if depth < 0:
                depth = 0
                path[0] = beginning
