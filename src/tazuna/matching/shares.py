"""A share of all places (割合): which programmes give them is settled by a hash, not by anybody's choice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from tazuna.matching.market import Integers


def systematic_places(
    share: float, places: Integers, available: Integers, programs: Sequence[str], *names: str
) -> Integers:
    """So many of the available places of each programme that together they are the share of all places.

    The programmes are put in the order of SHA-256(names, program_id), the share is cumulated over them, and
    each gives as many places as whole numbers are passed. So of programmes with one place each every fourth
    gives its place where the share is a quarter.

    Parameters
    ----------
    share
        From 0 to 1, of the sum of ``places``.
    places, available
        Int64, one a programme: its places, and those not yet given to something else.
    programs
        Ids.
    names
        What the order depends on beside the programme: the round, the name of a reserve.

    Returns
    -------
    Integers
        One a programme, at most ``available``; the sum is floor(share × sum of ``places``), or all of
        ``available`` where that is less.

    Examples
    --------
    >>> systematic_places(0.5, np.array([1, 1, 4]), np.array([1, 1, 4]), ["a", "b", "c"], "2026").sum()
    np.int64(3)
    """
    free, wanted = int(available.sum()), Fraction(repr(share)) * int(places.sum())
    if not free:
        return np.zeros(places.size, np.int64)
    step = min(wanted / free, Fraction(1))
    given = np.zeros(places.size, np.int64)
    passed, before = 0, 0
    for program in sorted(range(places.size), key=lambda s: _hash((*names, programs[s]))):
        passed += int(available[program])
        upto = passed * step.numerator // step.denominator
        given[program], before = upto - before, upto
    return given


def _hash(parts: Sequence[str]) -> bytes:
    """SHA-256 of the parts, each preceded by its length in bytes (four bytes, big-endian)."""
    digest = hashlib.sha256()
    for part in parts:
        said = part.encode()
        digest.update(len(said).to_bytes(4, "big") + said)
    return digest.digest()
