"""One scale between groups (比較可能性): the invariance of its questions, from answers that stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tazuna.language import message
from tazuna.measurement.factor.verdict import FEWEST_PEOPLE, Invariance
from tazuna.own_process import own_process

FEWEST_GROUPS = 2
NOT_ANSWERED = -1


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be tested; small enough to be handed to another process.

    Parameters
    ----------
    scale
        Its code.
    by
        What the groups are: ``wave``, ``language``, or a column of the population.
    questions
        Q codes.
    points
        Shape (Q,): points of 0–100 that a category is worth.
    groups
        Name → answers, Int16 of shape (people, Q): categories above that which means least, `NOT_ANSWERED`.
    """

    scale: str
    by: str
    questions: tuple[str, ...]
    points: NDArray[np.float64]
    groups: Mapping[str, NDArray[np.int16]]


@dataclass(frozen=True, slots=True)
class Comparability:
    """One scale between the groups of one grouping.

    Parameters
    ----------
    scale
        Its code.
    by
        As in `Comparison`.
    found
        The test; its verdict ``not_tested`` where fewer than two groups have enough people.
    """

    scale: str
    by: str
    found: Invariance


def comparing_process() -> ProcessPoolExecutor:
    """Start a process for `judged`, which takes seconds and never leaves the interpreter to others."""
    return own_process(_load)


def judged(comparisons: tuple[Comparison, ...]) -> tuple[Comparability, ...]:
    """Test each, one after the other.

    Two threads of many small matrices would wait for the interpreter more than they gain.

    Returns
    -------
    tuple of Comparability
        Without those whose answers carry no such model at all, as where everybody answered alike.
    """
    found = map(compared, comparisons)
    return tuple(one for one in found if one is not None)


def compared(comparison: Comparison) -> Comparability | None:
    """Test one scale between groups; None where the answers carry no such model."""
    enough = {
        group: answers
        for group, answers in comparison.groups.items()
        if int((answers != NOT_ANSWERED).all(axis=1).sum()) >= FEWEST_PEOPLE
    }
    if len(enough) < FEWEST_GROUPS:
        return Comparability(comparison.scale, comparison.by, not_tested())
    # Where the groups are too small, as in a small study, fitting need not even be loaded.
    from tazuna.measurement.factor.invariance import invariance
    from tazuna.measurement.factor.maximum_likelihood import FactorError

    names = [f"q{number}" for number in range(len(comparison.questions))]
    keyed = [np.where(one == NOT_ANSWERED, np.nan, one) * comparison.points for one in enough.values()]
    try:
        found = invariance(keyed, names, "scale =~ " + " + ".join(names), tuple(enough), whole_ladder=False)
    except FactorError:
        return None
    own = tuple(comparison.questions[int(name.removeprefix("q"))] for name in found.freed)
    return Comparability(comparison.scale, comparison.by, found.renamed(own))


def not_tested() -> Invariance:
    """Too few answers; how many is not said, so that it can be shown of any group."""
    says = message(
        "Not tested: it takes {needed} complete answers in two groups or more.", needed=FEWEST_PEOPLE
    )
    return Invariance((), (), (), (), (), "not_tested", says)


def _load() -> None:
    from tazuna.measurement.factor import invariance, maximum_likelihood  # noqa: F401 — loaded beforehand
