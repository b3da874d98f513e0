"""Pooling (小さな部署の合算): departments with too few answers are shown together with others of their tree.

A pool must not say which of its members is small. So it always has at least two, and who joins is drawn: the
nearer in the tree and the smaller, the likelier, but never surely. Were it always the next smallest, a pool
of 20 beside a shown department of 12 would tell that its small member has 8 or 9 answers (the minimality
attack of Wong, Fu, Wang and Pei, VLDB 2007, pages 543-554).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

JOINED = "+"
"""Between the departments in the code of a pool."""
ROOM = 2
"""A pool has this many times k answers. With k alone, hidden members could hardly range over k people (some
leave out a question), and their protection would cost figures of the whole organisation.
"""
FURTHER = 100.0
"""One level up in the tree counts as much as a hundred times as many people."""

_PART = re.compile(r"(?:[^\\+]|\\.)+", re.DOTALL)
_ESCAPED = re.compile(r"([\\+])")
_UNESCAPED = re.compile(r"\\(.)", re.DOTALL)

Pools = Mapping[tuple[str, str, str], tuple[str, ...]]
"""(organisation, wave, code of the pool) → the departments in it."""
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree of one organisation's departments.

    Parameters
    ----------
    parents
        Department → the department above it; those at the top are left out.
    """

    parents: Mapping[str, str]

    def places(self, departments: Iterable[str]) -> dict[str, Path]:
        """Where each department's people stand: the departments above them from the top down.

        People of a department with others below it stand beside these.
        """
        above = set(self.parents.values())
        found = {}
        for department in departments:
            path = [department] if department in above else []
            step = self.parents.get(department)
            while step is not None and step not in path:
                path.append(step)
                step = self.parents.get(step)
            found[department] = tuple(reversed(path))
        return found


@dataclass(frozen=True, slots=True)
class _Group:
    """Departments that are together, with what decides who joins them."""

    members: tuple[str, ...]
    number: int
    place: Path
    small: bool

    def needs_more(self, k: int) -> bool:
        """Whether it holds a small department and cannot be shown yet."""
        return self.small and (len(self.members) < 2 or self.number < ROOM * k)

    def with_other(self, other: _Group) -> _Group:
        """Both together."""
        members = tuple(sorted(self.members + other.members))
        place = self.place[: _shared(self.place, other.place)]
        return _Group(members, self.number + other.number, place, self.small or other.small)


def pooled(
    numbers: Mapping[str, int],
    tree: Tree,
    k: int,
    key: int,
    together: Iterable[Collection[str]] = (),
) -> tuple[tuple[str, ...], ...]:
    """Pool the small departments of one organisation at one wave.

    1. Departments that were in one pool in an earlier wave stay together: they join pools as one.
    2. Departments with fewer than k answers under the same parent are joined.
    3. What is still a lone department, or fewer than `ROOM` × k answers, takes another: of all others the
       one for which people × draw × `FURTHER` to the power of the levels up to it is least.

    Parameters
    ----------
    numbers
        Department → how many answered. Not how many were asked: whoever is hidden is so for the answers.
    tree
        The departments above them.
    k
        Threshold.
    key
        Of the draws. It must not be known to those who see the pools, who could draw again.
    together
        Pools of earlier waves. Much the same people are asked in each wave: pools that overlapped from wave
        to wave would tell the difference.

    Returns
    -------
    tuple of tuple of str
        The departments of each pool, sorted. Each small department is in one of them, unless all
        departments of the organisation would be: these are the organisation, and it is shown already.
    """
    ids = sorted(numbers)
    groups = _joined_from_the_start(numbers, tree.places(ids), k, together)
    at = {department: place for place, department in enumerate(ids)}
    waiting = sorted((group for group in groups if group.needs_more(k)), key=lambda group: group.members)
    for first in waiting:
        group = first
        if group not in groups:  # Somebody took it.
            continue
        draws = np.random.default_rng([key, at[first.members[0]]]).exponential(size=len(ids))
        while group.needs_more(k) and len(groups) > 1:
            others = [other for other in groups if other != group]
            other = min(
                others, key=lambda other: (_cost(group, other, draws[at[other.members[0]]]), other.members)
            )
            groups = [held for held in others if held != other]
            group = group.with_other(other)
            groups.append(group)
    pools = (group.members for group in groups if group.small and len(group.members) > 1)
    return tuple(sorted(members for members in pools if len(members) < len(ids)))


