"""Questions that mean something else to other people (群による意味の違い), each scale by each grouping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.errors import TazunaError
from tazuna.language import Message, message
from tazuna.measurement.factor.verdict import FEWEST_PEOPLE
from tazuna.measurement.graded.different_items import DifferentItem, different_items
from tazuna.measurement.graded.fit import GradedError
from tazuna.measurement.item_table import Floats
from tazuna.measurement.pilot.asked import PilotScale

MOST_PEOPLE = 1_000
"""Of a group, taken evenly: a difference that counts is then several times its standard error."""
MOST_GROUPS = 5
FEWEST_QUESTIONS = 4
"""Of a scale: one is tested, three others say how the groups stand."""


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """One scale by one grouping.

    Parameters
    ----------
    scale, by
        Code and grouping.
    groups
        Compared, with the number of people behind each: enough for the comparison, so that it may be shown.
    found
        Each question, or why none was compared.
    """

    scale: str
    by: str
    groups: Mapping[str, int]
    found: tuple[DifferentItem, ...] | TazunaError


def compare_groups(
    scale: PilotScale, answers: Floats, groupings: Mapping[str, pl.Series], *, ordered: bool
) -> tuple[GroupComparison, ...]:
    """Test the questions of a scale by every grouping.

    Parameters
    ----------
    answers
        Shape (n, p), keyed.
    groupings
        Name → group of each row.
    ordered
        Without ordered categories nothing is compared.
    """
    if not ordered:
        return ()
    return tuple(_compared(scale, answers, by, groups) for by, groups in groupings.items())


def too_few_to_compare() -> Message:
    """How many people it takes; how many there were is not said of any group."""
    return message("Not compared: it takes two groups of {needed} people or more.", needed=FEWEST_PEOPLE)


def _compared(scale: PilotScale, answers: Floats, by: str, groups: pl.Series) -> GroupComparison:
    if len(scale.questions) < FEWEST_QUESTIONS:
        too_short = message("Not compared: it takes a scale of {needed} questions.", needed=FEWEST_QUESTIONS)
        return GroupComparison(scale.code, by, {}, TazunaError(too_short))
    parts = _parts(answers, groups)
    if len(parts) < 2:
        return GroupComparison(scale.code, by, {}, TazunaError(too_few_to_compare()))
    sizes = {name: len(part) for name, part in parts.items()}
    try:
        found = different_items([_thinned(part) for part in parts.values()], scale.codes, tuple(parts))
    except GradedError as refused:
        return GroupComparison(scale.code, by, sizes, refused)
    return GroupComparison(scale.code, by, sizes, found)


def _parts(answers: Floats, groups: pl.Series) -> dict[str, Floats]:
    """The largest groups of enough people who answered, in order of their names."""
    some = np.isfinite(answers).any(axis=1)
    found = {}
    for name in groups.drop_nulls().unique().sort().to_list():
        part = answers[some & (groups == name).fill_null(value=False).to_numpy()]
        if len(part) >= FEWEST_PEOPLE:
            found[name] = part
    largest = sorted(found, key=lambda name: -len(found[name]))[:MOST_GROUPS]
    return {name: part for name, part in found.items() if name in largest}


def _thinned(part: Floats) -> Floats:
    return part[:: max(1, -(-len(part) // MOST_PEOPLE))]
