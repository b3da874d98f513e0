"""Witnesses (証人): points of the polytope that show how far hidden numbers can range, without a solver.

From a point inside, a step in a direction that no equation notices leads to another point, until a number
would become negative. Seen in units of the point's own numbers, the direction that raises one number most is
that of affine scaling (Dikin, Soviet Mathematics Doklady 8, 1967, 674-675; Vanderbei, Meketon and Freedman,
https://doi.org/10.1007/BF01840454); a few steps in it lead to where that number is nearly largest. All
numbers of all components go at once. Every point is one that an attacker cannot rule out, so that a range
found is certain; where a range stays narrow, nothing is proved.
"""

from __future__ import annotations

import numpy as np

from tazuna.disclosure.polytope import Booleans, Hidden, Stack, stacks
from tazuna.disclosure.relations import Floats, Integers

INWARD = np.geomspace(1.0, 1e-2, 7)
"""How near to zero the barrier of each step begins, in people."""
STEPS = 12
"""Steps towards the limit of a number before it is left undecided."""
_SHARE = 0.97
"""Of the way to the border, so that the next step starts inside."""
_DAMPING = 0.3
_AT_ONCE = 4_000_000
"""Entries of the largest array of one step, which bounds memory."""
_EXACT = 0.01
"""Nearer to a whole number than this is that number: corners of these polytopes have small denominators."""
_FAR = 1e4
_TINY, _RIDGE = 1e-30, 1e-12


def wide(low: Floats, high: Floats, needed: Floats) -> Booleans:
    """Whether the whole numbers between two limits range as far as needed."""
    found: Booleans = whole_range(low, high) >= needed
    return found


def whole_range(low: Floats, high: Floats) -> Floats:
    """How far whole numbers between two limits can range."""
    found: Floats = np.floor(high + _EXACT) - np.ceil(low - _EXACT)
    return found