def pools_of_waves(
    numbers: Mapping[tuple[str, str], Mapping[str, int]],
    tree: Tree,
    k_by_wave: Mapping[str, int],
    keys: Mapping[tuple[str, str], int],
    released: Mapping[tuple[str, str], Sequence[tuple[str, ...]]],
) -> Pools:
    """The pools of all organisations and waves.

    Parameters
    ----------
    numbers
        (organisation, wave) → department → how many answered.
    tree
        The departments of all organisations.
    k_by_wave
        Threshold of each wave, in order of time.
    keys
        (organisation, wave) → key of the draws.
    released
        (organisation, wave) → pools of waves that were released before, which stay as they were.

    Returns
    -------
    Pools
        With codes as `pool_code` gives them.
    """
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    together: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    order = {wave: place for place, wave in enumerate(k_by_wave)}
    for organisation, wave in sorted(numbers, key=lambda place: (place[0], order[place[1]])):
        here = numbers[organisation, wave]
        if (organisation, wave) in released:
            pools = [pool for pool in released[organisation, wave] if set(pool) <= set(here)]
        else:
            key = keys[organisation, wave]
            pools = list(pooled(here, tree, k_by_wave[wave], key, together[organisation]))
        together[organisation] += pools
        found |= {(organisation, wave, pool_code(pool, here)): pool for pool in pools}
    return found


def pool_code(members: Iterable[str], taken: Collection[str] = ()) -> str:
    r"""The code of a pool in group figures: its departments joined by ``+``.

    A ``+`` or ``\`` inside an id has a ``\`` before it; a code that is a department's id (``taken``) has a
    further ``+`` behind it.

    Examples
    --------
    >>> pool_code(["D02", "D01"])
    'D01+D02'
    """
    code = JOINED.join(_ESCAPED.sub(r"\\\1", member) for member in sorted(members))
    while code in taken:
        code += JOINED
    return code


def pools_among(groups: Iterable[str], departments: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The pools among the groups of ``department`` of one organisation and wave.

    Parameters
    ----------
    groups
        Departments and pools.
    departments
        Ids that are departments, whatever they look like.

    Returns
    -------
    dict
        Code of the pool → the departments in it, which all are among the groups.

    Examples
    --------
    >>> pools_among(["D01", "D02", "D01+D02", "R+D"])
    {'D01+D02': ('D01', 'D02')}
    """
    held = dict.fromkeys(groups)
    found = {}
    for group in held:
        members = tuple(_UNESCAPED.sub(r"\1", part) for part in _PART.findall(group))
        if len(members) > 1 and group not in departments and all(member in held for member in members):
            found[group] = members
    return found


def _joined_from_the_start(
    numbers: Mapping[str, int], places: Mapping[str, Path], k: int, together: Iterable[Collection[str]]
) -> list[_Group]:
    """Pools of earlier waves, and small departments under one parent."""
    group_of = {
        department: _Group((department,), number, places[department], number < k)
        for department, number in numbers.items()
    }
    small: defaultdict[Path, list[str]] = defaultdict(list)
    for department, number in numbers.items():
        if number < k:
            small[places[department]].append(department)
    for held in [*together, *small.values()]:
        here = sorted(set(held) & numbers.keys())
        for other in here[1:]:
            first, second = group_of[here[0]], group_of[other]
            if first.members != second.members:
                both = first.with_other(second)
                group_of |= dict.fromkeys(both.members, both)
    return list({group.members: group for group in group_of.values()}.values())


def _cost(group: _Group, other: _Group, draw: float) -> float:
    levels = len(group.place) - _shared(group.place, other.place)
    return float((other.number + 1) * draw * FURTHER**levels)


def _shared(one: Path, other: Path) -> int:
    """How many steps from the top two places have in common."""
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared
