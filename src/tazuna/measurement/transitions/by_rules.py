"""Transitions between the groups of a ruling: layers, unmoved groups, levels, steps."""

from __future__ import annotations

from itertools import takewhile

import numpy as np
import polars as pl

from tazuna.measurement.classes.agreement import Codes
from tazuna.measurement.classes.rule_items import group_codes, readings_of
from tazuna.measurement.group_rules import GroupRules
from tazuna.measurement.groups import ANSWER, classify
from tazuna.measurement.intervals import Floats
from tazuna.measurement.transitions.no_change import RETEST
from tazuna.measurement.transitions.transitions import Transitions, placed_transitions


def transitions_by_rule(
    before: pl.DataFrame,
    after: pl.DataFrame,
    ruling: str,
    rules: GroupRules,
    rng: np.random.Generator,
    *,
    retest: float | Floats = RETEST,
) -> Transitions:
    """How people moved between the groups of a ruling, beside what error alone would bring about.

    Parameters
    ----------
    before, after
        Populations of two waves (`tazuna.measurement.population.population`), one row a person; people of
        both count.
    ruling
        ``layer``, ``unmoved``, ``level`` or ``step``.
    rules
        The rules.
    rng
        Of second answers and blocks.
    retest
        Assumed reliability of the readings: one for all, or of each as
        `tazuna.measurement.classes.rule_items.readings_of` names them.

    Raises
    ------
    TransitionError
        Too few people have a group at both waves.
    """
    columns = tuple(_source(rules, name) for name in readings_of(rules, [ruling]))
    both = before.select("person_id", *_held(before, columns)).join(
        after.select("person_id", *_held(after, columns)),
        on="person_id",
        suffix="|after",
        maintain_order="left",
    )
    groups = rules.groups(ruling)
    # A ruling may read those before it, never those after it.
    needed = takewhile(lambda name: name != ruling, rules.rulings)
    upto = rules.model_copy(update={"rulings": {name: rules.rulings[name] for name in (*needed, ruling)}})

    def place(answers: Floats) -> Codes:
        people = pl.DataFrame(answers, schema=list(columns), orient="row").fill_nan(None)
        return group_codes(classify(people, upto)[ruling], groups)

    first = both.select(columns).cast(pl.Float64).fill_null(np.nan).to_numpy()
    second = both.select(f"{name}|after" for name in columns).cast(pl.Float64).fill_null(np.nan).to_numpy()
    return placed_transitions(first, second, place, groups, rng, retest=retest)


def _source(rules: GroupRules, name: str) -> str:
    reading = rules.readings[name]
    return reading.scale or ANSWER + str(reading.question)


def _held(people: pl.DataFrame, columns: tuple[str, ...]) -> list[pl.Expr]:
    return [
        pl.col(name) if name in people.columns else pl.lit(None, pl.Float64).alias(name) for name in columns
    ]
