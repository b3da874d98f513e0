"""Moves between the groups of the rules (群の間の移動), beside what error alone would bring about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from tazuna.measurement.classes.rule_items import RULINGS
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.second_look.rows import Row, figure, hidden_together, or_none, share
from tazuna.measurement.transitions.by_rules import transitions_by_rule
from tazuna.measurement.transitions.transitions import Transitions


@dataclass(frozen=True, slots=True)
class MoveFinding:
    """Of one ruling: the reliability assumed, and the one at which error alone explains all moves."""

    ruling: str
    retest: float
    explained_at: float


def move_rows(
    before: pl.DataFrame, after: pl.DataFrame, rules: GroupRules, rng: np.random.Generator, k: int
) -> tuple[list[Row], tuple[MoveFinding, ...]]:
    """How many are in another group than a wave before, of everybody and of each earlier group.

    Parameters
    ----------
    before, after
        Those who answered at two waves.
    rules
        The rules.
    rng
        Of second answers and blocks.
    k
        Threshold of the later wave.

    Returns
    -------
    rows
        Of everybody (group_by ``all``) and of the earlier groups (group_by ``RULING_before``), in percent:
        ``left.RULING``, ``left_unchanged.RULING`` if nobody had changed, and ``left_beyond.RULING``, the
        difference with its interval in points.
    findings
        Of the rulings that enough people have a group of at both waves.
    """
    rows: list[Row] = []
    findings = []
    for ruling in RULINGS:
        found = or_none(partial(transitions_by_rule, before, after, ruling, rules, rng))
        if found is not None:
            rows += [*_of_everybody(found, ruling), *_of_groups(found, ruling, k)]
            findings.append(MoveFinding(ruling, found.retest, found.explained_at))
    return rows, tuple(findings)


def _of_everybody(found: Transitions, ruling: str) -> list[Row]:
    n = int(found.n.sum())
    beyond = 100 * np.array([found.moved - found.moved_expected, found.moved_lower, found.moved_upper])
    return [
        share(f"left.{ruling}", n, found.moved * n),
        figure(f"left_unchanged.{ruling}", n, 100 * found.moved_expected),
        figure(f"left_beyond.{ruling}", n, *beyond.tolist()),
    ]


def _of_groups(found: Transitions, ruling: str, k: int) -> list[Row]:
    rows: list[Row] = []
    stayed, expected = np.diag(found.observed), np.diag(found.expected)
    # More who left are fewer who stayed: the ends of the interval change places.
    beyond, lower, upper = (-100 * np.diag(part) for part in (found.difference, found.upper, found.lower))
    hidden = hidden_together(found.n.tolist(), k)
    for place, group in enumerate(found.groups):
        n = int(found.n[place])
        figures = [
            share(f"left.{ruling}", n, (1 - stayed[place]) * n),
            figure(f"left_unchanged.{ruling}", n, 100 * (1 - expected[place])),
            figure(f"left_beyond.{ruling}", n, beyond[place], lower[place], upper[place]),
        ]
        where: Row = {"group_by": f"{ruling}_before", "group": group, "suppressed": bool(hidden[place])}
        rows += [row | where for row in figures]
    return rows
