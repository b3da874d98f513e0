"""Limits that lie inside one another (入れ子の上限): on regions, and on all places beyond minimums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.matching.blocks import Blocks
from tazuna.matching.market import Flags, Integers
from tazuna.matching.rules import Region, Rules

NONE = -1


@dataclass(frozen=True, slots=True)
class NestedCaps:
    """A family of limits on blocks, any two of which are disjoint or one inside the other.

    Blocks are lined up so that the blocks of every limit stand side by side.

    Parameters
    ----------
    members
        Bool, limits x blocks.
    upper
        Int64, one a limit: most people in its blocks together.
    parent
        Int64, one a limit: the smallest limit around it, or -1.
    innermost
        Int64, one a block: the smallest limit on it, or -1.
    place_in_line
        Int64, one a block: where it stands in the line.
    first, last
        Int64, one a limit: its stretch of the line, ``last`` not included.
    beyond_minimums
        Index of the limit on all places beyond the programmes' minimums, or -1. Its ``upper`` depends on who
        takes part in a draw, see `places_beyond_minimums`.
    """

    members: Flags
    upper: Integers
    parent: Integers
    innermost: Integers
    place_in_line: Integers
    first: Integers
    last: Integers
    beyond_minimums: int


def caps_of(blocks: Blocks, rules: Rules) -> NestedCaps:
    """The limits of ``rules`` on ``blocks``, from the largest to the smallest.

    Raises
    ------
    StudyError
        Two regions cross, or a region crosses the places beyond the minimums.
    """
    expect_nested(rules.regions)
    regions = [region for region in rules.regions if region.programs.any()]
    rows = [region.programs[blocks.program] for region in regions]
    upper = [region.upper for region in regions]
    if rules.minimums == "extended_seats":
        beyond = np.array([layer.kind != "tiered" for layer in blocks.layers])[blocks.layer]
        for region, members in zip(regions, rows, strict=True):
            apart = not (members & beyond).any()
            if not (apart or (beyond <= members).all() or (members <= beyond).all()):
                raise StudyError(
                    message(
                        "The limit of {region} and minimums = “extended_seats” do not go together: they "
                        "cross in the places beyond the minimums.",
                        region=region.name,
                    ),
                    message("Choose minimums = “report”, or remove the limit."),
                )
        rows.append(beyond)
        upper.append(0)
    members = np.array(rows, np.bool_).reshape(len(rows), blocks.count)
    order = np.argsort(-members.sum(axis=1), kind="stable")
    members = members[order]
    line = np.lexsort(members[::-1]) if len(rows) else np.arange(blocks.count)
    place_in_line = np.empty(blocks.count, np.int64)
    place_in_line[line] = np.arange(blocks.count)
    standing = members[:, line]
    inside = _overlaps(members) == members.sum(axis=1)[:, None]
    return NestedCaps(
        members=members,
        upper=np.array(upper, np.int64)[order],
        parent=_last_true(np.tril(inside, -1)),
        innermost=_last_true(members.T),
        place_in_line=place_in_line,
        first=standing.argmax(axis=1) if blocks.count else np.zeros(len(rows), np.int64),
        last=blocks.count - standing[:, ::-1].argmax(axis=1),
        beyond_minimums=int(order.argmax()) if rules.minimums == "extended_seats" else NONE,
    )


def expect_nested(regions: tuple[Region, ...]) -> None:
    """Refuse two regions that share programmes although neither lies inside the other.

    Raises
    ------
    StudyError
        Naming both.
    """
    if len(regions) < 2:
        return
    members = np.array([region.programs for region in regions])
    shared, size = _overlaps(members), members.sum(axis=1)
    crossing = np.argwhere((shared > 0) & (shared < np.minimum(size[:, None], size)))
    for one, other in crossing[:1]:
        raise StudyError(
            message(
                "Table caps: the limits of {one} and {other} cross: they share programmes, and neither "
                "lies inside the other. Nothing fair can be promised then.",
                one=regions[one].name,
                other=regions[other].name,
            ),
            message("Remove one of them, or draw their programmes in rounds of their own."),
        )


def places_beyond_minimums(taking_part: int, minimum: Integers) -> int:
    """How many may have a place beyond the minimums, so that the others fill the minimums."""
    return max(0, taking_part - int(minimum.sum()))


def _overlaps(members: Flags) -> Integers:
    """Int64, limits x limits: how many blocks or programmes they share."""
    counts = members.astype(np.int64)
    return counts @ counts.T


def _last_true(flags: Flags) -> Integers:
    """Int64, one a row: the last column that is true, or -1."""
    if not flags.shape[1]:
        return np.full(flags.shape[0], NONE, np.int64)
    last = flags.shape[1] - 1 - flags[:, ::-1].argmax(axis=1)
    return np.where(flags.any(axis=1), last, NONE)
