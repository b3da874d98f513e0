"""Departments (部署): by name or code, circles of parents, and today's unit after reorganisations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.joins import not_joining
from tazuna.intake.words import BadCells, as_identifiers, compared, rows_mask
from tazuna.language import Message, message


def departments_by_id(people: Draft, departments: Draft) -> Draft:
    """Replace the names in people.department by department ids.

    A name that several departments of the person's organisation have, or that no department has, is a fault.
    """
    if not people.has("department"):
        return people
    said = as_identifiers(people.frame["department"]).values
    given = said.is_not_null()
    ids = departments.frame["department_id"].drop_nulls()
    is_id = said.is_in(ids.implode()).fill_null(value=False)
    if (is_id == given).all():
        return people.with_columns(said)
    named = departments.sound.select(
        compared(departments.sound["name"]).alias("said"), "organisation_id", "department_id"
    )
    rows = people.frame.select(
        compared(said).alias("said"), *(["organisation_id"] if people.has("organisation_id") else [])
    )
    by_name = named.group_by(rows.columns).agg(pl.col("department_id").first(), pl.len().alias("homonyms"))
    found = rows.join(by_name, on=rows.columns, how="left", maintain_order="left")
    several = given & ~is_id & (found["homonyms"] > 1).fill_null(value=False)
    unknown = given & ~is_id & found["department_id"].is_null()
    homonyms = BadCells(
        "ambiguous_name",
        several,
        message("several departments have this name"),
        message("Write the department's code instead of its name"),
    )
    resolved = people.with_columns(said.zip_with(is_id, found["department_id"]).alias("department"))
    return resolved.without_cells(
        "department", homonyms, *not_joining(said, unknown, ids, "departments.department_id / name")
    )


def without_circles(draft: Draft, key: Sequence[str], parent: str, expected: Message) -> Draft:
    """Empty ``parent`` in rows that come back to themselves when parents are followed.

    ``key`` is the identifier and, where rows hold per wave, the wave.
    """
    if not draft.has(*key, parent) or not draft.readable:
        return draft
    rows = draft.frame.select(*key, parent).with_row_index("row").filter(~draft.lost)
    # Every row of a circle is somebody's parent, as few people are.
    rows = rows.filter(rows[key[0]].is_in(rows[parent].unique().implode()))
    circle = rows["row"].filter(pl.Series(on_circle(parent_positions(rows, key, parent))))
    mask = rows_mask(draft.frame.height, circle)
    bad = BadCells("circle", mask, expected, message("Correct one of the rows of the circle"))
    return draft.without_cells(parent, bad)


def parent_positions(frame: pl.DataFrame, key: Sequence[str], parent: str) -> npt.NDArray[np.int64]:
    """Row number of each row's parent, -1 where it has none; ``key`` is unique."""
    targets = frame.select(*key).with_row_index("position")
    found = frame.select(pl.col(parent).alias(key[0]), *key[1:]).join(
        targets, on=list(key), how="left", maintain_order="left"
    )
    return found["position"].cast(pl.Int64).fill_null(-1).to_numpy()


def on_circle(parents: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """True for every row that lies on a circle; rows that only lead into one are not on it.

    Parameters
    ----------
    parents
        Row number of each row's parent, -1 for none; shape (n,).

    Notes
    -----
    Following parents n times leaves every row at a root or on a circle, and each row of a circle is reached
    from one on it. The n steps are made in log2(n) doublings, fewer where all have come to a root.
    """
    n = len(parents)
    reached = np.append(np.where(parents < 0, n, parents), n)
    for _ in range(max(1, n).bit_length()):
        if (reached == n).all():
            break
        reached = reached[reached]
    found = np.zeros(n + 1, dtype=np.bool_)
    found[reached] = True
    return found[:n]


def current_department(departments: pl.DataFrame) -> pl.DataFrame:
    """Today's unit of every department, when successors are followed to their end.

    Parameters
    ----------
    departments
        ``department_id`` and, where there were reorganisations, ``successor_id``.

    Returns
    -------
    polars.DataFrame
        ``department_id``, ``current_id``; a department on a circle of successors, or leading into one,
        stays itself.
    """
    ids = departments["department_id"]
    if "successor_id" not in departments.columns:
        return pl.DataFrame({"department_id": ids, "current_id": ids})
    n = departments.height
    successors = parent_positions(departments, ["department_id"], "successor_id")
    here = np.arange(n)
    reached = np.where(successors < 0, here, successors)
    for _ in range(max(1, n).bit_length()):
        reached = reached[reached]
    lost = on_circle(successors)[reached]
    return pl.DataFrame({"department_id": ids, "current_id": ids.gather(np.where(lost, here, reached))})
