"""Primary suppression (一次秘匿): a figure of fewer than k people is not shown."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA, FIGURES, STATEMENTS_IN_OFFICE
from tazuna.errors import TazunaError
from tazuna.language import message

SCORES_FLOOR = 5
"""The lowest threshold that an organisation may choose for scores."""
COMMENTS_FLOOR = 10
"""Comments are never shown for groups under this size, whatever the threshold for scores."""


class ThresholdError(TazunaError):
    """A threshold is missing for a wave, or lower than the floor."""


def check_thresholds(k_by_wave: Mapping[str, int]) -> None:
    """Refuse a threshold below the floor.

    Raises
    ------
    ThresholdError
        Naming the wave, the k found and the floor.
    """
    for wave, k in k_by_wave.items():
        if k < SCORES_FLOOR:
            raise ThresholdError(
                message(
                    "k = {k} at wave {wave} is below the floor of {floor}", k=k, wave=wave, floor=SCORES_FLOOR
                ),
                message("Set k to {floor} or more.", floor=SCORES_FLOOR),
            )


def too_small(k_by_wave: Mapping[str, int]) -> pl.Expr:
    """Whether a cell is about fewer people than its wave's k: a Boolean expression over cells, never null.

    A cell of unknown size or of a wave without a threshold counts as too small.
    """
    k = pl.col("wave").replace_strict(dict(k_by_wave), default=None, return_dtype=pl.Int64)
    protected = pl.col("viewpoint").is_in(STATEMENTS_IN_OFFICE).not_()
    return protected & (pl.col("n") >= k).fill_null(value=False).not_()


def emptied(cells: pl.DataFrame, hidden: pl.Series) -> pl.DataFrame:
    """Empty the figures of hidden cells.

    Parameters
    ----------
    cells
        Columns as `tazuna.disclosure.cell.CELL_SCHEMA`.
    hidden
        Boolean, one a row.

    Returns
    -------
    pl.DataFrame
        The same rows; where a cell is hidden ``suppressed`` is true and ``n``, ``mean``, ``lower``,
        ``upper`` are null. Nothing says why a cell is hidden: the reason would help to compute it.
    """
    marked = cells.with_columns(hidden.alias("suppressed"))
    figures = [pl.when(pl.col("suppressed").not_()).then(figure).alias(figure) for figure in FIGURES]
    return marked.with_columns(figures).select(*CELL_SCHEMA)
