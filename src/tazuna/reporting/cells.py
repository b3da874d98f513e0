"""Protected group figures by their address: organisation, wave, viewpoint, group and measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Cell:
    """One group figure; a hidden one has none of its numbers.

    ``n`` is the number of people (or the denominator of a share), ``lower`` and ``upper`` the 95%
    interval, None where
    fewer than two answered.
    """

    n: int | None
    mean: float | None
    lower: float | None
    upper: float | None
    hidden: bool

    @property
    def shown(self) -> bool:
        """Whether there is a figure to show."""
        return not self.hidden and self.mean is not None


Address = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class OrganisationCells:
    """The cells of one organisation, with the wave that is reported on as the default address."""

    wave: str
    waves: tuple[str, ...]
    found: Mapping[Address, Cell]

    def at(
        self,
        measure: str,
        *,
        viewpoint: str = "all",
        group_by: str = "all",
        group: str = "all",
        wave: str | None = None,
    ) -> Cell | None:
        """The cell, or None where the release has no such figure."""
        return self.found.get((wave or self.wave, viewpoint, group_by, group, measure))

    def groups(self, group_by: str, measure: str | None = None, *, viewpoint: str = "all") -> tuple[str, ...]:
        """The groups of ``group_by`` that have a cell (hidden or not) in the reported wave, in order
        of the release.
        """
        matches = (
            address[3]
            for address in self.found
            if address[:3] == (self.wave, viewpoint, group_by) and measure in (None, address[4])
        )
        return tuple(dict.fromkeys(matches))

    def staff(self, measure: str = "ms", *, waves: tuple[str, ...] | None = None) -> str:
        """The viewpoint that speaks for the people: the employees, or everybody where they are hidden.

        With few managers the employees' own figure is hidden, since everybody less the employees would be
        the managers. ``waves`` are those looked at, by default the reported one.
        """

        def shown(viewpoint: str, wave: str) -> bool:
            cell = self.at(measure, viewpoint=viewpoint, wave=wave)
            return cell is not None and cell.shown

        missing = (shown("all", wave) and not shown("employee", wave) for wave in waves or (self.wave,))
        return "all" if any(missing) else "employee"

    def measures(self, prefix: str) -> tuple[str, ...]:
        """The measures of the reported wave whose code begins with ``prefix``, in order of the release."""
        matches = (a[4] for a in self.found if a[0] == self.wave and a[4].startswith(prefix))
        return tuple(dict.fromkeys(matches))


def organisation_cells(
    cells: pl.DataFrame, organisation_id: str, waves: tuple[str, ...]
) -> OrganisationCells:
    """Pick an organisation's cells; the reported wave is the last of ``waves`` that has any.

    Parameters
    ----------
    cells
        As released: organisation_id, wave, viewpoint, group_by, group, measure, n, mean, lower, upper,
        suppressed.
    waves
        In order, earliest first.
    """
    own = cells.filter(pl.col("organisation_id") == organisation_id)
    columns = (
        "wave",
        "viewpoint",
        "group_by",
        "group",
        "measure",
        "n",
        "mean",
        "lower",
        "upper",
        "suppressed",
    )
    found: dict[Address, Cell] = {}
    for wave, viewpoint, group_by, group, measure, n, mean, lower, upper, hidden in own.select(
        columns
    ).iter_rows():
        cell = Cell(None, None, None, None, True) if hidden else Cell(n, mean, lower, upper, False)
        found[wave, viewpoint, group_by, group, measure] = cell
    with_cells = {address[0] for address in found}
    held = tuple(wave for wave in waves if wave in with_cells)
    return OrganisationCells(held[-1] if held else "", held, found)
