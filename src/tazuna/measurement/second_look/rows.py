"""Figures of the second look as cells (セル), to go through the door like every other group figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.disclosure.cell import CELL_SCHEMA, FIGURES
from tazuna.errors import TazunaError
from tazuna.measurement.intervals import wilson_interval

Row = dict[str, str | float | bool | None]
"""A cell without its organisation and wave."""
Found = TypeVar("Found")


def figure(
    measure: str,
    n: int,
    mean: float,
    lower: float | None = None,
    upper: float | None = None,
    *,
    group_by: str = "all",
    group: str = "all",
    hidden: bool = False,
) -> Row:
    """One figure about ``n`` people; NaN counts as no figure.

    Parameters
    ----------
    measure, group_by, group
        Where it stands among the cells.
    hidden
        Protected whatever its n.
    """
    place: Row = {"viewpoint": "all", "group_by": group_by, "group": group, "measure": measure}
    return {**place, "n": n, "mean": mean, "lower": lower, "upper": upper, "suppressed": hidden}


def share(
    measure: str, n: int, part: float, *, group_by: str = "all", group: str = "all", hidden: bool = False
) -> Row:
    """``part`` of ``n`` people in percent with Wilson's interval; the rest as of `figure`."""
    found = wilson_interval(np.array([float(n)]), np.array([part]))
    mean, lower, upper = (float(each[0]) for each in (found.mean, found.lower, found.upper))
    return figure(measure, n, mean, lower, upper, group_by=group_by, group=group, hidden=hidden)


def cells_of(rows: Sequence[Row], organisation_id: str, wave: str) -> pl.DataFrame:
    """Cells with the columns of `tazuna.disclosure.cell.CELL_SCHEMA`, not yet protected."""
    whose: Row = {"organisation_id": organisation_id, "wave": wave}
    frame = pl.DataFrame([whose | row for row in rows], schema=dict(CELL_SCHEMA), orient="row")
    return frame.with_columns(pl.col(name).fill_nan(None) for name in FIGURES if name != "n")


def hidden_together(sizes: Sequence[int], k: int) -> npt.NDArray[np.bool_]:
    """Which groups to hide where a figure of all of them is shown too.

    Those of fewer than k people; and with them the next smallest, until at least two groups and k people are
    hidden, since all less the shown ones is what the hidden ones have.

    Examples
    --------
    >>> hidden_together([40, 4, 30, 0], 10).tolist()
    [False, True, True, True]
    """
    n = np.asarray(sizes)
    hidden = n < k
    for place in np.argsort(n, kind="stable"):
        if not hidden.any() or (hidden.sum() > 1 and n[hidden].sum() >= k):
            break
        hidden[place] = True
    return hidden


def or_none(compute: Callable[[], Found]) -> Found | None:
    """The result, or None where the answers do not carry it."""
    try:
        return compute()
    except TazunaError:
        return None
