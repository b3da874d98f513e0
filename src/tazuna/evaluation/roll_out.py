"""Roll-out (打ち手・機会の導入): which department or company started when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from tazuna.evaluation.arrays import Asked
from tazuna.evaluation.refusal import Caution, Refusal
from tazuna.intake.faults import listed
from tazuna.language import message
from tazuna.study import Study

_FOR_OTHERS = ("mutual_side_work", "side_work", "secondment", "internship", "class")
"""Kinds of programmes whose host is not the company that its participants come from."""


@dataclass(frozen=True, slots=True)
class RollOut:
    """Starts by unit.

    Parameters
    ----------
    level
        What a unit is.
    starts
        unit, started_on (Date); units that are not there never started.
    cautions
        What could not be understood.
    """

    level: Literal["department", "organisation"]
    starts: pl.DataFrame
    cautions: tuple[Caution, ...] = ()


def roll_out(study: Study, asked: Asked) -> RollOut | Refusal:
    """When units started the measure, or the programmes that a company holds for its own people.

    Of a measure the table adoptions tells it, for departments where its column ``group`` names some, else
    for companies; what was not done did not start.

    Returns
    -------
    RollOut or Refusal
        ``no_roll_out`` where nothing tells who started when.
    """
    return _of_programs(study, asked) if asked.measure is None else _of_measure(study, asked.measure)


def _of_programs(study: Study, asked: Asked) -> RollOut | Refusal:
    programs = study.table("programs")
    if programs is None or "starts_on" not in programs.columns:
        return _unknown()
    own = programs.filter(
        pl.col("program_id").is_in(list(asked.programs)) & ~pl.col("kind").is_in(list(_FOR_OTHERS))
    ).drop_nulls("starts_on")
    if "boundary" in own.columns:
        own = own.filter(pl.col("boundary").ne_missing("outside"))
    if not own.height:
        return _unknown()
    starts = own.group_by("organisation_id").agg(pl.col("starts_on").min())
    return RollOut("organisation", starts.rename({"organisation_id": "unit", "starts_on": "started_on"}))


def _of_measure(study: Study, measure: str) -> RollOut | Refusal:
    table = study.table("adoptions")
    if table is None or "started_on" not in table.columns:
        return _unknown()
    done = table.filter(pl.col("measure_id") == measure).drop_nulls("started_on")
    if "result" in done.columns:
        done = done.filter(pl.col("result").ne_missing("not_done"))
    if not done.height:
        return _unknown()
    if "group" not in done.columns or done["group"].is_null().all():
        return RollOut("organisation", _first(done, "organisation_id"))
    return _of_departments(study, done)


def _of_departments(study: Study, done: pl.DataFrame) -> RollOut | Refusal:
    """Departments by id or name; a row without a group starts every department of its organisation."""
    departments = study.table("departments")
    if departments is None:
        return _unknown()
    units = departments.select("organisation_id", "name", unit="department_id")
    named = done.drop_nulls("group")
    by_id = named.join(
        units, left_on=["organisation_id", "group"], right_on=["organisation_id", "unit"], coalesce=False
    )
    by_name = named.join(units, left_on=["organisation_id", "group"], right_on=["organisation_id", "name"])
    whole = done.filter(pl.col("group").is_null()).join(units, on="organisation_id")
    found = pl.concat([part.select("unit", "started_on") for part in (by_id, by_name, whole)])
    known = {*by_id["group"], *by_name["group"]}
    unknown = sorted(set(named["group"]) - known)
    if not found.height:
        return _unknown()
    cautions = [
        Caution(
            "groups_not_departments",
            message(
                "These groups of the table adoptions are no departments, and are left out: {groups}",
                groups=listed(unknown),
            ),
            message("Write ids of departments into the column group, or leave it empty for a whole company."),
        )
    ]
    return RollOut("department", _first(found, "unit"), tuple(cautions if unknown else ()))


def _first(starts: pl.DataFrame, unit: str) -> pl.DataFrame:
    return starts.group_by(pl.col(unit).alias("unit")).agg(pl.col("started_on").min())


def _unknown() -> Refusal:
    return Refusal(
        "no_roll_out",
        message("Nothing tells which department or company started when."),
        message(
            "For a measure, fill in the table adoptions with started_on; for programmes of a company for its "
            "own people, starts_on in the table programs."
        ),
    )
