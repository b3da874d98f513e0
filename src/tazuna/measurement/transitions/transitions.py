"""Observed transitions of the same people beside the no-change expectation, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from tazuna.language import message
from tazuna.measurement.classes.agreement import Codes, cross_table
from tazuna.measurement.intervals import LEVEL, Floats
from tazuna.measurement.transitions.no_change import (
    RETEST,
    Flags,
    TransitionError,
    expect_reliability,
    expected_of_ordered,
    second_answers,
)

BLOCKS = 25
"""People are left out in so many blocks, one at a time, for the intervals."""
FEWEST_PEOPLE = 100
_DRAWS = 20
_HALVINGS = 8
_ANSWERS_DRAWN = 20_000

Place = Callable[[Floats], Codes]
"""Puts people into groups by their answers, shape (n, m): index of each person's group, -1 = unknown."""


@dataclass(frozen=True, slots=True)
class Transitions:
    """Transitions from an earlier (rows) to a later wave (columns). Arrays (G, G) are shares of the row.

    Rows are groups of people: not to be shown without protection.

    Parameters
    ----------
    groups
        G groups.
    n
        Shape (G,): people of each earlier group who have a group at both waves.
    observed, expected
        Shape (G, G): what happened, and what error alone would bring about.
    difference, lower, upper
        Shape (G, G): observed less expected, with 95% interval.
    moved, moved_expected, moved_lower, moved_upper
        Share of all people with another group than before, the share expected without change, and the
        interval of the *difference* of the two.
    retest
        The reliability that the expectation assumes.
    explained_at
        The reliability at which error alone would move as many as moved: at this or a lower one nothing is
        left to explain. 0 where even answers at random would move fewer.
    """

    groups: tuple[str, ...]
    n: Codes
    observed: Floats
    expected: Floats
    difference: Floats
    lower: Floats
    upper: Floats
    moved: float
    moved_expected: float
    moved_lower: float
    moved_upper: float
    retest: float
    explained_at: float

    @property
    def more_than_error(self) -> bool:
        """Whether more people moved than error explains, if the reliability is what is assumed."""
        return self.moved_lower > 0


def ordered_transitions(
    before: Codes, after: Codes, groups: Sequence[str], rng: np.random.Generator, *, retest: float = RETEST
) -> Transitions:
    """Transitions between groups that cut one variable, lowest group first.

    Parameters
    ----------
    before, after
        Shape (n,): index of each person's group at the two waves, -1 = unknown; rows are the same people.
    groups
        Names of the groups.
    rng
        Deals people into blocks.
    retest
        Assumed correlation of two measurements without true change.

    Raises
    ------
    TransitionError
        Too few people with a group at both waves, or ``retest`` is no reliability.
    """
    expect_reliability(retest)
    both = (before >= 0) & (after >= 0)
    counts = _counts_by_block(before[both], after[both], len(groups), rng)

    def expected(table: Codes, assumed: float = retest) -> Floats:
        start = table.sum(axis=1)
        return expected_of_ordered(start / max(start.sum(), 1), assumed)

    whole = counts.sum(axis=0)
    left = [expected(whole - block) for block in counts]
    return _beside(groups, counts, left, lambda assumed: expected(whole, assumed), retest)


