"""A small simulated consortium in the test database, as the demo loads its large one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

import polars as pl

from tazuna.simulation.consortium import simulate
from tazuna_web.accounts.models import Account, Role
from tazuna_web.organisations.models import Organisation
from tazuna_web.site.demo_data.answers import store_answers, store_company_answers
from tazuna_web.site.demo_data.doors import Visitors, store_accounts
from tazuna_web.site.demo_data.rows import (
    store_departments,
    store_organisations,
    store_people,
    store_populations,
    store_waves,
)
from tazuna_web.site.demo_data.sample import Sample, in_time
from tazuna_web.surveys.models import Wave

TODAY = datetime.date(2026, 11, 20)
OWN, OTHER = "C01", "C02"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: the sample, its organisations by code, accounts by role, and waves, earliest first."""

    sample: Sample
    organisations: dict[str, Organisation]
    accounts: dict[Role, Account]
    waves: dict[str, list[Wave]]


@cache
def small_sample() -> Sample:
    return in_time(simulate(people=220, companies=2, waves=3, seed=7), TODAY)


def manager_of_the_largest_department(sample: Sample) -> str:
    people = sample.tables["people"].filter(pl.col("organisation_id") == OWN)
    now = people.filter(pl.col("wave") == sample.periods[-1].code).with_columns(
        size=pl.len().over("department")
    )
    return str(now.filter("is_manager").sort("size", "person_id", descending=[True, False])["person_id"][0])


def load(*, with_answers: bool) -> Loaded:
    """Store the small sample; needs scopes disabled. Without answers it takes a moment only."""
    sample = small_sample()
    visitors = Visitors({Role.MANAGER: manager_of_the_largest_department(sample)})
    organisations = store_organisations(sample)
    departments = store_departments(sample, organisations)
    people = store_people(sample, organisations, departments)
    accounts = store_accounts(visitors, organisations, people)
    waves = store_waves(sample, organisations)
    store_populations(sample, waves, people, departments)
    if with_answers:
        store_answers(sample, visitors, waves, people)
        store_company_answers(sample, accounts, waves)
    by_company = {code: [waves[code, period.code] for period in sample.periods] for code in (OWN, OTHER)}
    return Loaded(sample, organisations, accounts, by_company)
