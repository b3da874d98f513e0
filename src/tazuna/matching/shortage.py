"""Why a pairing cannot take in everybody: people who share too few partners (相手不足).

A random Tutte matrix over the integers modulo a prime has an inverse or a kernel exactly as the graph has
perfect or deficient matchings, but for a chance below n / 2³¹; what is reported of it is checked by counting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from tazuna.language import Message, message
from tazuna.matching.conflict import Conflict, smallest_conflict
from tazuna.matching.market import Flags, Integers
from tazuna.matching.pair_graph import PairGraph, allowed_by, matched, matching_graph

PRIME = 2**31 - 1
_SEED = 1947  # the year of Tutte's theorem; any number does


def pairing_conflict(graph: PairGraph) -> Conflict | None:
    """The smallest set of rules for which somebody stays without a partner, or None.

    Everybody in pairs, or in pairs and one group of three, is what the rules are held against.
    """
    n = len(graph.ids)
    matrices = [matrix for _, matrix in graph.excluded]

    def possible(rules: frozenset[int]) -> bool:
        return everybody_fits(allowed_by(n, [matrices[k] for k in sorted(rules)]))

    def correct(kept: frozenset[int]) -> frozenset[int] | None:
        if not possible(kept):
            return None
        held = kept
        for rule in range(len(matrices)):
            if rule not in held and possible(held | {rule}):
                held |= {rule}
        return frozenset(range(len(matrices))) - held

    found = ((), True) if not possible(frozenset()) else smallest_conflict(len(matrices), correct, possible)
    if found is None:
        return None
    indices, smallest = found
    allowed = allowed_by(n, [matrices[k] for k in indices])
    return Conflict(tuple(graph.excluded[k][0] for k in indices), smallest, _shortage(graph.ids, allowed))


def everybody_fits(allowed: Flags) -> bool:
    """Whether pairs and at most one group of three take in everybody."""
    n = len(allowed)
    pairs = matched(matching_graph(np.ones((n, n), np.int64), allowed))
    left = n - 2 * len(pairs)
    if left != 1:
        return left == 0
    alone = (set(range(n)) - {place for pair in pairs for place in pair}).pop()
    if any(allowed[alone, a] and allowed[alone, b] for a, b in pairs):
        return True
    return any(fits.any() for fits in trios_that_leave_pairs(allowed))


def trios_that_leave_pairs(allowed: Flags) -> Iterator[Flags]:
    """For each person c: Bool (c, c), the a < b for which a, b, c may talk and all others can be paired.

    With one more person whom everybody may be paired with, the Tutte matrix of an odd number of people can be
    inverted where all but one can be paired; its minors are Pfaffians of the inverse (Jacobi).

    References
    ----------
    Tutte (1947), "The factorization of linear graphs", Journal of the London Mathematical Society 22(2),
    doi:10.1112/jlms/s1-22.2.107; Lovász (1979), "On determinants, matchings, and random algorithms".
    """
    n = len(allowed)
    joined = np.ones((n + 1, n + 1), np.bool_)
    joined[:n, :n] = allowed
    np.fill_diagonal(joined, False)
    reduced, pivots = _reduced(np.hstack([_tutte_matrix(joined), np.eye(n + 1, dtype=np.int64)]), n + 1)
    inverse = reduced[:, n + 1 :]
    last = inverse[:n, n]
    for c in range(n):
        if len(pivots) <= n:
            yield np.zeros((c, c), np.bool_)
            continue
        to_c = inverse[:c, c]
        pfaffian = (
            inverse[:c, :c] * last[c] % PRIME
            - to_c[:, None] * last[:c] % PRIME
            + last[:c, None] * to_c % PRIME
        ) % PRIME
        talking = allowed[:c, :c] & np.outer(allowed[c, :c], allowed[c, :c])
        yield np.triu(talking & (pfaffian != 0), 1)


def left_out_by_some(allowed: Flags) -> Flags:
    """Bool, one a person: whether some largest matching leaves them out (Gallai & Edmonds' set D).

    It is the support of the kernel of the Tutte matrix.
    """
    n = len(allowed)
    reduced, pivots = _reduced(_tutte_matrix(allowed), n)
    free = np.ones(n, np.bool_)
    free[pivots] = False
    left_out = free.copy()
    left_out[pivots] = (reduced[: len(pivots)][:, free] != 0).any(axis=1)
    return left_out


def _shortage(ids: Sequence[str], allowed: Flags) -> Message:
    """The smallest part of the Gallai–Edmonds structure with more odd groups than partners for them."""
    left_out = left_out_by_some(allowed)
    partners = ~left_out & allowed[left_out].any(axis=0)
    group_of = np.full(len(ids), -1)
    group_of[left_out] = connected_components(csr_array(allowed[np.ix_(left_out, left_out)]))[1]
    both = left_out | partners
    edges = allowed & both & both[:, None] & ~(partners & partners[:, None])
    parts = connected_components(csr_array(edges))[1]
    short: list[tuple[int, tuple[str, ...], tuple[str, ...], int]] = []
    for part in np.unique(parts[left_out]):
        people = np.flatnonzero(left_out & (parts == part))
        outside = np.flatnonzero(partners & (parts == part))
        groups = np.unique(group_of[people]).size
        if groups > outside.size:
            people_ids = tuple(ids[k] for k in people.tolist())
            short.append((people.size, people_ids, tuple(ids[k] for k in outside.tolist()), groups))
    _, people_ids, outside_ids, groups = min(short)
    return _said(people_ids, outside_ids, groups)


def _said(people: tuple[str, ...], partners: tuple[str, ...], groups: int) -> Message:
    names, others = ", ".join(people), ", ".join(partners)
    if not partners and len(people) == 1:
        return message("{people} has no possible partner.", people=names)
    if not partners:
        return message(
            "{count} people can only be paired among themselves, and one is left over: {people}",
            count=len(people),
            people=names,
        )
    if groups == len(people):
        return message(
            "{count} people ({people}) share only {fewer} possible partners: {partners}",
            count=len(people),
            people=names,
            fewer=len(partners),
            partners=others,
        )
    return message(
        "{count} people ({people}) form {groups} odd groups, and only {fewer} people outside them can take"
        " one from each: {partners}",
        count=len(people),
        people=names,
        groups=groups,
        fewer=len(partners),
        partners=others,
    )


def _tutte_matrix(allowed: Flags) -> Integers:
    n = len(allowed)
    rng = np.random.Generator(np.random.Philox(_SEED))
    upper = np.triu(np.where(allowed, rng.integers(1, PRIME, (n, n)), 0), 1)
    return (upper - upper.T) % PRIME


def _reduced(matrix: Integers, columns: int) -> tuple[Integers, list[int]]:
    """The reduced row echelon form modulo `PRIME` over the first ``columns``, and its pivot columns."""
    rows = matrix.copy()
    pivots: list[int] = []
    for column in range(columns):
        below = np.flatnonzero(rows[len(pivots) :, column])
        if not below.size:
            continue
        here = len(pivots)
        rows[[here, here + below[0]]] = rows[[here + below[0], here]]
        rows[here] = rows[here] * pow(int(rows[here, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != here]
        rows[others] = (rows[others] - rows[others, column, None] * rows[here] % PRIME) % PRIME
        pivots.append(column)
    return rows, pivots
