"""Latent classes beside the rules (潜在クラスと規則)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.measurement.classes.replication import MOST_PEOPLE, Verdict
from tazuna.measurement.classes.rule_items import RULINGS, ClassesBesideRules, classes_beside_rules
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.second_look.rows import Row, figure, hidden_together, or_none, share

FEWEST_PEOPLE = 200
"""In fewer a half has too few people to find the classes again."""


@dataclass(frozen=True, slots=True)
class ClassFinding:
    """How many classes, whether they came out again, and the median adjusted Rand index of that.

    ``drawn``: they were found in people drawn at random, since there are very many.
    """

    count: int
    verdict: Verdict
    replication: float
    drawn: bool


def class_rows(
    people: pl.DataFrame, rules: GroupRules, rng: np.random.Generator, k: int
) -> tuple[list[Row], ClassFinding | None]:
    """Sizes of the classes, agreement with the rules, and the rules' groups in each replicated class.

    Parameters
    ----------
    people
        Those of one wave who answered.
    rules
        The rules.
    rng
        Of starts and halves.
    k
        Threshold of the wave.

    Returns
    -------
    rows
        ``share.class.1``, …; ``agreement.RULING`` (adjusted Rand index); by ``class`` ``share.RULING.GROUP``.
    finding
        None where the answers do not carry classes.
    """
    if people.height < FEWEST_PEOPLE:
        return [], None
    found = or_none(lambda: classes_beside_rules(people, rules, rng))
    if found is None or found.solution.classes.n < FEWEST_PEOPLE:
        return [], None
    classes = found.solution.classes
    rows = [
        share(f"share.class.{place}", classes.n, float(size) * classes.n)
        for place, size in enumerate(classes.sizes, start=1)
    ]
    if found.solution.verdict != "one_class":
        rows += [
            figure(f"agreement.{ruling}", compared.n, compared.adjusted_rand)
            for ruling, compared in found.agreement.items()
        ]
    if found.solution.verdict == "replicated":
        rows += [row for ruling in RULINGS for row in _rulings_in_classes(found, ruling, k)]
    drawn = classes.n == MOST_PEOPLE < people.height
    finding = ClassFinding(len(classes.sizes), found.solution.verdict, found.solution.replication, drawn)
    return rows, finding


def _rulings_in_classes(found: ClassesBesideRules, ruling: str, k: int) -> list[Row]:
    compared = found.agreement[ruling]
    n = compared.counts.sum(axis=0)
    hidden = hidden_together(n.tolist(), k)
    return [
        share(
            f"share.{ruling}.{group}",
            int(n[column]),
            float(compared.counts[row, column]),
            group_by="class",
            group=name,
            hidden=bool(hidden[column]),
        )
        for column, name in enumerate(compared.columns)
        for row, group in enumerate(compared.rows)
    ]