def witnessed(hidden: Hidden, needed: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest value of each hidden number at points found of the polytope.

    Parameters
    ----------
    hidden
        The equations.
    needed
        Shape (numbers,): the search ends for a number that ranges this far; 0 asks nothing.

    Returns
    -------
    low, high
        Shape (numbers,): at least as narrow as what is possible; the truth is always between them.
    """
    numbers = hidden.truth.size
    free = hidden.with_room()
    asked = np.zeros(free.truth.size)
    asked[:numbers] = needed
    low, high = free.truth.copy(), free.truth.copy()
    for stack in stacks(free.equations, asked > 0):
        inside = _inside(stack, free.truth)
        if inside is None:
            continue
        stack, point = inside
        held = stack.at >= 0
        here = np.where(held, asked[stack.at], 0.0)
        least, most = _rays(stack, point, held)
        _climb(stack, point, here, least, most)
        low[stack.at[held]] = np.minimum(low[stack.at[held]], least[held])
        high[stack.at[held]] = np.maximum(high[stack.at[held]], most[held])
    return low[:numbers], high[:numbers]


def _inside(stack: Stack, truth: Floats) -> tuple[Stack, Floats] | None:
    """A point of each component at which no number is zero, by Newton's method from the truth.

    The barrier is logarithmic, and quadratic below a limit that falls from step to step, so that the numbers
    of nobody can be left. Components without such a point are left out.
    """
    fixed = stack.fixed
    point = np.where(fixed, 1.0, truth[stack.at])
    for limit in INWARD:
        near = np.maximum(point, limit)
        slope = np.where(fixed, 0.0, -(2 * near - point) / near**2)
        curve = np.where(fixed, 0.0, near**-2)
        gradient = np.einsum("bnp,bn->bp", stack.moves, slope)
        step = -_solved(stack, curve, gradient[..., None])[..., 0]
        decrement = np.sqrt(np.maximum(-(step * gradient).sum(axis=1), 0.0))
        length = 1 / (1 + _DAMPING * decrement)
        point = point + np.einsum("bnp,bp->bn", stack.moves, length[:, None] * step)
    found = ((point > 1e-6) | fixed).all(axis=1) & np.isfinite(point).all(axis=1)
    if not found.any():
        return None
    return Stack(stack.at[found], stack.moves[found], stack.idle[found]), point[found]


def _solved(stack: Stack, curve: Floats, right: Floats) -> Floats:
    """Solve for moves against the barrier's curvature, shape (B, p, p), in the directions of each component.

    A ridge keeps directions solvable in which nothing bounds the numbers. Any move is a valid one.
    """
    bends = np.matmul(np.swapaxes(stack.moves, 1, 2) * curve[:, None, :], stack.moves)
    diagonal = np.arange(bends.shape[2])
    scale = np.sqrt(np.where(stack.idle, 1.0, bends[:, diagonal, diagonal] + _TINY))
    bends /= scale[:, :, None] * scale[:, None, :]
    bends[:, diagonal, diagonal] += np.where(stack.idle, 1.0, _RIDGE)
    found: Floats = np.linalg.solve(bends, right / scale[:, :, None]) / scale[:, :, None]
    return found


def _rays(stack: Stack, point: Floats, held: Booleans) -> tuple[Floats, Floats]:
    """Least and greatest values at the ends of one step up and one step down for every number."""
    curve = np.where(stack.fixed, 0.0, point**-2)
    ways = np.matmul(stack.moves, _solved(stack, curve, np.swapaxes(stack.moves, 1, 2)))
    share = ways / point[:, :, None]
    up, down = (1 / np.maximum((sign * share).max(axis=1), 1 / _FAR) for sign in (-1, 1))
    # The ways are symmetric: of all ends only the own ones are looked at, and one's move along another's way.
    least = np.minimum(ways * up[:, None, :], -ways * down[:, None, :]).min(axis=2)
    most = np.maximum(ways * up[:, None, :], -ways * down[:, None, :]).max(axis=2)
    fixed = stack.fixed | ~held
    return np.where(fixed, np.inf, point + least), np.where(fixed, -np.inf, point + most)


def _climb(stack: Stack, point: Floats, needed: Floats, least: Floats, most: Floats) -> None:
    """Steps towards the limits of numbers that are still narrow; what is found is noted in their limits."""
    fixed = stack.fixed
    component, number = np.nonzero((needed > 0) & ~fixed & ~wide(least, most, needed))
    across = stack.moves.shape[1] * stack.moves.shape[2]
    for some in np.array_split(np.arange(component.size), 1 + component.size * across // _AT_ONCE):
        for sign in (1.0, -1.0):
            _towards(stack, point, needed, (least, most), component[some], number[some], sign)


def _towards(
    stack: Stack,
    point: Floats,
    needed: Floats,
    limits: tuple[Floats, Floats],
    component: Integers,
    number: Integers,
    sign: float,
) -> None:
    """Steps of affine scaling, one problem a narrow number."""
    least, most = limits
    fixed = stack.fixed
    here = point[component]
    for _ in range(STEPS):
        narrow = ~wide(least[component, number], most[component, number], needed[component, number])
        if not narrow.any():
            return
        component, number, here = component[narrow], number[narrow], here[narrow]
        problems = Stack(stack.at[component], stack.moves[component], stack.idle[component])
        still, own = fixed[component], sign * problems.moves[np.arange(number.size), number]
        curve: Floats = np.where(still, 0.0, here**-2)
        way = np.matmul(problems.moves, _solved(problems, curve, own[..., None]))[..., 0]
        share = np.where(still, 0.0, way / here)
        length = 1 / np.maximum((-share).max(axis=1), 1 / _FAR)
        end = np.maximum(here + length[:, None] * way, 0.0)
        np.minimum.at(least, component, np.where(still, np.inf, end))
        np.maximum.at(most, component, np.where(still, -np.inf, end))
        here = here + _SHARE * length[:, None] * way
