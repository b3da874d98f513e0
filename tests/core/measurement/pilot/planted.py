"""A pilot whose faults are known, because they were planted."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from tazuna.measurement.item_table import ItemTable
from tazuna.measurement.pilot.asked import Asked, asked_by_table
from tazuna.measurement.pilot.pilot import Pilot, pilot
from tazuna.measurement.psychometrics import analyse

PLANTED = {
    "q4": "same",
    "q6": "apart",
    "q7": "backwards",
    "q8": "everybody",
    "r5": "differs",
    "r6": "left_out",
}
"""Question → what is wrong with it; every other one is sound."""
MODEL = "first =~ q1+q2+q3+q4+q5+q6+q7+q8\nsecond =~ r1+r2+r3+r4+r5+r6"


@cache
def planted_pilot(people: int = 900) -> Pilot:
    """The pilot of the planted table."""
    asked = planted(people)
    return pilot(asked, analyse(asked.table, asked.model))


@cache
def planted(people: int = 900) -> Asked:
    """Two scales, two groups of half the people each, and the faults of `PLANTED`."""
    rng = np.random.default_rng(11)
    of_group_b = np.arange(people) % 2 == 1
    first = rng.standard_normal(people)
    second = 0.4 * first + 0.9 * rng.standard_normal(people)
    shared = rng.standard_normal(people)

    def item(loading: float, standing: np.ndarray, easier: float = 0.0) -> np.ndarray:
        own = np.sqrt(1 - loading**2) * rng.standard_normal(people)
        return as_answers(loading * standing + own + easier)

    def twin(loading: float) -> np.ndarray:
        return as_answers(loading * first + 0.55 * shared + 0.4 * rng.standard_normal(people))

    columns = {f"q{k}": item(0.75, first) for k in (1, 2, 3)}
    columns |= {"q4": twin(0.6), "q5": twin(0.75), "q6": item(0.1, first), "q7": 6 - item(0.7, first)}
    columns |= {"q8": item(0.7, first, easier=2.0)}
    columns |= {f"r{k}": item(0.75, second) for k in (1, 2, 3, 4)}
    columns |= {"r5": item(0.7, second + of_group_b), "r6": item(0.7, second)}
    columns["r6"][rng.random(people) < 0.15] = np.nan
    groups = pl.Series(np.where(of_group_b, "B", "A"))
    table = ItemTable(tuple(columns), np.column_stack(list(columns.values())), groups)
    return asked_by_table(table, MODEL, (), "group")


def as_answers(latent: np.ndarray) -> np.ndarray:
    """Answers 1 to 5 of a standard normal variable."""
    return np.clip(np.round(3 + 1.1 * latent), 1, 5)
