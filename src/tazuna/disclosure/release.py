"""The release (公表): the one door through which group figures leave."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA, FIGURES, KEYS
from tazuna.disclosure.curves import hidden_curves
from tazuna.disclosure.joint import RESPONSE_RATE
from tazuna.disclosure.relations import Links
from tazuna.disclosure.tables import protected_tables
from tazuna.disclosure.threshold import ThresholdError, check_thresholds, emptied, too_small
from tazuna.disclosure.ties import tied_gaps
from tazuna.errors import TazunaError
from tazuna.language import message


class DisclosureError(TazunaError):
    """Group figures cannot be released, since somebody could calculate what they hide."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found before publishing, in sums that tell nothing of a single cell.

    Parameters
    ----------
    primary
        Number of figures hidden because fewer than k people are behind them.
    complementary
        Number of further figures hidden because they would give those away.
    narrowest
        The least range, in people, within which a hidden number can be known; None where none is bounded.
    next_smallest
        Number of figures that would be hidden by the rule of thumb: in each sum that gives a hidden number
        away the smallest part, in each measure by itself, without looking at the other tables. Of waves
        released before, the number that was hidden then.
    """

    primary: int
    complementary: int
    narrowest: float | None
    next_smallest: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """Group figures that may be shown.

    Made by `release_cells`. Whatever way it is made, every row is checked again: a release that holds a
    figure of fewer than k people, or whose audit found a hidden number too well known, cannot exist.

    Parameters
    ----------
    cells
        Columns as `tazuna.disclosure.cell.CELL_SCHEMA`; hidden rows have no figures, n included, and never
        say why.
    k
        Threshold of each wave.
    audit
        What the audit found.
    protection
        What protects: small figures are hidden jointly with what would give them away.

    Raises
    ------
    ThresholdError
        A k below the floor, or a row that ought to be hidden and is not.
    DisclosureError
        A hidden number can be known within the least k.
    """

    cells: pl.DataFrame
    k: Mapping[str, int]
    audit: Audit
    protection: Literal["joint"] = "joint"

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
        narrowest, interval = self.audit.narrowest, min(self.k.values(), default=0)
        if narrowest is not None and narrowest < interval - _ROUNDING:
            raise _known_too_well(1)

    @property
    def shown(self) -> int:
        """Number of rows with figures."""
        return self.cells.height - self.hidden

    @property
    def hidden(self) -> int:
        """Number of hidden rows."""
        return int(self.cells["suppressed"].sum())

    @property
    def sha256(self) -> str:
        """Of the cells as CSV: what was frozen."""
        return hashlib.sha256(self.cells.write_csv().encode()).hexdigest()


def release_cells(
    cells: pl.DataFrame,
    k_by_wave: Mapping[str, int],
    links: Links | None = None,
    earlier: Sequence[Release] = (),
) -> Release:
    """Protect group figures so that they may be shown.

    Every cell of fewer than k people is hidden, and with it as many others as it takes that nobody who has
    the whole release can calculate a hidden number of people, nor bound it within an interval narrower than
    k (protection interval): over departments, age bands, levels, viewpoints and organisations at once.
    Statements in office (executive, hr) are not under k; the gaps between them and the employees are.

    A wave that was released before stays as it was: what was shown is shown with the same figures, and what
    was not is hidden, since two versions of a wave would differ by single people.

    Parameters
    ----------
    cells
        Unprotected figures, columns as `tazuna.disclosure.cell.CELL_SCHEMA`. For a share, n is the
        denominator.
    k_by_wave
        Threshold of each wave, at least 5.
    links
        What of the tables' relations their labels do not tell; without it nothing stands above another
        organisation.
    earlier
        All releases before this one of the same organisations, the first one first.

    Returns
    -------
    Release
        The same rows in the same order, small ones hidden jointly.

    Raises
    ------
    ThresholdError
        A k below the floor, or a wave among the cells that has no k.
    DisclosureError
        Some hidden numbers stay too well known whatever else is hidden; says how many.
    """
    check_thresholds(k_by_wave)
    without = sorted(set(cells["wave"].unique().to_list()) - set(k_by_wave))
    if without:
        raise ThresholdError(
            message("Wave {wave} has figures but no threshold", wave=without[0]),
            message("Give a k for every wave."),
        )
    small = cells.select(pl.col("suppressed") | too_small(k_by_wave)).to_series()
    frozen = {wave for release in earlier for wave in release.cells["wave"].unique().to_list()}
    new = cells["wave"].is_in(list(frozen)).not_()
    fresh = cells.filter(new)
    rates = [release.cells.filter("suppressed", measure=RESPONSE_RATE) for release in earlier]
    tables = protected_tables(
        fresh, small.filter(new), k_by_wave, links or Links(), _key(cells), pl.concat([cells.clear(), *rates])
    )
    if tables.narrow:
        raise _known_too_well(tables.narrow)
    hidden = tables.hidden | tied_gaps(fresh, tables.hidden)
    hidden = hidden | hidden_curves(fresh, hidden)
    every = np.ones(cells.height, dtype=bool)
    every[new.to_numpy()] = hidden.to_numpy()
    protected = emptied(cells, pl.Series(every))
    if frozen:
        protected = _as_released(protected, earlier, k_by_wave)
    primary = int(small.filter(new).sum())
    narrowest = tables.narrowest if np.isfinite(tables.narrowest) else None
    as_before = int(protected.filter(~new)["suppressed"].sum())
    audit = Audit(primary, int(hidden.sum()) - primary, narrowest, tables.next_smallest + as_before)
    return Release(protected, k_by_wave, audit)


_ROUNDING = 1e-6


def _key(cells: pl.DataFrame) -> int:
    """A number that nobody can know without the unprotected figures: the same figures, the same choices."""
    figures = cells.select(
        pl.col("n").cast(pl.Float64).fill_null(-1), pl.col("mean").fill_null(-1)
    ).to_numpy()
    return int.from_bytes(hashlib.sha256(figures.tobytes()).digest())


def _as_released(
    protected: pl.DataFrame, earlier: Sequence[Release], k_by_wave: Mapping[str, int]
) -> pl.DataFrame:
    """Give the rows of waves released before the figures that they had then."""
    first = pl.concat([release.cells for release in earlier]).unique(KEYS, keep="first", maintain_order=True)
    shown = first.filter(pl.col("suppressed").not_(), ~too_small(k_by_wave)).drop("suppressed")
    joined = protected.join(
        shown.with_columns(known=pl.lit(value=True)),
        on=KEYS,
        how="left",
        suffix="_then",
        maintain_order="left",
    )
    figures = [pl.coalesce(f"{name}_then", name).alias(name) for name in FIGURES]
    return joined.select(
        *KEYS, *figures, (pl.col("suppressed") & pl.col("known").is_null()).alias("suppressed")
    )


def _known_too_well(count: int) -> DisclosureError:
    return DisclosureError(
        message(
            "{count} hidden figures could be bounded within fewer than k people; nothing is released",
            count=count,
        ),
        message("Join small departments or leave out a grouping, then release again."),
    )
