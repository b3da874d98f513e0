"""Lottery numbers (抽選番号) and their redraws from a counter: the same for any number of threads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from tazuna.matching.compiled import compiled
from tazuna.matching.market import Floats

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
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
        Anything that tells these draws from others; two 32-bit keys are made from its SHA-256.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. SC '11.
    https://doi.org/10.1145/2063384.2063405
    """

    seed: str

    def fill(self, numbers: Numbers, draw: int) -> None:
        """Overwrite ``numbers`` with those of the draw with this index."""
        digest = hashlib.sha256(self.seed.encode()).digest()
        first, second = np.frombuffer(digest[:8], "<u4").astype(np.uint64)
        _fill(numbers.person, first, second, np.uint64(draw), np.uint64(_PERSON))
        if numbers.pair is not None:
            _fill(numbers.pair, first, second, np.uint64(draw), np.uint64(_PAIR))


def empty_numbers(applicants: int, edges: int | None) -> Numbers:
    """Room for the numbers of one draw; ``edges`` None for a single lottery."""
    return Numbers(np.empty(applicants), None if edges is None else np.empty(edges))


@compiled
def _philox(
    one: np.uint64, two: np.uint64, three: np.uint64, four: np.uint64, first: np.uint64, second: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox 4x32-10 of a counter of four 32-bit values under two keys, all of them in uint64."""
    for _ in range(10):
        left = _MULTIPLIERS[0] * one
        right = _MULTIPLIERS[1] * three
        one = (right >> _HALF) ^ two ^ first
        two = right & _LOW
        three = (left >> _HALF) ^ four ^ second
        four = left & _LOW
        first = (first + _WEYL[0]) & _LOW
        second = (second + _WEYL[1]) & _LOW
    return one, two, three, four


@compiled
def _fill(numbers: Floats, first: np.uint64, second: np.uint64, draw: np.uint64, stream: np.uint64) -> None:
    """Two numbers of 53 bits from each block of the counter (index, stream, draw)."""
    for at in range(0, numbers.size, 2):
        one, two, three, four = _philox(
            np.uint64(at >> 1) & _LOW, stream, draw & _LOW, draw >> _HALF, first, second
        )
        numbers[at] = _number(one, two)
        if at + 1 < numbers.size:
            numbers[at + 1] = _number(three, four)


@compiled
def _number(high: np.uint64, low: np.uint64) -> float:
    """53 bits of two 32-bit values, over 2 to the power of 53."""
    return (float(high >> np.uint64(5)) * 67108864.0 + float(low >> np.uint64(6))) / 9007199254740992.0
