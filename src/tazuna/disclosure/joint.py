"""Joint suppression (同時秘匿) of all tables of a release: groups as a whole, then single measures.

First the groups are hidden of which fewer than k answered, with whatever would give them away, in every
measure. Then each measure hides what is too small in it. How many were asked and answered bounds the number
behind every measure: where that bound would be too close, the response rate is hidden too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.disclosure.audit import ranges_of_hidden
from tazuna.disclosure.pattern import hide_more
from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import Floats, Integers, Relations
from tazuna.disclosure.shares import hide_shares
from tazuna.disclosure.ties import in_table_of, rulings_with_tables, tied

RESPONSE_RATE = "response_rate"
MOST = 0.8
"""Share of those who answered anything from which a measure counts as answered by most."""
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Table:
    """All figures of organisations that hang together, at one wave.

    Parameters
    ----------
    relations
        Over the P positions.
    measures
        M codes.
    counts
        Shape (P, M): numbers of people; NaN where there is no such figure.
    people
        Shape (P, M): of shares, how many people they are; NaN of other measures.
    answered
        Shape (P,): how many answered, NaN where the response rate is not told.
    k
        Threshold and protection interval.
    """

    relations: Relations
    measures: tuple[str, ...]
    counts: Floats
    people: Floats
    answered: Floats
    k: int


@dataclass(frozen=True, slots=True)
class Protected:
    """What is to be hidden of a table.

    Parameters
    ----------
    hidden
        Shape (P, M).
    narrow
        Number of hidden figures that cannot be protected by hiding more.
    narrowest
        The least range of a hidden number of people; infinite where none is hidden.
    """

    hidden: Booleans
    narrow: int
    narrowest: float


def protect(
    table: Table,
    hidden: Booleans,
    deciding: Mapping[str, tuple[str, ...]],
    draw: Floats,
    rng: np.random.Generator,
    rates: Booleans,
) -> Protected:
    """Hide jointly what must be hidden of one table.

    Parameters
    ----------
    table
        The figures.
    hidden
        Shape (P, M): what is hidden from the start, figures of fewer than k people included.
    deciding
        As in `Links`.
    draw
        Shape (P,): decides between cells that are about as large.
    rng
        For the audit.
    rates
        Shape (P,): positions whose response rate was hidden in a wave before. Much the same people are asked
        in every wave: a number that one wave hides and the next one shows would be known for both.
    """
    positions = table.relations.positions
    in_rulings = _in_any_ruling(table)
    most = _answered_by_most(table)
    groups = np.zeros(positions.height, dtype=bool)
    while True:
        groups, narrowest = _whole_groups(table, most, hidden, groups, draw, rng)
        shares = tied(positions, table.measures, groups, deciding)
        found = hidden | groups[:, None] | shares
        alone = np.flatnonzero(~most & (table.counts >= 0).any(axis=0) & ~shares.any(axis=0))
        found[:, alone], also = _each_alone(table, alone, found, draw, rng)
        # Without rates of their own, those asked and those who answered were looked at with the groups.
        rates = _rates(table, groups | rates, draw, rng) if (rates & ~groups).any() else groups
        if RESPONSE_RATE in table.measures:
            found[:, table.measures.index(RESPONSE_RATE)] = rates
        width = _bounded(table, alone, found, np.where(in_rulings, groups, rates), rng)
        close = (width < table.k - _SLACK) & found[:, alone]
        again = groups | (close & in_rulings[:, None]).any(axis=1)
        beside = found[:, alone[close.any(axis=0)]].any(axis=1) & ~in_rulings
        if (again == groups).all() and (beside <= rates).all():
            plain = np.where(np.isin(np.arange(len(table.measures)), alone), found, hidden | groups[:, None])
            found, with_shares = hide_shares(
                table.relations,
                table.measures,
                table.counts,
                table.people,
                found,
                plain,
                most,
                table.k,
                draw,
                rng,
            )
            least = min(narrowest, also, with_shares)
            narrow = int(close.sum()) + (least < table.k - _SLACK)
            return Protected(found, narrow, float(min(least, width.min(initial=np.inf))))
        groups, rates = again, rates | beside


def _answered_by_most(table: Table) -> Booleans:
    """Measures that so many answered that the number who answered anything nearly tells who answered them.

    Shape (M,); they hide the same groups.
    """
    positions = table.relations.positions
    totals = (
        positions.select((pl.col("group_by") == "all") & (pl.col("viewpoint") == "all"))
        .to_series()
        .to_numpy()
    )
    counts = np.nan_to_num(table.counts[totals])
    answered = np.nan_to_num(table.answered[totals])
    enough = counts.sum(axis=0) >= MOST * answered.sum()
    everywhere = (table.counts >= 0).sum(axis=0) >= MOST * positions_of(table)
    found: Booleans = enough & everywhere & (answered.sum() > 0)
    return found


def positions_of(table: Table) -> int:
    """Number of positions that some measure has a figure at."""
    return int((table.counts >= 0).any(axis=1).sum())


def _whole_groups(
    table: Table, most: Booleans, hidden: Booleans, groups: Booleans, draw: Floats, rng: np.random.Generator
) -> tuple[Booleans, float]:
    """Groups hidden in every measure: too small in one that most answered, or giving such away."""
    positions = table.relations.positions
    counts = [table.counts[:, most], table.answered[:, None]]
    start = groups | (hidden & most & (table.counts >= 0)).any(axis=1) | (table.answered < table.k)
    margins = positions["group_by"].is_in(["all", "age_band"]).to_numpy()
    for ruling, measure in rulings_with_tables(positions, table.measures).items():
        of_ruling = in_table_of(positions, ruling)
        column = np.where(of_ruling | margins, table.counts[:, table.measures.index(measure)], np.nan)
        start = start | (of_ruling & (column < table.k))
        counts.append(column[:, None])
    distinct = np.unique(np.nan_to_num(np.hstack(counts), nan=-1.0), axis=1)
    distinct = np.where(distinct < 0, np.nan, distinct)[:, (distinct >= 0).any(axis=0)]
    if not distinct.shape[1]:
        return groups, np.inf
    family = [np.arange(distinct.shape[1])]
    found, narrowest = hide_more(table.relations, distinct, family, start[:, None], table.k, draw, rng)
    return found[:, 0], float(narrowest[0])


def _each_alone(
    table: Table, columns: Integers, found: Booleans, draw: Floats, rng: np.random.Generator
) -> tuple[Booleans, float]:
    """Measures that hide cells of their own."""
    if not columns.size:
        return found[:, columns], np.inf
    counts, hidden = table.counts[:, columns], found[:, columns]
    stacked = np.vstack([np.nan_to_num(counts, nan=-1.0), hidden])
    _, first, pattern = np.unique(stacked, axis=1, return_index=True, return_inverse=True)
    families = [np.array([number]) for number in range(first.size)]
    now, narrowest = hide_more(
        table.relations, counts[:, first], families, hidden[:, first], table.k, draw, rng
    )
    return now[:, pattern.ravel()], float(narrowest.min())


def _rates(table: Table, rates: Booleans, draw: Floats, rng: np.random.Generator) -> Booleans:
    """Positions whose response rate is hidden: it tells how many were asked and how many answered."""
    if RESPONSE_RATE not in table.measures:
        return rates
    asked = table.counts[:, table.measures.index(RESPONSE_RATE)]
    counts = np.column_stack([asked, table.answered])
    found, _ = hide_more(table.relations, counts, [np.arange(2)], rates[:, None], table.k, draw, rng)
    return found[:, 0]


def _bounded(
    table: Table, columns: Integers, found: Booleans, untold: Booleans, rng: np.random.Generator
) -> Floats:
    """Ranges of hidden numbers of these measures, given the number of those who answered where it is told.

    Shape (P, columns); infinite where nothing is hidden, or nothing bounds it beside the measure's own table.
    """
    upper = np.where(untold | ~(table.answered >= 0), np.inf, table.answered)
    hidden = found[:, columns] & (table.counts[:, columns] >= 0)
    width = np.full(hidden.shape, np.inf)
    some = np.flatnonzero((hidden & np.isfinite(upper)[:, None]).any(axis=0))
    if some.size:
        full = table.relations.with_remainders(table.counts[:, columns[some]])
        each = ranges_of_hidden(table.relations, full, hidden[:, some], table.k, rng, upper)
        width[:, some] = each[: hidden.shape[0]]
    return width


def _in_any_ruling(table: Table) -> Booleans:
    positions = table.relations.positions
    found = np.zeros(positions.height, dtype=bool)
    for ruling in rulings_with_tables(positions, table.measures):
        found |= in_table_of(positions, ruling)
    return found
