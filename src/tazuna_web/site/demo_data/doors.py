"""The sample accounts behind the demo's doors: whose they are, and whose answers they leave out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tazuna_web.accounts.models import Account, Membership, Role
from tazuna_web.organisations.models import Organisation
from tazuna_web.people.models import Person
from tazuna_web.site.demo_data.sample import Sample
from tazuna_web.site.doors import DOORS

DOOR_COMPANY = "C01"
CONSORTIUM = "CONS"
HR_DEPARTMENT = "人事部"
_NAMES = {
    Role.PERSON: "見本 個人",
    Role.MANAGER: "見本 管理職",
    Role.HR: "見本 人事",
    Role.EXECUTIVE: "見本 経営",
    Role.SECRETARIAT: "見本 事務局",
}


@dataclass(frozen=True, slots=True)
class Visitors:
    """Who stands behind the doors.

    Parameters
    ----------
    people
        Role → person id, for the roles that are one of the company's people. They answered every closed wave
        and have not answered the open one.
    """

    people: dict[Role, str]


def choose_visitors(sample: Sample) -> Visitors:
    """A regular employee, the manager of the unit with the most answers, somebody of the HR department."""
    last = sample.periods[-1].code
    closed = [period.code for period in sample.periods[:-1]]
    answered = (
        sample.tables["responses"].filter(pl.col("wave").is_in(closed)).group_by("person_id").len("times")
    )
    there = sample.tables["people"].filter(pl.col("wave") == last, pl.col("organisation_id") == DOOR_COMPANY)
    answers = sample.tables["responses"].filter(pl.col("wave") == last).select("person_id", answers=1)
    units = sample.tables["departments"].select(department="department_id", unit="name", founded="starts_on")
    candidates = (
        there.join(units, on="department")
        .join(answers, on="person_id", how="left")
        .with_columns(pl.col("answers").sum().over("department"))
        .join(answered, on="person_id")
        .filter(
            pl.col("times") == len(closed),
            pl.col("status") == "active",
            pl.col("employment_type") == "regular",
        )
        .sort("answers", "person_id", descending=[True, False])
    )
    staff = candidates.filter(~pl.col("is_manager"))
    hr = _first(staff, preferring=pl.col("unit") == HR_DEPARTMENT)
    return Visitors(
        {
            Role.HR: hr,
            Role.PERSON: _first(
                staff.filter(pl.col("person_id") != hr), preferring=pl.col("unit") != HR_DEPARTMENT
            ),
            Role.MANAGER: _first(
                candidates.filter(pl.col("is_manager")), preferring=pl.col("founded").is_null()
            ),
        }
    )


def store_accounts(
    visitors: Visitors, organisations: dict[str, Organisation], people: dict[str, Person]
) -> dict[Role, Account]:
    """Role → account, with its membership; they have no password, the doors are the only way in."""
    accounts: dict[Role, Account] = {}
    for door in DOORS:
        account = Account.objects.create_user(door.email, display_name=_NAMES[door.role])
        holder = organisations[CONSORTIUM if door.role == Role.SECRETARIAT else DOOR_COMPANY]
        person = people.get(visitors.people.get(door.role, ""))
        Membership.objects.create(held_by=holder, account=account, role=door.role, person=person)
        accounts[door.role] = account
    return accounts


def _first(candidates: pl.DataFrame, *, preferring: pl.Expr) -> str:
    return str(candidates.sort(preferring, descending=True, maintain_order=True)["person_id"][0])
