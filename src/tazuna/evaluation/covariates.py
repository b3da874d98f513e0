"""Covariates (共変量): what was known about people before the start, as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tazuna.evaluation.arrays import Covariates
from tazuna.evaluation.collinearity import TOLERANCE
from tazuna.evaluation.estimate import Flags, Floats
from tazuna.evaluation.labels import same_word
from tazuna.evaluation.refusal import Refusal, listed
from tazuna.language import Message, message

MOST_VALUES = 7
"""Of a text, the most frequent of which become columns of their own."""
FEWEST_PEOPLE = 10
"""With a value, below which it is put together with the other rare ones."""


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number about each of N people; NaN where unknown."""

    name: str
    label: Message
    values: Floats


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text about each of N people, empty where unknown; ``labels`` names its values."""

    name: str
    label: Message
    values: npt.NDArray[np.str_]
    labels: Mapping[str, Message]


Known = KnownNumber | KnownText


def coded(facts: Iterable[Known], rows: Flags) -> Covariates:
    """Facts as columns.

    Parameters
    ----------
    facts
        Each of N people.
    rows
        Shape (N,): the people by whom means and the most frequent values are taken.
    """
    columns: list[Floats] = []
    names: list[str] = []
    labels: list[Message] = []
    for fact in facts:
        parts = _numbers(fact, rows) if isinstance(fact, KnownNumber) else _values(fact, rows)
        for name, label, column in parts:
            names.append(name)
            labels.append(label)
            columns.append(column)
    x = np.column_stack(columns) if columns else np.empty((len(rows), 0))
    return Covariates(np.ascontiguousarray(x, dtype=np.float64), tuple(names), tuple(labels))


def dependent(x: Floats, before: Floats) -> tuple[Flags, Flags]:
    """Which columns are constant, and which others say nothing that those before them do not say.

    Parameters
    ----------
    x
        Shape (n, k).
    before
        Shape (n, j): columns that stay whatever x holds, such as the baseline; a constant is added.

    Returns
    -------
    constant, repeated
        Shape (k,) each.
    """
    constant = np.ptp(x, axis=0) == 0 if len(x) else np.ones(x.shape[1], np.bool_)
    repeated = np.zeros(x.shape[1], np.bool_)
    basis: Floats = np.linalg.qr(np.column_stack([np.ones(len(x)), before]))[0]
    for j in np.flatnonzero(~constant):
        rest = x[:, j] - x[:, j].mean()
        length = np.linalg.norm(rest)
        for _ in range(2):  # The second time removes what rounding left of the first.
            rest = rest - basis @ (basis.T @ rest)
        left = np.linalg.norm(rest)
        if left <= TOLERANCE * length:
            repeated[j] = True
        else:
            basis = np.column_stack([basis, rest / left])
    return constant, repeated


def _numbers(fact: KnownNumber, rows: Flags) -> list[tuple[str, Message, Floats]]:
    """The numbers with the mean where unknown, and whether they are unknown where some are."""
    numbers = fact.values
    known = np.isfinite(numbers)
    if not (known & rows).any():
        return []
    filled = np.where(known, numbers, numbers[known & rows].mean())
    columns = [(fact.name, fact.label, filled)]
    if not known[rows].all():
        said = message("{name} not known", name=fact.label)
        columns.append((f"{fact.name}:missing", said, (~known).astype(np.float64)))
    return columns


def _values(fact: KnownText, rows: Flags) -> list[tuple[str, Message, Floats]]:
    """A column for each frequent value but the most frequent, one for the rare ones, one for unknown."""
    values, counts = np.unique(fact.values[rows], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    given = [at for at in order if values[at] != ""]
    frequent = [str(values[at]) for at in given[:MOST_VALUES] if counts[at] >= FEWEST_PEOPLE]
    columns = []
    for value in frequent[1:]:
        named = fact.labels.get(value, same_word(value))
        said = message("{name}: {value}", name=fact.label, value=named)
        columns.append((f"{fact.name}={value}", said, (fact.values == value).astype(np.float64)))
    rare = (fact.values != "") & ~np.isin(fact.values, frequent)
    if frequent and rare[rows].sum() >= FEWEST_PEOPLE:
        said = message("{name}: other", name=fact.label)
        columns.append((f"{fact.name}=*", said, rare.astype(np.float64)))
    if (fact.values[rows] == "").any() and frequent:
        said = message("{name} not known", name=fact.label)
        columns.append((f"{fact.name}:missing", said, (fact.values == "").astype(np.float64)))
    return columns


def tells_nothing(names: Iterable[str]) -> Refusal:
    """Covariates that somebody named and that make no column."""
    return Refusal(
        "constant_covariate",
        message(
            "These covariates are not known, or hardly differ between people: {columns}",
            columns=listed(names),
        ),
        message("Take them out of the covariates, or check how their columns were filled."),
    )


def fact_of(column: str) -> str:
    """The fact that a column comes from.

    Examples
    --------
    >>> fact_of("gender=female"), fact_of("age:missing")
    ('gender', 'age')
    """
    return column.split("=")[0].removesuffix(":missing")
