"""Groups of people by rule: mindset layer (意識層), the unmoved (不動層), cause, step, age band, level.

The rules are data (`tazuna.measurement.group_rules`); this module judges them over columns, in three-valued
logic: a condition over a missing answer is unknown, and a person whose first undecided condition is unknown
has no group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tazuna.measurement.group_rules import GroupRule, GroupRules, Reading

ANSWER = "answer:"
"""Prefix of columns of answers: a question may bear the name of its own scale."""


def classify(people: pl.DataFrame, rules: GroupRules) -> pl.DataFrame:
    """Place every person in a group of each ruling.

    Parameters
    ----------
    people
        Scales by their codes (0–100), answers as ``answer:CODE``, ``age`` (years). A column that is missing
        is unknown for everybody.
    rules
        The rules.

    Returns
    -------
    pl.DataFrame
        ``people`` and a Categorical column for each ruling (``age_band``, ``level``, ``layer``, ``unmoved``,
        ``cause``, ``step``): codes of the rules; null = unknown, because an answer that decides is missing.
    """
    values = {name: _value(reading, people.columns) for name, reading in rules.readings.items()}
    placed = people
    for ruling, groups in rules.rulings.items():
        placed = placed.with_columns(_first_that_fits(groups, values).alias(ruling))
        values[ruling] = pl.col(ruling)
    return placed.with_columns(pl.col(rules.rulings).cast(pl.Categorical))


def _value(reading: Reading, columns: Sequence[str]) -> pl.Expr:
    column = reading.scale or (ANSWER + reading.question if reading.question else "age")
    return pl.col(column) if column in columns else pl.lit(None, pl.Float64)


def _first_that_fits(groups: Sequence[GroupRule], values: Mapping[str, pl.Expr]) -> pl.Expr:
    """The first group whose condition is true, unless an unknown condition comes before it."""
    found = pl.lit(None, pl.String)
    for rule in reversed(groups):
        tests = [test.holds(values[name]) for name, test in rule.when.items()]
        fits = pl.all_horizontal(tests) if tests else pl.lit(value=True)
        found = pl.when(fits).then(pl.lit(rule.group)).when(fits.not_()).then(found)
    return found
