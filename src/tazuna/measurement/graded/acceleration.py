"""Reaching the end of a slow iteration early (反復の加速): its steps combined so that they cancel."""

from __future__ import annotations

import numpy as np

from tazuna.measurement.graded.items import Floats

_KEPT = 8
_FLAT = 1e-8


class Secants:
    """How the steps of an iteration x → f(x) changed between the points that it visited.

    The last eight changes of x and of the step r = f(x) - x stand for the derivative of r, and the proposal
    is where r would be smallest if it were linear: Anderson's acceleration (Walker & Ni 2011,
    doi:10.1137/10078356X); for expectation-maximisation Zhou, Alexander & Lange (2011,
    doi:10.1007/s11222-009-9166-3).
    """

    def __init__(self) -> None:
        self._moves: list[Floats] = []
        self._changes: list[Floats] = []
        self._last: tuple[Floats, Floats] | None = None

    def propose(self, at: Floats, step: Floats) -> Floats:
        """Where to go from ``at``, whose plain step is ``step``; both of shape (q,)."""
        if self._last is not None:
            self._moves = [*self._moves, at - self._last[0]][-_KEPT:]
            self._changes = [*self._changes, step - self._last[1]][-_KEPT:]
        self._last = (at, step)
        if not self._moves:
            return at + step
        changes = np.array(self._changes).T
        share = np.linalg.lstsq(changes, step, rcond=_FLAT)[0]
        return np.asarray(at + step - (np.array(self._moves).T + changes) @ share)

    def leave(self) -> None:
        """Begin at another point, e.g. on more data of the same kind, with what is known of the slopes."""
        self._last = None

    def forget(self) -> None:
        """Begin anew: the steps were not as expected."""
        self._moves, self._changes, self._last = [], [], None
