"""A tiny consortium for the test database: two companies with a wave open, and an account a role."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from tazuna.instrument.shipped import shipped_instrument
from tazuna_web.accounts.acting import Acting
from tazuna_web.accounts.models import Account, Membership, Role
from tazuna_web.organisations.models import Department, Organisation
from tazuna_web.people.models import Person
from tazuna_web.site.doors import DOORS
from tazuna_web.surveys.models import PersonAtWave, Wave

ASKED = ("co_profile", "management_score", "outcomes", "layers_groups")
OPENED, CLOSES = datetime.date(2026, 10, 1), datetime.date(2026, 12, 18)
PEOPLE = 40


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its departments, staff, open wave and one membership a role."""

    organisation: Organisation
    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    wave: Wave
    memberships: dict[Role, Membership]

    def acting(self, role: Role) -> Acting:
        membership = self.memberships[role]
        return Acting(membership.account, self.organisation, role, membership.person)


@dataclass(frozen=True, slots=True)
class TinyConsortium:
    """A consortium of two companies; `secretariat` is a membership of the consortium itself."""

    organisation: Organisation
    company: Company
    other: Company
    secretariat: Membership


def pinned() -> list[dict[str, str]]:
    """The shipped instruments as a wave pins them at opening."""
    return [{"id": name, "version": shipped_instrument(name).version} for name in ASKED]


def open_wave(organisation: Organisation, people: tuple[Person, ...], code: str = "2026") -> Wave:
    """A wave that asks ``people``, as they are now."""
    wave = Wave.objects.create(
        held_by=organisation,
        code=code,
        label=f"{code}年度 キャリア調査",
        opened_on=OPENED,
        closes_on=CLOSES,
        fiscal_year=int(code),
        k=10,
        instruments=pinned(),
    )
    PersonAtWave.objects.bulk_create(
        PersonAtWave(
            held_by=organisation,
            wave=wave,
            person=person,
            department=person.department,
            birth_year=person.birth_year,
            is_manager=person.is_manager,
        )
        for person in people
    )
    return wave


def found_company(parent: Organisation, code: str, name: str, doors: dict[Role, str]) -> Company:
    """A company of three departments (20, 15 and 5 people) with an account for each role of ``doors``."""
    organisation = Organisation.objects.create(code=code, name=name, kind="company", parent=parent)
    departments = tuple(
        Department.objects.create(held_by=organisation, code=f"D{number}", name=label)
        for number, label in enumerate(("営業部", "開発部", "管理部"), start=1)
    )
    people = tuple(
        Person.objects.bulk_create(
            Person(
                held_by=organisation,
                code=f"{code}-{number:03}",
                department=departments[(number > 20) + (number > 35)],
                birth_year=1964 + number,
                is_manager=number % 10 == 0,
            )
            for number in range(1, PEOPLE + 1)
        )
    )
    places = {Role.PERSON: 0, Role.MANAGER: 9, Role.HR: 35, Role.EXECUTIVE: 36}
    memberships = {
        role: Membership.objects.create(
            held_by=organisation,
            account=Account.objects.create_user(email, "tazuna-secret"),
            role=role,
            person=people[places[role]],
        )
        for role, email in doors.items()
    }
    return Company(organisation, departments, people, open_wave(organisation, people), memberships)


def found_consortium() -> TinyConsortium:
    """The consortium, its two companies, and the accounts behind the demo's doors; needs scopes disabled."""
    doors = {door.role: door.email for door in DOORS if door.role != Role.SECRETARIAT}
    organisation = Organisation.objects.create(code="C", name="はたらく未来コンソーシアム", kind="consortium")
    company = found_company(organisation, "A", "みなと製作所", doors)
    other = found_company(
        organisation, "B", "やまと物流", {role: f"other-{email}" for role, email in doors.items()}
    )
    secretariat = Membership.objects.create(
        held_by=organisation,
        account=Account.objects.create_user("secretariat@example.com", "tazuna-secret"),
        role=Role.SECRETARIAT,
    )
    return TinyConsortium(organisation, company, other, secretariat)
