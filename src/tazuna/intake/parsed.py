"""What reading text as dates or figures gives: values, accepted forms, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from tazuna.language import Message


@dataclass(frozen=True, slots=True)
class Unread:
    """Cells that could not be read, for one reason.

    Parameters
    ----------
    reason
        A stable code, such as ``impossible_day``.
    mask
        Boolean, one a cell of the column.
    expected, cure
        Sentences, perhaps with open places.
    details
        One row a True of ``mask``, in order: what fills the open places; None where there are none.
    """

    reason: str
    mask: pl.Series
    expected: Message
    cure: Message
    details: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column with its type.

    Parameters
    ----------
    values
        One a cell; null = empty or not read.
    forms
        Accepted form → number of cells that had to be normalised from it; the canonical form is not counted.
    unread
        What could not be read; no cell occurs twice.
    """

    values: pl.Series
    forms: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()

    @property
    def bad(self) -> pl.Series:
        """Boolean, True where a cell has content that could not be read."""
        bad = pl.repeat(False, self.values.len(), eager=True)
        for cells in self.unread:
            bad = bad | cells.mask
        return bad
