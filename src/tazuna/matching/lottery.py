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


@dataclass(frozen=True, slots=True)
class Redraws:
    """The numbers of as many further draws as one likes, each reachable at once by its index.

    Parameters
    ----------
    seed
        Anything that tells these draws from others; its SHA-256 begins with the key of NumPy's Philox.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. SC '11.
    https://doi.org/10.1145/2063384.2063405
    """

    seed: str

    def fill(self, numbers: Numbers, draw: int) -> None:
        """Overwrite ``numbers`` with those of the draw with this index."""
        key = int.from_bytes(hashlib.sha256(self.seed.encode()).digest()[:16])
        for stream, room in ((_PERSON, numbers.person), (_PAIR, numbers.pair)):
            if room is not None:
                # The lowest of the four words counts the numbers; the others tell draw and stream.
                counter = np.array([0, stream, draw, 0], np.uint64)
                np.random.Generator(np.random.Philox(key=key, counter=counter)).random(out=room)


def empty_numbers(applicants: int, edges: int | None) -> Numbers:
    """Room for the numbers of one draw; ``edges`` None for a single lottery."""
    return Numbers(np.empty(applicants), None if edges is None else np.empty(edges))
