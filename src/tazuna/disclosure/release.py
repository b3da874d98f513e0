"""The release (公表): the one door through which group figures leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA, FIGURES
from tazuna.disclosure.threshold import ThresholdError, check_thresholds, suppress, too_small
from tazuna.language import message


@dataclass(frozen=True, slots=True)
class Release:
    """Group figures that may be shown.

    Made by `release_cells`. Whatever way it is made, every row is checked again: a release that holds a
    figure of fewer than k people cannot exist.

    Parameters
    ----------
    cells
        Columns as `tazuna.disclosure.cell.CELL_SCHEMA`; hidden rows have no figures, n included, and never
        say why.
    k
        Threshold of each wave.
    protection
        What protects: so far the threshold only. A hidden cell may still be computed from a shown total and
        the other cells that add up to it, and a share of 0% or 100% tells something of everybody in its
        group.

    Raises
    ------
    ThresholdError
        A k below the floor, or a row that ought to be hidden and is not.
    """

    cells: pl.DataFrame
    k: Mapping[str, int]
    protection: Literal["threshold"] = "threshold"

    def __post_init__(self) -> None:
        check_thresholds(self.k)
        object.__setattr__(self, "k", MappingProxyType(dict(self.k)))
        if dict(self.cells.schema) != dict(CELL_SCHEMA):
            raise ValueError(f"cells need the columns {dict(CELL_SCHEMA)}, not {dict(self.cells.schema)}")
        has_figure = pl.any_horizontal(pl.col(figure).is_not_null() for figure in FIGURES)
        leaks = pl.col("suppressed").is_null() | (has_figure & (pl.col("suppressed") | too_small(self.k)))
        leaking = self.cells.select(leaks.sum()).item()
        if leaking:
            raise ThresholdError(
                message("{count} figures of fewer than k people were about to be shown", count=leaking),
                message("Make a release with release_cells, which hides them."),
            )

    @property
    def shown(self) -> int:
        """Number of rows with figures."""
        return self.cells.height - self.hidden

    @property
    def hidden(self) -> int:
        """Number of hidden rows."""
        return int(self.cells["suppressed"].sum())


def release_cells(cells: pl.DataFrame, k_by_wave: Mapping[str, int]) -> Release:
    """Protect group figures so that they may be shown.

    Every cell of fewer than k people is hidden. Only this threshold protects so far: cells that could be
    computed from the others are not hidden yet, and `Release.protection` says so. Statements in office
    (executive, hr) are not under k; the gaps between them and the employees are, by the number of
    employees.

    Parameters
    ----------
    cells
        Unprotected figures, columns as `tazuna.disclosure.cell.CELL_SCHEMA`. For a share, n is the
        denominator.
    k_by_wave
        Threshold of each wave, at least 5.

    Returns
    -------
    Release
        The same rows in the same order, small ones hidden.

    Raises
    ------
    ThresholdError
        A k below the floor, or a wave among the cells that has no k.
    """
    check_thresholds(k_by_wave)
    without = sorted(set(cells["wave"].unique().to_list()) - set(k_by_wave))
    if without:
        raise ThresholdError(
            message("Wave {wave} has figures but no threshold", wave=without[0]),
            message("Give a k for every wave."),
        )
    return Release(suppress(cells, k_by_wave), k_by_wave)
