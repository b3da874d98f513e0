"""Departments (部署): by name or code, circles of parents, and today's unit after reorganisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from tazuna.intake.draft import Draft
from tazuna.intake.joins import not_joining
from tazuna.intake.words import BadCells
from tazuna.language import Message, message


def departments_by_id(people: Draft, departments: Draft) -> Draft:
    """Replace the names in people.department by department ids.

    A name that several departments of the person's organisation have, or that no department has, is a fault.
    """
    if not people.has("department"):
        return people
    cells = people.frame["department"]
    ids = departments.keys["department_id"].drop_nulls()
    narrow = cells.str.normalize("NFKC").str.strip_chars()
    named = departments.frame.select(
        pl.col("name").str.normalize("NFKC").str.replace_all(r"\s", "").alias("said"),
        "organisation_id",
        "department_id",
    ).drop_nulls("said")
    rows = people.frame.select(
        narrow.str.replace_all(r"\s", "").alias("said"),
        *(["organisation_id"] if people.has("organisation_id") else []),
    )
    on = [column for column in ("said", "organisation_id") if column in rows.columns]
    by_name = named.group_by(on).agg(pl.col("department_id").first(), pl.len().alias("homonyms"))
    found = rows.join(by_name, on=on, how="left", maintain_order="left")
    is_id = narrow.is_in(ids.implode())
    several = cells.is_not_null() & ~is_id & (found["homonyms"] > 1).fill_null(value=False)
    resolved = narrow.zip_with(is_id.fill_null(value=False), found["department_id"])
    unknown = cells.is_not_null() & resolved.is_null()
    shown = cells
    people = people.without_cells(
        "department",
        BadCells(
            "ambiguous_name",
            several,
            message("several departments have this name"),
            message("Write the department's code instead of its name"),
        ),
    )
    for bad in not_joining(narrow, unknown & ~several, ids, "departments.department_id"):
        people = people.without_cells("department", bad, shown)
    kept = resolved.set(several, None)
    return replace(people, frame=people.frame.with_columns(kept.alias("department")))


def without_circles(draft: Draft, key: Sequence[str], parent: str, expected: Message) -> Draft:
    """Empty ``parent`` in rows that come back to themselves when parents are followed.

    ``key`` is the identifier and, where rows hold per wave, the wave.
    """
    if not draft.has(*key, parent) or not draft.readable:
        return draft
    positions = parent_positions(draft.frame, key, parent)
    bad = BadCells(
        "circle", pl.Series(on_circle(positions)), expected, message("Correct one of the rows of the circle")
    )
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
    Following parents n times leaves every row at a root or on a circle, and each row of a circle is reached from
    one on it. The n steps are made in log2(n) doublings.
    """
    n = len(parents)
    reached = np.append(np.where(parents < 0, n, parents), n)
    for _ in range(max(1, n).bit_length()):
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
        ``department_id``, ``current_id``; a department on a circle of successors, or leading into one, stays itself.
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
