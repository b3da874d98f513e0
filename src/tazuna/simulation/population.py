"""People (従業員): who they are, where they work at each wave, and who leads whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tazuna.simulation.organisations import FIRST_FISCAL_YEAR, Units
from tazuna.simulation.streams import Flags, Floats, Integers, largest_in_groups, stream

PEOPLE_A_MANAGER = 12


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who is ever employed, as arrays of shape (n,).

    ``joins`` is the number of the first wave; ``leads`` is a fixed inclination to lead, so that the same
    people stay managers from wave to wave; ``hired_on`` is in days since 1970.
    """

    company: Integers
    joins: Integers
    birth_year: Integers
    gender: Integers
    hired_on: Integers
    employment: Integers
    status: Integers
    home: Integers
    worksite_draw: Floats
    leads: Floats
    skills: Integers

    @property
    def count(self) -> int:
        return int(self.company.size)


def yearly_leavers(units: Units, turnover: float) -> Integers:
    """How many leave, and join, each company between two waves; shape (c,)."""
    return np.round(units.headcount * turnover).astype(np.int64)


def draw_people(seed: int, units: Units, *, waves: int, turnover: float) -> People:
    """Draw everybody who is ever employed: the staff of the first wave, then the joiners of each later wave.

    Returns
    -------
    People
        Sorted by first wave, then company.
    """
    companies = np.arange(len(units.companies))
    leavers = yearly_leavers(units, turnover)
    company = np.concatenate(
        [np.repeat(companies, units.headcount), *(np.repeat(companies, leavers) for _ in range(1, waves))]
    )
    joins = np.repeat(np.arange(waves), [units.headcount.sum(), *[leavers.sum()] * (waves - 1)])
    count = company.size
    start = FIRST_FISCAL_YEAR + joins
    age = 19 + np.floor(48 * stream(seed, "age").beta(1.5, 1.7, count)).astype(np.int64)
    young = 22 + np.floor(18 * stream(seed, "age of joiners").beta(1.0, 2.2, count)).astype(np.int64)
    age = np.where(joins > 0, young, age)
    rng = stream(seed, "employment")
    employment = rng.choice(3, size=count, p=[0.80, 0.09, 0.11])
    employment = np.where(age >= 60, np.where(rng.random(count) < 0.7, 3, employment), employment)
    employment = np.where(rng.random(count) < 0.02, 4, employment)
    tenure = np.floor(np.maximum(age - 21, 1) * stream(seed, "tenure").beta(1.3, 1.1, count)).astype(np.int64)
    year = np.where(joins > 0, start, start - tenure)
    first_of_april = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(3, "M")
    hired_on = first_of_april.astype("datetime64[D]").astype(np.int64)
    status, home = _secondments(seed, company, joins, len(units.companies))
    return People(
        company=company,
        joins=joins,
        birth_year=start - age,
        gender=stream(seed, "gender").choice(3, size=count, p=[0.38, 0.615, 0.005]),
        hired_on=hired_on,
        employment=employment,
        status=status,
        home=home,
        worksite_draw=stream(seed, "worksite").random(count, dtype=np.float32),
        leads=stream(seed, "leads").standard_normal(count, dtype=np.float32),
        skills=stream(seed, "skills").integers(0, 4, size=count),
    )


def _secondments(seed: int, company: Integers, joins: Integers, companies: int) -> tuple[Integers, Integers]:
    """Who is away or here on secondment; a person seconded in belongs to another member company."""
    rng = stream(seed, "status")
    away = rng.choice(3, size=company.size, p=[0.97, 0.018, 0.012])
    here = (rng.random(company.size) < 0.015) & (away == 0) & (joins == 0) & (companies > 1)
    other = (company + rng.integers(1, max(companies, 2), size=company.size)) % companies
    return np.where(here, 3, away), np.where(here, other, company)


def departments_at(
    seed: int, units: Units, people: People, wave: int, previous: Integers | None, transfers: float
) -> Integers:
    """The department of everybody at a wave; shape (n,), meaningful for those present.

    Parameters
    ----------
    previous
        The departments of the wave before, None at the first.
    transfers
        Share of people who move inside their company between two waves.
    """
    drawn = _draw_departments(seed, units, people, wave)
    if previous is None:
        return drawn
    stays = stream(seed, "transfers", wave).random(people.count) >= transfers
    kept = units.becomes[previous]
    return np.where((people.joins == wave) | ~stays, drawn, kept)


def _draw_departments(seed: int, units: Units, people: People, wave: int) -> Integers:
    exists = (units.founded <= wave) & ((wave == 0) | (units.becomes == np.arange(len(units.leaves))))
    weight = np.where(exists, units.leaf_weight, 0.0).astype(np.float64)
    order = np.argsort(units.leaf_company, kind="stable")
    total = np.bincount(units.leaf_company, weights=weight)
    share = weight[order] / total[units.leaf_company[order]]
    inside = np.clip(stream(seed, "department", wave).random(people.count), 1e-9, 1 - 1e-9)
    return np.asarray(order[np.searchsorted(np.cumsum(share), people.company + inside)])


def who_manages(
    units: Units, people: People, present: Flags, department: Integers, wave: int
) -> tuple[Flags, Integers]:
    """Managers of a wave, and everybody's boss.

    One in twelve of each department leads: regular staff, rather in their forties and fifties. The first of
    them heads the department and has no boss in the table.

    Returns
    -------
    is_manager
        Shape (n,).
    boss
        Shape (n,): the person's number, -1 for none.
    """
    age = FIRST_FISCAL_YEAR + wave - people.birth_year
    fit = people.leads - ((age - 47) / 9.0) ** 2 - 100.0 * ((people.employment != 0) | (people.status == 1))
    fit = np.where(present, fit, -1e9)
    size = np.bincount(department[present], minlength=len(units.leaves))
    leaders = np.where(size > 0, np.maximum(np.ceil(size / PEOPLE_A_MANAGER), 1), 0).astype(np.int64)
    manages = largest_in_groups(fit, department, leaders) & present
    heads = largest_in_groups(fit, department, np.minimum(leaders, 1)) & present
    ordered = np.flatnonzero(manages)
    ordered = ordered[np.lexsort((ordered, department[ordered]))]
    first = np.concatenate([[0], np.cumsum(leaders)[:-1]])
    turn = np.arange(people.count) % np.maximum(leaders[department], 1)
    head_of = np.full(len(units.leaves), -1)
    head_of[department[heads]] = np.flatnonzero(heads)
    boss = np.where(
        leaders[department] > 0, ordered[np.minimum(first[department] + turn, ordered.size - 1)], -1
    )
    boss = np.where(manages, head_of[department], boss)
    return manages, np.where(heads | ~present, -1, boss)
