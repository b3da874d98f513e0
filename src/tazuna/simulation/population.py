"""People (従業員): who they are, where they work at each wave, and who leads whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tazuna.simulation.organisations import DIVISIONS, FIRST_FISCAL_YEAR, Units
from tazuna.simulation.streams import Flags, Floats, Integers, largest_in_groups, stream

PEOPLE_A_MANAGER = 12
GENDERS = ("female", "male", "other")
EMPLOYMENT = ("regular", "contract", "part_time", "rehired", "temporary")
STATUSES = ("active", "leave", "seconded_out", "seconded_in")
GRADES = ("G1", "G2", "G3", "G4", "G5", "M1", "M2", "M3")
_SKILLS = {
    "営業": ("法人営業", "提案書作成", "顧客分析", "展示会運営"),
    "製造": ("工程改善", "品質管理", "設備保全", "安全管理"),
    "技術": ("機械設計", "データ分析", "実験計画", "知的財産"),
    "サービス": ("接客", "在庫管理", "配送計画", "業務マニュアル作成"),
    "管理": ("採用", "経理", "情報システム", "広報"),
}


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


def people_table(
    units: Units,
    people: People,
    rows: Integers,
    department: Integers,
    *,
    wave: int,
    wave_id: str,
    manages: Flags,
    boss: Integers,
    contribution: Integers,
) -> pl.DataFrame:
    """The rows of ``people`` as of one wave, for the people numbered ``rows``."""
    age = FIRST_FISCAL_YEAR + wave - people.birth_year[rows]
    division = units.leaf_division[department[rows]]
    field_share = np.array([kind.field_share for kind in DIVISIONS])[division]
    grade = np.clip((age - 20) // 8, 0, 4) + np.where(manages[rows], 3, 0)
    families = [kind.job_family for kind in DIVISIONS]
    skills = [
        f"{a};{b}"
        for kind in families
        for a, b in zip(_SKILLS[kind], _SKILLS[kind][1:] + _SKILLS[kind][:1], strict=True)
    ]
    home = people.home[rows]
    head = boss[rows] < 0
    position = np.where(manages[rows], np.where(head, 2, 1), 0)
    companies = units.organisations.filter(pl.col("kind") == "company")
    return pl.DataFrame(
        {
            "person_id": person_ids(rows, people.count),
            "wave": pl.repeat(wave_id, rows.size, eager=True),
            "organisation_id": labels(units.companies, people.company[rows]),
            "department": labels(units.leaves, department[rows]),
            "job_family": labels(families, division),
            "worksite": labels(
                ("office", "field"), (people.worksite_draw[rows] < field_share).astype(np.int64)
            ),
            "birth_year": people.birth_year[rows],
            "gender": labels(GENDERS, people.gender[rows]),
            "hired_on": pl.Series(people.hired_on[rows], dtype=pl.Int32).cast(pl.Date),
            "employment_type": labels(EMPLOYMENT, people.employment[rows]),
            "position": labels(("一般", "課長", "部長"), position),
            "grade": labels(GRADES, np.minimum(grade, len(GRADES) - 1)),
            "status": labels(STATUSES, people.status[rows]),
            "home_organisation_id": labels(units.companies, home),
            "is_manager": manages[rows],
            "manager_id": person_ids(boss[rows], people.count),
            "prefecture": labels(companies["prefecture"].to_list(), people.company[rows]),
            "contribution": labels(("D", "C", "B", "A", "S"), contribution),
            "skills": labels(skills, division * 4 + people.skills[rows]),
        }
    )


def person_ids(numbers: Integers, count: int) -> pl.Series:
    """Ids with leading zeros, as many companies use; null for -1."""
    width = max(6, len(str(count)) + 1)
    series = pl.Series("id", numbers + 1).cast(pl.String).str.zfill(width)
    return pl.select(pl.when(pl.Series(numbers >= 0)).then(series)).to_series()


def labels(words: tuple[str, ...] | list[str], numbers: Integers) -> pl.Series:
    """The word of each number; null for -1."""
    return pl.Series("label", words, dtype=pl.String).gather(pl.Series(numbers).replace(-1, None))


def wave_table(waves: int, k: int) -> pl.DataFrame:
    """The table ``waves``: three weeks every October."""
    years = [FIRST_FISCAL_YEAR + number for number in range(waves)]
    return pl.DataFrame(
        {
            "wave": [wave_name(number) for number in range(waves)],
            "label_ja": [f"{year}年度調査" for year in years],
            "opened_on": [date(year, 10, 2) for year in years],
            "closed_on": [date(year, 10, 22) for year in years],
            "fiscal_year": years,
            "k": [k] * waves,
        }
    )


def wave_name(wave: int) -> str:
    """The id of a wave by its number."""
    return f"fy{FIRST_FISCAL_YEAR + wave}"