def placed_transitions(
    before: Floats,
    after: Floats,
    place: Place,
    groups: Sequence[str],
    rng: np.random.Generator,
    *,
    retest: float | Floats = RETEST,
) -> Transitions:
    """Transitions between groups that rules or a model make of several answers.

    Without change people would answer once more as
    `tazuna.measurement.transitions.no_change.SecondAnswers` says; the same rules place them again.

    Parameters
    ----------
    before, after
        Shape (n, m): answers of the same people at the two waves, NaN = not answered.
    place
        The rules.
    groups
        Names of the groups.
    rng
        Of second answers and blocks.
    retest
        Of every question, or shape (m,): of each.

    Raises
    ------
    TransitionError
        As `ordered_transitions`.
    """
    each = np.broadcast_to(np.asarray(retest, dtype=np.float64), before.shape[1:])
    expect_reliability(*each.tolist())
    typical = round(float(each.mean()), 9)
    start, end = place(before), place(after)
    both = (start >= 0) & (end >= 0)
    answers, start, end = before[both], start[both], end[both]
    block = _blocks(len(start), rng)
    if len(start) > _ANSWERS_DRAWN:
        many = rng.choice(len(start), _ANSWERS_DRAWN, replace=False)
    else:
        many = np.tile(np.arange(len(start)), min(_DRAWS, _ANSWERS_DRAWN // len(start)))
    second = second_answers(answers[many], rng)

    def table(kept: Flags, again: Codes) -> Floats:
        """The draws are the same for all blocks, so that blocks differ by who is left out alone."""
        counts = cross_table(start[many[kept[many]]], again, len(groups), len(groups))
        with np.errstate(invalid="ignore"):
            return np.asarray(counts / counts.sum(axis=1, keepdims=True))

    kept_by = [block != left_out for left_out in range(BLOCKS)]
    # Placing all blocks' answers at once costs little more than placing one block's.
    of_blocks = [second.again(each, kept[many]) for kept in kept_by]
    placed = np.split(place(np.vstack(of_blocks)), np.cumsum([len(one) for one in of_blocks])[:-1])
    left = [table(kept, again) for kept, again in zip(kept_by, placed, strict=True)]
    counts = np.array(
        [cross_table(start[block == b], end[block == b], len(groups), len(groups)) for b in range(BLOCKS)]
    )
    everybody = np.ones(len(start), dtype=bool)

    def at(assumed: float) -> Floats:
        retests = each if assumed == typical else np.full(len(each), assumed)
        return table(everybody, place(second.again(retests)))

    return _beside(groups, counts, left, at, typical)


def _counts_by_block(before: Codes, after: Codes, groups: int, rng: np.random.Generator) -> Codes:
    block = _blocks(len(before), rng)
    cell = (block * groups + before) * groups + after
    return np.bincount(cell, minlength=BLOCKS * groups**2).reshape(BLOCKS, groups, groups)


def _blocks(people: int, rng: np.random.Generator) -> Codes:
    if people < FEWEST_PEOPLE:
        raise TransitionError(
            message(
                "Only {n} people have a group at both waves; transitions need {needed}.",
                n=people,
                needed=FEWEST_PEOPLE,
            )
        )
    return rng.permutation(np.arange(people) % BLOCKS)


def _beside(
    groups: Sequence[str],
    counts: Codes,
    left_out: Sequence[Floats],
    at: Callable[[float], Floats],
    retest: float,
) -> Transitions:
    """Differences with intervals by the delete-a-group jackknife (Kott 2001, J. Official Statistics 17)."""
    whole, expected = counts.sum(axis=0), at(retest)
    rows, moved = _difference(whole, expected)
    parts = [_difference(whole - block, other) for block, other in zip(counts, left_out, strict=True)]
    half = special.stdtrit(BLOCKS - 1, 0.5 + LEVEL / 2) * _jackknife(
        rows, np.array([row for row, _ in parts])
    )
    moved_half = special.stdtrit(BLOCKS - 1, 0.5 + LEVEL / 2) * _jackknife(
        np.array(moved), np.array([share for _, share in parts])
    )
    n = whole.sum(axis=1)
    with np.errstate(invalid="ignore"):
        observed = whole / n[:, None]
    share = float(1 - np.trace(whole) / n.sum())
    return Transitions(
        groups=tuple(groups),
        n=n,
        observed=observed,
        expected=expected,
        difference=rows,
        lower=rows - half,
        upper=rows + half,
        moved=share,
        moved_expected=share - moved,
        moved_lower=float(moved - moved_half),
        moved_upper=float(moved + moved_half),
        retest=retest,
        explained_at=_explained_at(whole, at),
    )


def _explained_at(counts: Codes, at: Callable[[float], Floats]) -> float:
    """Reliability at which the expectation moves as many as were observed, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        more_observed = _difference(counts, at(middle))[1] > 0
        low, high = (low, middle) if more_observed else (middle, high)
    return low


def _difference(counts: Codes, expected: Floats) -> tuple[Floats, float]:
    """Observed less expected row shares, and the same of the share that moved."""
    n = counts.sum(axis=1)
    with np.errstate(invalid="ignore"):
        rows = counts / n[:, None] - expected
    stayed = float(np.nansum(n * np.diag(expected)) / n.sum())
    return rows, float(1 - np.trace(counts) / n.sum() - (1 - stayed))


def _jackknife(whole: Floats, parts: Floats) -> Floats:
    """Standard error from estimates with one block left out, shape (BLOCKS, ...)."""
    blocks = len(parts)
    return np.asarray(np.sqrt((blocks - 1) / blocks * ((parts - whole) ** 2).sum(axis=0)))
