"""Ties (連動): rows of other tables that tell the number of people in a hidden group, hidden with it.

The share of a group times its denominator is the number of people in the group; so are the answers to a
question that alone decides who belongs to it. The gap of a viewpoint tells the viewpoint's mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tazuna.disclosure.polytope import Booleans
from tazuna.disclosure.relations import CROSSED

SHARE = "share."
DISTRIBUTION = "dist."
GAP = "gap."
BAND = "age_band"


def rulings_with_tables(positions: pl.DataFrame, measures: Sequence[str]) -> dict[str, str]:
    """Rulings that have both a table of groups and shares, each with a measure that counts its groups."""
    tables = set(positions["group_by"].unique().to_list())
    found: dict[str, str] = {}
    for measure in measures:
        if measure.startswith(SHARE) and (ruling := measure.split(".")[1]) in tables:
            found.setdefault(ruling, measure)
    return found


def in_table_of(positions: pl.DataFrame, ruling: str) -> Booleans:
    """Whether each position is in a table by this ruling."""
    held: Booleans = positions["group_by"].str.split(CROSSED).list.contains(ruling).to_numpy()
    return held


def tied(
    positions: pl.DataFrame,
    measures: Sequence[str],
    hidden: Booleans,
    deciding: Mapping[str, Sequence[str]],
) -> Booleans:
    """Figures that would tell the size of a hidden group.

    Where the group of a whole organisation is hidden, its share is hidden in every grouping of it, since the
    groupings add up to the whole; where the group is hidden in an age band, its share is hidden in all groups
    of that band.

    Parameters
    ----------
    positions
        Columns as `tazuna.disclosure.relations.POSITION`, P rows of one wave.
    measures
        M codes.
    hidden
        Shape (P,): groups hidden in all measures.
    deciding
        As in `tazuna.disclosure.relations.Links`.

    Returns
    -------
    Booleans
        Shape (P, M).
    """
    found = np.zeros((positions.height, len(measures)), dtype=bool)
    organisation = positions["organisation_id"].to_numpy()
    band = _band_of(positions)
    number = {measure: at for at, measure in enumerate(measures)}
    for ruling in rulings_with_tables(positions, measures):
        of_questions = tuple(f"{DISTRIBUTION}{question}." for question in deciding.get(ruling, ()))
        deciders = [at for measure, at in number.items() if measure.startswith(of_questions)]
        told = hidden & in_table_of(positions, ruling)
        for place, _, _, group_by, label in positions.filter(told).rows():
            group = label if group_by == ruling else label.rsplit("|", 1)[0]
            here = organisation == place
            if group_by != ruling:
                here = here & (band == label.rsplit("|", 1)[1])
            share = number.get(f"{SHARE}{ruling}.{group}")
            found[np.ix_(here, deciders if share is None else [*deciders, share])] = True
    return found


def tied_gaps(cells: pl.DataFrame, hidden: pl.Series) -> pl.Series:
    """Gaps of which one side is hidden: with the other side they would tell it."""
    keys = ["organisation_id", "wave", "viewpoint", "measure"]
    sides = cells.filter(hidden & (pl.col("group_by") == "all")).select(keys).rows()
    unseen = set(sides)
    gaps = cells["measure"].str.starts_with(GAP)
    found = np.zeros(cells.height, dtype=bool)
    for number in np.flatnonzero(gaps.to_numpy()):
        organisation, wave, viewpoint, measure = cells.select(keys).row(int(number))
        found[number] = any(
            (organisation, wave, side, measure.removeprefix(GAP)) in unseen for side in viewpoint.split("-")
        )
    return pl.Series(found)


def _band_of(positions: pl.DataFrame) -> np.ndarray:
    """The age band of each position's group; empty where the grouping has none."""
    by = pl.col("group_by")
    band = (
        pl.when(by == BAND)
        .then("group")
        .when(by.str.ends_with(CROSSED + BAND))
        .then(pl.col("group").str.split("|").list.last())
        .otherwise(pl.lit(""))
    )
    return positions.select(band).to_series().to_numpy()
