"""The group of three (三人組) where not everybody finds a partner in twos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import rustworkx as rx

from tazuna.matching.market import Flags, Integers
from tazuna.matching.pair_graph import matched
from tazuna.matching.shortage import trios_that_leave_pairs

EXACT_UP_TO = 25
"""People up to which every group of three that could be the best is tried."""
MOST_TRIED = 4
"""Groups of three for which the others are paired anew in larger rounds: those with the highest bound."""

Trio = tuple[int, int, int]
Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WithTrio:
    """One group of three and the pairs of the others.

    Parameters
    ----------
    trio, pairs
        Places in the order of ids.
    total
        Points times three, so that the mean of a group of three stays whole.
    proven
        Whether no other group of three gives more points.
    """

    trio: Trio
    pairs: Pairs
    total: int
    proven: bool


def best_with_trio(
    graph: rx.PyGraph[int, int], points: Integers, allowed: Flags, pairs: Pairs
) -> WithTrio | None:
    """The best grouping in which one more person takes part than in twos, or None where there is none.

    A group of three counts the mean points of its three pairs, all of which must be allowed. First somebody
    left over joins the pair where they add most. Then groups of three are tried by falling upper bound (own
    points, and for everybody else half the points of their best pair), with the others paired anew, until no
    bound beats the best found. Up to `EXACT_UP_TO` people the best is thereby certain; above, `MOST_TRIED`
    are tried, and `WithTrio.proven` says whether that was enough. In a larger round that leaves two or more
    without a partner, a group of three that none of these tries meets is not found.

    Parameters
    ----------
    graph, points, allowed
        As `matching_graph` has them.
    pairs
        The best matching of everybody.
    """
    n = len(allowed)
    small = n <= EXACT_UP_TO
    best = _joined(points, allowed, pairs)
    fitting = None
    if best is None and not small and n - 2 * len(pairs) == 1:
        fitting = list(trios_that_leave_pairs(allowed))
    best_of_each = np.where(allowed, points, 0).max(axis=1, initial=0)
    at_most_elsewhere = 3 * int(best_of_each.sum())
    for bound, trio in _ranked(points, allowed, best_of_each, n**3 if small else MOST_TRIED, fitting):
        if best is not None and at_most_elsewhere + bound <= 2 * best.total:
            return replace(best, proven=True)
        others = _pairs_of_others(graph, trio)
        if len(others) == len(pairs) - 1:
            total = _thirds(points, trio, others)
            if best is None or total > best.total:
                best = WithTrio(trio, others, total, proven=False)
    return None if best is None else replace(best, proven=small)


def _joined(points: Integers, allowed: Flags, pairs: Pairs) -> WithTrio | None:
    """Somebody left over beside the pair where they add most."""
    n = len(allowed)
    first, second = np.array(pairs, np.int64).reshape(-1, 2).T
    left = np.setdiff1d(np.arange(n), np.concatenate([first, second]))
    fits = allowed[np.ix_(left, first)] & allowed[np.ix_(left, second)]
    if not fits.any():
        return None
    gain = points[np.ix_(left, first)] + points[np.ix_(left, second)] - 2 * points[first, second]
    who, where = np.unravel_index(np.where(fits, gain, gain.min() - 1).argmax(), gain.shape)
    a, b, c = sorted((int(left[who]), *pairs[int(where)]))
    others = tuple(pair for k, pair in enumerate(pairs) if k != where)
    return WithTrio((a, b, c), others, _thirds(points, (a, b, c), others), proven=False)


def _ranked(
    points: Integers, allowed: Flags, best_of_each: Integers, limit: int, fitting: list[Flags] | None
) -> Iterator[tuple[int, Trio]]:
    """The ``limit`` groups of three with the highest bound, in sixths of a point, among ``fitting`` ones."""
    bounds: list[Integers] = []
    places: list[Integers] = []
    for c in range(2, len(allowed)):
        with_c = np.triu(allowed[:c, :c] & np.outer(allowed[c, :c], allowed[c, :c]), 1)
        if fitting is not None:
            with_c &= fitting[c]
        a, b = np.nonzero(with_c)
        own = 2 * (points[a, b] + points[a, c] + points[b, c])
        bound = own - 3 * (best_of_each[a] + best_of_each[b] + best_of_each[c])
        top = np.sort(np.argsort(-bound, kind="stable")[:limit])
        bounds.append(bound[top])
        places.append(np.column_stack([a[top], b[top], np.full(top.size, c)]))
    if bounds:
        all_bounds, all_places = np.concatenate(bounds), np.concatenate(places)
        order = np.lexsort((all_places[:, 2], all_places[:, 1], all_places[:, 0], -all_bounds))[:limit]
        for k in order.tolist():
            a, b, c = all_places[k].tolist()
            yield int(all_bounds[k]), (a, b, c)


def _pairs_of_others(graph: rx.PyGraph[int, int], trio: Trio) -> Pairs:
    others = [place for place in graph.node_indices() if place not in trio]
    return tuple((others[a], others[b]) for a, b in matched(graph.subgraph(others)))


def _thirds(points: Integers, trio: Trio, pairs: Pairs) -> int:
    """Points of a grouping times three, so that the mean of three pairs stays whole."""
    a, b, c = trio
    own = int(points[a, b] + points[a, c] + points[b, c])
    return own + 3 * sum(int(points[pair]) for pair in pairs)
