"""Lottery numbers (抽選番号) and their redraws from a counter: the same for any number of threads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from tazuna.matching.market import Floats

_PERSON, _PAIR = 0, 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one draw, each uniform on [0, 1); smaller is better.

    Parameters
    ----------
    person
        Float64, one an applicant.
    pair
        Float64, one an edge of the market, where each programme has a lottery of its own; None where one
        number holds for all programmes.
    """

    person: Floats
    pair: Floats | None = None


class Redraws:
    """The numbers of as many further draws as one likes, each reachable at once by its index.

    Made once and set to each draw, since making the generator anew takes longer than a draw; so every thread
    needs its own.

    Parameters
    ----------
    seed
        Anything that tells these draws from others; its SHA-256 begins with the key of NumPy's Philox.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. SC '11.
    https://doi.org/10.1145/2063384.2063405
    """

    def __init__(self, seed: str) -> None:
        self._bits = np.random.Philox(key=int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16]))
        self._generator = np.random.Generator(self._bits)
        self._at_start = self._bits.state

    def fill(self, numbers: Numbers, draw: int) -> None:
        """Overwrite ``numbers`` with those of the draw with this index."""
        for stream, room in ((_PERSON, numbers.person), (_PAIR, numbers.pair)):
            if room is not None:
                # The lowest of the four words counts the numbers; the others tell draw and stream.
                self._at_start["state"]["counter"][:] = (0, stream, draw, 0)
                self._bits.state = self._at_start
                self._generator.random(out=room)


def empty_numbers(applicants: int, edges: int | None) -> Numbers:
    """Room for the numbers of one draw; ``edges`` None for a single lottery."""
    return Numbers(np.empty(applicants), None if edges is None else np.empty(edges))
