"""What the rules of layers and unmoved groups read, as categories for latent classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.measurement.classes.agreement import Agreement, Codes, agreement
from tazuna.measurement.classes.replication import ClassSolution, find_classes
from tazuna.measurement.graded.items import Floats
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.groups import ANSWER

RULINGS = ("layer", "unmoved")


@dataclass(frozen=True, slots=True)
class ClassesBesideRules:
    """Latent classes and how far they agree with the groups by rule.

    Parameters
    ----------
    solution
        The classes, with replication.
    agreement
        Ruling → cross table of its groups (rows) with the classes (columns, ``1`` the largest).
    """

    solution: ClassSolution
    agreement: dict[str, Agreement]


def classes_beside_rules(
    people: pl.DataFrame, rules: GroupRules, rng: np.random.Generator, *, rulings: Sequence[str] = RULINGS
) -> ClassesBesideRules:
    """Group people by their answers alone and compare with the rules.

    Parameters
    ----------
    people
        One row a person: of one wave, as `tazuna.measurement.population.population` gives it.
    rules
        The rules.
    rng
        Of starts and halves.
    rulings
        The rulings whose readings are analysed.

    Raises
    ------
    ClassError
        Too few people, or the questions were not asked.
    """
    answers, codes = rule_items(people, rules, rulings)
    solution = find_classes(answers, codes, rng)
    placed = solution.classes.classes_of(answers)
    names = tuple(str(number) for number in range(1, len(solution.classes.sizes) + 1))
    compared = {
        ruling: agreement(
            group_codes(people[ruling], rules.groups(ruling)), placed, rules.groups(ruling), names
        )
        for ruling in rulings
    }
    return ClassesBesideRules(solution, compared)


def rule_items(
    people: pl.DataFrame, rules: GroupRules, rulings: Sequence[str] = RULINGS
) -> tuple[Floats, tuple[str, ...]]:
    """The readings of some rulings as whole numbers.

    Questions stay as answered. A scale becomes 0, 1, … by the bounds that any rule sets for it: the rules
    tell no more of it apart.

    Returns
    -------
    answers, codes
        Shape (n, readings), NaN = not known; the readings' questions or scales. Those that nobody has a
        value of are left out.
    """
    columns, codes = [], []
    for name in readings_of(rules, rulings):
        reading = rules.readings[name]
        source = reading.scale or ANSWER + str(reading.question)
        if source not in people.columns or people[source].count() == 0:
            continue
        values = people[source].cast(pl.Float64).fill_null(np.nan).to_numpy()
        if reading.scale:
            cut = np.searchsorted(bounds_of(rules, name), values, side="right").astype(np.float64)
            values = np.where(np.isfinite(values), cut, np.nan)
        columns.append(values)
        codes.append(reading.scale or str(reading.question))
    return (np.column_stack(columns) if columns else np.empty((people.height, 0))), tuple(codes)


def readings_of(rules: GroupRules, rulings: Sequence[str]) -> tuple[str, ...]:
    """Names of the readings that some rulings test, those of earlier rulings included, in their order."""
    tested: set[str] = set()
    waiting = list(rulings)
    while waiting:
        for rule in rules.rulings[waiting.pop()]:
            tested |= set(rule.when)
            waiting += [name for name in rule.when if name in rules.rulings]
    return tuple(name for name, reading in rules.readings.items() if name in tested and not reading.age)


def bounds_of(rules: GroupRules, name: str) -> list[float]:
    """Every bound that a rule sets for a reading, lowest first."""
    tests = [rule.when[name] for groups in rules.rulings.values() for rule in groups if name in rule.when]
    bounds = {value for test in tests for value in test.model_dump(exclude_none=True).values()}
    return sorted(float(bound) for bound in bounds)


def group_codes(groups: pl.Series, names: Sequence[str]) -> Codes:
    """Index of each group in ``names``; -1 for null."""
    places = {name: place for place, name in enumerate(names)}
    coded = groups.cast(pl.String).replace_strict(places, default=-1, return_dtype=pl.Int64)
    return coded.fill_null(-1).to_numpy()
