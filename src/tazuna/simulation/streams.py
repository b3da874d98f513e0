"""Named random streams (乱数の流れ): one counter-based generator for each part of the simulation."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def stream(seed: int, *part: str | int) -> np.random.Generator:
    """The generator of one named part, independent of all others.

    The name is the spawn key of the seed sequence, so a part that is added later leaves the figures of the
    others as they were, and the order in which parts are simulated does not matter.

    Parameters
    ----------
    seed
        The sample's seed, 0 or more.
    part
        What the numbers are for, e.g. ``("answer", "co1a1", 2)``.

    Examples
    --------
    >>> bool(stream(1, "age").random() == stream(1, "age").random())
    True
    >>> bool(stream(1, "age").random() == stream(1, "gender").random())
    False
    """
    key = tuple(crc32(str(name).encode()) for name in part)
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=key)))


def normal(rng: np.random.Generator, size: int | tuple[int, ...]) -> Floats:
    """Standard normal numbers in single precision, which halves the memory of a large sample."""
    return rng.standard_normal(size, dtype=np.float32)


def gumbel(rng: np.random.Generator, size: int) -> Floats:
    """Standard Gumbel numbers.

    The *n* largest of ``weight + gumbel`` are a draw of *n* without replacement with chances proportional to
    ``exp(weight)`` at each step.
    """
    uniform = np.maximum(rng.random(size, dtype=np.float32), np.float32(1e-12))
    return -np.log(-np.log(uniform) + np.float32(1e-12))


def largest_in_groups(value: npt.NDArray[np.floating], group: Integers, how_many: Integers) -> Flags:
    """Which members are among the largest of their group.

    Parameters
    ----------
    value
        Shape (n,).
    group
        Shape (n,): the group's number, 0 to g - 1.
    how_many
        Shape (g,): how many to take from each group.

    Returns
    -------
    Flags
        Shape (n,).

    Examples
    --------
    >>> largest_in_groups(np.array([3.0, 1.0, 2.0]), np.array([0, 0, 1]), np.array([1, 0])).tolist()
    [True, False, False]
    """
    order = np.lexsort((-value, group))
    place = np.empty(group.size, dtype=np.int64)
    place[order] = np.arange(group.size) - np.searchsorted(group[order], group[order], side="left")
    return np.asarray(place < how_many[group])
