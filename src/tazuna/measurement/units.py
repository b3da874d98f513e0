"""Today's department (現在の部署) after reorganisations, and the organisations above an organisation."""

from __future__ import annotations

import polars as pl

from tazuna.errors import StudyError
from tazuna.language import message
from tazuna.study import Study


def current_units(study: Study) -> pl.DataFrame:
    """Today's unit of every department, following ``successor_id`` through reorganisations.

    Parameters
    ----------
    study
        The study; without a table of departments the result is empty.

    Returns
    -------
    pl.DataFrame
        ``department``, ``unit`` (String): the id as the people table has it, and the id of the unit that it
        is today.

    Raises
    ------
    StudyError
        A chain of successors that comes back to itself.
    """
    departments = study.table("departments")
    if departments is None:
        return pl.DataFrame(schema={"department": pl.String, "unit": pl.String})
    if "successor_id" not in departments.columns:
        return departments.select(department="department_id", unit="department_id")
    successor = departments.select(unit="department_id", next_unit=pl.col("successor_id"))
    units = departments.select(department="department_id", unit="department_id")
    for _ in range(departments.height):
        moved = _step(units, successor, "unit", "next_unit")
        if moved.equals(units):
            return units
        units = moved
    raise StudyError(
        message("departments: successor_id goes round in a circle, so that no department is today's"),
        message("Leave successor_id empty in the row of the department that exists today."),
    )


def organisations_above(study: Study) -> pl.DataFrame:
    """Every organisation with itself and everything above it in the tree of ``parent_id``.

    Returns
    -------
    pl.DataFrame
        ``organisation_id``, ``above`` (String), one row a pair.
    """
    organisations = study.tables["organisations"]
    own = organisations.select("organisation_id", above="organisation_id")
    if "parent_id" not in organisations.columns:
        return own
    parent = organisations.select(above="organisation_id", parent="parent_id").drop_nulls()
    pairs, reached = own, own
    for _ in range(organisations.height):
        reached = reached.join(parent, on="above").select("organisation_id", above="parent")
        if reached.is_empty():
            return pairs
        pairs = pl.concat([pairs, reached])
    raise StudyError(
        message("organisations: parent_id goes round in a circle, so that no organisation stands at the top"),
        message("Leave parent_id empty in the row of the organisation at the top."),
    )


def _step(frame: pl.DataFrame, steps: pl.DataFrame, place: str, onward: str) -> pl.DataFrame:
    """Move ``place`` one step onward where there is a step."""
    joined = frame.join(steps, on=place, how="left", maintain_order="left")
    return joined.select("department", pl.coalesce(onward, place).alias(place))
