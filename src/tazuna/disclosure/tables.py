"""From the long table of cells to the tables that hang together, and back to rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tazuna.disclosure.joint import RESPONSE_RATE, Table, protect
from tazuna.disclosure.next_smallest import hidden_by_next_smallest
from tazuna.disclosure.relations import ADDING_UP, POSITION, Links, relations

LABEL = tuple(column for column in POSITION if column != "wave")
AS_BEFORE = 0.01
"""What hiding a group costs that was hidden in the wave before, as a share of what it costs otherwise."""


@dataclass(frozen=True, slots=True)
class ProtectedTables:
    """Rows to be hidden, how many cannot be protected, the least range of a hidden number, and how many rows
    hiding the next smallest would hide.
    """

    hidden: pl.Series
    narrow: int
    narrowest: float
    next_smallest: int


def protected_tables(
    cells: pl.DataFrame,
    small: pl.Series,
    k_by_wave: Mapping[str, int],
    links: Links,
    key: int,
    hidden_before: pl.DataFrame,
) -> ProtectedTables:
    """Decide jointly which rows to hide, in each wave and for all organisations that hang together.

    Parameters
    ----------
    cells
        Columns as `tazuna.disclosure.cell.CELL_SCHEMA`.
    small
        Boolean, one a row: hidden from the start.
    k_by_wave
        Threshold of each wave.
    links
        What the labels do not tell.
    key
        Decides between cells that cost the same.
    hidden_before
        Columns `LABEL`: of whom a wave released before hides the response rate.
    """
    own = pl.col("organisation_id")
    numbered = cells.with_row_index("row").with_columns(
        small=small, top=own.replace_strict(_tops(links), default=own, return_dtype=pl.String)
    )
    adding_up = numbered.filter(
        pl.col("viewpoint").is_in(ADDING_UP), pl.col("group_by").str.ends_with("age_curve").not_()
    )
    rng = np.random.default_rng(key)
    labels = adding_up.select(LABEL).unique().sort(LABEL)
    draws = labels.with_columns(draw=pl.Series(rng.exponential(size=labels.height)))
    hidden = small.to_numpy().copy()
    narrow, narrowest, simply = 0, np.inf, int(small.sum())
    before = set(hidden_before.select(LABEL).rows())
    for (_, wave), part in adding_up.partition_by("top", "wave", as_dict=True, maintain_order=True).items():
        if not part["small"].any():
            continue
        positions = part.select(POSITION).unique(maintain_order=True)
        measures = tuple(part["measure"].unique(maintain_order=True).to_list())
        at = part.join(positions.with_row_index("position"), on=POSITION, maintain_order="left")["position"]
        of = part["measure"].replace_strict({m: number for number, m in enumerate(measures)}).to_numpy()
        shape = (positions.height, len(measures))
        counts, people, start = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, dtype=bool)
        counts[at, of] = part["n"].fill_null(0).to_numpy()
        people[at, of] = part.select(_people()).to_series().to_numpy()
        start[at, of] = part["small"].to_numpy()
        table = Table(
            relations(positions, links),
            measures,
            counts,
            people,
            _answered(part, positions),
            k_by_wave[str(wave)],
        )
        draw = positions.join(draws, on=LABEL, how="left", maintain_order="left")["draw"].to_numpy()
        of_whom = positions.select(LABEL).rows()
        rates = np.array([label in before for label in of_whom], dtype=bool)
        simply += hidden_by_next_smallest(table.relations, counts, start, table.k) - int(start.sum())
        found = protect(table, start, links.deciding, draw, rng, rates)
        if RESPONSE_RATE in measures:
            unseen = found.hidden[:, measures.index(RESPONSE_RATE)]
            before |= {label for label, gone in zip(of_whom, unseen, strict=True) if gone}
        hidden[part["row"].to_numpy()] |= found.hidden[at, of]
        # The next wave hides the same groups where it can: much the same people are in them.
        as_before = pl.Series(np.where(found.hidden.all(axis=1, where=counts >= 0), AS_BEFORE, 1.0))
        seen = positions.select(LABEL).with_columns(factor=as_before)
        draws = draws.join(seen, on=LABEL, how="left", maintain_order="left").select(
            *LABEL, draw=pl.col("draw") * pl.col("factor").fill_null(1.0)
        )
        narrow, narrowest = narrow + found.narrow, min(narrowest, found.narrowest)
    return ProtectedTables(pl.Series(hidden), narrow, narrowest, simply)


def _tops(links: Links) -> dict[str, str]:
    """The organisation at the top of each organisation's tree."""
    tops = {}
    for organisation in links.parents:
        top = organisation
        while top in links.parents:
            top = links.parents[top]
        tops[organisation] = top
    return tops


def _people() -> pl.Expr:
    """The number of people that a share is."""
    return (pl.col("n").fill_null(0) * pl.col("mean").fill_null(0.0) / 100).round()


def _answered(part: pl.DataFrame, positions: pl.DataFrame) -> np.ndarray:
    """How many answered at each position, NaN where no response rate is told: shape (P,)."""
    rates = part.filter(measure=RESPONSE_RATE).select(*POSITION, answered=_people())
    joined = positions.join(rates.unique(POSITION), on=POSITION, how="left", maintain_order="left")
    return joined["answered"].cast(pl.Float64).fill_null(np.nan).to_numpy()
