"""The sample as rows: organisations, departments, people, and the waves with their populations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from tazuna.instrument.shipped import shipped_instruments
from tazuna_web.organisations.models import Department, Organisation
from tazuna_web.people.models import Person
from tazuna_web.site.demo_data.sample import Period, Sample
from tazuna_web.surveys.models import PersonAtWave, Wave

LEFT = "left"
ASKED_INSTRUMENTS = ("co_profile", "management_score", "outcomes", "layers_groups")
BATCH = 2000


def store_organisations(sample: Sample) -> dict[str, Organisation]:
    """Code → organisation: the consortium with its companies, the region with its hosts."""
    stored: dict[str, Organisation] = {}
    for row in sample.tables["organisations"].rows(named=True):
        stored[row["organisation_id"]] = Organisation.objects.create(
            code=row["organisation_id"],
            name=row["name"],
            kind=row["kind"],
            prefecture=row["prefecture"] or "",
            parent=stored.get(row["parent_id"] or "") or _consortium_of(row, stored),
        )
    return stored


def _consortium_of(row: dict[str, Any], stored: dict[str, Organisation]) -> Organisation | None:
    """The consortium that a company is a member of; in the sample's table companies stand by themselves."""
    if row["kind"] != Organisation.Kind.COMPANY:
        return None
    return next((found for found in stored.values() if found.kind == Organisation.Kind.CONSORTIUM), None)


def store_departments(sample: Sample, organisations: dict[str, Organisation]) -> dict[str, Department]:
    """Code → department, parents before children and successors before the units that became them."""
    waiting = sample.tables["departments"].rows(named=True)
    stored: dict[str, Department] = {}
    while waiting:
        ready = [row for row in waiting if {row["parent_id"], row["successor_id"]} <= {None, *stored}]
        made = [
            Department(
                held_by=organisations[row["organisation_id"]],
                code=row["department_id"],
                name=row["name"],
                parent=stored.get(row["parent_id"] or ""),
                successor=stored.get(row["successor_id"] or ""),
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
            )
            for row in ready
        ]
        for department in Department.objects.bulk_create(made):
            stored[department.code] = department
        waiting = [row for row in waiting if row["department_id"] not in stored]
    return stored


def store_people(
    sample: Sample, organisations: dict[str, Organisation], departments: dict[str, Department]
) -> dict[str, Person]:
    """Code → person as of the last wave in which they were there; those not there any more have left."""
    table, last = sample.tables["people"], sample.periods[-1].code
    latest = table.sort("person_id", "wave").group_by("person_id", maintain_order=True).last()
    status = pl.when(pl.col("wave") == last).then(pl.col("status")).otherwise(pl.lit(LEFT))
    rows = latest.with_columns(status.alias("status")).rows(named=True)
    made = [
        Person(
            held_by=organisations[row["organisation_id"]],
            code=row["person_id"],
            **_attributes(row, departments),
        )
        for row in rows
    ]
    return {person.code: person for person in Person.objects.bulk_create(made, batch_size=BATCH)}


def store_waves(sample: Sample, organisations: dict[str, Organisation]) -> dict[tuple[str, str], Wave]:
    """(Organisation, wave code) → wave: open, or closing, which the worker finishes by making its release."""
    k = sample.tables["waves"]["k"][0]
    shipped = shipped_instruments()
    instruments: list[dict[str, object]] = [
        {"id": name, "version": shipped[name].version} for name in ASKED_INSTRUMENTS
    ]
    companies = sample.tables["people"]["organisation_id"].unique(maintain_order=True)
    made = [
        _wave(organisations[code], period, k, instruments) for period in sample.periods for code in companies
    ]
    return {(wave.held_by.code, wave.code): wave for wave in Wave.objects.bulk_create(made)}


def store_populations(
    sample: Sample,
    waves: dict[tuple[str, str], Wave],
    people: dict[str, Person],
    departments: dict[str, Department],
) -> None:
    """Everybody as they were at each wave."""

    def rows() -> Iterator[PersonAtWave]:
        for row in sample.tables["people"].iter_rows(named=True):
            wave = waves[row["organisation_id"], row["wave"]]
            yield PersonAtWave(
                held_by_id=wave.held_by_id,
                wave=wave,
                person=people[row["person_id"]],
                **_attributes(row, departments),
            )

    PersonAtWave.objects.bulk_create(rows(), batch_size=BATCH)


def _wave(holder: Organisation, period: Period, k: int, instruments: list[dict[str, object]]) -> Wave:
    return Wave(
        held_by=holder,
        code=period.code,
        label=f"{period.fiscal_year}年度調査",
        state=Wave.State.OPEN if period.open else Wave.State.CLOSING,
        opened_on=period.opened_on,
        closes_on=period.closes_on,
        closed_on=None if period.open else period.closes_on,
        fiscal_year=period.fiscal_year,
        k=k,
        instruments=instruments,
    )


def _attributes(row: dict[str, Any], departments: dict[str, Department]) -> dict[str, Any]:
    same = (
        "birth_year",
        "gender",
        "worksite",
        "job_family",
        "employment_type",
        "status",
        "is_manager",
        "contribution",
    )
    return {"department": departments[row["department"]], **{name: row[name] for name in same}}
